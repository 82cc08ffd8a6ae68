// What keys do. Tab is free, so that it leads on: nobody is caught in here.
import { baseKeymap, chainCommands, exitCode, toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import type { Command, Plugin } from "prosemirror-state";
import { bullets, heading, numbers, quote } from "./commands";
import { move } from "./media";
import { schema } from "./schema";

const { nodes, marks } = schema;
const item = nodes.list_item!;

const newLine: Command = chainCommands(exitCode, (state, dispatch) => {
  if (state.selection.$from.parent.type !== nodes.paragraph) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break!.create()).scrollIntoView());
  return true;
});

export function keys(link: Command, toTools: Command): Plugin[] {
  return [
    keymap({
      "Mod-b": toggleMark(marks.strong!),
      "Mod-i": toggleMark(marks.em!),
      "Mod-k": link,
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-Alt-1": heading,
      "Shift-Mod-7": numbers,
      "Shift-Mod-8": bullets,
      "Shift-Mod-9": quote,
      "Mod-]": sinkListItem(item),
      "Mod-[": liftListItem(item),
      "Alt-F10": toTools,
      "Alt-ArrowUp": move(-1),
      "Alt-ArrowDown": move(1),
      "Shift-Enter": newLine,
      Enter: splitListItem(item),
      Backspace: undoInputRule,
    }),
    keymap(baseKeymap),
    inputRules({
      rules: [
        wrappingInputRule(/^\s*[-*]\s$/, nodes.bullet_list!),
        wrappingInputRule(/^\s*1[.)]\s$/, nodes.ordered_list!),
        wrappingInputRule(/^\s*>\s$/, nodes.blockquote!),
        textblockTypeInputRule(/^#\s$/, nodes.heading!),
      ],
    }),
  ];
}
