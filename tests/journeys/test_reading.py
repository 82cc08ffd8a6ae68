"""Maya listens to her plan with a few keys, and goes on where she was on another device; and how pages look to her."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening, violations
from tests.journeys.conftest import shot as looked_at
from tests.media.keeping import keep_file
from tests.media.making import recording
from tests.pages.test_place_pages import kept
from tests.world import OWN_WORDS, World

from planwiki.plans.place_models import ReadingPlace
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
shot = partial(looked_at, "reading")
HERE = "/sections/great-things"
VOICE = Path(__file__).with_name("fake_voice.js")
DAYS = [f"Day {day} is for *swimming*. Then comes number {day}, a slow one." for day in range(1, 40)]
IN_SIGHT = """() => {
    const at = (one) => document.querySelector(one).getBoundingClientRect();
    return at("[data-spoken]").top > 0 && at("[data-spoken]").bottom < at(".listen-bar").top;
}"""
SECOND = "Math.floor(document.querySelector('audio').currentTime)"
MARKED = "[...(CSS.highlights.get('spoken') ?? [])].map(String)[0]"


def write(world: World, *paragraphs: str, based_on: int) -> None:
    patch = SectionPatch(body_markdown="\n\n".join(paragraphs), voice=OWN_WORDS)
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, "great-things", patch, based_on=based_on))


def opened(page: Page, world: World) -> Page:
    page.add_init_script(path=VOICE)
    page.goto(world.url(HERE))
    return page


def said(page: Page) -> list[list[object]]:
    found: list[list[object]] = page.evaluate("window.said")
    return found


def press(page: Page, name: str) -> None:
    """By keyboard alone."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def focused(page: Page) -> str:
    words: str = page.evaluate("document.activeElement.innerText.trim()")
    return words


def soon(world: World, as_wanted: Callable[[list[ReadingPlace]], bool]) -> None:
    """The page tells where she is within a few seconds."""
    for _ in range(60):
        if as_wanted(kept(world)):
            return
        time.sleep(0.2)
    pytest.fail(f"What is kept: {kept(world)}")


