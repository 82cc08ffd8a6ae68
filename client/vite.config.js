// Builds what a page needs into the Python package: app.css, app.js, islands loaded when a page asks for them,
// one font, its letters for papers, and the pictures named in pictures.json.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const here = import.meta.dirname;
const out = resolve(here, "../src/planwiki/web/static");
const drawings = resolve(here, "node_modules/openmoji/color/svg");

export default defineConfig({
  base: "/static/",
  build: {
    outDir: out,
    emptyOutDir: true,
    manifest: true,
    modulePreload: false, // A page's policy lets only its own scripts fetch more scripts, never a <link>.
    assetsInlineLimit: 0, // A data: address would break the same policy.
    rolldownOptions: { input: [resolve(here, "src/app.ts"), resolve(here, "src/app.css")] },
  },
  plugins: [
    { name: "pictures", closeBundle: copyPictures },
    { name: "letters", closeBundle: copyLetters },
    { name: "licences", closeBundle: copyLicences },
  ],
});

function copyPictures() {
  const pictures = JSON.parse(readFileSync(resolve(here, "pictures.json"), "utf8"));
  mkdirSync(resolve(out, "pictures"), { recursive: true });
  for (const [name, { hexcode }] of Object.entries(pictures)) {
    copyFileSync(resolve(drawings, `${hexcode}.svg`), resolve(out, "pictures", `${name}.svg`));
  }
  copyFileSync(resolve(here, "pictures.json"), resolve(out, "pictures", "index.json"));
}

// The same letters whole, as what makes PDFs reads them.
function copyLetters() {
  mkdirSync(resolve(out, "letters"), { recursive: true });
  for (const cut of ["400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic"]) {
    const file = `AtkinsonHyperlegibleNext_${cut}.ttf`;
    copyFileSync(resolve(here, "node_modules/@expo-google-fonts/atkinson-hyperlegible-next", cut, file), resolve(out, "letters", file));
  }
}

// What the editor is built from (MIT and BSD).
const EDITOR = [
  ...["commands", "history", "inputrules", "keymap", "markdown", "model", "schema-list", "state", "transform", "view"].map(
    (part) => `prosemirror-${part}`,
  ),
  ...["orderedmap", "rope-sequence", "w3c-keyname", "markdown-it", "entities", "linkify-it", "mdurl", "uc.micro", "punycode.js"],
];

// The letters (OFL), the pictures (CC BY-SA) and the editor may be passed on only with their licences.
function copyLicences() {
  mkdirSync(resolve(out, "licences"), { recursive: true });
  const letters = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/LICENSE";
  copyFileSync(resolve(here, letters), resolve(out, "licences/atkinson-hyperlegible-next.txt"));
  copyFileSync(resolve(here, "node_modules/openmoji/LICENSE.txt"), resolve(out, "licences/openmoji.txt"));
  writeFileSync(resolve(out, "licences/editor.txt"), EDITOR.map(licenceOf).join("\n\n"));
}

function licenceOf(name) {
  const folder = resolve(here, "node_modules", name);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  return `${name}\n\n${readFileSync(resolve(folder, file), "utf8").trim()}`;
}
