// The editor in its room on the page: over the textarea, which stays in the form and is what is sent.
import { history } from "prosemirror-history";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { MediaBlock, type Around } from "./block";
import { open, type Opened } from "./bytes";
import { FileQuestion, WordsQuestion } from "./choose";
import { Files } from "./files";
import { keys } from "./keys";
import { LinkQuestion } from "./link";
import { roomBelow, typeBelow } from "./media";
import { clearHtml, clearText, holdsPicture } from "./paste";
import { Tools } from "./tools";

const PAUSE = 250; // Milliseconds without a key before the textarea is told.

export class Room {
  private view!: EditorView;
  private opened!: Opened;
  private told = "";
  private waiting = 0;
  private untie!: () => void;
  private files: Files;
  private asks: Record<string, () => void>;
  private tools: Tools;

  constructor(
    private place: HTMLElement,
    private box: HTMLTextAreaElement,
  ) {
    this.files = new Files(place.dataset.files!, place.dataset.filesAt!);
    this.asks = this.questions(this.files);
    this.tools = new Tools(place.querySelector<HTMLElement>("[role=toolbar]")!, () => this.view, this.asks);
  }

  /** Over the textarea, with what stands there now. It may be closed and opened again. */
  open(): void {
    this.told = this.box.value;
    this.opened = open(this.box.value);
    const tell = (words: string | undefined): void => this.say(words);
    const around = { files: this.files, says: this.place.dataset, tell, askWords: this.asks.words! };
    this.view = this.makeView(this.asks.link!, around);
    this.untie = this.tieToForm(this.box.form!);
    this.dress();
    this.tools.show();
  }

  focus(): void {
    this.view.focus();
  }

  /** Back to the textarea, with all that was written. */
  close(): void {
    this.tell();
    this.untie();
    const id = this.view.dom.id;
    this.view.destroy();
    this.box.id = id;
    this.box.hidden = false;
  }

  private questions(files: Files): Record<string, () => void> {
    const view = (): EditorView => this.view;
    const made = [...document.querySelectorAll<HTMLDialogElement>("[data-question]")].map((dialog) => {
      const name = dialog.dataset.question!;
      if (name === "link") return [name, new LinkQuestion(dialog, view)] as const;
      if (name === "words") return [name, new WordsQuestion(dialog, view)] as const;
      return [name, new FileQuestion(dialog, view, files, (said) => this.say(said))] as const;
    });
    return Object.fromEntries(made.map(([name, question]) => [name, () => question.ask()]));
  }

  private makeView(link: () => void, around: Around): EditorView {
    const asks = (): boolean => (link(), true);
    const toTools = (): boolean => (this.tools.focus(), true);
    const state = EditorState.create({ doc: this.opened.doc, plugins: [...keys(asks, toTools), history(), roomBelow()] });
    const mount = document.createElement("div");
    this.box.after(mount);
    return new EditorView({ mount }, {
      state,
      dispatchTransaction: (change) => {
        this.view.updateState(this.view.state.apply(change));
        this.tools.show();
        if (change.docChanged) this.tellSoon();
      },
      attributes: this.attributes(),
      nodeViews: {
        source: (node) => ({ dom: keptBlock(node.attrs.text as string, this.place.dataset) }),
        media: (node, view, getPos) => new MediaBlock(node, view, getPos, around),
        media_inline: (node, view, getPos) => new MediaBlock(node, view, getPos, around),
      },
      handleTextInput: (view, _from, _to, text) => {
        const change = typeBelow(view.state, text);
        if (change) view.dispatch(change);
        return !!change;
      },
      transformPastedHTML: (html) => (this.sayOfPictures(holdsPicture(html)), clearHtml(html)),
      transformPastedText: clearText,
      handlePaste: (_view, event) => this.onlyFiles(event.clipboardData),
      handleDrop: (_view, event) => this.onlyFiles(event.dataTransfer),
    });
  }

  private attributes(): Record<string, string> {
    const label = this.place.querySelector("label")?.textContent?.trim() ?? "";
    const given = { role: "textbox", "aria-multiline": "true", "aria-label": label, class: "box prose editor-words" };
    const passed = ["aria-describedby", "aria-invalid"].map((name) => [name, this.box.getAttribute(name)] as const);
    return { ...given, ...Object.fromEntries(passed.filter((one): one is [string, string] => one[1] !== null)) };
  }

  /** The editor takes the field's place: its id, so that a list of errors leads here, and a press on its label. */
  private dress(): void {
    this.view.dom.id = this.box.id;
    this.box.id = `${this.box.id}-plain`;
    this.box.hidden = true;
  }

  private tieToForm(form: HTMLFormElement): () => void {
    const tell = (): void => this.tell();
    const fill = (event: FormDataEvent): void => event.formData.set(this.box.name, this.text());
    const focus = (): void => this.view.focus();
    const label = this.place.querySelector("label");
    form.addEventListener("submit", tell, true);
    form.addEventListener("formdata", fill);
    label?.addEventListener("click", focus);
    this.view.dom.addEventListener("blur", tell);
    return () => {
      form.removeEventListener("submit", tell, true);
      form.removeEventListener("formdata", fill);
      label?.removeEventListener("click", focus);
    };
  }

  private text(): string {
    return this.opened.textOf(this.view.state.doc);
  }

  private tellSoon(): void {
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.tell(), PAUSE);
  }

  /** The textarea holds what stands here. Untouched words keep their bytes. */
  private tell(): void {
    clearTimeout(this.waiting);
    const text = this.text();
    if (text === this.told) return;
    this.told = text;
    this.box.value = text;
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private onlyFiles(given: DataTransfer | null): boolean {
    const filesAlone = !!given?.files.length && !given.types.includes("text/html") && !given.types.includes("text/plain");
    if (filesAlone) this.sayOfPictures(true);
    return filesAlone;
  }

  private sayOfPictures(came: boolean): void {
    if (came) this.say(this.place.dataset.noPictures);
  }

  private say(words: string | undefined): void {
    this.place.querySelector("[data-editor-line]")!.textContent = words ?? "";
  }
}

/** What we cannot change here: a picture by its words, all else as it was typed. As text alone: nothing in it is ever run. */
function keptBlock(text: string, says: DOMStringMap): HTMLElement {
  const picture = /^!\[([^\]]*)\]\(media:[^()\s]+\)$/.exec(text.trim());
  const block = document.createElement("div");
  block.className = "kept-block";
  block.contentEditable = "false";
  const said = document.createElement("strong");
  said.textContent = (picture ? says.picture : says.kept) ?? "";
  const words = document.createElement("pre");
  words.textContent = picture ? picture[1]! : text;
  block.append(said, words);
  return block;
}
