"""Easy words with pictures, on a phone without script; and how each person sees it, side by side, at a desk."""

import re
from functools import partial

import pytest
from playwright.sync_api import expect
from tests.exports.test_papers import say_easily
from tests.journeys.conftest import Opening, shows
from tests.journeys.conftest import check as looked_at
from tests.journeys.test_reading import VOICE
from tests.journeys.test_recording import record
from tests.journeys.test_signing_in import opened_with_pictures
from tests.world import World, canary

from planwiki.base.vocabulary import Level
from planwiki.circle.grant_commands import give
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

# The pages are met on both databases over HTTP; what a browser makes of them does not hang on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
check = partial(looked_at, "easy")
GREAT, OUTCOMES = "/sections/great-things", "/sections/outcomes"


def test_a_mother_writes_easy_words_with_pictures_on_her_phone_without_script(running: World, page_as: Opening) -> None:
    dee = page_as("dee", script=False, width=320)
    dee.goto(running.url(GREAT))
    dee.get_by_role("link", name="Easy words").click()
    dee.get_by_role("link", name="Write easy words").click()
    dee.fill("[name=words-0]", "I love music.")
    dee.click("button[value=pick-0]")
    dee.fill("[name=q]", "musik")
    dee.press("[name=q]", "Enter")
    check(dee, "pick", script=False)
    dee.click("button[value=use-0-music]")
    expect(dee).to_have_url(re.compile("#line-0$"))
    dee.fill("[name=words-1]", "I swim.")
    dee.click("button[value=pick-1]")
    dee.click("button[value=about-1-fun]")
    dee.click("button[value=use-1-swimming]")
    dee.click("button[value=out-2]")
    dee.click("text=Undo")
    dee.click("text=Add a line")
    dee.fill("[name=words-3]", "My dog waits for me.")
    dee.click("button[value=up-3]")
    check(dee, "edit", script=False)
    dee.get_by_role("button", name="Save").click()
    shows(dee, ".notice", "The easy words are saved.")
    assert dee.locator(".easy-lines p").all_inner_texts() == ["I love music.", "I swim.", "My dog waits for me."]
    assert dee.locator(".easy-lines img").evaluate_all("all => all.map((one) => one.alt)") == ["Music", "Swimming"]
    check(dee, "face", script=False)
    dee.emulate_media(media="print")
    assert dee.get_by_text("Pictures by OpenMoji").is_visible()
    maya = page_as("maya", width=1280)
    maya.goto(running.url(f"{GREAT}?face=easy"))
    check(maya, "face")
    maya.click("text=Change the easy words")
    check(maya, "edit")
    maya.click("button[value=pick-0]")
    check(maya, "pick")


def test_maya_hears_her_easy_words_on_the_shared_tablet_and_sees_all_words_by_one_large_press(
    running: World, page_as: Opening
) -> None:
    say_easily(running, "music: I love music.", "bus: I go by bus.")
    tablet = page_as("dee", width=1280)
    tablet.add_init_script(path=VOICE)
    opened_with_pictures(tablet, running)
    tablet.get_by_text("Great things about me").click()
    tablet.get_by_role("button", name="Listen", exact=True).click()
    tablet.wait_for_function("window.said.length")
    assert tablet.evaluate("window.said[0]")[0] == "I love music."
    tablet.get_by_role("button", name="Stop", exact=True).click()
    check(tablet, "tablet")
    record(tablet, "Record your voice")
    tablet.get_by_role("button", name="Keep it").click()
    tablet.get_by_text("It is there now.").wait_for()
    tablet.get_by_role("link", name="Listen to the recording").click()
    tablet.wait_for_function("document.querySelector('main audio').currentTime > 0")
    tablet.set_viewport_size({"width": 360, "height": 800})
    check(tablet, "tablet")
    large = tablet.get_by_role("link", name="See all the words")
    assert (large.bounding_box() or {"height": 0})["height"] >= 72
    large.click()
    shows(tablet, "article", canary("great-things"))
    check(tablet, "tablet-full")
    tablet.get_by_role("link", name="See the easy words").click()
    expect(tablet.locator(".easy-lines p")).to_have_text(["I love music.", "I go by bus."])


def test_each_sees_it_their_way_side_by_side(running: World, page_as: Opening) -> None:
    patch = SectionPatch.model_validate({"kind": "perspectives"})
    running.ask("dee", lambda uow: change_section(uow, running.plan_id, "outcomes", patch, 1))
    comment = MemberGrantDraft(member_id=running.members["nan"], level=Level.COMMENT)
    running.ask("dee", lambda uow: give(uow, running.plan_id, "outcomes", comment))
    for who, words in (("lee", "She rides the bus."), ("nan", "She sleeps well."), ("maya", "My room is mine.")):
        page = page_as(who, width=1280)
        page.goto(running.url(OUTCOMES))
        page.click("text=Write how I see it")
        check(page, f"write-{who}")
        page.fill("[name=working]", words)
        page.get_by_role("button", name="Save", exact=True).click()
        shows(page, ".notice", "It is kept, beside the others.")
    check(page, "views")
    cards = page.locator(".view-columns > li")
    names = [text.split("\n")[-1] for text in page.locator(".view-who").all_inner_texts()]
    assert names == ["Maya", "Nan", "Lee"]
    assert len({round(box["y"]) for one in cards.all() if (box := one.bounding_box())}) == 1
    page.set_viewport_size({"width": 360, "height": 800})
    assert len({round(box["x"]) for one in cards.all() if (box := one.bounding_box())}) == 1
    check(page, "views")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".view-who")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".view-who")).to_have_count(3)
