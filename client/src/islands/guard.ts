// Asks before words that are neither saved nor kept are lost. Nothing is kept by the browser.
import { KEPT } from "./draft";
import { LEAVING } from "./leave";

export default function guardWords(form: HTMLElement): void {
  const boxes = [...form.querySelectorAll<HTMLTextAreaElement>("textarea")];
  const saved = new Map(boxes.map((box) => [box, form.dataset.unsaved === undefined ? box.value : null]));
  let leaving = false;

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && boxes.some((box) => box.value !== saved.get(box))) event.preventDefault();
  });
  // Of the whole page, so that it comes after whatever sends this form by script.
  document.addEventListener("submit", (event) => {
    if (event.target === form) leaving = !event.defaultPrevented;
  });
  form.addEventListener(KEPT, () => boxes.forEach((box) => saved.set(box, box.value)));
  document.addEventListener(LEAVING, () => (leaving = true));
  window.addEventListener("pageshow", () => (leaving = false));
}
