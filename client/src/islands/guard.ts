// Asks before words that are not saved are lost. They live in this page alone: nothing is kept by the browser.
import { LEAVING } from "./leave";

export default function guardWords(form: HTMLElement): void {
  const boxes = [...form.querySelectorAll<HTMLTextAreaElement>("textarea")];
  const saved = new Map(boxes.map((box) => [box, form.dataset.unsaved === undefined ? box.value : null]));
  let leaving = false;

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && boxes.some((box) => box.value !== saved.get(box))) event.preventDefault();
  });
  form.addEventListener("submit", () => (leaving = true));
  document.addEventListener(LEAVING, () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));
}
