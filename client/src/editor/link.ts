// A kind question about a link: where it leads, and which words show it.
import { closeHistory } from "prosemirror-history";
import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { isGoodLink } from "./basic";
import { hasMark } from "./commands";
import { schema } from "./schema";

const type = schema.marks.link!;

export class LinkQuestion {
  private address: HTMLInputElement;
  private words: HTMLInputElement;

  constructor(
    private dialog: HTMLDialogElement,
    private view: () => EditorView,
  ) {
    this.address = dialog.querySelector("[data-link=address]")!;
    this.words = dialog.querySelector("[data-link=words]")!;
    dialog.querySelector("[data-link=put]")!.addEventListener("click", () => this.put());
    dialog.querySelector("[data-link=take]")!.addEventListener("click", () => this.take());
    dialog.querySelector("[data-link=leave]")!.addEventListener("click", () => this.dialog.close());
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("close", () => this.view().focus());
  }

  ask(): void {
    const { state } = this.view();
    this.selectLink();
    const { from, to, empty } = this.view().state.selection;
    const there = hasMark(this.view().state, type);
    this.address.value = there ? String(linkAt(this.view())?.href ?? "") : "";
    this.words.value = state.doc.textBetween(from, to, " ");
    this.words.closest<HTMLElement>(".field")!.hidden = !empty;
    this.dialog.querySelector<HTMLElement>("[data-link=take]")!.hidden = !there;
    this.wrong(false);
    this.dialog.showModal();
    this.address.focus();
  }

  /** With the cursor in a link, the whole of it is meant. */
  private selectLink(): void {
    const view = this.view();
    const { $from, empty } = view.state.selection;
    if (!empty || !type.isInSet($from.marks())) return;
    const range = linkRange(view);
    if (range) view.dispatch(view.state.tr.setSelection(selection(view, range.from, range.to)));
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault(); // Enter answers this question; it does not save the page.
    this.put();
  }

  private put(): void {
    const href = wholeAddress(this.address.value);
    if (!isGoodLink(href)) return this.wrong(true);
    const view = this.view();
    const { state } = view;
    const { from, to, empty } = state.selection;
    const mark = type.create({ href });
    const shown = this.words.value.trim() || this.address.value.trim();
    view.dispatch(empty ? state.tr.replaceSelectionWith(schema.text(shown, [mark]), false) : state.tr.addMark(from, to, mark));
    view.dispatch(closeHistory(view.state.tr));
    this.dialog.close();
  }

  private take(): void {
    const { state } = this.view();
    this.view().dispatch(state.tr.removeMark(state.selection.from, state.selection.to, type));
    this.dialog.close();
  }

  private wrong(isWrong: boolean): void {
    this.dialog.querySelector<HTMLElement>("[data-link=wrong]")!.hidden = !isWrong;
    this.address.setAttribute("aria-invalid", String(isWrong));
    if (isWrong) this.address.focus();
  }
}

/** People leave out the beginning. */
function wholeAddress(typed: string): string {
  const text = typed.trim();
  if (/^(https?:\/\/|mailto:)/i.test(text)) return text;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  return /^[^\s:@]+\.[^\s:@]+/.test(text) ? `https://${text}` : text;
}

function linkAt(view: EditorView): { href?: string } | undefined {
  const { from, to } = view.state.selection;
  let found: { href?: string } | undefined;
  view.state.doc.nodesBetween(from, to, (node) => {
    found ??= type.isInSet(node.marks)?.attrs;
  });
  return found;
}

function linkRange(view: EditorView): { from: number; to: number } | null {
  const { $from } = view.state.selection;
  const href = type.isInSet($from.marks())?.attrs.href as string;
  let at = $from.start();
  let range: { from: number; to: number } | null = null;
  for (const child of $from.parent.children) {
    const same = type.isInSet(child.marks)?.attrs.href === href;
    const touches = at <= $from.pos && at + child.nodeSize >= $from.pos;
    if (same) range = range && range.to === at ? { from: range.from, to: at + child.nodeSize } : { from: at, to: at + child.nodeSize };
    if (same && touches) break;
    at += child.nodeSize;
  }
  return range;
}


function selection(view: EditorView, from: number, to: number): TextSelection {
  return TextSelection.create(view.state.doc, from, to);
}
