// Sends a form with a file and shows how much has gone; and records a voice in the page, where the browser can.
export interface Kept {
  id: string;
  kind: "picture" | "sound" | "video" | "paper";
  alt: string;
  words: string;
}

export default function sendFile(place: HTMLElement): void {
  const form = place as HTMLFormElement;
  sends(form, () => location.assign(`${form.action}?said=added`));
}

/** `whenKept` is told what the server kept, once it has. */
export function sends(form: HTMLFormElement, whenKept: (one: Kept) => void): void {
  const bar = form.querySelector("progress")!;
  const status = form.querySelector<HTMLElement>("[role=status]")!;
  const tell = (words: string | undefined) => (status.textContent = words ?? "");
  offerRecording(form, tell);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    const busy = (yes: boolean) => {
      bar.hidden = !yes;
      for (const button of form.querySelectorAll("button")) button.disabled = yes;
    };
    const failed = (words: string | undefined) => {
      busy(false);
      tell(words);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? (100 * loaded) / total : 0;
      tell(loaded < total ? `${form.dataset.sending} ${Math.round(bar.value)} %` : form.dataset.working);
    });
    request.addEventListener("error", () => failed(form.dataset.failed));
    request.addEventListener("load", () => {
      if (request.status !== 201) return failed(errorsIn(request.responseText) || form.dataset.failed);
      busy(false);
      tell("");
      whenKept(JSON.parse(request.responseText));
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
    busy(true);
  });
}

function errorsIn(answer: string): string {
  try {
    return Object.values(JSON.parse(answer).errors ?? {}).join(" ");
  } catch {
    return "";
  }
}

function offerRecording(form: HTMLFormElement, tell: (words: string | undefined) => void): void {
  const place = form.querySelector<HTMLElement>(".recorder");
  if (!place || !window.MediaRecorder || !navigator.mediaDevices) return;
  const [start, stop] = [...place.querySelectorAll("button")] as [HTMLButtonElement, HTMLButtonElement];
  place.hidden = false;
  let recorder: MediaRecorder;

  start.addEventListener("click", async () => {
    try {
      const voice = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(voice);
      recorder.addEventListener("dataavailable", ({ data }) => {
        voice.getTracks().forEach((track) => track.stop());
        choose(form, data);
        tell(form.dataset.recorded);
      });
      recorder.start();
      show(stop, start);
      tell(form.dataset.recording);
    } catch {
      tell(form.dataset.closed);
    }
  });
  stop.addEventListener("click", () => {
    recorder.stop();
    show(start, stop);
  });
}

function show(one: HTMLElement, other: HTMLElement): void {
  one.hidden = false;
  other.hidden = true;
  one.focus();
}

// The recording becomes the form's file, as if it had been chosen.
function choose(form: HTMLFormElement, sound: Blob): void {
  const kept = new DataTransfer();
  kept.items.add(new File([sound], "recording.webm", { type: sound.type }));
  form.querySelector<HTMLInputElement>("input[type=file]")!.files = kept.files;
}
