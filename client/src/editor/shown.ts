// A file of the section inside its words: a picture, sound, film or paper. In Markdown, `![words](media:ID)`.
import type Token from "markdown-it/lib/token.mjs";
import type { Node, NodeSpec } from "prosemirror-model";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const attrs = { id: {}, words: { default: "" } };

/** A block of its own, or part of a line. Copied and pasted inside the editor alone: nothing foreign says data-shows. */
export const media: NodeSpec = {
  ...{ group: "block", atom: true, selectable: true, draggable: false, attrs },
  parseDOM: [{ tag: "div[data-shows]", getAttrs: shownBy }],
  toDOM: (node) => ["div", marked(node), node.attrs.words as string],
};
export const mediaInline: NodeSpec = {
  ...{ inline: true, group: "inline", atom: true, draggable: false, attrs },
  parseDOM: [{ tag: "span[data-shows]", getAttrs: shownBy }],
  toDOM: (node) => ["span", marked(node), node.attrs.words as string],
};

export function isMedia(node: Node): boolean {
  return node.type.name === "media" || node.type.name === "media_inline";
}

export function isId(text: string): boolean {
  return ID.test(text);
}

function marked(node: Node): Record<string, string> {
  return { "data-shows": node.attrs.id as string, "data-words": node.attrs.words as string };
}

function shownBy(element: HTMLElement): { id: string; words: string } | false {
  const { shows = "", words = "" } = element.dataset;
  return isId(shows) && { id: shows, words };
}

/** Which file an image of the text shows. Throws for one that the editor cannot hold. */
export function shownIn(token: Token): { id: string; words: string } {
  const id = (token.attrGet("src") ?? "").replace(/^media:/, "");
  const plain = token.children!.every((one) => /^(text|text_special|softbreak)$/.test(one.type));
  if (!isId(id) || !token.attrGet("src")!.startsWith("media:") || token.attrGet("title") || !plain) throw new Error("no file of ours");
  return { id, words: wordsOf(token) };
}

/** The words of an image. markdown-it itself forgets those written with a backslash. */
export function wordsOf(image: Token): string {
  return image.children!.map((one) => (one.type === "softbreak" ? " " : one.children ? wordsOf(one) : one.content)).join("");
}
