"""The shared tablet from setting up to closing, and owners' pages about trust, with and without script."""

from functools import partial

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening, shows
from tests.journeys.conftest import check as looked_at
from tests.journeys.test_recording import heard, record
from tests.journeys.test_sharing import shot
from tests.world import World, canary, email_of

from planwiki.people.host_commands import add_administrator

# What a browser shows does not hang on the database: the other tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
look_at = partial(looked_at, "trust")
OWNERS = ("/looked", "/sharing", "/hand-over", "/tasks", "/tablets")


@pytest.mark.parametrize("script", [True, False])
def test_maya_opens_her_plan_on_a_shared_tablet(running: World, page_as: Opening, script: bool) -> None:
    tablet = page_as("dee", script=script, width=800)
    tablet.goto(running.url("/tablets"))
    tablet.fill("[name=name]", "The blue one")
    tablet.click("main button >> text=Use this tablet for Maya")
    sought = tablet.eval_on_selector_all("ol.tiles h2", "all => all.map(one => one.textContent.split('. ')[1])")
    assert len(sought) == 4
    tablet.goto(running.url())
    assert "/sign-in" in tablet.url
    tablet.goto("/tablet")
    for place, name in enumerate(sought, start=1):
        press(tablet, name, by_key=script)
        if place < 4:
            expect(tablet.get_by_role("status")).to_have_text(f"{place} of 4 pressed.")
    tablet.wait_for_url("**/tablet/plan")
    tablet.click("text=Great things about me")
    shows(tablet, "main", canary("great-things"))
    tablet.fill("[name=words]", "I like rain.")
    tablet.click("text=Say it")
    shows(tablet, "article", "I like rain.")
    if script:
        record(tablet, "Record your voice")
        shot(tablet, "tablet-voice")
        tablet.get_by_role("button", name="Keep it").click()
        tablet.get_by_text("Maya’s own words. They were spoken.").wait_for()
        assert heard(tablet) > 0.5
    assert tablet.get_by_role("button", name="Record your voice").is_visible() is script
    tablet.get_by_role("button", name="Close", exact=True).click()
    tablet.wait_for_url("**/tablet")
    tablet.goto("/tablet/plan")
    assert tablet.url.endswith("/tablet")


def press(tablet: Page, name: str, *, by_key: bool) -> None:
    button = tablet.locator("button[name=picture]", has_text=name)
    if not by_key:
        return button.click()
    number = button.inner_text().partition(".")[0]
    tablet.wait_for_load_state("networkidle")
    return tablet.keyboard.press(number)


@pytest.mark.parametrize("width", [320, 1200])
def test_pages_about_trust_are_whole_at_any_width(running: World, page_as: Opening, width: int) -> None:
    running.browser("nan").get(running.url("/sections/great-things"))
    dee = page_as("dee", width=width)
    for path in OWNERS:
        dee.goto(running.url(path))
        look_at(dee, path.strip("/"))
    dee.goto(running.url("/sharing"))
    dee.click("text=Stop all sharing now")
    expect(dee.locator("main")).to_contain_text("Dee stopped all sharing")
    look_at(dee, "frozen")
    dee.goto(f"/tell-someone?plan={running.plan_id}")
    look_at(dee, "tell")
    add_administrator(running.database, email_of("dee"))
    dee.goto("/host")
    look_at(dee, "host")
    dee.goto(running.url("/tablets"))
    dee.fill("[name=name]", "The blue one")
    dee.click("main button >> text=Use this tablet for Maya")
    look_at(dee, "ready")
    dee.goto("/tablet")
    look_at(dee, "pictures")


def test_leaving_signs_out_so_that_back_shows_nothing(running: World, page_as: Opening) -> None:
    for script in (True, False):
        dee = page_as("dee", script=script)
        dee.goto(running.url("/sections/great-things"))
        dee.click("text=Leave this page")
        dee.wait_for_url("**/leave")
        dee.goto(running.url("/sections/great-things"))
        assert "/sign-in" in dee.url
