// Moves a part without a new page: the same form goes to the same place, and whoever moves by keyboard stays at their part.
export default function moveInPlace(place: HTMLElement): void {
  const status = place.querySelector<HTMLElement>("[role=status]")!;
  let moving = false;

  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (moving) return;
    moving = true;
    const form = event.target as HTMLFormElement;
    try {
      const { key, way } = { key: form.closest("li")!.id, way: form.className };
      const fresh = await moved(form);
      if (fresh) show(fresh, key, way);
      else location.reload();
    } catch {
      status.textContent = place.dataset.lost!; // The network is gone: all stays as it was.
    }
    moving = false;
  });

  function show(fresh: Element, key: string, way: string): void {
    const list = place.querySelector("ol")!;
    const before = list.querySelector(`#${CSS.escape(key)}`)!.getBoundingClientRect().top;
    list.replaceWith(fresh);
    const part = fresh.querySelector<HTMLElement>(`#${CSS.escape(key)}`)!;
    part.classList.add("moved");
    const button = part.querySelector<HTMLElement>(`.${way} button`) ?? part.querySelector<HTMLElement>("button")!;
    button.focus({ preventScroll: true });
    scrollBy(0, part.getBoundingClientRect().top - before); // So the arrow stays under the finger.
    const name = part.querySelector("strong")!.textContent!;
    const at = String([...fresh.children].indexOf(part) + 1);
    status.textContent = place.dataset.moved!.replace("{name}", name).replace("{place}", at);
  }
}

/** The list as it is now; nothing where the answer is another page, as when somebody is to sign in again. */
async function moved(form: HTMLFormElement): Promise<Element | null> {
  const body = new URLSearchParams([...new FormData(form)] as [string, string][]);
  const answer = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return answer.ok ? page.querySelector("ol.order") : null;
}
