// Pictures, sound and film inside the words: putting one in, moving it, saying what it shows, taking it out.
import { closeHistory } from "prosemirror-history";
import type { Node } from "prosemirror-model";
import { NodeSelection, Plugin, Selection, TextSelection, type Command, type EditorState, type Transaction } from "prosemirror-state";
import { schema } from "./schema";

const [media, paragraph] = [schema.nodes.media!, schema.nodes.paragraph!];

/** Below the block where the cursor stands; above it when the cursor is at its start. No word is ever split. */
export function putIn(id: string, words: string): Command {
  return (state, dispatch) => {
    const [from, to] = placeFor(state);
    const tr = state.tr.replaceWith(from, to, media.create({ id, words }));
    const after = from + 1;
    if (!tr.doc.nodeAt(after)?.isTextblock) tr.insert(after, paragraph.create());
    tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView();
    dispatch?.(closeHistory(tr));
    return true;
  };
}

function placeFor(state: EditorState): [number, number] {
  const { $from, $to } = state.selection;
  if (!$to.depth) return [$to.pos, $to.pos];
  const block = $to.node(1);
  if (block.type === paragraph && !block.childCount) return [$to.before(1), $to.after(1)];
  const atStart = state.selection.empty && $from.depth === 1 && !$from.parentOffset;
  return atStart ? [$from.before(1), $from.before(1)] : [$to.after(1), $to.after(1)];
}

/** Past the block above or below it. */
export function move(by: 1 | -1): Command {
  return (state, dispatch) => {
    const chosen = chosenBlock(state);
    const { $from } = state.selection;
    const other = chosen && $from.parent.maybeChild($from.index() + by);
    if (!chosen || !other) return false;
    const to = $from.pos + (by > 0 ? other.nodeSize : -other.nodeSize);
    const tr = state.tr.delete($from.pos, $from.pos + chosen.nodeSize).insert(to, chosen);
    dispatch?.(closeHistory(tr.setSelection(NodeSelection.create(tr.doc, to)).scrollIntoView()));
    return true;
  };
}

export const takeOut: Command = (state, dispatch) => {
  if (!chosenBlock(state)) return false;
  const tr = state.tr.deleteSelection();
  dispatch?.(closeHistory(tr.setSelection(Selection.near(tr.doc.resolve(tr.selection.from))).scrollIntoView()));
  return true;
};

export function sayWords(words: string): Command {
  return (state, dispatch) => {
    const chosen = chosenBlock(state);
    if (!chosen) return false;
    const { from } = state.selection;
    const tr = state.tr.setNodeMarkup(from, null, { ...chosen.attrs, words });
    dispatch?.(closeHistory(tr.setSelection(NodeSelection.create(tr.doc, from))));
    return true;
  };
}

/** The picture, or the part that is kept as it is, that is chosen as a whole. */
export function chosenBlock(state: EditorState): Node | null {
  const { selection } = state;
  return selection instanceof NodeSelection && selection.node.isBlock && selection.node.isAtom ? selection.node : null;
}

/** Typing while a picture is chosen goes below it: a slip of a finger takes no picture away. */
export function typeBelow(state: EditorState, text: string): Transaction | null {
  if (!chosenBlock(state)) return null;
  const { to } = state.selection;
  const tr = state.tr.insert(to, paragraph.create(null, schema.text(text)));
  return closeHistory(tr.setSelection(TextSelection.create(tr.doc, to + 1 + text.length)).scrollIntoView());
}

/** There is always a line to write on at the end. */
export function roomBelow(): Plugin {
  return new Plugin({
    appendTransaction: (_, __, state) =>
      state.doc.lastChild!.isAtom ? state.tr.insert(state.doc.content.size, paragraph.create()) : null,
  });
}
