// The words of a section as blocks and sentences, where they stand. Nothing of the page is changed.
export const HEARD = "planwiki:heard";
export const SILENT = "planwiki:silent";
export const GO_ON = "planwiki:go-on";
const BLOCK = "p, li, h3, h4, h5, h6, td, th, pre, blockquote";
const BEGINNING = 60; // Letters of a block that it is known again by.

export interface Place {
  paragraph: number;
  sentence: number;
}

export interface Block {
  element: HTMLElement;
  texts: Text[];
}

export interface Sentence extends Place {
  element: HTMLElement;
  range: Range;
}

/** Whatever is to be read on this page. */
export function wordsHere(): HTMLElement | null {
  return document.querySelector("[data-words]");
}

export function blocksIn(root: HTMLElement): Block[] {
  const found = new Map<HTMLElement, Text[]>();
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode as Text;
    const at = text.parentElement!.closest<HTMLElement>(BLOCK);
    if (!at || !root.contains(at) || at.closest("details")) continue; // What a recording says, the recording says itself.
    if (found.has(at)) found.get(at)!.push(text);
    else if (text.data.trim()) found.set(at, [text]);
  }
  return [...found].map(([element, texts]) => ({ element, texts }));
}

export function sentencesIn(blocks: Block[], language: string): Sentence[] {
  return blocks.flatMap(({ element, texts }, paragraph) =>
    cut(texts.map((text) => text.data).join(""), language).map(([from, to], sentence) => ({
      paragraph,
      sentence,
      element,
      range: rangeOf(texts, from, to),
    })),
  );
}

/** Where each sentence begins and ends, without the space around it. */
function cut(words: string, language: string): [number, number][] {
  const whole = [{ segment: words, index: 0 }];
  const cuts = "Segmenter" in Intl ? new Intl.Segmenter(language || undefined, { granularity: "sentence" }).segment(words) : whole;
  return [...cuts].flatMap(({ segment, index }): [number, number][] => {
    const from = index + segment.length - segment.trimStart().length;
    return segment.trim() ? [[from, from + segment.trim().length]] : [];
  });
}

function rangeOf(texts: Text[], from: number, to: number): Range {
  const range = new Range();
  let before = 0;
  for (const text of texts) {
    const after = before + text.length;
    if (from >= before && from < after) range.setStart(text, from - before);
    if (to > before && to <= after) range.setEnd(text, to - before);
    before = after;
  }
  return range;
}

/** How a block begins, as eight signs that hold no word of it (FNV-1a). */
export function beginningOf({ texts }: Block): string {
  const words = texts.map((text) => text.data).join("").replace(/\s+/g, " ").trim().slice(0, BEGINNING);
  let hash = 0x811c9dc5;
  for (const letter of words) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** The block that begins so, the nearest to where it was; or whatever stands there now. */
export function findAgain(blocks: Block[], paragraph: number, begins: string): number {
  const alike = blocks.flatMap((block, at) => (beginningOf(block) === begins ? [at] : []));
  const nearest = alike.sort((one, other) => Math.abs(one - paragraph) - Math.abs(other - paragraph))[0];
  return nearest ?? Math.min(paragraph, blocks.length - 1);
}
