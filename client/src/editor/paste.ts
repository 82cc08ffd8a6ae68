// What comes in from Word and from web pages, cleaned. The schema takes only what it knows; this mends what would be lost.

// Signs that no text may hold; Word writes a line break as the second.
const NEVER = /[\u0000-\u0008\u000c\u000e-\u001f\ufffe\uffff]/g;
const LEFT_OUT = [
  "style, script, noscript, template, title, meta, link, xml, o\\:p, svg, math, canvas, iframe, object, embed, img, video, audio",
  "button, input, select, textarea, nav",
  "del[cite], del[datetime], .msoDel, .MsoDel", // What somebody took out of a Word text, with its changes kept.
  ".MsoCommentReference, .msocomanchor, [style*='mso-comment-reference' i], [style*='mso-element:comment-list' i]",
  "[style*='mso-footnote-id' i], [style*='mso-hide:all' i], [style*='display:none' i], [style*='display: none' i], [hidden]",
].join(", ");

export function clearText(text: string): string {
  return text.replace(/\u000b/g, "\n").replace(NEVER, "");
}

/** Did a picture come along? It cannot stay: it lives in another place. */
export function holdsPicture(html: string): boolean {
  return /<(img|v:imagedata)\b/i.test(html);
}

export function clearHtml(html: string): string {
  const page = new DOMParser().parseFromString(clearText(html), "text/html");
  page.querySelectorAll(LEFT_OUT).forEach((one) => one.remove());
  dropComments(page);
  squeeze(page);
  makeLists(page);
  nameLooks(page);
  makeRows(page);
  page.querySelectorAll<HTMLElement>("p.MsoTitle, p.MsoSubtitle").forEach((one) => become(one, "h3"));
  page.querySelectorAll<HTMLElement>("dt, dd, figcaption").forEach((one) => become(one, "p"));
  page.querySelectorAll("p, h1, h2, h3, h4, h5, h6").forEach((one) => isBare(one) && one.remove());
  page.querySelectorAll("body > br, body > b > br").forEach((one) => one.remove()); // An empty line, or the clipboard's last.
  return page.body.innerHTML;
}

function dropComments(page: Document): void {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT);
  const found: ChildNode[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as ChildNode);
  found.forEach((one) => one.remove());
}

/** Spaces that hold no line together were there for looks. */
function squeeze(page: Document): void {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    text.data = text.data.replace(/[ \u00a0]{2,}/g, " ").replace(/^\u00a0|\u00a0$/g, " ");
  }
}

const LOOKS = [
  { tag: "b", means: "b, strong", property: "font-weight", on: /^(bold(er)?|[6-9]\d\d)/, off: /^(normal|[1-4]\d\d)/ },
  { tag: "i", means: "i, em", property: "font-style", on: /^(italic|oblique)/, off: /^normal/ },
  { tag: "s", means: "s, strike, del", property: "text-decoration", on: /line-through/, off: /^none/ },
];

/** What a style says becomes a tag: our pages hold no styles of others, so nobody could read them later. */
function nameLooks(page: Document): void {
  for (const element of page.querySelectorAll<HTMLElement>("[style]")) {
    const style = styleOf(element);
    for (const { tag, means, property, on, off } of LOOKS) {
      const value = style.get(property) ?? style.get(`${property}-line`) ?? "";
      if (element.matches(means) && off.test(value)) element.replaceWith(...element.childNodes);
      else if (element.matches("span, a, p, li, td, th, div") && on.test(value)) wrapInside(element, tag);
    }
    element.removeAttribute("style");
  }
  page.querySelectorAll(":is(h1, h2, h3, h4, h5, h6) :is(b, strong)").forEach((one) => one.replaceWith(...one.childNodes));
}

function styleOf(element: Element): Map<string, string> {
  const parts = (element.getAttribute("style") ?? "").toLowerCase().split(";");
  return new Map(parts.map((part) => [part.split(":")[0]!.trim(), part.slice(part.indexOf(":") + 1).trim()]));
}

