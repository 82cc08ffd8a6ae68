// Opens text and gives it back: a block that nobody changed keeps its bytes, and so does the space between two of them.
//
// Every block at the top remembers its own piece of the source. Blocks that were changed are written anew. A block that
// would read differently when written anew is held as it is, shown, and left alone.
import type Token from "markdown-it/lib/token.mjs";
import { Fragment, type Node } from "prosemirror-model";
import { blocksOf, htmlOf, parse, tokenizer, write, type References } from "./markdown";
import { schema } from "./schema";
import { isMedia } from "./shown";

export { schema };

interface Piece {
  node: Node;
  text: string;
  after: string; // What stood between this piece and the next.
}

export interface Opened {
  doc: Node;
  /** The text of a document that came from this one. */
  textOf(doc: Node): string;
}

const MOST_LINES = 10_000;
const MOST_BRACKETS = 5_000;

/** As the server does, we do not lay out what would take too long. */
export function canHold(text: string): boolean {
  return text.split("\n").length <= MOST_LINES && text.split("[").length <= MOST_BRACKETS && !/[\r\0]/.test(text);
}

export function open(text: string): Opened {
  const environment: { references?: References } = {};
  const tokens = tokenizer.parse(text, environment);
  const references = environment.references ?? {};
  const { before, pieces } = cut(text, tokens, references);
  const blocks = pieces.map((piece) => piece.node);
  const room = blocks.length && !blocks.at(-1)!.isAtom ? [] : [schema.nodes.paragraph!.create()];
  const doc = schema.topNodeType.create(null, [...blocks, ...room]); // There is a place to write on.
  return { doc, textOf: (now) => (now.eq(doc) ? text : joined(now, before, pieces, references)) };
}

function cut(text: string, tokens: Token[], references: References): { before: string; pieces: Piece[] } {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const pieces: Piece[] = [];
  let at = 0;
  let before = "";
  const gap = (until: number): void => {
    const between = lines.slice(at, until).join("");
    if (between.trim()) pieces.push(keptPiece(between, ""));
    else if (pieces.length) pieces.at(-1)!.after += between;
    else before += between;
  };
  for (const group of groups(tokens)) {
    const [from, to] = group[0]!.map!;
    gap(from);
    pieces.push(pieceOf(lines.slice(from, to).join(""), group, references));
    at = to;
  }
  gap(lines.length);
  return { before, pieces };
}

/** The tokens of each block at the top. */
function groups(tokens: Token[]): Token[][] {
  const found: Token[][] = [];
  tokens.forEach((token) => {
    if (token.level === 0 && token.nesting >= 0) found.push([]);
    found.at(-1)!.push(token);
  });
  return found;
}

function pieceOf(source: string, tokens: Token[], references: References): Piece {
  const [text, after] = withoutEnd(source);
  const html = htmlOf(tokens);
  const node = held(tokens, html, references) ?? schema.nodes.source!.create({ text, html });
  return { node, text, after };
}

function keptPiece(source: string, html: string): Piece {
  const [text, after] = withoutEnd(source);
  return { node: schema.nodes.source!.create({ text, html }), text, after };
}

function withoutEnd(source: string): [string, string] {
  const end = /\n[ \t\n]*$|$/.exec(source)!.index;
  return [source.slice(0, end), source.slice(end)];
}

/** The block as the editor holds it, if writing it anew would show the same. */
function held(tokens: Token[], html: string, references: References): Node | null {
  try {
    const blocks = blocksOf(tokens);
    if (blocks.childCount !== 1) return null;
    const again = htmlOf(parse(write([blocks.firstChild!]), references));
    return alike(again) === alike(html) ? blocks.firstChild : null;
  } catch {
    return null;
  }
}

/** A fence that nobody closed ends without a line end. Nobody sees that. */
function alike(html: string): string {
  return html.replaceAll("\n</code>", "</code>");
}

function joined(doc: Node, before: string, pieces: Piece[], references: References): string {
  const blocks = withoutRoom(doc.children);
  const all = kindred(blocks, pieces);
  const stays = (block: Node, at: number): boolean => all[at] !== null || !isEmpty(block);
  const wanted = blocks.filter(stays);
  const kept = all.filter((_, at) => stays(blocks[at]!, at));
  const first = assembled(wanted, kept, before, pieces, references);
  if (saysTheSame(first, wanted, references)) return first;
  // A kept neighbour reads differently beside what is new: those next to a change are written anew too.
  const fewer = kept.map((piece, at) => (besideNew(kept, at) && wanted[at]!.type.name !== "source" ? null : piece));
  const second = assembled(wanted, fewer, before, pieces, references);
  return saysTheSame(second, wanted, references) ? second : anew(wanted, references);
}

function withoutRoom(blocks: readonly Node[]): readonly Node[] {
  const last = blocks.at(-1)!;
  return last.type.name === "paragraph" && !last.childCount ? blocks.slice(0, -1) : blocks;
}

