"""The look holds in a real browser: for eyes, ears, fingers and small screens, without asking any other server."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.web.style_page import ADDRESS, drawn, serve

from planwiki.people.reading_schemas import Reading
from planwiki.web.rendering import STATIC, asset

TOKENS = (Path(__file__).parents[2] / "client/src/styles/tokens.css").read_text("utf-8")
GROUNDS = ("page", "card", "calm")
READ_ON = {
    "ink": (*GROUNDS, "added", "removed"),
    "soft-ink": GROUNDS,
    "accent": GROUNDS,
    "accent-strong": GROUNDS,
    "careful": GROUNDS,
    "on-accent": ("accent", "accent-strong"),
    "on-careful": ("careful",),
    "plate-ink": ("honey", "sage", "sky", "blush", "lilac", "focus"),
}
LOOKS = ("light", "dark", "sepia", "contrast")
TO_MEND = {"email": "Write an e-mail address, like dee@example.org.", "whose": "Say whose words these are."}
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"],
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(**CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    yield context.new_page()
    context.close()


def reading(**chosen: str) -> Reading:
    return Reading.model_validate({"look": "light"} | chosen)


def show(tab: Page, **shown: object) -> list[str]:
    """Opens the style page; gives what it should not have asked for and what the browser complained about."""
    wrong = serve(tab, drawn(**shown))
    tab.on("console", lambda said: wrong.append(said.text))
    tab.on("pageerror", lambda said: wrong.append(str(said)))
    tab.goto(f"{ADDRESS}/")
    tab.wait_for_load_state("networkidle")
    return wrong


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_serious_or_moderate(tab: Page, look: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    show(tab, reading=reading(look=look), errors=TO_MEND, seen_as="Nan")
    found = Axe().run(tab).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] != "minor"] == []


def test_a_page_asks_only_its_own_server_and_keeps_its_own_policy(tab: Page) -> None:
    assert show(tab, errors=TO_MEND) == []


def test_a_broken_policy_would_be_noticed(tab: Page) -> None:
    wrong = serve(tab, drawn().replace("<h2>Tiles", "<h2 style='color:red'>Tiles"))
    tab.on("console", lambda said: wrong.append(said.text))
    tab.goto(f"{ADDRESS}/")
    assert "style-src" in wrong[0]


def test_nothing_scrolls_sideways_on_the_smallest_screen_with_the_largest_letters(tab: Page) -> None:
    tab.set_viewport_size({"width": 320, "height": 600})
    show(tab, reading=reading(text_size="largest", line_spacing="roomy"), errors=TO_MEND, seen_as="Nan")
    assert tab.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [320, 1200])
def test_everything_to_press_is_large_enough_for_a_finger(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    show(tab)
    sizes = tab.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter(it => it.checkVisibility())
           .map(it => [it.textContent, it.getBoundingClientRect().height, it.getBoundingClientRect().width])""",
        ".button, .choice, .ways a, .mark, .plan-name, .crumbs a, .facts a, summary, .box",
    )
    assert len(sizes) > 30
    assert [one for one in sizes if one[1] < 44 or one[2] < 24] == []


@pytest.mark.parametrize("selector", LOOKS)
def test_words_stand_out_seven_times_from_what_they_stand_on(selector: str) -> None:
    colours = colours_of("light") | colours_of(selector)
    pairs = [(ink, ground) for ink, grounds in READ_ON.items() for ground in grounds]
    assert [(a, b) for a, b in pairs if contrast(colours[a], colours[b]) < 7] == []
    assert all(contrast(colours["edge"], colours[ground]) >= 3 for ground in ("page", "card"))


def test_a_dark_machine_gets_the_dark_look_by_itself() -> None:
    assert colours_of("auto") == colours_of("dark")


def test_the_first_view_is_light_to_carry() -> None:
    css, js = (len(gzip.compress((STATIC / asset(name)[8:]).read_bytes())) for name in ("src/app.css", "src/app.ts"))
    letters = max(file.stat().st_size for file in STATIC.glob("assets/*-latin-wght-normal-*.woff2"))
    drawings = sorted(len(gzip.compress(file.read_bytes())) for file in STATIC.glob("pictures/*.svg"))
    assert css < 20_000
    assert js < 10_000
    assert css + js + letters + len(gzip.compress(drawn().encode())) + 12 * drawings[len(drawings) // 2] < 100_000


def test_no_page_carries_styles_or_scripts_of_its_own() -> None:
    html = drawn(errors=TO_MEND, seen_as="Nan")
    assert re.findall(r"<[^>]*\s(?:style|on\w+)=", html) == []
    assert re.findall(r"<script(?![^>]*nonce=)|<style", html) == []


def test_a_page_to_mend_begins_at_the_list_of_errors(tab: Page) -> None:
    show(tab, errors=TO_MEND)
    assert tab.evaluate("document.activeElement.className") == "errors"
    tab.click(".errors a >> nth=0")
    assert tab.evaluate("document.activeElement.id") == "field-email"
    described = tab.get_attribute("#field-email", "aria-describedby")
    assert TO_MEND["email"] in (tab.text_content(f"#{described}") or "")


def test_leaving_leads_away_without_a_way_back_or_a_question(tab: Page) -> None:
    asked: list[str] = []
    tab.on("dialog", lambda question: (asked.append(question.type), question.accept()))
    show(tab)
    before = tab.evaluate("history.length")
    tab.click("#field-body")
    tab.keyboard.type("Words that are not saved yet.")
    tab.click("text=Leave this page")
    tab.wait_for_url("**/leave")
    assert tab.evaluate("history.length") == before
    assert asked == []


def test_words_not_saved_are_not_lost_by_a_slip(tab: Page) -> None:
    asked: list[str] = []
    tab.on("dialog", lambda question: (asked.append(question.type), question.accept()))
    show(tab)
    tab.click("#field-body")
    tab.keyboard.type("More.")
    tab.goto(f"{ADDRESS}/leave")
    assert asked == ["beforeunload"]
    assert tab.evaluate("localStorage.length + sessionStorage.length") == 0


def test_words_are_shown_as_they_will_look_while_they_are_written(tab: Page) -> None:
    show(tab)
    tab.fill("#field-body", "As it *will* look.")
    tab.wait_for_selector("#preview-body em")
    assert tab.text_content("#preview-body .prose") == "As it will look."


def test_a_link_is_copied_in_one_press_and_says_so(tab: Page) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    show(tab)
    tab.click("text=Copy >> visible=true")
    assert tab.wait_for_selector(".copy [role=status]:text('Copied.')")
    assert tab.evaluate("navigator.clipboard.readText()") == "https://plans.example/invited/abc"


def test_the_first_tab_press_offers_to_skip_to_the_main_part(tab: Page) -> None:
    show(tab)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"


def colours_of(look: str) -> dict[str, str]:
    here = {"light": '\n:root, [data-look="light"], [data-look="auto"] {', "auto": '\n  [data-look="auto"] {'}
    block = TOKENS.split(here.get(look, f'\n[data-look="{look}"] {{'))[1].split("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two #rrggbb colours."""
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def brightness(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
