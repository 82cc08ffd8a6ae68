// Keeps what is being written, by itself: on the server, for its writer alone. Nothing is kept by the browser.
import { whenStill } from "../still";

export const KEPT = "words-kept";
const PAUSE = 1500; // Milliseconds without a key before the words are kept.
const AGAIN = 8000; // Until we try once more, when they could not be.
const CLOSING_LIMIT = 60_000; // Browsers send no more than this from a page that is going away.

type Said = "kept" | "waiting" | "signedOut" | "elsewhere" | "refused";

export default function keepDraft(element: HTMLElement): void {
  new Keeper(element as HTMLFormElement).watch();
}

function wasChanged(one: Element): boolean {
  if (one instanceof HTMLInputElement && one.checked !== one.defaultChecked) return true;
  return (one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement) && one.value !== one.defaultValue;
}

class Keeper {
  private kept: string;
  private said: Said | "" = "";
  private timer = 0;
  private leaving = false;
  private ended = false;
  private sending: Promise<void> | null = null;

  constructor(private form: HTMLFormElement) {
    this.kept = this.isNew ? "" : this.words();
  }

  /** Words that are nowhere else: a page that came back unsaved, or what was typed before this script had come. */
  private get isNew(): boolean {
    return this.form.dataset.unsaved !== undefined || [...this.form.elements].some(wasChanged);
  }

  watch(): void {
    this.form.addEventListener("input", () => this.soon(PAUSE));
    this.form.addEventListener("focusout", () => void this.keep());
    this.form.addEventListener("submit", (event) => this.beforeSending(event));
    window.addEventListener("online", () => void this.keep());
    document.addEventListener("visibilitychange", () => void this.keep());
    window.addEventListener("pagehide", () => this.keepWhileClosing());
    window.addEventListener("pageshow", () => (this.leaving = false));
    if (this.isNew) this.soon(PAUSE);
  }

  private words(): string {
    return new URLSearchParams(new FormData(this.form) as unknown as Record<string, string>).toString();
  }

  private soon(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.keep(), wait);
  }

  private async keep(): Promise<void> {
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    if (this.ended || this.leaving || this.words() === this.kept) return;
    this.sending = this.send(this.words());
    await this.sending;
    this.sending = null;
  }

  private async send(words: string): Promise<void> {
    try {
      this.heard((await this.post(words, false)).status, words);
    } catch {
      this.say("waiting");
      this.soon(AGAIN);
    }
  }

  private post(words: string, keepalive: boolean): Promise<Response> {
    const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" };
    return fetch(this.form.dataset.draft!, { method: "POST", headers, body: words, keepalive });
  }

  private heard(status: number, words: string): void {
    if (status === 204) this.isKept(words);
    else if (status === 401) this.tryLater("signedOut");
    else if (status >= 500 || status === 429) this.tryLater("waiting");
    else this.refused(status);
  }

  private isKept(words: string): void {
    this.kept = words;
    this.say("kept");
    if (this.words() === words) this.form.dispatchEvent(new Event(KEPT));
  }

  private tryLater(said: Said): void {
    this.say(said);
    this.soon(AGAIN);
  }

  private refused(status: number): void {
    this.ended = status === 403 || status === 404; // Whoever may not write here any more is asked nothing again.
    this.say(status === 409 ? "elsewhere" : "refused");
  }

  private say(said: Said): void {
    if (said === this.said) return; // A screen reader reads it once, not at each pause.
    this.said = said;
    const name = `draft${said[0]!.toUpperCase()}${said.slice(1)}`;
    const line = this.form.querySelector("[data-draft-line]")!;
    whenStill(() => (line.textContent = this.form.dataset[name] ?? ""));
  }

  /** Without a connection a press would lead to the browser's own error page: the words stay here instead. */
  private beforeSending(event: SubmitEvent): void {
    if (this.said !== "waiting" && navigator.onLine) {
      this.leaving = true;
      return;
    }
    event.preventDefault();
    void this.sendWhenReached(event.submitter);
  }

  private async sendWhenReached(submitter: HTMLElement | null): Promise<void> {
    this.kept = "";
    await this.keep();
    if (this.said !== "waiting" && navigator.onLine) this.form.requestSubmit(submitter);
  }

  private keepWhileClosing(): void {
    const words = this.words();
    if (this.ended || this.leaving || words === this.kept) return;
    void this.post(words, words.length < CLOSING_LIMIT).catch(() => undefined);
  }
}
