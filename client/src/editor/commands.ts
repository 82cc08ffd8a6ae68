// What the large buttons and the keys do.
import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, redoDepth, undo, undoDepth } from "prosemirror-history";
import type { MarkType, NodeType } from "prosemirror-model";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import type { Command, EditorState } from "prosemirror-state";
import { schema } from "./schema";

const { nodes, marks } = schema;

export const strong = marks.strong!;
export const heading = toggleBlock(nodes.heading!);
export const bullets = toggleList(nodes.bullet_list!, nodes.ordered_list!);
export const numbers = toggleList(nodes.ordered_list!, nodes.bullet_list!);
export const quote: Command = (state, dispatch) =>
  isInside(state, nodes.blockquote!) ? lift(state, dispatch) : wrapIn(nodes.blockquote!)(state, dispatch);

export interface Doing {
  run: Command;
  /** Is it on where the cursor stands? Nothing for what is no switch. */
  isOn?: (state: EditorState) => boolean;
  /** Can it be done now? */
  can?: (state: EditorState) => boolean;
}

export const doings: Record<string, Doing> = {
  heading: { run: heading, isOn: (state) => state.selection.$from.parent.type === nodes.heading },
  bold: { run: toggleMark(strong), isOn: (state) => hasMark(state, strong) },
  list: { run: bullets, isOn: (state) => listAround(state) === nodes.bullet_list },
  numbers: { run: numbers, isOn: (state) => listAround(state) === nodes.ordered_list },
  quote: { run: quote, isOn: (state) => isInside(state, nodes.blockquote!) },
  undo: { run: undo, can: (state) => undoDepth(state) > 0 },
  redo: { run: redo, can: (state) => redoDepth(state) > 0 },
};

export function hasMark(state: EditorState, mark: MarkType): boolean {
  const { from, to, empty, $from } = state.selection;
  if (empty) return !!mark.isInSet(state.storedMarks ?? $from.marks());
  return state.doc.rangeHasMark(from, to, mark);
}

function isInside(state: EditorState, type: NodeType): boolean {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === type) return true;
  return false;
}

function listAround(state: EditorState): NodeType | null {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const type = $from.node(depth).type;
    if (type === nodes.bullet_list || type === nodes.ordered_list) return type;
  }
  return null;
}

function toggleBlock(type: NodeType): Command {
  return (state, dispatch) => {
    const on = state.selection.$from.parent.type === type;
    return setBlockType(on ? nodes.paragraph! : type)(state, dispatch);
  };
}

/** Into a list, out of it, or from one kind into the other. */
function toggleList(type: NodeType, other: NodeType): Command {
  return (state, dispatch) => {
    const around = listAround(state);
    if (around === type) return liftListItem(nodes.list_item!)(state, dispatch);
    return around === other ? turned(type)(state, dispatch) : wrapInList(type)(state, dispatch);
  };
}

function turned(type: NodeType): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    let depth = $from.depth;
    while (!$from.node(depth).type.name.endsWith("_list")) depth--;
    const tight = $from.node(depth).attrs.tight as boolean;
    dispatch?.(state.tr.setNodeMarkup($from.before(depth), type, { tight }).scrollIntoView());
    return true;
  };
}
