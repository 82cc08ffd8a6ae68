// Markdown into the editor's document and back, block by block. The same CommonMark as the server: markdown-it's
// preset, raw HTML off.
import MarkdownIt from "markdown-it";
import type Token from "markdown-it/lib/token.mjs";
import TokenOf from "markdown-it/lib/token.mjs";
import { MarkdownParser, MarkdownSerializer, type MarkdownSerializerState } from "prosemirror-markdown";
import type { Fragment, Mark, Node } from "prosemirror-model";
import { schema } from "./schema";
import { shownIn, wordsOf } from "./shown";

export type References = Record<string, unknown>;
export const tokenizer = new MarkdownIt({ html: false });
// A line that ends inside a paragraph shows as a space. The editor holds it as one.
tokenizer.renderer.rules.softbreak = () => " ";
tokenizer.renderer.rules.image = (tokens, at, options, _, self) => {
  tokens[at]!.attrSet("alt", wordsOf(tokens[at]!));
  return self.renderToken(tokens, at, options);
};

const reading = {
  blockquote: { block: "blockquote" },
  paragraph: { block: "paragraph" },
  list_item: { block: "list_item" },
  bullet_list: { block: "bullet_list", getAttrs: tightness },
  ordered_list: {
    block: "ordered_list",
    getAttrs: (list: Token, tokens: Token[], at: number) => ({
      order: Number(list.attrGet("start") ?? 1),
      ...tightness(list, tokens, at),
    }),
  },
  heading: { block: "heading", getAttrs: (token: Token) => ({ level: Number(token.tag.slice(1)) }) },
  code_block: { block: "code_block", noCloseToken: true },
  fence: { block: "code_block", getAttrs: (token: Token) => ({ params: token.info }), noCloseToken: true },
  hr: { node: "horizontal_rule" },
  hardbreak: { node: "hard_break" },
  media: { node: "media", getAttrs: (token: Token) => shownIn(token.children![0]!) },
  image: { node: "media_inline", getAttrs: shownIn },
  em: { mark: "em" },
  strong: { mark: "strong" },
  s: { mark: "strike" },
  link: {
    mark: "link",
    getAttrs: (token: Token) => ({ href: token.attrGet("href"), title: token.attrGet("title") || null }),
  },
  code_inline: { mark: "code", noCloseToken: true },
};

function tightness(_list: Token, tokens: Token[], at: number): { tight: boolean } {
  const first = tokens.slice(at + 1).find((token) => token.type !== "list_item_open");
  return { tight: first?.hidden !== false || first.type.endsWith("_close") };
}

/** The blocks these tokens make. Throws for what the editor cannot hold. */
export function blocksOf(tokens: Token[]): Fragment {
  const given = { parse: () => withMedia(tokens) } as unknown as MarkdownIt;
  return new MarkdownParser(schema, given, reading).parse("").content;
}

/** A paragraph that holds a file alone is that file's block. */
function withMedia(tokens: Token[]): Token[] {
  return tokens.flatMap((token, at) => {
    const [opens, inside] = [tokens[at - 1]?.type === "paragraph_open", tokens[at + (token.type === "paragraph_open" ? 1 : -1)]];
    if (token.type === "inline" && opens && isMediaAlone(token)) return [mediaBlock(token, tokens[at - 1]!)];
    return /^paragraph_/.test(token.type) && inside && isMediaAlone(inside) ? [] : [token];
  });
}

function isMediaAlone(token: Token): boolean {
  return token.type === "inline" && token.children?.length === 1 && token.children[0]!.type === "image";
}

function mediaBlock(inline: Token, paragraph: Token): Token {
  const block = new TokenOf("media", "", 0);
  block.children = inline.children;
  block.hidden = paragraph.hidden; // A list is tight by what its first item holds.
  return block;
}

export function parse(text: string, references: References): Token[] {
  return tokenizer.parse(text, { references: { ...references } });
}

export function htmlOf(tokens: Token[]): string {
  return tokenizer.renderer.render(tokens, tokenizer.options, {});
}

const BULLETS = ["-", "*"];

