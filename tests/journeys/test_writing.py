"""Writing, as people live it: a plan begun, words saved, two writers joined, an old version back, and no words lost."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening, shows
from tests.journeys.conftest import check as looked_at
from tests.journeys.conftest import shot as kept
from tests.world import World

# The pages are met on both databases over HTTP; what a browser makes of them does not hang on the database.
pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("in_plain_text"),
]
shot, check = partial(kept, "writing"), partial(looked_at, "writing")

WAYS = [(True, 360), (False, 1200)]
PHONE = 360  # Width moves these pages' parts and changes none: axe looks once. At a desk it does in test_each.
GREAT, OUTCOMES = "/sections/great-things", "/sections/outcomes"
PAGES = {
    "plan": "",
    "plan-settings": "/settings",
    "order": "/order",
    "new-section": "/sections/new",
    "section": OUTCOMES,
    "edit": f"{OUTCOMES}/edit",
    "section-settings": f"{GREAT}/settings",
    "picture": f"{GREAT}/picture",
    "history": f"{OUTCOMES}/history",
    "version": f"{OUTCOMES}/history/1",
    "difference": f"{OUTCOMES}/history/1/2",
}
SAVE = "main form.writing [type=submit] >> nth=0"
BODY = "[name=body_markdown]"


def write(page: Page, world: World, text: str, key: str = OUTCOMES) -> None:
    page.goto(world.url(f"{key}/edit"))
    page.fill(BODY, text)
    with page.expect_navigation():
        page.click(SAVE)


@pytest.mark.parametrize("width", [360])
def test_nothing_moves_save_away_from_under_a_slow_finger(running: World, page_as: Opening, width: int) -> None:
    """What the words look like comes half a second after them, above the button."""
    dee = page_as("dee", width=width)
    dee.goto(running.url(f"{OUTCOMES}/edit"))
    with dee.expect_response("**/preview"):
        dee.fill(BODY, "One.\n\n" * 12)
        dee.locator(SAVE).scroll_into_view_if_needed()
        box = dee.locator(SAVE).bounding_box()
        assert box
        dee.mouse.move(box["x"] + 20, box["y"] + 10)
        dee.mouse.down()
    dee.wait_for_timeout(300)
    dee.mouse.up()
    dee.wait_for_url("**?said=saved")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_a_plan_is_begun_and_its_first_words_are_saved(page_as: Opening, script: bool, width: int) -> None:
    kit = page_as("kit", script=script, width=width)
    kit.goto("/plans")
    kit.click("text=Start a plan")
    kit.click("text=Start the plan")
    shows(kit, ".errors", "Please write whose plan it is.")
    kit.fill("[name=person-display_name]", "Zoe")
    kit.check("[value=steward]")
    kit.check("[value=three-questions]")
    kit.click("text=Start the plan")
    expect(kit.locator("h1")).to_have_text("What makes a good life for me")
    shows(kit, "main", "Questions that may help")
    kit.fill(BODY, "My *dog*, and long walks.")
    kit.click("text=See how it looks")
    expect(kit.locator(".preview em")).to_have_text("dog")
    kit.click(SAVE)
    shows(kit, ".notice", "Saved.")
    shows(kit, "article", "The family’s words.")
    shows(kit, "main", "Only you can see this.")
    shot(kit, f"begun-{script}")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_two_who_write_at_once_both_keep_their_words(
    running: World, page_as: Opening, script: bool, width: int
) -> None:
    dee, lee = (page_as(who, script=script, width=width) for who in ("dee", "lee"))
    write(dee, running, "I take the bus.\n\nLee sits at the back.\n")
    for one in (dee, lee):
        one.goto(running.url(f"{OUTCOMES}/edit"))
    lee.fill(BODY, "I take the bus.\n\nLee waits at the stop.\n")
    lee.click(SAVE)
    lee.wait_for_url("**?said=saved")
    dee.fill(BODY, "I take the bus on Fridays.\n\nLee sits at the back.\n")
    dee.click(SAVE)
    dee.wait_for_selector(".two-texts")
    expect(dee.locator("h1")).to_have_text("You both wrote")
    shows(dee, ".two-texts", "Lee sits at the back.")
    shows(dee, ".two-texts", "Lee waits at the stop.")
    shows(dee, ".diff:not(.diff-key) ins", "on Fridays")
    shot(dee, f"clash-{script}")
    dee.click("text=Save the joined words")
    lee.goto(running.url(OUTCOMES))
    shows(lee, "article", "I take the bus on Fridays.\n\nLee waits at the stop.")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_an_old_version_is_found_compared_and_put_back(
    running: World, page_as: Opening, script: bool, width: int
) -> None:
    dee = page_as("dee", script=script, width=width)
    write(dee, running, "I love the sea.")
    write(dee, running, "I love the hills.")
    dee.click("text=History")
    dee.click("text=What changed >> nth=0")
    dee.wait_for_load_state()
    assert dee.text_content(".diff:not(.diff-key) del") == "[taken out: sea end of taken out]"
    assert dee.text_content(".diff:not(.diff-key) ins") == "[added: hills end of added]"
    dee.click("text=Read it >> nth=0")
    dee.click("main form button")
    shows(dee, ".notice", "The earlier words are back.")
    shows(dee, "article", "I love the sea.")
    dee.click("text=Undo")
    shows(dee, "article", "I love the hills.")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_words_are_not_lost_when_a_login_ends_while_writing(
    running: World, page_as: Opening, script: bool, width: int
) -> None:
    dee = page_as("dee", script=script, width=width)
    dee.goto(running.url(f"{OUTCOMES}/edit"))
    dee.fill(BODY, "A long story.")
    kept = dee.context.cookies()
    dee.context.clear_cookies()
    dee.click(SAVE)
    expect(dee.locator("h1")).to_have_text("Your words are still here")
    expect(dee.locator(BODY)).to_have_value("A long story.")
    shot(dee, f"kept-{script}")
    dee.context.add_cookies([{**one} for one in kept])  # type: ignore[list-item,misc]  # as they came: signed in again, in another tab
    dee.get_by_role("button", name="Save now").click()
    shows(dee, "article", "A long story.")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_a_section_is_added_moved_put_away_and_brought_back(
    running: World, page_as: Opening, script: bool, width: int
) -> None:
    dee = page_as("dee", script=script, width=width)
    dee.goto(running.url())
    dee.click("text=Add a section")
    dee.fill("[name=title]", "My weekends")
    dee.check("[name=picture][value=music]", force=True)
    dee.click("text=Add and write")
    dee.goto(running.url("/order"))
    dee.get_by_role("button", name=re.compile("Up ?: My weekends")).click()
    expect(dee.locator("ol.order strong").nth(-2)).to_have_text("My weekends")
    if script:  # Whoever moves by keyboard stays at the arrow of that part, and hears where it is.
        before = dee.locator("ol.order strong").count() - 1
        expect(dee.locator(":focus")).to_have_accessible_name(re.compile("Up ?: My weekends"))
        expect(dee.locator("[data-island=order] [role=status]")).to_have_text(f"“My weekends” is number {before} now.")
        dee.keyboard.press("Enter")
        expect(dee.locator("ol.order strong").nth(-3)).to_have_text("My weekends")
        dee.reload()
        assert dee.locator("ol.order strong").all_inner_texts()[-3] == "My weekends"
    dee.goto(running.url("/sections/my-weekends/settings"))
    dee.get_by_role("button", name="Put it away").click()
    shows(dee, ".notice", "“My weekends” is put away.")
    shot(dee, f"put-away-{script}")
    dee.get_by_role("button", name="Undo").click()
    shows(dee, ".notice", "It is back")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_an_owner_sees_the_plan_as_nan_and_stops(running: World, page_as: Opening, script: bool, width: int) -> None:
    dee = page_as("dee", script=script, width=width)
    dee.goto(running.url("/sharing"))
    dee.get_by_role("button", name="See as Nan").click()
    expect(dee.locator(".tile")).to_have_count(2)
    dee.click("text=My wellness")
    shows(dee, ".seen-as", "You see this as Nan sees it.")
    check(dee, f"as-nan-{script}") if script else shot(dee, f"as-nan-{script}")
    dee.click("text=Stop")
    expect(dee.locator(".tile")).to_have_count(5)


def test_every_page_is_clean_for_axe(running: World, page_as: Opening) -> None:
    dee = page_as("dee", width=PHONE)
    write(dee, running, "I love *buses*.\n\n- the number 7\n")
    check(dee, "saved")
    for name, path in PAGES.items():
        dee.goto(running.url(path))
        check(dee, name)
    for name, path in {"my-plans": "/plans", "start": "/plans/start"}.items():
        dee.goto(path)
        check(dee, name)
    kit = page_as("kit", width=PHONE)
    kit.goto("/plans")
    check(kit, "no-plan-yet")
    kit.goto("/plans/start")
    kit.click("text=Start the plan")
    check(kit, "start-to-mend")
    maya = page_as("maya", width=PHONE)
    maya.goto(running.url(f"{GREAT}/settings"))
    maya.check("[value=diary]")
    maya.click("main .sheet button")
    check(maya, "before-a-new-label")


def test_the_clash_and_the_kept_words_are_clean_for_axe(running: World, page_as: Opening) -> None:
    dee, lee = page_as("dee", width=PHONE), page_as("lee", width=PHONE)
    dee.goto(running.url(f"{OUTCOMES}/edit"))
    write(lee, running, "Lee was first.")
    dee.fill(BODY, "Dee wrote this.")
    dee.click(SAVE)
    check(dee, "clash")
    dee.fill("[name=title]", "")
    dee.click(SAVE)
    check(dee, "clash-to-mend")
    dee.context.clear_cookies()
    dee.click(SAVE)
    check(dee, "kept")


def test_words_are_changed_and_saved_with_the_keyboard_alone(running: World, page_as: Opening) -> None:
    dee = page_as("dee", width=1200)
    dee.goto(running.url(OUTCOMES))
    reach(dee, "Change this")
    dee.keyboard.press("Enter")
    dee.wait_for_url("**/edit")
    reach(dee, "body_markdown")
    dee.keyboard.press("Control+A")
    dee.keyboard.type("Typed, not pressed.")
    reach(dee, "voice-whose")
    dee.keyboard.press("ArrowUp")
    reach(dee, "Save")
    dee.keyboard.press("Enter")
    dee.wait_for_url("**?said=saved")
    shows(dee, "article", "Typed, not pressed.")
    shows(dee, "article", "Maya’s own words.")


def reach(page: Page, what: str) -> None:
    """Press Tab until the field or button of that name has the focus; every stop on the way can be seen."""
    for _ in range(40):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            """() => [document.activeElement.name || document.activeElement.textContent.trim(),
            getComputedStyle(document.activeElement.closest('.choice') ?? document.activeElement).outlineStyle]"""
        )
        assert outline != "none", name
        if name == what:
            return
    raise AssertionError(f"Tab never came to {what}.")


def test_words_that_are_not_saved_are_asked_about_before_they_go(running: World, page_as: Opening) -> None:
    dee = page_as("dee")
    asked: list[str] = []
    dee.on("dialog", lambda question: (asked.append(question.type), question.accept()))
    dee.goto(running.url(f"{OUTCOMES}/edit"))
    dee.click(BODY)
    dee.keyboard.type("More.")
    dee.wait_for_selector(".preview:not([hidden])")
    dee.goto(running.url())
    assert asked == ["beforeunload"]