/** For each block, the piece it came from: from the start, from the end, and then wherever the same one stood. */
function kindred(blocks: readonly Node[], pieces: Piece[]): (Piece | null)[] {
  const found: (Piece | null)[] = blocks.map(() => null);
  const free = new Set(pieces);
  const take = (at: number, piece: Piece | undefined): boolean => {
    if (!piece || !free.has(piece) || !piece.node.eq(blocks[at]!)) return false;
    found[at] = piece;
    return free.delete(piece);
  };
  let start = 0;
  while (start < blocks.length && take(start, pieces[start])) start++;
  let end = 1;
  while (blocks.length - end >= start && take(blocks.length - end, pieces.at(-end))) end++;
  for (let at = start; at <= blocks.length - end; at++) [...free].some((piece) => take(at, piece));
  return found;
}

function assembled(blocks: Node[], kept: (Piece | null)[], before: string, pieces: Piece[], refs: References): string {
  let text = kept[0] && kept[0] === pieces[0] ? before : "";
  blocks.forEach((block, at) => {
    const piece = kept[at];
    text += piece ? piece.text : written(block, blocks[at - 1], refs);
    if (at < blocks.length - 1) text += between(piece, kept[at + 1], pieces);
  });
  return text + (blocks.length ? (pieces.at(-1)?.after ?? "") : "");
}

/** What stood there, where one of both is kept; beside something new there is an empty line at least. */
function between(piece: Piece | null | undefined, next: Piece | null | undefined, pieces: Piece[]): string {
  const before = next ? pieces[pieces.indexOf(next) - 1] : undefined;
  if (piece && piece === before) return piece.after;
  const space = (piece ?? before)?.after.replace(/[^\n]*$/, "") ?? ""; // What is new begins where a line does.
  return /\n[ \t]*\n/.test(space) ? space : "\n\n";
}

function besideNew(kept: (Piece | null)[], at: number): boolean {
  return kept[at - 1] === null || kept[at + 1] === null;
}

/** With the block before it, so that a list after a list stays two. Without marks that would show as signs. */
function written(block: Node, previous: Node | undefined, references: References): string {
  const text = previous?.type === block.type && isList(block) ? afterList(block, previous) : write([block]);
  return wordsOf(parse(text, references)) === wordsIn(block) ? text : write([unmarked(block)]);
}

function afterList(block: Node, previous: Node): string {
  const both = write([previous, block]);
  return both.slice(write([previous]).length).replace(/^\n+/, "");
}

function isList(block: Node): boolean {
  return block.type.name.endsWith("_list");
}

function unmarked(node: Node): Node {
  if (node.isInline) return node.mark(node.marks.filter((mark) => mark.type.name === "link"));
  return node.copy(Fragment.from(node.children.map(unmarked)));
}

function isEmpty(block: Node): boolean {
  return block.isTextblock && block.type.name !== "code_block" && !block.textContent.trim() && !block.children.some(isMedia);
}

function anew(blocks: Node[], references: References): string {
  const text = write(blocks);
  return saysTheSame(text, blocks, references) ? text : write(blocks.map(unmarked));
}

/** The same blocks at the top, with the same words. */
function saysTheSame(text: string, blocks: Node[], references: References): boolean {
  const tokens = parse(text, references);
  const shown = blocks.filter((block) => block.type.name !== "source" || block.attrs.html !== "");
  const found = groups(tokens);
  const alike = found.length === shown.length && found.every((group, at) => isKind(group[0]!, shown[at]!));
  return alike && wordsOf(tokens) === shown.map(wordsIn).join("");
}

function isKind(token: Token, block: Node): boolean {
  const kind = token.type.replace(/_open$/, "").replace("fence", "code_block").replace(/^hr$/, "horizontal_rule");
  return block.type.name === "source" || kind === (block.type.name === "media" ? "paragraph" : block.type.name);
}

function wordsOf(tokens: Token[]): string {
  return bare(htmlOf(tokens));
}

function wordsIn(block: Node): string {
  if (block.type.name === "source") return bare(block.attrs.html as string);
  return squeezed(wordsInside(block));
}

function wordsInside(node: Node): string {
  if (isMedia(node)) return named(node.attrs.id as string, asHtml(node.attrs.words as string));
  return node.isText ? asHtml(node.text!) : node.children.map(wordsInside).join("");
}

function asHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** A file counts as its own word: the text has to go on showing it. */
function named(id: string, words: string): string {
  return `\u0001${id}\u0001${words}\u0001`;
}

function bare(html: string): string {
  return squeezed(html.replace(/<img src="media:([^"]*)" alt="([^"]*)"[^>]*>/g, (_, id, words) => named(id, words)).replace(/<[^>]*>/g, ""));
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

/** How a text would look: for the tests, which compare it. */
export function render(text: string): string {
  return tokenizer.render(text);
}
