"""A voice recorded in the page, sent, and heard where it stands."""

import pytest
from playwright.sync_api import Page
from tests.journeys.conftest import Opening
from tests.journeys.test_sharing import shot, violations
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = "/sections/great-things/media"


def test_a_voice_is_recorded_sent_and_heard_in_the_page(running: World, page_as: Opening) -> None:
    maya = page_as("maya", width=360)
    maya.goto(running.url(PLACE))
    maya.get_by_role("button", name="Record your voice").click()
    maya.get_by_role("status").get_by_text("ecording").wait_for()
    maya.wait_for_timeout(1200)
    maya.get_by_role("button", name="Stop recording").click()
    maya.get_by_text("It is ready to send").wait_for()
    maya.get_by_role("button", name="Add it").click()
    maya.get_by_text("It is here now").wait_for()
    assert 0.5 < heard(maya) < 30
    assert violations(maya) == []
    shot(maya, "recorded")
    nan = page_as("nan", width=1200)
    nan.goto(running.url("/sections/great-things"))
    assert 0.5 < heard(nan) < 30


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
    dee.fill("[name=caption]", "My song")
    dee.get_by_role("button", name="Record your voice").click()
    dee.get_by_role("status").filter(has_text="microphone").wait_for()
    assert dee.input_value("[name=caption]") == "My song"
    assert violations(dee) == []
