"""Pictures and voices inside the words: put in on a phone, moved and taken out, by hand and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening
from tests.journeys.test_editor import WORDS, edit, now, save, written
from tests.journeys.test_recording import heard
from tests.journeys.test_writing import OUTCOMES, check
from tests.media.making import picture
from tests.media.test_media_pages import send
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BLOCK, SHOWS = ".media-block", r"!\[{}\]\(media:[-0-9a-f]+\)"
REX = {"name": "rex.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}


def order(page: Page) -> list[str]:
    """The words of each block, from the top."""
    lines = [one.split("\n")[0] for one in page.locator(f"{WORDS} > *").all_inner_texts()]
    return [one for one in lines if one]


def way(page: Page, name: str, at: int = 0) -> None:
    page.locator(BLOCK).nth(at).locator(f"[data-way={name}]").click()


def test_on_a_phone_a_picture_and_a_voice_stand_in_the_words(running: World, page_as: Opening) -> None:
    written(running, "We have a dog.\n\nHe sings.\n")
    dee = page_as("dee", width=360)
    edit(dee, running)
    dee.click(f"{WORDS} >> text=We have a dog.")
    dee.click("[data-does=picture]")
    ask = dee.locator("[data-question=picture]")
    ask.locator("[type=file]").set_input_files(REX)
    ask.get_by_text("Put it in").click()
    ask.get_by_text("Please say what is in the picture").wait_for()
    ask.get_by_label("What is in it?").fill("Rex [our dog]")
    check(dee, "picture-question")
    ask.get_by_text("Put it in").click()
    dee.locator(f"{BLOCK} img").wait_for()
    dee.click(f"{WORDS} >> text=He sings.")
    dee.click("[data-does=sound]")
    ask = dee.locator("[data-question=sound]")
    ask.get_by_text("Record your voice").click()
    dee.wait_for_timeout(1200)
    ask.get_by_text("Stop recording").click()
    ask.get_by_text("It is ready to send").wait_for()
    ask.get_by_label("What is it called?").fill("Maya tells")
    ask.get_by_label("Whose words are in it?").select_option("Maya’s words")
    check(dee, "sound-question")
    ask.get_by_text("Put it in").click()
    assert 0.5 < heard(dee) < 30
    check(dee, "editor-with-media")
    dee.click("[data-does=sound]")
    assert "Maya’s own words." in ask.locator("[data-there]").inner_text()
    check(dee, "sound-there")
    ask.get_by_text("Not now").click()
    way(dee, "up", 1)
    assert order(dee) == ["We have a dog.", "Rex [our dog]", "Maya tells", "He sings."]
    way(dee, "up", 1)
    way(dee, "out", 1)
    assert dee.locator(BLOCK).count() == 1
    dee.click("text=Undo")
    assert order(dee) == ["We have a dog.", "Maya tells", "Rex [our dog]", "He sings."]
    way(dee, "words", 1)
    dee.fill("#shown-words", "Rex")
    dee.click("text=Keep these words")
    save(dee)
    wanted = ["We have a dog.", SHOWS.format("Maya tells"), SHOWS.format("Rex"), "He sings."]
    assert re.fullmatch("\n\n".join(wanted) + "\n", now(running).body_markdown)
    lee = page_as("lee", width=360)
    lee.goto(running.url(OUTCOMES))
    assert 0.5 < heard(lee) < 30
    assert lee.locator("article img[alt=Rex]").evaluate("one => one.naturalWidth") > 0


def test_by_keyboard_a_picture_is_chosen_moved_and_taken_out(running: World, page_as: Opening) -> None:
    written(running, "One.\n\nTwo.\n")
    send(running, "dee", picture(), "outcomes", alt_text="Rex", accept="application/json")
    dee = page_as("dee", width=1280)
    edit(dee, running)
    dee.focus(WORDS)
    press = dee.keyboard.press
    for key in ("Control+Home", "End"):
        press(key)
    dee.wait_for_timeout(200)  # Nobody is as quick as a script: the editor hears where the cursor went.
    for key in ("Alt+F10", *["ArrowRight"] * 6, "Enter"):
        press(key)
    dee.locator("[data-question=picture] .files-there img").wait_for()
    check(dee, "picture-question")
    press("Tab")
    press("Enter")
    dee.locator(BLOCK).wait_for()
    assert dee.evaluate("document.activeElement.className").find("editor-words") >= 0
    assert order(dee) == ["One.", "Rex", "Two."]
    press("ArrowUp")
    dee.get_by_text("Chosen: Rex.").wait_for()
    dee.keyboard.type("Hm")  # A slip: it takes no picture away.
    assert order(dee) == ["One.", "Rex", "Hm", "Two."]
    press("Control+Z")
    press("Alt+ArrowDown")
    assert order(dee) == ["One.", "Two.", "Rex"]
    check(dee, "editor-chosen")
    press("Delete")
    assert order(dee) == ["One.", "Two."]
    press("Control+Z")
    assert order(dee) == ["One.", "Two.", "Rex"]
    press("Control+Z")
    press("Control+Z")
    save(dee)
    assert now(running).body_markdown == "One.\n\nTwo.\n"
    hints_come_and_go(dee, running)


def hints_come_and_go(dee: Page, running: World) -> None:
    """They are calm and few, leave the person's own words alone, and can be turned off for good."""
    written(running, "The multidisciplinary team met.\n")
    edit(dee, running)
    hints = dee.locator(".hints li")
    hints.get_by_text("people from different services who work together").wait_for()
    dee.check("[name=voice-whose][value=person]")
    assert hints.count() == 0
    expect(dee.locator(".hints button")).to_be_hidden()
    dee.check("[name=voice-whose][value=family]")
    dee.click(WORDS)
    dee.keyboard.press("Control+End")
    dee.keyboard.type(" " + "so " * 20 + "long. Respite. Holistic.")
    dee.get_by_text("Could it be two?").wait_for()
    assert hints.count() == 3  # Never more at once.
    check(dee, "hints")
    dee.click("text=No hints")
    assert hints.count() == 0
    dee.wait_for_load_state("networkidle")
    dee.goto(running.url(f"{OUTCOMES}/suggest"))
    dee.get_by_text("Show hints").click()
    hints.get_by_text("people from different services").wait_for()
    dee.goto(running.url(f"{OUTCOMES}/easy/edit"))
    dee.check("[name=voice-whose][value=family]")
    dee.fill("[name=words-0]", "The fire is hot.")
    dee.fill("[name=words-2]", "I like respite.")
    hints.get_by_text("“respite” could be").wait_for()
    check(dee, "hints-easy")
