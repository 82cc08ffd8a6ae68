// Kind questions about a picture, a film or a voice: one that is here already, a new one, and what it shows.
import type { EditorView } from "prosemirror-view";
import { sends, type Kept } from "../islands/upload";
import { shown, type Files } from "./files";
import { chosenBlock, putIn, sayWords } from "./media";

/** Puts in what was chosen or added. */
export class FileQuestion {
  private form: HTMLFormElement;

  constructor(
    private dialog: HTMLDialogElement,
    private view: () => EditorView,
    private files: Files,
    private tell: (words: string | undefined) => void,
  ) {
    this.form = dialog.querySelector("form")!;
    sends(this.form, (one) => void this.kept(one));
    dialog.querySelectorAll("[data-leaves]").forEach((one) => one.addEventListener("click", () => dialog.close()));
    dialog.addEventListener("cancel", (event) => this.isBusy() && event.preventDefault());
    dialog.addEventListener("close", () => this.view().focus());
  }

  ask(): void {
    this.dialog.showModal();
    void this.list();
  }

  private isBusy(): boolean {
    return !this.form.querySelector("progress")!.hidden;
  }

  private async list(): Promise<void> {
    const kinds = this.dialog.dataset.kinds!.split(" ");
    const there = (await this.files.all()).filter((one) => kinds.includes(one.kind));
    const place = this.dialog.querySelector<HTMLElement>("[data-there]")!;
    place.hidden = !there.length;
    place.querySelector("ul")!.replaceChildren(...there.map((one) => this.offered(one)));
  }

  private offered(one: Kept): HTMLElement {
    const [item, button, name, whose] = ["li", "button", "span", "small"].map((one) => document.createElement(one)) as
      [HTMLElement, HTMLButtonElement, HTMLElement, HTMLElement];
    button.type = "button";
    name.textContent = one.words;
    whose.textContent = one.whose;
    button.append(...(one.kind === "picture" ? [shown(one, this.files.at, "")] : []), name, ...(one.whose ? [whose] : []));
    button.addEventListener("click", () => this.put(one));
    item.append(button);
    return item;
  }

  private async kept(one: Kept): Promise<void> {
    await this.files.add(one);
    this.form.reset();
    this.put(one);
  }

  /** Only for looks: nothing to read out. A voice needs a name, so that it can be told from others. */
  private put(one: Kept): void {
    const { state, dispatch } = this.view();
    putIn(one.id, one.kind === "picture" ? one.alt : one.alt || this.dialog.dataset.name!)(state, dispatch.bind(this.view()));
    this.dialog.close();
    this.tell(this.dialog.dataset.done);
  }
}

/** Asks what the chosen block shows. */
export class WordsQuestion {
  private box: HTMLTextAreaElement;

  constructor(
    private dialog: HTMLDialogElement,
    private view: () => EditorView,
  ) {
    this.box = dialog.querySelector("textarea")!;
    dialog.querySelector("[data-puts]")!.addEventListener("click", () => this.put());
    dialog.querySelector("[data-leaves]")!.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.view().focus());
  }

  ask(): void {
    this.box.value = String(chosenBlock(this.view().state)?.attrs.words ?? "");
    this.dialog.showModal();
  }

  private put(): void {
    const view = this.view();
    sayWords(this.box.value.trim().replace(/\s+/g, " "))(view.state, view.dispatch.bind(view));
    this.dialog.close();
  }
}
