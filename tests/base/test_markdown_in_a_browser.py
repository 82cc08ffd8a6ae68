"""S5: attacks in a text, opened in Chromium with no policy to help: no script runs, and nothing is fetched.

The figures stand in docs/security.md.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page, Route
from tests.base.test_markdown import ATTACKS, RAW, SCRIPTS

from planwiki.base.markdown import render

OURS = "http://planwiki.example"
GENERATED, AT_ONCE = 2000, 200
PIECES = [
    *("[", "]", "(", ")", "<", ">", "!", "*", "`", "\\", '"', "'", "&", "\n", "\n\n", "    ", "|", "|-|-|\n"),
    *("![", "](", "]: ", "<a href=", "<img src=", " onload=alert(1)", " onerror=alert(1) ", "style=", "data:"),
    *("javascript:alert(1)", "//evil.example", "&#x6A;", "&colon;", "x;", "<script>alert(1)</script>", "</p>"),
    *("<svg ", "-->", "<!--", "```", "> ", "- ", "# "),
]
# Every name by which a text could call, and every way a page notices that somebody is there.
WATCH = "for (const name of ['alert', 'confirm', 'prompt', 'print', 'msgbox']) window[name] = () => void window.fired()"
STIR = """() => {
  const there = [...document.body.querySelectorAll('*')];
  for (const one of there)
    for (const what of ['mouseover', 'mouseenter', 'focus', 'pointerdown', 'toggle', 'load', 'error', 'animationstart'])
      one.dispatchEvent(new Event(what, { bubbles: true }));
  return [...document.querySelectorAll('a, area')].map((one) => one.protocol);
}"""


@dataclass
class Watched:
    """What happened: scripts that ran, addresses that were asked for elsewhere, and where links lead."""

    page: Page
    shown: str = ""
    scripts: int = 0
    out: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)

    def open(self, texts: list[str], laid_out: Callable[[str], str]) -> None:
        self.shown = "<!doctype html><body>" + "".join(f"<div>{laid_out(one)}</div>" for one in texts)
        self.page.goto(f"{OURS}/")
        self.links |= set(self.page.evaluate(STIR))
        self.page.wait_for_timeout(20)

    def answer(self, route: Route) -> None:
        url = route.request.url
        if url == f"{OURS}/":
            route.fulfill(body=self.shown, content_type="text/html; charset=utf-8")
            return
        is_ours = url.startswith(f"{OURS}/plans/") and "/media/" in urlsplit(url).path
        self.out += [] if is_ours else [url]
        route.abort()

    def ran(self, *_: Any) -> None:
        self.scripts += 1


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context()
    made = Watched(context.new_page())
    context.expose_binding("fired", made.ran)
    context.add_init_script(WATCH)
    context.route("**/*", made.answer)
    yield made
    context.close()


def generated() -> list[str]:
    """The same each time."""
    by = random.Random(5)  # noqa: S311 - no secret
    return ["".join(by.choices(PIECES + ATTACKS, k=by.randint(1, 14))) for _ in range(GENERATED)]


def test_no_text_runs_a_script_or_fetches_anything(watched: Watched) -> None:
    texts = ATTACKS + generated()
    for at in range(0, len(texts), AT_ONCE):
        watched.open(texts[at : at + AT_ONCE], render)
    assert (watched.scripts, watched.out) == (0, [])
    assert watched.links <= {"http:", "https:", "mailto:", "tel:", ":"}  # The last is an address that leads nowhere.
    assert len(texts) > 2300


def test_the_same_texts_do_both_without_our_care(watched: Watched) -> None:
    """Control: markdown-it as it comes."""
    plain = MarkdownIt()
    plain.validateLink = lambda _: True  # type: ignore[method-assign]  # Links alone are refused by the library itself.
    for text in RAW[:30] + [f"[x]({url})" for url in SCRIPTS]:
        if "refresh" not in text:  # That one leaves the page before we can look at it.
            watched.open([text], plain.render)
    assert watched.scripts >= 10
    assert len(watched.out) >= 10
    assert "javascript:" in watched.links
