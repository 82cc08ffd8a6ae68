// What comes in from Word and from web pages, cleaned. The schema takes only what it knows; this mends what would be lost.

// Signs that no text may hold; Word writes a line break as the second.
const NEVER = /[\u0000-\u0008\u000c\u000e-\u001f\ufffe\uffff]/g;
const LEFT_OUT = "style, script, title, meta, link, xml, o\\:p, svg, iframe, object, video, audio, form, button, input";

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
  page.querySelectorAll("img").forEach((one) => one.remove());
  dropComments(page);
  makeLists(page);
  page.querySelectorAll<HTMLElement>("p.MsoTitle, p.MsoSubtitle").forEach((one) => become(one, "h3"));
  page.querySelectorAll("[style*='display:none' i], [style*='mso-hide:all' i]").forEach((one) => one.remove());
  page.querySelectorAll("p, h1, h2, h3, h4, h5, h6").forEach((one) => isBare(one) && one.remove());
  return page.body.innerHTML;
}

function dropComments(page: Document): void {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT);
  const found: ChildNode[] = [];
  while (walker.nextNode()) found.push(walker.currentNode as ChildNode);
  found.forEach((one) => one.remove());
}

/** Word shows lists as paragraphs that begin with a dot or a number. */
function makeLists(page: Document): void {
  const open: { list: HTMLElement; level: number }[] = [];
  let last: Element | null = null;
  for (const line of page.querySelectorAll<HTMLElement>("p[style*='mso-list' i], p[class*='MsoListParagraph']")) {
    if (last && line.previousElementSibling !== last) open.length = 0;
    const marker = takeMarker(line);
    if (marker === null) continue;
    const level = Number(/level(\d)/.exec(line.getAttribute("style") ?? "")?.[1] ?? 1);
    while (open.length && open.at(-1)!.level > level) open.pop();
    if (!open.length || open.at(-1)!.level < level) open.push({ list: newList(page, line, marker, open.at(-1)?.list), level });
    const item = page.createElement("li");
    item.append(...line.childNodes);
    open.at(-1)!.list.append(item);
    last = open[0]!.list;
    line.remove();
  }
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
