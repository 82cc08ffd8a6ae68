// Sends a form with a file and shows how much has gone. Sent again after a lost connection, it is kept once.
import { clearErrors, showErrors } from "../field_errors";
import { KEPT } from "./draft";
import askByKind from "./questions";
import offerRecording from "./recording";

const STILL = 45_000; // Milliseconds without a byte before a line counts as cut: a phone that lost its network may not say so.

export interface Kept {
  id: string;
  kind: "picture" | "sound" | "video" | "paper";
  alt: string;
  words: string;
  whose: string;
}

export default function sendFile(place: HTMLElement): void {
  const form = place as HTMLFormElement;
  askByKind(form);
  sends(form, () => location.assign(form.dataset.then ?? `${form.action}?said=added`));
}

/** `whenKept` is told what the server kept, once it has. */
export function sends(form: HTMLFormElement, whenKept: (one: Kept) => void): void {
  const bar = form.querySelector("progress")!;
  const status = form.querySelector<HTMLElement>("[role=status]")!;
  const tell = (words: string | undefined) => (status.textContent = words ?? "");
  offerRecording(form, tell);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearErrors(form);
    const pressed = event.submitter;
    const request = new XMLHttpRequest();
    let patience = 0;
    const busy = (yes: boolean) => {
      clearTimeout(patience);
      bar.hidden = !yes;
      for (const button of form.querySelectorAll("button")) button.disabled = yes;
    };
    const failed = (words: string | undefined, errors: Record<string, string> = {}) => {
      busy(false);
      tell("");
      if (showErrors(form, errors)) return;
      if (document.activeElement === document.body) pressed?.focus(); // A button that was shut for a while loses its place.
      tell(words);
    };
    const stillGoing = () => {
      clearTimeout(patience);
      patience = window.setTimeout(() => request.abort(), STILL);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      stillGoing();
      bar.value = total ? (100 * loaded) / total : 0;
      tell(loaded < total ? `${form.dataset.sending} ${Math.round(bar.value)} %` : form.dataset.working);
    });
    request.upload.addEventListener("load", () => clearTimeout(patience)); // Making it safe may take long.
    request.addEventListener("abort", () => failed(form.dataset.failed));
    request.addEventListener("error", () => failed(form.dataset.failed));
    request.addEventListener("load", () => {
      const errors = request.status === 201 ? {} : errorsIn(request.responseText);
      if (request.status !== 201) return failed(Object.values(errors).join(" ") || form.dataset.failed, errors);
      busy(false);
      tell("");
      form.dispatchEvent(new Event(KEPT));
      whenKept(JSON.parse(request.responseText));
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
    busy(true);
    stillGoing();
  });
}

/** What the server says about fields, by their names. */
function errorsIn(answer: string): Record<string, string> {
  try {
    return JSON.parse(answer).errors ?? {};
  } catch {
    return {};
  }
}
