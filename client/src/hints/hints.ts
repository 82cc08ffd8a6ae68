// Kind hints about a text: sentences that are long, and words that have a plainer one. Pure; nothing leaves the page.

export type Hint = { kind: "long"; quote: string } | { kind: "word"; word: string; plain: string };
/** Words that only some people know, and plain ones. Written in capitals: found in capitals alone. */
export type Plainer = Record<string, string>;

export const MOST = 3;
const LONGEST = 20;
const QUOTED = 8; // So many words of a long sentence are enough to know it again.
const SHORTENED = /^(dr|mr|mrs|ms|st|no|prof|e\.g|i\.e|etc|approx|[a-z])\.$/i;

/** The first of them, as they come in the text. */
export function hintsFor(text: string, plainer: Plainer): Hint[] {
  const find = finder(plainer);
  const found = new Map<string, Hint>();
  for (const sentence of sentences(text)) {
    for (const hint of [...longOne(sentence), ...find(sentence)]) {
      const key = JSON.stringify(hint).toLowerCase();
      if (found.size < MOST && !found.has(key)) found.set(key, hint);
    }
    if (found.size === MOST) break;
  }
  return [...found.values()];
}

function longOne(sentence: string): Hint[] {
  const words = sentence.split(" ");
  const counted = words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  return counted > LONGEST ? [{ kind: "long", quote: `${words.slice(0, QUOTED).join(" ")} …` }] : [];
}

/** The sentences of a Markdown text, without marks. Pictures, tables and code are no sentences. */
export function sentences(markdown: string): string[] {
  const text = markdown.replace(/^(`{3,}|~{3,})[\s\S]*?(^\1.*$|(?![\s\S]))/gm, "").replace(/^[ \t]*\|.*$/gm, "");
  return text.split(/\n[ \t]*\n|\n(?=[ \t]*(?:[-+*#]|\d+[.)])[ \t#])|(?<start>^#.*)\n/m).flatMap((part) => inOne(bare(part ?? "")));
}

function bare(part: string): string {
  return part
    .replace(/!\[[^\]\n]{0,500}\]\([^)\s]{0,500}\)/g, " ")
    .replace(/\[([^\]\n]{0,500})\]\([^)\s]{0,500}\)/g, "$1")
    .replace(/^[ \t]*((#+|[-+*>]|\d+[.)])[ \t]+)+/gm, "")
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/[*_~`]+/g, "");
}

function inOne(part: string): string[] {
  const found: string[] = [];
  let words: string[] = [];
  const end = (): void => {
    if (words.length) found.push(words.join(" "));
    words = [];
  };
  for (const word of part.split(/\s+/).filter(Boolean)) {
    words.push(word);
    if (/[.!?…:;]["”’')\]]*$/.test(word) && !SHORTENED.test(word)) end();
  }
  end();
  return found;
}

/** What is written in capitals is found in capitals: “LA” is not “la”. */
function finder(plainer: Plainer): (sentence: string) => Hint[] {
  const isShort = (word: string): boolean => word === word.toUpperCase();
  const known = Object.keys(plainer).sort((one, other) => other.length - one.length);
  const ways = [
    { pattern: pattern(known.filter(isShort), "gu"), keyOf: (word: string) => word },
    { pattern: pattern(known.filter((word) => !isShort(word)), "giu"), keyOf: (word: string) => even(word.toLowerCase()) },
  ];
  const plain = new Map(Object.entries(plainer).map(([word, better]) => [even(word), better]));
  return (sentence) => {
    const found = ways.flatMap((way) =>
      [...sentence.matchAll(way.pattern)].map(({ index, 2: word = "" }) => {
        const key = way.keyOf(word);
        return { index, hint: { kind: "word" as const, word, plain: plain.get(key) ?? plain.get(key.slice(0, -1)) ?? "" } };
      }),
    );
    return found.sort((one, other) => one.index - other.index).map((one) => one.hint);
  };
}

/** Whole words: also with an ending, and with a space or a hyphen between. */
function pattern(words: string[], flags: string): RegExp {
  const either = words.map((word) => word.replace(/[ -]/g, "[\\s-]")).join("|");
  return new RegExp(`(^|[^\\p{L}\\p{N}-])((?:${either})(?:s|d)?)(?![\\p{L}\\p{N}-])`, flags);
}

function even(word: string): string {
  return word.replace(/[\s-]/g, " ");
}
