// Opening and saving untouched text gives back the same bytes; a change touches its own block alone. Run with plain node.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import spec from "commonmark-spec";
import fc from "fast-check";
import { build } from "vite";

const here = import.meta.dirname;
const out = mkdtempSync(join(tmpdir(), "planwiki-editor-"));
const lib = { entry: resolve(here, "../src/editor/bytes.ts"), formats: ["es"], fileName: () => "bytes.mjs" };
await build({ configFile: false, logLevel: "error", build: { lib, outDir: out, minify: false } });
const { open, canHold, schema, render } = await import(pathToFileURL(join(out, "bytes.mjs")).href);
rmSync(out, { recursive: true });

fc.configureGlobal({ seed: Number(process.env.SEED ?? 7) }); // The same texts each time; another SEED tries others.
const RUNS = Number(process.env.RUNS ?? 400);
const examples = spec.tests.map((one) => one.markdown.replaceAll("→", "\t").replace(/\n$/, ""));
const paragraph = (words, marks = []) => schema.nodes.paragraph.create(null, schema.text(words, marks));
const ID = "0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e";
const media = (words) => schema.nodes.media.create({ id: ID, words });
const inLine = (words) => schema.nodes.media_inline.create({ id: ID, words });
const squeezed = (html) => html.replace(/\s+/g, "");

// Generated text: pieces that people and programs write, glued together in every way.
const bits = fc.constantFrom(
  "I love the bus", "*hm*", "**big**", "_a_", "__b__", "`code`", "[a](http://b.c)", "![p](media:1)", `![p](media:${ID})`, `![](media:${ID})`, `![a \\[b\\]](media:${ID})`, `\n\n![p](media:${ID})\n\n`, "<b>", "&amp;", "\\*", "~~s~~",
  "\n", "\n\n", "\n\n\n", "  \n", "\\\n", "- ", "* ", "+ ", "1. ", "2) ", "> ", "# ", "## x\n", "---\n", "===\n", "```\n", "~~~ js\n",
  "    ", "  ", "\t", "| a | b |\n|---|---|\n| 1 | 2 |\n", "[foo]: /url 'title'\n", "[foo]", "é", "👩‍👧", " ", "x", "!", "(", ")",
);
const generated = fc.array(bits, { maxLength: 30 }).map((parts) => parts.join(""));

function keepsItsBytes(text) {
  assert.ok(canHold(text));
  const opened = open(text);
  opened.doc.check();
  assert.equal(opened.textOf(opened.doc), text);
  const again = schema.nodeFromJSON(JSON.parse(JSON.stringify(opened.doc.toJSON())));
  assert.equal(opened.textOf(again), text, "a change that was undone");
}

/** A block is added in one place: everything else reads as before, and the new one stands there. */
function addsOne(text, place, block, looks) {
  const { doc, textOf } = open(text);
  const at = place % (doc.childCount + 1);
  const blocks = [...doc.children];
  blocks.splice(at, 0, block);
  const saved = textOf(doc.copy(fragment(blocks)));
  const shown = squeezed(render(saved));
  const wanted = squeezed(looks);
  assert.ok(shown.includes(wanted), `the new words are there: ${JSON.stringify(saved)}`);
  assert.equal(shown.replace(wanted, ""), squeezed(render(text)), `the rest is as it was: ${JSON.stringify(saved)}`);
}

function addsWords(text, place) {
  addsOne(text, place, paragraph("New words."), "<p>New words.</p>");
}

/** A picture put in and taken out again leaves the bytes; put in, it is read as that picture, with its words. */
function addsPicture(text, place) {
  addsOne(text, place, media("My [dog] *Rex*"), `<p><img src="media:${ID}" alt="My [dog] *Rex*"></p>`);
  const both = schema.nodes.paragraph.create(null, [inLine("a"), inLine("")]);
  addsOne(text, place, both, `<p><img src="media:${ID}" alt="a"><img src="media:${ID}" alt=""></p>`);
  const { doc, textOf } = open(text);
  const more = textOf(doc.copy(fragment([...doc.children, media("x")])));
  const again = open(more);
  if (again.doc.child(again.doc.childCount - 2)?.type.name !== "media") return; // Inside a fence that nobody closed.
  assert.equal(squeezed(render(again.textOf(again.doc.copy(fragment([...again.doc.children.slice(0, -2), again.doc.lastChild]))))), squeezed(render(text)));
}

/** Blocks that change places are all still there, pictures among them. */
function movesOne(text, place) {
  const { doc, textOf } = open(text);
  if (doc.childCount < 2) return;
  const blocks = [...doc.children];
  const at = place % (blocks.length - 1);
  blocks.splice(at, 2, blocks[at + 1], blocks[at]);
  const saved = render(textOf(doc.copy(fragment(blocks))));
  assert.equal(saved.split(ID).length, render(text).split(ID).length, JSON.stringify(text));
}

function fragment(blocks) {
  return schema.topNodeType.create(null, blocks).content;
}

function escapedParagraph(words) {
  return [...words.trim()].map((sign) => (/[!-/:-@[-`{-~]/.test(sign) ? `\\${sign}` : sign)).join("");
}

/** Whatever somebody types is read as it was typed. */
function readsAsTyped(words) {
  const { textOf } = open("");
  const saved = textOf(schema.topNodeType.create(null, [paragraph(words)]));
  assert.equal(squeezed(render(saved)), squeezed(render(escapedParagraph(words))), JSON.stringify(saved));
}

/** The neighbours of a picture keep their own bytes when it comes, moves and goes. */
function leavesItsNeighboursAlone() {
  const parts = ["__Some__ *words*  ", "* one\n* two", `![Rex](media:${ID})`, "End\n==="];
  const { doc, textOf } = open(parts.join("\n\n\n"));
  const written = (...order) => textOf(doc.copy(fragment(order.map((at) => (at < 0 ? media("New") : doc.child(at))))));
  assert.equal(written(0, 2, 1, 3), [parts[0], parts[2], parts[1], parts[3]].join("\n\n\n"));
  assert.equal(written(0, 1, -1, 2, 3), [parts[0], parts[1], `![New](media:${ID})`, parts[2], parts[3]].join("\n\n\n"));
  assert.equal(written(0, 1, 3), [parts[0], parts[1], parts[3]].join("\n\n\n"));
}

leavesItsNeighboursAlone();
const failures = [];
for (const text of examples) {
  try {
    keepsItsBytes(text);
    for (const place of [0, 1, 2]) addsWords(text, place);
    addsPicture(text, 1);
  } catch (error) {
    failures.push(`${JSON.stringify(text)}: ${error.message}`);
  }
}
if (failures.length) {
  console.error(failures.slice(0, 12).join("\n"), `\n${failures.length} of ${examples.length} examples`);
  process.exit(1);
}
const signs = fc.string({ unit: fc.constantFrom(..."ab 1.)-+*_`~[]()<>!#&;=|\\/:\"'é"), minLength: 1, maxLength: 12 });
fc.assert(fc.property(generated, keepsItsBytes), { numRuns: RUNS });
fc.assert(fc.property(generated, fc.nat(6), addsWords), { numRuns: RUNS });
fc.assert(fc.property(generated, fc.nat(6), addsPicture), { numRuns: RUNS });
fc.assert(fc.property(generated, fc.nat(6), movesOne), { numRuns: RUNS });
fc.assert(fc.property(signs.filter((words) => words.trim() !== ""), readsAsTyped), { numRuns: RUNS * 3 });
console.log(`${examples.length} examples and ${RUNS * 7} generated texts keep their bytes`);
