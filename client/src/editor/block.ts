// How a file of the section looks inside the words: the picture or player, what it shows in words, and its buttons.
import type { Node } from "prosemirror-model";
import { NodeSelection, type Command } from "prosemirror-state";
import type { EditorView, NodeView } from "prosemirror-view";
import { shown, type Files } from "./files";
import { move, takeOut } from "./media";

export interface Around {
  files: Files;
  says: DOMStringMap;
  tell(words: string | undefined): void;
  /** Asks what the chosen one shows. */
  askWords(): void;
}

const WAYS = ["up", "down", "words", "out"] as const;
type Way = (typeof WAYS)[number];

export class MediaBlock implements NodeView {
  readonly dom: HTMLElement;
  private label = document.createElement("figcaption");

  constructor(
    private node: Node,
    private view: EditorView,
    private getPos: () => number | undefined,
    private around: Around,
  ) {
    this.dom = document.createElement(node.isInline ? "span" : "figure");
    this.dom.className = node.isInline ? "media-in-line" : "media-block";
    this.dom.contentEditable = "false";
    this.label.textContent = this.words() || around.says.onlyLooks!;
    this.dom.append(node.isInline ? this.words() : this.label);
    if (node.isBlock) this.dom.append(this.ways());
    void this.fill();
  }

  private words(): string {
    return this.node.attrs.words as string;
  }

  /** What has gone, or is another section's, shows its words alone, as it does to those who read. */
  private async fill(): Promise<void> {
    const { files, says } = this.around;
    const one = await files.find(this.node.attrs.id as string);
    this.dom.dataset.kind = one?.kind ?? "gone";
    if (one && this.node.isInline && one.kind === "picture") this.dom.replaceChildren(shown(one, files.at, this.words()));
    else if (one && this.node.isBlock) this.dom.prepend(shown(one, files.at, this.words()));
    else if (!one && this.node.isBlock) this.label.append(` ${says.gone}`);
  }

  private ways(): HTMLElement {
    const place = document.createElement("div");
    place.className = "block-ways";
    for (const way of WAYS) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.way = way;
      button.textContent = this.around.says[`way${way[0]!.toUpperCase()}${way.slice(1)}`]!;
      const about = document.createElement("span");
      about.className = "hidden";
      about.append(": ", this.words() || this.around.says.onlyLooks!);
      button.append(about);
      button.addEventListener("click", () => this.go(way));
      place.append(button);
    }
    return place;
  }

  private go(way: Way): void {
    const at = this.getPos();
    if (at === undefined) return;
    this.view.dispatch(this.view.state.tr.setSelection(NodeSelection.create(this.view.state.doc, at)));
    if (way === "words") return this.around.askWords();
    const command: Record<typeof way, Command> = { up: move(-1), down: move(1), out: takeOut };
    const done = command[way](this.view.state, this.view.dispatch, this.view);
    const { says, tell } = this.around;
    if (way === "out") return this.view.focus(), tell(says.isOut);
    tell(done ? says[way === "up" ? "wentUp" : "wentDown"] : says[way === "up" ? "atTop" : "atEnd"]);
    buttonOf(this.view, way)?.focus(); // On the one that moved, so that it can go on.
  }

  update(node: Node): boolean {
    return node.sameMarkup(this.node);
  }

  selectNode(): void {
    this.dom.classList.add("ProseMirror-selectednode");
    const words = this.words() || this.around.says.onlyLooks!;
    if (this.node.isBlock && this.view.hasFocus()) this.around.tell(this.around.says.chosen!.replace("{words}", words));
  }

  deselectNode(): void {
    this.dom.classList.remove("ProseMirror-selectednode");
  }

  /** Buttons and players answer by themselves; a press anywhere else chooses the block. */
  stopEvent(event: Event): boolean {
    return (event.target as Element).closest("button, audio, video") !== null;
  }

  ignoreMutation(): boolean {
    return true;
  }
}

function buttonOf(view: EditorView, way: Way): HTMLElement | null {
  const dom = view.nodeDOM(view.state.selection.from);
  return dom instanceof HTMLElement ? dom.querySelector(`[data-way=${way}]`) : null;
}
