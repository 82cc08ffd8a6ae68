// Calm hints below what is written: a long sentence, a word with a plainer one. Never on the person's own words; nothing is sent.
import { hintsFor, type Hint, type Plainer } from "../hints/hints";
import { whenStill } from "../still";

const PAUSE = 1500; // Milliseconds without a key before we say a word.
const plainWords: Record<string, () => Promise<{ default: Plainer }>> = { en: () => import("../hints/en.json") };

export default async function giveHints(place: HTMLElement): Promise<void> {
  const list = place.querySelector("ul")!;
  const button = place.querySelector("button")!;
  const form = place.closest("form")!;
  const load = plainWords[place.dataset.language!.slice(0, 2)];
  if (!load) return;
  const plainer = (await load()).default;
  let off = place.dataset.off !== undefined;
  let waiting = 0;

  /** Whose words they are has to be said, and not to be the person's own. */
  const areOwn = (): boolean => ["", "person"].includes(String(new FormData(form).get("voice-whose") ?? ""));
  /** Full words stand in one box; easy words in one for each line, and each line is a sentence of its own. */
  const written = (): string =>
    [...form.querySelectorAll<HTMLTextAreaElement>("textarea[name=body_markdown], textarea[name^=words-]")].map((box) => box.value).join("\n\n");
  const show = (): void => {
    const found = off || areOwn() ? [] : hintsFor(written(), plainer);
    fill(list, found.map((hint) => wordsOf(hint, place.dataset)));
    button.hidden = areOwn() || (!off && !found.length);
    button.textContent = (off ? place.dataset.toOn : place.dataset.toOff)!;
  };
  const soon = (): void => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => whenStill(show), PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", (event) => (event.target as HTMLInputElement).name === "voice-whose" && show());
  button.addEventListener("click", () => {
    off = !off;
    show();
    if (button.hidden) place.focus();
    void fetch("/me/hints", { method: "POST", body: new URLSearchParams(off ? { off: "yes" } : {}) }).catch(() => undefined);
  });
  soon();
}

function wordsOf(hint: Hint, says: DOMStringMap): string {
  if (hint.kind === "long") return says.long!.replace("{quote}", () => hint.quote);
  return says.word!.replace("{word}", () => hint.word).replace("{plain}", () => hint.plain);
}

/** What stays is not said again. */
function fill(list: HTMLElement, lines: string[]): void {
  for (const item of [...list.children]) if (!lines.includes(item.textContent!)) item.remove();
  const there = [...list.children].map((item) => item.textContent);
  for (const line of lines.filter((one) => !there.includes(one))) {
    const item = document.createElement("li");
    item.textContent = line;
    list.append(item);
  }
}
