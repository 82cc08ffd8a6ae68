// Keeps where somebody is, to the paragraph, the sentence and the second: on the server, for them alone. Nothing is kept by
// the browser, and nothing jumps by itself: going on is a press.
import { resumePlayers } from "../players";
import { beginningOf, blocksIn, findAgain, GO_ON, HEARD, SILENT, wordsHere, type Block, type Place } from "../words";

const PAUSE = 3000; // Milliseconds after a move before it is kept.

export default function keepPlace(note: HTMLElement): void {
  const words = wordsHere();
  const keeper = new Keeper(note.dataset.keep!, note.dataset, words ? blocksIn(words) : []);
  keeper.watch();
  if (keeper.offered > 0 || note.dataset.sentence) offer(note, keeper);
}

function offer(note: HTMLElement, keeper: Keeper): void {
  const [goOn, notNow] = [...note.querySelectorAll("button")] as [HTMLButtonElement, HTMLButtonElement];
  const answered = () => (keeper.answered = note.hidden = true);
  goOn.addEventListener("click", () => (answered(), keeper.goOn()));
  notNow.addEventListener("click", answered);
  document.addEventListener(HEARD, answered);
  setTimeout(() => (note.hidden = keeper.answered || keeper.isThere()), 300); // A reload comes back to where it was.
}

class Keeper {
  answered = false;
  readonly offered: number;
  private at: Record<string, string>;
  private kept: string;
  private listening = false;
  private ended = false;
  private timer = 0;

  constructor(
    private address: string,
    given: DOMStringMap,
    private blocks: Block[],
  ) {
    const { paragraph = "0", begins = "", sentence = "", media = "", second = "" } = given;
    this.at = { paragraph, begins, sentence, media_id: media, second };
    this.kept = this.told();
    this.offered = blocks.length ? findAgain(blocks, Number(paragraph), begins) : 0;
    this.answered = !this.offered && !sentence;
  }

  watch(): void {
    document.addEventListener("scroll", () => this.soon(() => this.lookAt()), { passive: true });
    document.addEventListener(HEARD, (event) => this.heard((event as CustomEvent<Place>).detail));
    document.addEventListener(SILENT, (event) => this.silent((event as CustomEvent<boolean>).detail));
    document.addEventListener("visibilitychange", () => document.hidden && this.send());
    window.addEventListener("pagehide", () => this.send());
    resumePlayers(this.at.media_id!, Number(this.at.second), (media_id, second) => {
      this.at = { ...this.at, media_id, second: String(second) };
      this.soon();
    });
  }

  goOn(): void {
    const { element } = this.blocks[this.offered]!;
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
    if (!this.at.sentence) return;
    const detail: Place = { paragraph: this.offered, sentence: Number(this.at.sentence) };
    document.dispatchEvent(new CustomEvent(GO_ON, { detail }));
  }

  isThere(): boolean {
    return !this.at.sentence && this.seen() >= this.offered;
  }

  /** The first block that is not above what one looks at; the start again when all has been seen. */
  private seen(): number {
    const last = this.blocks.at(-1)?.element.getBoundingClientRect().bottom ?? 0;
    if (last <= innerHeight) return 0;
    return this.blocks.findIndex(({ element }) => element.getBoundingClientRect().bottom > innerHeight / 4);
  }

  private lookAt(): void {
    const at = this.seen();
    if (this.listening || (!this.answered && at < this.offered)) return; // Looking around takes no offer away.
    this.move(at, "");
  }

  private heard({ paragraph, sentence }: Place): void {
    this.listening = this.answered = true;
    this.move(paragraph, String(sentence));
    this.soon();
  }

  private silent(toTheEnd: boolean): void {
    this.listening = false;
    if (toTheEnd) this.move(0, "");
    this.soon();
  }

  private move(paragraph: number, sentence: string): void {
    const block = this.blocks[paragraph];
    if (block) this.at = { ...this.at, paragraph: String(paragraph), begins: beginningOf(block), sentence };
  }

  private soon(first: () => void = () => undefined): void {
    if (this.timer) return;
    this.timer = window.setTimeout(() => ((this.timer = 0), first(), this.send()), PAUSE);
  }

  private told(): string {
    return new URLSearchParams(this.at).toString();
  }

  private send(): void {
    const body = this.told();
    if (this.ended || body === this.kept) return;
    this.kept = body;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    fetch(this.address, { method: "POST", headers, body, keepalive: true, redirect: "manual" })
      .then(({ status }) => (this.ended = status !== 204 && status < 500)) // Whoever may not read asks nothing again.
      .catch(() => (this.kept = ""));
  }
}
