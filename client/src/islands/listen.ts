// Reads the words aloud, sentence by sentence, with the sentence marked. A recording is offered first where there is one.
import { blocksIn, GO_ON, HEARD, sentencesIn, SILENT, wordsHere, type Place, type Sentence } from "../words";
import { hush, say, SPEEDS, voiceFor } from "../voice";
import { LEAVING } from "./leave";

export default function readAloud(place: HTMLElement): void {
  const words = wordsHere();
  place.querySelector("[data-play]")?.addEventListener("click", (event) => playRecording(event));
  if (words) new Listening(place, words).offer();
}

function playRecording(event: Event): void {
  const id = (event.currentTarget as HTMLElement).dataset.play!;
  const player = document.querySelector<HTMLMediaElement>(`:is(audio, video)[src$="${id}"]`);
  if (!player) return;
  event.preventDefault();
  player.scrollIntoView({ block: "center" });
  player.focus();
  void player.play().catch(() => undefined);
}

class Listening {
  private sentences: Sentence[] = [];
  private at = 0;
  private turn = 0; // Whatever was said before the newest turn counts no more.
  private going = false;
  private bar: HTMLElement;

  constructor(
    private place: HTMLElement,
    private words: HTMLElement,
  ) {
    this.bar = place.querySelector<HTMLElement>(".listen-bar")!;
  }

  offer(): void {
    this.button("start").hidden = false;
    for (const button of this.place.querySelectorAll<HTMLElement>("[data-do]"))
      button.addEventListener("click", () => this.press(button.dataset.do!));
    this.bar.addEventListener("keydown", ({ key }) => this.press({ ArrowLeft: "back", ArrowRight: "next" }[key] ?? ""));
    document.addEventListener("keydown", ({ key }) => key === "Escape" && !this.bar.hidden && this.stop());
    document.addEventListener("play", () => this.going && this.pause(), true);
    document.addEventListener(GO_ON, (event) => this.begin((event as CustomEvent<Place>).detail));
    document.addEventListener(LEAVING, hush);
    window.addEventListener("pagehide", () => (this.turn++, hush()));
  }

  private press(what: string): void {
    if (what === "start") this.begin({ paragraph: 0, sentence: 0 });
    else if (what === "pause") this.going ? this.pause() : void this.read();
    else if (what === "back") this.step(-1);
    else if (what === "next") this.step(1);
    else if (what === "stop") this.stop();
  }

  private begin({ paragraph, sentence }: Place): void {
    this.sentences = sentencesIn(blocksIn(this.words), this.place.dataset.language!);
    const there = this.sentences.findIndex((one) => one.paragraph === paragraph && one.sentence >= sentence);
    this.at = Math.max(there, 0);
    for (const player of document.querySelectorAll<HTMLMediaElement>("audio, video")) player.pause();
    this.bar.hidden = false;
    this.button("pause").focus();
    void this.read();
  }

  private async read(): Promise<void> {
    const turn = ++this.turn;
    hush();
    this.show(true);
    const voice = await voiceFor(this.place.dataset.language!);
    while (turn === this.turn && this.at < this.sentences.length) {
      const said = voice !== null && (this.mark(), await say(this.text(), voice, SPEEDS[this.place.dataset.speed!] ?? 1));
      if (turn !== this.turn) return;
      if (!said) return this.stop(this.place.dataset.silent);
      this.at++;
    }
    if (turn === this.turn) this.stop(this.place.dataset.done);
  }

  private text(): string {
    return this.sentences[this.at]!.range.toString();
  }

  private step(by: number): void {
    this.at = Math.min(Math.max(this.at + by, 0), this.sentences.length - 1);
    if (this.going) void this.read();
    else this.mark();
  }

  private pause(): void {
    this.turn++;
    hush();
    this.show(false);
  }

  private stop(why = ""): void {
    const done = this.at >= this.sentences.length;
    this.pause();
    this.unmark();
    const held = this.bar.contains(document.activeElement);
    this.bar.hidden = true;
    if (held) this.button("start").focus();
    this.say(why);
    document.dispatchEvent(new CustomEvent(SILENT, { detail: done }));
  }

  private show(going: boolean): void {
    this.going = going;
    const [pause, goOn] = this.button("pause").children as unknown as [HTMLElement, HTMLElement];
    pause.hidden = !going;
    goOn.hidden = going;
    this.say(going ? "" : this.place.dataset.paused, true);
  }

  /** By a line under the sentence and a bar beside its paragraph, not by colour alone. */
  private mark(): void {
    this.unmark();
    const { element, range, paragraph, sentence } = this.sentences[this.at]!;
    element.dataset.spoken = "";
    if ("highlights" in CSS) CSS.highlights.set("spoken", new Highlight(range));
    const { top, bottom } = range.getBoundingClientRect();
    if (top < 60 || bottom > innerHeight - this.bar.offsetHeight - 40) element.scrollIntoView({ block: "center" });
    document.dispatchEvent(new CustomEvent<Place>(HEARD, { detail: { paragraph, sentence } }));
  }

  private unmark(): void {
    this.words.querySelectorAll<HTMLElement>("[data-spoken]").forEach((one) => delete one.dataset.spoken);
    if ("highlights" in CSS) CSS.highlights.delete("spoken");
  }

  /** `aside`: for ears alone, since the button shows it, and no word of the page is to move for it. */
  private say(words = "", aside = false): void {
    const status = this.place.querySelector("[role=status]")!;
    status.classList.toggle("hidden", aside);
    status.textContent = words;
    if (words && !aside) status.scrollIntoView({ block: "nearest" }); // Below the button, it may be out of sight.
  }

  private button(name: string): HTMLElement {
    return this.place.querySelector<HTMLElement>(`[data-do=${name}]`)!;
  }
}
