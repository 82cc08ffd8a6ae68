// Hints about a text: which there are, in which order, and when there are none. Run with plain node, which reads TypeScript.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { hintsFor, sentences } from "../src/hints/hints.ts";

const plainer = JSON.parse(readFileSync(new URL("../src/hints/en.json", import.meta.url), "utf8"));
const words = (text) => hintsFor(text, plainer).map((one) => (one.kind === "long" ? one.quote : `${one.word} > ${one.plain}`));
const long = (count) => `${Array.from({ length: count }, (_, at) => `w${at}`).join(" ")}.`;

// A sentence of twenty words is fine; one more is long, wherever its lines and marks are.
assert.deepEqual(words(`${long(20)} ${long(20)}\n\n- ${long(20)}\n- ${long(5)}\n\n# A heading\nWords below it. ${long(12)}`), []);
assert.deepEqual(words(long(21)), ["w0 w1 w2 w3 w4 w5 w6 w7 …"]);
assert.deepEqual(words(`> **w0** _w1_\n> [w2 w3](https://example.org/a-b) ${long(17)}`), ["w0 w1 w2 w3 w0 w1 w2 w3 …"]);
assert.deepEqual(words(`- ${long(11)}\n- ${long(11)}\n\n| ${long(30)} |\n\n\`\`\`\n${long(30)}\n\`\`\`\n\n![${long(30)}](media:1)`), []);
assert.deepEqual(sentences("Dr. Rao came, e.g. on Monday. He said “Hello!” Then he left"), [
  "Dr. Rao came, e.g. on Monday.", "He said “Hello!”", "Then he left",
]);
assert.deepEqual(sentences("1. One\n2. Two\n\nThree\nfour"), ["One", "Two", "Three four"]);

// Whole words alone; the longest; in any case, with an ending, with a hyphen. Capitals are found in capitals.
const team = "people from different services who work together";
assert.deepEqual(words("A Multi-disciplinary team met."), []);
assert.deepEqual(words("The multidisciplinary teams met the MDT and us."), [`multidisciplinary teams > ${team}`, `MDT > ${team}`]);
assert.deepEqual(words("She sends salt. La la. Peerless. The disempower-meant."), []);
assert.deepEqual(words("Non verbal, and person-centred."), ["Non verbal > does not use words to speak", "person-centred > about this person"]);
assert.deepEqual(words("Respite. RESPITE. respite."), ["Respite > a break"]);

// Never more than three, in the order of the text.
assert.deepEqual(words(`Respite. ${long(21)} Holistic. Utilise.`).length, 3);
assert.equal(words(`Respite. ${long(21)} Holistic. Utilise.`)[1], "w0 w1 w2 w3 w4 w5 w6 w7 …");
assert.deepEqual(words(""), []);

// No plain word sends anybody to another one.
for (const [word, plain] of Object.entries(plainer)) assert.deepEqual(words(plain), [], word);
assert.ok(Object.keys(plainer).length >= 80);
console.log(`${Object.keys(plainer).length} words`);