/** Around the words, never around a paragraph or a list in it. */
function wrapInside(element: HTMLElement, tag: string): void {
  if (element.querySelector("p, div, ul, ol, table, h1, h2, h3")) return;
  const around = element.ownerDocument.createElement(tag);
  around.append(...element.childNodes);
  element.append(around);
}

/** Words that stand in a row stay in one line. A cell that holds more than a line stays as it is. */
function makeRows(page: Document): void {
  for (const table of page.querySelectorAll("table")) {
    if (table.querySelector("table, ul, ol, h1, h2, h3") || [...table.querySelectorAll("td, th")].some(isLong)) continue;
    for (const row of table.querySelectorAll("tr")) table.before(asLine(page, row));
    table.remove();
  }
  page.querySelectorAll<HTMLElement>("td, th").forEach((one) => become(one, "div"));
}

function isLong(cell: Element): boolean {
  return cell.querySelectorAll("p, div, br").length > 1;
}

function asLine(page: Document, row: Element): HTMLElement {
  const line = page.createElement("p");
  for (const cell of [...row.children].filter((one) => !isBare(one))) {
    if (line.childNodes.length) line.append(" – ");
    const words = page.createElement(cell.tagName === "TH" ? "b" : "span");
    cell.querySelectorAll("p, div").forEach((one) => one.replaceWith(...one.childNodes));
    words.append(...cell.childNodes);
    line.append(words);
  }
  return line;
}

/** Word shows lists as paragraphs that begin with a dot or a number; on the web, as a list for each line. */
const LINES = "p[style*='mso-list' i], p[class*='MsoListParagraph'], .ListContainerWrapper";

function makeLists(page: Document): void {
  const open: { list: HTMLElement; level: number }[] = [];
  let last: Element | null = null;
  for (const line of page.querySelectorAll<HTMLElement>(LINES)) {
    if (last && line.previousElementSibling !== last) open.length = 0;
    const found = line.matches("p") ? fromDesktop(line) : fromWeb(line);
    if (found === null) continue;
    while (open.length && open.at(-1)!.level > found.level) open.pop();
    if (!open.length || open.at(-1)!.level < found.level) {
      open.push({ list: newList(page, line, found.marker, open.at(-1)?.list), level: found.level });
    }
    const item = page.createElement("li");
    item.append(...found.words);
    open.at(-1)!.list.append(item);
    last = open[0]!.list;
    line.remove();
  }
}

interface Line {
  marker: string;
  level: number;
  words: Iterable<ChildNode>;
}

function fromDesktop(line: HTMLElement): Line | null {
  const marker = takeMarker(line);
  const level = Number(/level(\d)/.exec(line.getAttribute("style") ?? "")?.[1] ?? 1);
  return marker === null ? null : { marker, level, words: line.childNodes };
}

function fromWeb(line: HTMLElement): Line | null {
  const item = line.querySelector<HTMLElement>("li[data-aria-level]");
  const marker = line.querySelector("ol") ? "1." : "";
  return item && { marker, level: Number(item.dataset.ariaLevel), words: item.childNodes };
}

function takeMarker(line: HTMLElement): string | null {
  const span = line.querySelector<HTMLElement>("span[style*='mso-list' i]");
  const marker = span?.textContent?.trim() ?? null;
  span?.remove();
  return marker;
}

function newList(page: Document, line: HTMLElement, marker: string, above?: HTMLElement): HTMLElement {
  const list = page.createElement(/^\(?([0-9]+|[a-z]|[ivx]+)[.)]/i.test(marker) ? "ol" : "ul");
  const item = above?.lastElementChild;
  if (item) item.append(list);
  else line.before(list);
  return list;
}

function become(element: HTMLElement, tag: string): void {
  const other = element.ownerDocument.createElement(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

function isBare(element: Element): boolean {
  return !element.textContent?.replace(/\u00a0/g, " ").trim();
}
