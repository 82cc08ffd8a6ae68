// The files of this section, as the server lists them for its editors; asked for once, when the words or a person need them.
import type { Kept } from "../islands/upload";

export class Files {
  private asked: Promise<Kept[]> | null = null;

  /** `list`: where they are listed and added. `at`: where each one is, by its id. */
  constructor(
    readonly list: string,
    readonly at: string,
  ) {}

  /** Oldest first. Nothing where they cannot be reached: then the words alone are shown. */
  async all(): Promise<Kept[]> {
    this.asked ??= this.ask();
    return this.asked;
  }

  async find(id: string): Promise<Kept | undefined> {
    return (await this.all()).find((one) => one.id === id);
  }

  async add(one: Kept): Promise<void> {
    const all = await this.all();
    if (!all.some(({ id }) => id === one.id)) all.push(one); // Sent twice, it is kept once.
  }

  private async ask(): Promise<Kept[]> {
    try {
      const answer = await fetch(this.list, { headers: { Accept: "application/json" } });
      if (answer.ok) return (await answer.json()).items;
    } catch {
      // Below: we try again when somebody asks again.
    }
    this.asked = null;
    return [];
  }
}

/** A picture, or a player: where it stands, as on the page to read. */
export function shown(one: Kept, at: string, words: string): HTMLElement {
  const address = `${at}/${one.id}`;
  if (one.kind === "picture") {
    const picture = new Image();
    picture.src = `${address}/small`;
    picture.alt = "";
    return picture;
  }
  if (one.kind === "paper") {
    const name = document.createElement("strong");
    name.append("PDF");
    return name;
  }
  const player = document.createElement(one.kind === "video" ? "video" : "audio");
  player.controls = true;
  player.preload = "metadata";
  player.src = address;
  player.setAttribute("aria-label", words);
  return player;
}
