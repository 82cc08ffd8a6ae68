// Shows how words will look while they are being written. The server renders them, as it will when they are saved.
import { whenStill } from "../still";

const PAUSE = 500; // Milliseconds without a key before we ask.

export default function showPreview(field: HTMLElement): void {
  const box = field.querySelector("textarea")!;
  const form = box.form!;
  const shown = document.getElementById(field.dataset.shows!)!;
  const address = field.dataset.preview!;
  let waiting = 0;
  let asked = new AbortController();

  const show = async () => {
    if (box.hidden) return; // The editor shows how it looks.
    asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(address, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (!answer.ok) return;
      const html = await answer.text();
      whenStill(() => {
        shown.lastElementChild!.innerHTML = html;
        shown.hidden = box.value.trim() === "";
      });
    } catch {
      // The words in the box are safe; only their picture is late.
    }
  };

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(show, PAUSE);
  });
  if (box.value !== box.defaultValue) void show(); // Typed before this script had come.
}