const writing: Record<string, (state: MarkdownSerializerState, node: Node, parent: Node, index: number) => void> = {
  paragraph: (state, node) => {
    state.renderInline(node);
    state.closeBlock(node);
  },
  heading: (state, node) => {
    state.write(`${"#".repeat(Number(node.attrs.level))} `);
    state.renderInline(node, false);
    state.closeBlock(node);
  },
  blockquote: (state, node) => state.wrapBlock("> ", null, node, () => state.renderContent(node)),
  bullet_list: (state, node, parent, index) =>
    state.renderList(node, "  ", () => `${BULLETS[listsBefore(node, parent, index) % 2]} `),
  ordered_list: (state, node, parent, index) => {
    const end = listsBefore(node, parent, index) % 2 ? ")" : ".";
    const widest = String(Number(node.attrs.order) + node.childCount - 1).length;
    state.renderList(node, " ".repeat(widest + 2), (at) => `${Number(node.attrs.order) + at}${end}`.padEnd(widest + 2));
  },
  list_item: (state, node) => state.renderContent(node),
  code_block: (state, node) => {
    const longest = Math.max(2, ...[...node.textContent.matchAll(/`+/g)].map((ticks) => ticks[0].length));
    const fence = "`".repeat(longest + 1);
    state.write(`${fence}${node.attrs.params as string}\n`);
    state.text(node.textContent, false);
    if (node.textContent) state.write("\n");
    state.write(fence);
    state.closeBlock(node);
  },
  horizontal_rule: (state, node) => {
    state.write("---");
    state.closeBlock(node);
  },
  source: (state, node) => {
    state.write(node.attrs.text as string); // Only at the top, where nothing stands before its lines.
    state.closeBlock(node);
  },
  media: (state, node) => {
    state.write(reference(node));
    state.closeBlock(node);
  },
  media_inline: (state, node) => state.write(reference(node)),
  hard_break: (state, node, parent, index) => {
    for (let at = index + 1; at < parent.childCount; at++) {
      if (parent.child(at).type !== node.type) return state.write("\\\n");
    }
  },
  text: (state, node, parent, index) => state.text(escaped(node.text!, parent, index), false),
};

/** Two lists that follow each other stay two when their marks differ. */
function listsBefore(node: Node, parent: Node, index: number): number {
  let before = 0;
  while (index - before > 0 && parent.child(index - before - 1).type === node.type) before++;
  return before;
}

function reference(node: Node): string {
  return `![${withoutMarks(node.attrs.words as string)}](media:${node.attrs.id as string})`;
}

/** What was typed is never taken for a mark: each sign that could be one is written with a backslash. */
function withoutMarks(text: string): string {
  return text.replace(/[`*\\~[\]_]|<(?=[a-z/!?])|&(?=#?\w+;)|\|/gi, "\\$&");
}

function escaped(text: string, parent: Node, index: number): string {
  let safe = withoutMarks(text);
  const startsLine = index === 0 || parent.child(index - 1).type.name === "hard_break";
  if (startsLine) safe = lineStart(safe.replace(/^[ \t]+/, ""), parent);
  if (parent.type.name === "heading" && index === parent.childCount - 1) safe = safe.replace(/(#+\s*)$/, "\\$1");
  return safe;
}

function lineStart(line: string, parent: Node): string {
  if (parent.type.name === "heading") return line;
  return line.replace(/^([-+>=#:])/, "\\$1").replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

const around = { mixable: true, expelEnclosingWhitespace: true };
const marking = {
  em: { open: "*", close: "*", ...around },
  strong: { open: "**", close: "**", ...around },
  strike: { open: "~~", close: "~~", ...around },
  link: { open: "[", close: (_: MarkdownSerializerState, mark: Mark) => `](${addressOf(mark)})`, mixable: true },
  code: {
    open: (_: MarkdownSerializerState, __: Mark, parent: Node, index: number) => ticks(parent.child(index), true),
    close: (_: MarkdownSerializerState, __: Mark, parent: Node, index: number) => ticks(parent.child(index - 1), false),
    escape: false,
  },
};

function addressOf(mark: Mark): string {
  const href = (mark.attrs.href as string).replace(/[()\\<>]/g, "\\$&");
  const title = mark.attrs.title as string | null;
  return (/\s|^$/.test(href) ? `<${href}>` : href) + (title ? ` "${title.replace(/["\\]/g, "\\$&")}"` : "");
}

function ticks(node: Node, opens: boolean): string {
  const text = node.text ?? "";
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((found) => found[0].length));
  const room = /^`|`$|^ .*[^ ].* $/.test(text) ? " " : "";
  const mark = "`".repeat(longest + 1);
  return opens ? mark + room : room + mark;
}

const serializer = new MarkdownSerializer(writing, marking, { hardBreakNodeName: "hard_break" });

/** Markdown of some blocks, written anew. */
export function write(blocks: Node[]): string {
  return serializer.serialize(schema.topNodeType.create(null, blocks)).replace(/[ \t]+$/gm, (end, at: number, all: string) =>
    all[at + end.length] === undefined ? "" : end,
  );
}
