"""A voice recorded in the page, sent, and heard where it stands."""

import pytest
from playwright.sync_api import Page, Route, expect
from tests.journeys.conftest import Opening, violations
from tests.journeys.test_sharing import shot
from tests.media.making import recording
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = "/sections/great-things/media"


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
