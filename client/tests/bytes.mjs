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
const squeezed = (html) => html.replace(/\s+/g, "");

// Generated text: pieces that people and programs write, glued together in every way.
const bits = fc.constantFrom(
  "I love the bus", "*hm*", "**big**", "_a_", "__b__", "`code`", "[a](http://b.c)", "![p](media:1)", "<b>", "&amp;", "\\*", "~~s~~",
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

/** A paragraph is added in one place: everything else reads as before, and the new words stand there. */
function addsOne(text, place, words) {
  const { doc, textOf } = open(text);
  const at = place % (doc.childCount + 1);
  const blocks = [...doc.children];
  blocks.splice(at, 0, paragraph(words));
  const saved = textOf(doc.copy(doc.content.replaceChild ? fragment(blocks) : fragment(blocks)));
  const shown = squeezed(render(saved));
  const wanted = squeezed(render(words.trim() ? escapedParagraph(words) : ""));
  assert.ok(shown.includes(wanted), `the new words are there: ${JSON.stringify(saved)}`);
  assert.equal(shown.replace(wanted, ""), squeezed(render(text)), `the rest is as it was: ${JSON.stringify(saved)}`);
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

const failures = [];
for (const text of examples) {
  try {
    keepsItsBytes(text);
    for (const place of [0, 1, 2]) addsOne(text, place, "New words.");
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
fc.assert(fc.property(generated, fc.nat(6), (text, place) => addsOne(text, place, "New words.")), { numRuns: RUNS });
fc.assert(fc.property(signs.filter((words) => words.trim() !== ""), readsAsTyped), { numRuns: RUNS * 3 });
console.log(`${examples.length} examples and ${RUNS * 5} generated texts keep their bytes`);
