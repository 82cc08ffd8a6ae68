"""Sharing, as people live it: invited, joined, shown only what was given, stopped, and gone at once."""

from functools import partial

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening, shows, violations
from tests.journeys.conftest import shot as kept
from tests.world import World, canary

# What a browser shows does not hang on the database: the other tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
shot = partial(kept, "sharing")
WAYS = [(True, 360), (False, 1200)]
PAGES = {
    "circle": "/circle",
    "add": "/circle/add",
    "invite": "/circle/invite",
    "who": "/sections/wellness/who",
    "change": "/sections/wellness/who/change",
    "sharing": "/sharing",
    "rings": "/circle/rings",
    "unused": "/circle/unused",
    "guest-links": "/share-links",
    "new-guest-link": "/share-links/new",
}
AT_A_DESK = {"sharing", "circle", "member", "change"}  # Width shows other parts of these; of the rest it moves them.
ELSEWHERE = {
    "me": "/me",
    "search": "/search?q=canary",
    "nothing-found": "/search?q=zebra",
    "help": "/help",
    "code": "/join",
    "shared": "/shared",
}


def invite(dee: Page, world: World) -> str:
    """Dee invites Jo to comment on one section; answers the link she hands over."""
    dee.goto(world.url("/circle"))
    dee.click("text=Invite someone")
    dee.fill("[name=relationship]", "Aunt Jo")
    dee.check("[value=family]")
    dee.get_by_label("My wellness").select_option("comment")
    dee.check("[name=way][value=link]")
    shot(dee, "invite-filled")
    dee.click("main button")
    shot(dee, "before-the-link")
    shows(dee, "main", "They will see 1 section.")
    dee.click("main button >> nth=0")
    shot(dee, "the-link")
    return dee.input_value("#link")


def join(jo: Page, link: str) -> None:
    jo.goto(link)
    shot(jo, "invited")
    jo.fill("[name=display_name]", "Jo")
    jo.fill("[name=email]", "jo@example.org")
    jo.click("text=Join the circle")


def say_yes(dee: Page, world: World) -> None:
    """Only after Dee has looked who came does more than everyday open."""
    dee.goto(world.url())
    shot(dee, "somebody-came")
    dee.click("text=Look and answer")
    shot(dee, "is-this-jo")
    dee.click("text=Yes, this is Jo")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_invited_joined_stopped_and_gone_at_once(running: World, page_as: Opening, script: bool, width: int) -> None:
    dee = page_as("dee", script=script, width=width)
    jo = page_as(None, script=script, width=width)
    join(jo, invite(dee, running))
    shows(jo, "main", "You are in, Jo.")
    shot(jo, "joined")
    say_yes(dee, running)
    jo.goto("/search?q=canary")
    assert [canary(key) in jo.content() for key in ("wellness", "great-things", "money")] == [True, False, False]
    who = running.url("/sections/wellness/who")
    dee.goto(who)
    row = dee.locator("li", has_text="Aunt Jo")
    expect(row).to_contain_text("can comment")
    row.get_by_role("button", name="Stop sharing").click()
    shows(dee, ".notice", "Jo cannot see this any more.")
    shot(dee, "stopped")
    jo.reload()
    assert canary("wellness") not in jo.content()
    assert jo.goto(who).status == 404  # type: ignore[union-attr]  # an address of ours always answers
    shot(jo, "nothing-here")
    dee.get_by_role("button", name="Undo").click()
    assert jo.goto(who).status == 200  # type: ignore[union-attr]  # the same


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_a_change_is_shown_before_it_is_saved(running: World, page_as: Opening, script: bool, width: int) -> None:
    dee = page_as("dee", script=script, width=width)
    dee.goto(running.url("/sections/wellness/who"))
    dee.click("text=Change who can see this")
    dee.get_by_label("Sam", exact=True).select_option("read")
    dee.get_by_label("Nan", exact=True).select_option("closed")
    dee.click("main button")
    expect(dee.locator(".foretold p")).to_have_text(["Nan will not see this any more.", "Sam will now see this."])
    shot(dee, "before-saving")
    dee.click("main button >> nth=0")
    shows(dee, ".notice", "You can undo this for ten minutes")
    shot(dee, "saved")


@pytest.mark.parametrize("width", [360, 1200])
def test_axe_finds_nothing_on_any_page(running: World, page_as: Opening, width: int) -> None:
    dee, found = page_as("dee", width=width), []
    lee = f"/circle/{running.members['lee']}"
    why = f"/sharing/why?member={running.members['nan']}&section=wellness"
    ours = {name: running.url(path) for name, path in (PAGES | {"member": lee, "why": why}).items()}
    for name, path in (ours | ELSEWHERE).items():
        if width > 700 and name not in AT_A_DESK:
            continue
        dee.goto(path)
        shot(dee, name)
        found += [(name, *one) for one in violations(dee)]
    nobody = page_as(None, width=width)
    for name, path in {"sign-in": "/sign-in", "home": "/", "problem": "/problems/slow-down"}.items():
        nobody.goto(path)
        shot(nobody, name)
        found += [(name, *one) for one in violations(nobody)]
    assert found == []


def test_axe_finds_nothing_where_something_has_to_be_mended(running: World, page_as: Opening) -> None:
    dee = page_as("dee", width=360)
    for path in ("/circle/add", "/circle/invite"):
        dee.goto(running.url(path))
        dee.click("main form button")
        dee.locator(".errors:focus").wait_for()
        shot(dee, f"mend{path.replace('/', '-')}")
        assert violations(dee) == []


def test_nothing_scrolls_sideways_on_the_smallest_screen(running: World, page_as: Opening) -> None:
    dee, found = page_as("dee", width=320), {}
    for path in (*map(running.url, PAGES.values()), *ELSEWHERE.values()):
        dee.goto(path)
        found[path] = dee.evaluate("document.documentElement.scrollWidth")
    assert {*found.values()} == {320}, found


def press_to(page: Page, words: str) -> None:
    """Tab until what has the focus says these words, then Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"The keyboard never came to {words!r}.")


def test_the_keyboard_alone_stops_sharing_and_undoes_it(running: World, page_as: Opening) -> None:
    dee, nan = page_as("dee"), page_as("nan")
    who = running.url("/sections/wellness/who")
    dee.goto(who)
    press_to(dee, "Stop sharing")
    shows(dee, ".notice", "Nan cannot see this any more.")
    assert nan.goto(who).status == 404  # type: ignore[union-attr]  # an address of ours always answers
    press_to(dee, "Undo")
    assert nan.goto(who).status == 200  # type: ignore[union-attr]  # the same


def test_no_page_breaks_its_own_policy_or_asks_another_server(running: World, page_as: Opening) -> None:
    dee, wrong = page_as("dee"), []
    dee.on("console", lambda said: wrong.append(said.text))
    dee.on("pageerror", lambda said: wrong.append(str(said)))
    dee.on("request", lambda asked: wrong.append(asked.url) if "//127.0.0.1:" not in asked.url else None)
    for path in PAGES.values():
        dee.goto(running.url(path))
        dee.wait_for_load_state("networkidle")
    assert wrong == []
