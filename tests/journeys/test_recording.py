"""A voice recorded in the page, sent, and heard where it stands."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.journeys.conftest import Opening, violations
from tests.journeys.test_editor import edit
from tests.journeys.test_sharing import shot
from tests.media.making import recording
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = "/sections/great-things/media"
LISTENS = """window.microphones = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (what) => (microphones.push(await ask(what)), microphones.at(-1));"""
OPEN = "microphones.filter((one) => one.getTracks().some((track) => track.readyState === 'live')).length"


def test_a_voice_is_recorded_heard_made_again_and_sent(running: World, page_as: Opening) -> None:
    """And going back asks first: what was said into a telephone is nowhere else."""
    maya = page_as("maya", width=360)
    maya.goto(running.url(PLACE))
    expect(maya.get_by_label("What is in this picture?")).to_be_hidden()
    record(maya, "Record your voice")
    assert 0.5 < heard(maya) < 30
    maya.get_by_role("button", name="Try again").click()
    assert maya.locator("audio").count() == 0
    record(maya, "Record your voice")
    asked: list[str] = []
    maya.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    maya.get_by_role("link", name="Back to the words").click()
    assert asked == ["beforeunload"]
    assert violations(maya) == []
    shot(maya, "recorded")
    maya.get_by_label("What is it called?").fill("My song")
    maya.get_by_label("What is said in it?").fill("La la la.")
    expect(maya.get_by_label("What is in this picture?")).to_be_hidden()
    lose_twice(maya)
    maya.get_by_role("button", name="Add it").click()
    maya.get_by_text("It is here now").wait_for()
    assert asked == ["beforeunload"]
    record(maya, "Record a video")
    maya.wait_for_function("document.querySelector('.recorded video')?.videoWidth > 0")
    maya.get_by_role("button", name="Add it").click()
    nan = page_as("nan", width=1200)
    nan.goto(running.url("/sections/great-things"))
    assert 0.5 < heard(nan) < 30
    expect(nan.get_by_text("La la la.")).to_be_hidden()
    nan.emulate_media(media="print")
    expect(nan.get_by_text("La la la.")).to_be_visible()


def lose_twice(page: Page) -> None:
    """A line that goes still; and one that is cut when all has arrived, so that the answer is lost. Nan hears one."""
    add, lost = page.get_by_role("button", name="Add it"), page.get_by_text("It did not get through.")
    page.clock.install()
    page.route("**/great-things/media", lambda _: None)
    add.click()
    page.clock.fast_forward(44_000)
    expect(lost).to_be_hidden()
    page.clock.fast_forward(2_000)
    expect(lost).to_be_visible()
    expect(add).to_be_focused()
    page.unroute("**/great-things/media")
    page.route("**/great-things/media", _cut_when_all_has_arrived, times=1)
    with page.expect_event("requestfailed"):
        add.click()
    expect(lost).to_be_visible()
    expect(add).to_be_focused()


def _cut_when_all_has_arrived(route: Route) -> None:
    assert route.fetch().status == 201
    route.abort()


def record(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("status").get_by_text("Recording.").wait_for()
    page.wait_for_timeout(1200)
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_text("Listen to it").wait_for()


def heard(page: Page) -> float:
    """How long the page plays it, in seconds: the browser found sound that it can play."""
    length: float = page.locator("audio").evaluate(
        "one => one.readyState ? one.duration : new Promise(done => one.onloadedmetadata = () => done(one.duration))"
    )
    return length


def test_nothing_is_lost_where_no_microphone_may_be_used(running: World, page_as: Opening) -> None:
    dee = page_as("dee", width=360)
    dee.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    dee.goto(running.url(PLACE))
    song = {"name": "song.mp3", "mimeType": "audio/mpeg", "buffer": recording("mp3")}
    dee.set_input_files("[name=file]", song)  # type: ignore[arg-type]  # a file made here
    dee.fill("[name=caption]", "My song")
    dee.get_by_role("button", name="Record your voice").click()
    dee.get_by_role("status").filter(has_text="microphone").wait_for()
    assert dee.input_value("[name=caption]") == "My song"
    assert violations(dee) == []


def test_no_microphone_stays_open_that_nobody_sees(running: World, page_as: Opening, tmp_path: Path) -> None:
    """Closed, answered, pressed twice, or a file chosen instead: what was said is there to be heard, or is no more."""
    dee = page_as("dee", width=360)
    dee.add_init_script(LISTENS)
    edit(dee, running)
    dee.click("[data-does=sound]")
    ask = dee.locator("[data-question=sound]")
    start, put_in, ready = (
        ask.get_by_text(words) for words in ("Record your voice", "Put it in", "It is ready to send")
    )

    def going(presses: int = 1) -> None:
        start.evaluate(f"one => {{ for (let at = 0; at < {presses}; at++) one.click(); }}")
        ask.get_by_text("Recording.").wait_for()
        dee.wait_for_timeout(600)
        assert dee.evaluate(OPEN) == 1

    going(presses=2)
    ask.get_by_text("Not now").click()
    dee.wait_for_function(f"() => {OPEN} === 0")
    dee.click("[data-does=sound]")
    expect(ready).to_be_visible()
    assert 0.3 < heard(dee) < 30
    going()
    put_in.click()
    expect(ready).to_be_visible()
    assert (dee.evaluate(OPEN), ask.is_visible()) == (0, True)  # First it can be heard.
    going()
    words = tmp_path / "words.txt"
    words.write_bytes(b"La la la.")
    ask.locator("[type=file]").set_input_files(words)
    dee.wait_for_function(f"() => {OPEN} === 0")
    assert (dee.locator("audio").count(), ask.get_by_role("status").inner_text()) == (0, "")
    expect(start).to_be_visible()
    expect(start).not_to_be_focused()  # Whoever chose a file goes on from there.
    put_in.click()
    field = ask.get_by_label("Or choose a sound")
    expect(field).to_have_accessible_description("We keep photos, sound, video and PDF. This file is something else.")
    expect(field).to_be_focused()
    assert violations(dee) == []
    shot(dee, "no-sound")
    song = {"name": "song.mp3", "mimeType": "audio/mpeg", "buffer": recording("mp3")}
    field.set_input_files(song)  # type: ignore[arg-type]  # a file made here
    dee.route("**/outcomes/media", _cut_when_all_has_arrived, times=1)
    put_in.click()
    ask.get_by_text("It did not get through.").wait_for()
    put_in.click()
    dee.locator(".media-block").wait_for()
    assert ask.locator(".error, [aria-invalid]").count() == 0
    listed = running.api("dee").get(f"/v1{running.url('/media')}?section_key=outcomes").json()["items"]
    assert len(listed) == 1  # What was sent again is kept once.
