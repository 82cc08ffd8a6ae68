// Shows a button that copies the text of the box before it, and says so when it is done.
export default function offerCopy(place: HTMLElement): void {
  const box = place.querySelector("input")!;
  const button = place.querySelector("button")!;
  const status = place.querySelector<HTMLElement>("[role=status]")!;
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(box.value);
      status.textContent = place.dataset.done!;
    } catch {
      box.select();
    }
  });
}
