// What the editor holds: the CommonMark that the server shows, files of the section, and blocks that are kept as they are.
import { Schema, type DOMOutputSpec, type Node } from "prosemirror-model";
import { nodes as basic, marks as basicMarks } from "./basic";
import { media, mediaInline } from "./shown";

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: basic.paragraph,
    heading: {
      attrs: { level: { default: 1 } },
      content: "text*",
      group: "block",
      defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map((size) => ({ tag: `h${size}`, getAttrs: headingLevel })),
      toDOM: (node): DOMOutputSpec => [`h${shownSize(node)}`, { "data-level": String(node.attrs.level) }, 0],
    },
    blockquote: basic.blockquote,
    bullet_list: basic.bullet_list,
    ordered_list: basic.ordered_list,
    list_item: basic.list_item,
    code_block: basic.code_block,
    horizontal_rule: basic.horizontal_rule,
    // A block that the editor cannot hold: shown as it looks, never changed, taken away only whole.
    source: {
      group: "block",
      atom: true,
      selectable: true,
      draggable: false,
      attrs: { text: {}, html: {} },
      toDOM: () => ["div", { class: "kept-block" }],
    },
    media,
    media_inline: mediaInline,
    text: { group: "inline" },
    hard_break: basic.hard_break,
  },
  marks: basicMarks,
});

/** A section's own heading is h2, so its words begin at h3, as the server shows them. */
function shownSize(node: Node): number {
  return Math.min(Number(node.attrs.level) + 2, 6);
}

function headingLevel(element: HTMLElement): { level: number } {
  const kept = Number(element.dataset.level);
  return { level: kept >= 1 && kept <= 6 ? kept : Math.max(1, Number(element.tagName[1]) - 2) };
}
