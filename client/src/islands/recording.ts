// Records a voice or a film in the page. It can be heard before it is sent, and made again. It stops by itself, and when the
// question it stands in is closed or answered: no microphone is open that nobody sees.
import { KEPT } from "./draft";
import { LEAVING } from "./leave";

const WARNS = 30; // So many seconds before the end it says so.

export default function offerRecording(form: HTMLFormElement, tell: (words: string | undefined) => void): void {
  const place = form.querySelector<HTMLElement>(".recorder");
  if (!place || !window.MediaRecorder || !navigator.mediaDevices) return;
  place.hidden = false;
  const starts = [...place.querySelectorAll<HTMLButtonElement>("[data-does=record]")];
  const stop = place.querySelector<HTMLButtonElement>("[data-does=stop]")!;
  const again = place.querySelector<HTMLButtonElement>("[data-does=again]");
  const seen = place.querySelector<HTMLElement>(".recorded");
  const file = form.querySelector<HTMLInputElement>("input[type=file]")!;
  const dialog = form.closest("dialog");
  let recorder: MediaRecorder | undefined;
  let asking = false;
  let unsent = false;

  const offer = (...there: (HTMLElement | null)[]) => {
    for (const one of [...starts, stop, again]) if (one) one.hidden = !there.includes(one);
  };
  const show = (...there: (HTMLElement | null)[]) => {
    offer(...there);
    there.find((one) => one && !one.hidden)?.focus();
  };
  const shows = (player?: HTMLMediaElement) => {
    if (seen) seen.replaceChildren(...(player ? [player] : []));
    if (seen) seen.hidden = !player;
  };
  const forget = () => {
    unsent = false;
    shows();
  };

  for (const start of starts) start.addEventListener("click", () => void record(start));
  stop.addEventListener("click", () => recorder?.stop());
  dialog?.addEventListener("close", () => isGoing() && recorder!.stop());
  form.querySelector("[type=submit]")!.addEventListener("click", (event) => {
    if (!isGoing()) return;
    event.preventDefault(); // What is being said comes first: it can be heard, and then be sent.
    recorder!.stop();
  });
  again?.addEventListener("click", () => {
    forget();
    choose(file);
    show(...starts);
    tell("");
  });
  file.addEventListener("change", (event) => {
    if (!event.isTrusted) return; // Another file, by hand, takes the recording's place.
    const [dropped, wasGoing] = [recorder, isGoing()];
    recorder = undefined;
    if (wasGoing) dropped!.stop();
    forget();
    offer(...starts);
    tell("");
  });
  form.addEventListener(KEPT, forget);
  document.addEventListener(LEAVING, forget);
  window.addEventListener("beforeunload", (event) => unsent && event.preventDefault());

  function isGoing(): boolean {
    return recorder?.state === "recording";
  }

  async function record(start: HTMLButtonElement): Promise<void> {
    if (asking || isGoing()) return; // A second press while the browser asks would open a second microphone.
    const film = start.dataset.kind === "video";
    asking = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: film });
      if (dialog && !dialog.open) return shut(stream);
      begin(start, film, stream);
    } catch {
      tell(start.dataset.closed ?? form.dataset.closed);
    } finally {
      asking = false;
    }
  }

  function begin(start: HTMLButtonElement, film: boolean, stream: MediaStream): void {
    const mine = (recorder = new MediaRecorder(stream));
    const end = ends(mine, Number(start.dataset.seconds ?? 300), () => tell(form.dataset.stops));
    mine.addEventListener("dataavailable", ({ data }) => {
      end();
      shut(stream);
      if (mine !== recorder) return;
      choose(file, data);
      shows(player(film, data));
      show(...(again ? [again] : starts));
      tell(form.dataset.recorded);
    });
    mine.start();
    unsent = true;
    if (film) shows(player(film, stream, () => place!.scrollIntoView({ block: "nearest" })));
    show(stop);
    tell(form.dataset.recording);
  }
}

/** Stops it after so many seconds, and says so a little before. What it answers takes that back. */
function ends(recorder: MediaRecorder, seconds: number, warn: () => void): () => void {
  const warned = setTimeout(warn, Math.max(0, seconds - WARNS) * 1000);
  const stopped = setTimeout(() => recorder.stop(), seconds * 1000);
  return () => [warned, stopped].forEach(clearTimeout);
}

function shut(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}

/** `whenSeen`: once it is known how large it is. */
function player(film: boolean, what: Blob | MediaStream, whenSeen?: () => void): HTMLMediaElement {
  const made = document.createElement(film ? "video" : "audio");
  const live = what instanceof MediaStream;
  made.controls = !live;
  made.muted = made.autoplay = live;
  if (whenSeen) made.addEventListener("loadedmetadata", whenSeen, { once: true });
  if (live) made.srcObject = what;
  else made.src = URL.createObjectURL(what);
  return made;
}

/** The recording becomes the form's file, as if it had been chosen; without one, no file is chosen. */
function choose(file: HTMLInputElement, recorded?: Blob): void {
  const kept = new DataTransfer();
  const ending = recorded?.type.includes("mp4") ? "mp4" : recorded?.type.includes("ogg") ? "ogg" : "webm";
  if (recorded) kept.items.add(new File([recorded], `recording.${ending}`, { type: recorded.type }));
  file.files = kept.files;
  file.dispatchEvent(new Event("change", { bubbles: true }));
}
