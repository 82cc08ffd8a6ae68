"""Words that were not saved, as people live it: a closed tab, a lost connection, a sign-in that ran out."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from tests.journeys.conftest import Opening, shot, shows
from tests.journeys.test_writing import BODY, OUTCOMES, SAVE, check, write
from tests.world import World

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("in_plain_text"),
]

LINE, KEPT = "[data-draft-line]", "Your words are kept. Only you can see them."
OFFER = "You have words here that are not saved"


def says(page: Page, words: str) -> None:
    page.wait_for_function("([at, words]) => document.querySelector(at).textContent.includes(words)", arg=[LINE, words])


def begin(page: Page, world: World, text: str) -> None:
    page.goto(world.url(f"{OUTCOMES}/edit"))
    page.click(BODY)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_closed_tab_loses_no_words(running: World, page_as: Opening, width: int) -> None:
    lee = page_as("lee", width=width)
    begin(lee, running, "The bus on Fridays.")
    says(lee, KEPT)
    lee.keyboard.type(" And the tram.")
    lee.close(run_before_unload=False)  # Without a pause: what is typed last goes out with the page.
    again = lee.context.new_page()
    again.goto(running.url(OUTCOMES))
    again.wait_for_timeout(500)
    again.click("text=Change this")
    expect(again.locator("h1")).to_have_text(OFFER)
    check(again, "draft-offered")
    again.click("text=Throw them away")
    again.click("text=Undo")
    again.click("text=Go on with these words")
    expect(again.locator(BODY)).to_have_value(re.compile(r"^The bus on Fridays\."))
    check(again, "draft-goes-on")
    again.click(SAVE)
    shows(again, "article", "The bus on Fridays.")


def test_easy_words_outlive_a_closed_tab_also_while_a_picture_is_chosen(running: World, page_as: Opening) -> None:
    lee = page_as("lee", width=360)
    lee.goto(running.url(f"{OUTCOMES}/easy/edit"))
    lee.fill("[name=words-0]", "I go by bus.")
    says(lee, KEPT)
    lee.fill("[name=words-1]", "Lee helps me.")
    lee.click("button[value=pick-0]")
    check(lee, "easy-picture")
    lee.close(run_before_unload=False)  # The second line was sent to choose a picture, and saved nowhere.
    again = lee.context.new_page()
    again.goto(running.url(OUTCOMES))
    again.wait_for_timeout(500)
    again.goto(running.url(f"{OUTCOMES}/easy/edit"))
    expect(again.locator("h1")).to_have_text(OFFER)
    assert again.locator(".easy-lines p").all_inner_texts() == ["I go by bus.", "Lee helps me."]
    check(again, "easy-draft-offered")
    again.click("text=Go on with these words")
    check(again, "easy-draft-goes-on")
    again.click("button[value=pick-0]")
    again.click("button[value=use-0-bus]")
    says(again, KEPT)
    again.get_by_role("button", name="Save", exact=True).click()
    shows(again, ".notice", "The easy words are saved.")
    again.goto(running.url(f"{OUTCOMES}/easy/edit"))
    assert again.input_value("[name=words-1]") == "Lee helps me."


def test_what_was_typed_before_the_script_came_is_kept(running: World, page_as: Opening) -> None:
    lee, held, slow = page_as("lee"), list[Route](), [True]
    lee.route("**/assets/*.js", lambda one: held.append(one) if slow else one.continue_())
    lee.goto(running.url(f"{OUTCOMES}/edit"), wait_until="commit")
    lee.fill(BODY, "Typed at once.")
    slow.clear()
    for one in held:
        one.continue_()
    says(lee, KEPT)


def test_a_lost_connection_is_said_kindly_and_mended(running: World, page_as: Opening) -> None:
    lee = page_as("lee")
    lee.goto(running.url(f"{OUTCOMES}/edit"), wait_until="networkidle")  # Its script is there, which tells of it.
    lee.context.set_offline(True)
    begin_typing(lee, "Written on the train.")
    says(lee, "We cannot reach planwiki just now.")
    lee.click(SAVE)
    lee.wait_for_timeout(300)
    assert lee.input_value(BODY) == "Written on the train."
    assert lee.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    lee.context.set_offline(False)
    says(lee, KEPT)
    lee.click(SAVE)
    shows(lee, "article", "Written on the train.")


def begin_typing(page: Page, text: str) -> None:
    page.click(BODY)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_a_sign_in_that_ran_out_is_said_while_writing(running: World, page_as: Opening) -> None:
    lee = page_as("lee")
    lee.goto(running.url(f"{OUTCOMES}/edit"))
    cookies = lee.context.cookies()
    lee.context.clear_cookies()
    begin_typing(lee, "Still here.")
    says(lee, "You were signed out after a while.")
    lee.context.add_cookies([{**one} for one in cookies])  # type: ignore[list-item,misc]  # as they came: signed in again, in another tab
    lee.keyboard.type(" And on.")
    says(lee, KEPT)


@pytest.mark.parametrize("script", [True, False])
def test_where_somebody_saved_meanwhile_both_texts_are_shown(running: World, page_as: Opening, script: bool) -> None:
    lee, dee = page_as("lee", script=script, width=390), page_as("dee", script=False)
    write(dee, running, "I take the bus.\n\nLee sits at the back.\n")
    lee.goto(running.url(f"{OUTCOMES}/edit"))
    lee.fill(BODY, "I take the bus on Fridays.\n\nLee sits at the back.\n")
    lee.click("text=Keep for later")
    shows(lee, ".notice", "Your words are kept for later.")
    write(dee, running, "I take the bus.\n\nLee waits at the stop.\n")
    lee.click("text=Go on writing")
    shows(lee, ".two-texts", "Lee sits at the back.")
    shows(lee, ".two-texts", "Lee waits at the stop.")
    shot("drafts", lee, f"clash-{script}")
    lee.click("text=Save the joined words")
    shows(lee, "article", "I take the bus on Fridays.\n\nLee waits at the stop.")