def test_maya_listens_by_keys_and_goes_on_where_she_was_on_another_device(running: World, page_as: Opening) -> None:
    write(running, *DAYS, based_on=1)
    phone = opened(page_as("maya", width=360), running)
    press(phone, "Listen")
    phone.wait_for_function("() => window.said.length == 1")
    assert said(phone) == [["Day 1 is for swimming.", "of this device", 1]]
    assert phone.evaluate(MARKED) == "Day 1 is for swimming."
    for _ in range(60):
        phone.keyboard.press("ArrowRight")
    phone.keyboard.press("ArrowLeft")
    assert phone.evaluate(MARKED) == said(phone)[-1][0] == "Then comes number 30, a slow one."
    assert phone.locator("[data-spoken]").inner_text().startswith("Day 30")
    assert phone.evaluate(IN_SIGHT)
    phone.keyboard.press("Enter")
    assert focused(phone).endswith("Go on")
    shot(phone, "paused")
    assert violations(phone) == []
    phone.keyboard.press("Enter")
    phone.wait_for_function("() => window.said.at(-1)[0] == window.said.at(-2)[0]")
    phone.keyboard.press("Escape")
    assert focused(phone).endswith("Listen")
    soon(running, lambda places: [(one.paragraph, one.sentence) for one in places] == [(29, 1)])
    assert phone.evaluate(MARKED) is None
    write(running, "Something new comes first.", "And another.", *DAYS, based_on=2)

    desk = opened(page_as("maya", width=1280), running)
    desk.get_by_text("You were here before. Only you can see where.").wait_for()
    shot(desk, "offered")
    assert violations(desk) == []
    assert said(desk) == []
    assert desk.evaluate("scrollY") == 0
    desk.evaluate("window.quick = true")
    press(desk, "Go on where you were")
    desk.get_by_text("That was all.").wait_for()
    assert said(desk)[0][0] == "Then comes number 30, a slow one."
    assert said(desk)[-1][0] == "Then comes number 39, a slow one."
    soon(running, lambda places: places == [])
    phone.goto(running.url(HERE))
    phone.wait_for_timeout(600)
    expect(phone.get_by_text("You were here before.")).to_be_hidden()  # She heard all of it.
    phone.mouse.wheel(0, 2500)
    soon(running, lambda places: [one.sentence for one in places] == [None])
    desk.reload()
    press(desk, "Go on where you were")
    assert desk.evaluate("document.activeElement.matches('[data-words] p:not(:first-child)')")
    assert said(desk) == []
    assert desk.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_recording_comes_first_and_goes_on_at_its_second(running: World, page_as: Opening) -> None:
    facts = {"kind": "sound", "content_type": "audio/ogg", "filename": "me.ogg", "duration_seconds": 20}
    keep_file(running, "maya", "great-things", recording("ogg", seconds=20), facts, alt_text="My voice")
    phone = page_as("maya", width=360)
    phone.goto(running.url(HERE))
    aloud = phone.get_by_role("button", name="Read it aloud")
    expect(aloud).to_be_visible()  # The script that offers it comes after the page.
    ways = phone.locator(".listen > .buttons > :visible").all_inner_texts()
    assert [one.strip("▶ \n") for one in ways] == ["Listen to the recording", "Read it aloud"]
    foot = aloud.evaluate("one => one.getBoundingClientRect().bottom")
    phone.set_viewport_size({"width": 360, "height": int(foot) + 8})  # What is said below it is out of sight.
    press(phone, "Read it aloud")
    expect(phone.get_by_text("This device has no voice of its own.")).to_be_in_viewport(ratio=0.9)
    phone.set_viewport_size({"width": 360, "height": 900})
    phone.get_by_role("link", name="Listen to the recording").focus()
    phone.keyboard.press("Enter")
    phone.wait_for_function("() => document.querySelector('audio').currentTime > 6")
    phone.evaluate("document.querySelector('audio').pause()")
    soon(running, lambda places: [one.second for one in places] == [phone.evaluate(SECOND)])
    assert phone.url.endswith(HERE)
    desk = page_as("maya", width=1280)
    desk.goto(running.url(HERE))
    desk.wait_for_function("() => document.querySelector('audio').currentTime > 5")
    assert desk.evaluate(SECOND) == phone.evaluate(SECOND)
    assert desk.evaluate("document.querySelector('audio').paused")
    nan = page_as("nan")
    nan.goto(running.url(HERE))
    nan.wait_for_function("() => document.querySelector('audio').readyState > 0")
    assert nan.evaluate("document.querySelector('audio').currentTime") == 0
    said_in_it = {"alt_text": "My song", "transcript_markdown": "La la la."}
    song = keep_file(running, "maya", "great-things", recording("ogg", seconds=20), facts, **said_in_it)
    write(running, "I sing.", f"![My song](media:{song})", "I dance.", based_on=1)
    sam = opened(page_as("sam"), running)
    for at in (0, 1):
        sam.locator("audio").nth(at).evaluate("one => one.play()")
    alone = "() => [...document.querySelectorAll('audio')].map((one) => one.paused) == 'true,false'"
    sam.wait_for_function(alone, timeout=10_000)  # Long before either would end by itself.
    sam.evaluate("window.quick = true")
    press(sam, "Read it aloud")
    sam.get_by_text("That was all.").wait_for()
    assert [one[0] for one in said(sam)] == ["I sing.", "I dance."]  # The recording itself says what is said in it.


def test_how_pages_look_is_shown_at_once_and_kept_by_one_press(running: World, page_as: Opening) -> None:
    phone = opened(page_as("maya", width=360), running)
    phone.get_by_role("link", name="How pages look").focus()
    phone.keyboard.press("Enter")
    for look in ("light", "sepia", "dark", "contrast"):
        phone.check(f"[name=look][value={look}]")
        assert phone.evaluate("document.documentElement.dataset.look") == look
        assert violations(phone) == [], look
    for name, word in (("speed", "slow"), ("text_size", "largest"), ("pictures", "off"), ("letters", "serif")):
        phone.check(f"[name={name}][value={word}]")
    press(phone, "Listen")
    phone.wait_for_function("() => window.said.length == 1")
    assert said(phone)[0][1:] == ["of this device", 0.75]
    phone.keyboard.press("Escape")
    press(phone, "Save")
    phone.get_by_role("link", name="Go back to where you were").focus()
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"**{HERE}")
    expect(phone.locator(".page-head .plate")).to_be_hidden()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    press(phone, "Listen")
    phone.wait_for_function("() => window.said.length == 1")
    assert said(phone)[0][2] == 0.75
    shot(phone, "strong")
    assert violations(phone) == []
