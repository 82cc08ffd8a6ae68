"""Signing in as people live it: by a letter, a second step, an organisation; and a tablet opened by pictures."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening, shows
from tests.people.test_organisations import started_provider
from tests.world import PASSWORD, World, canary, email_of

from planwiki.base import clock
from planwiki.settings import OrganisationLogin
from planwiki.worker import Worker

# What a browser shows does not hang on the database: the other tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def newest_letter(page: Page, world: World) -> str:
    """Where the newest letter in the mailbox leads."""
    Worker(world.app.state.settings, world.database).work()
    page.goto("/mailbox")
    found = re.search(r"http://\S+/sign-in/link/\S+", page.inner_text("main"))
    assert found
    return urlsplit(found[0]).path


def ask_for_letter(page: Page, who: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", email_of(who))
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look at your e-mail")).to_be_visible()


def press_sign_in(page: Page) -> None:
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("script", [True, False])
def test_by_a_letter(running: World, page_as: Opening, script: bool) -> None:
    nan = page_as(None, script=script, width=390)
    ask_for_letter(nan, "nan")
    nan.goto(newest_letter(nan, running))
    press_sign_in(nan)
    nan.get_by_text("Maya").first.click()
    shows(nan, "main", "Great things about me")


def test_with_a_second_step(running: World, page_as: Opening) -> None:
    dee, later = page_as("dee"), page_as(None, width=390)
    dee.goto("/me")
    dee.locator("form[action='/me/second-step'] button").click()
    app = pyotp.TOTP(dee.inner_text("main code").replace(" ", ""))
    dee.fill("[name=code]", app.at(clock.now()))
    dee.locator("form[action='/me/second-step/check'] button").click()
    expect(dee.locator("main code")).to_have_count(10)
    on_paper = dee.locator("main code").first.inner_text()
    ask_for_letter(later, "dee")
    link = newest_letter(later, running)
    later.goto(link)
    press_sign_in(later)
    later.fill("[name=code]", on_paper)
    press_sign_in(later)
    shows(later, "main", "Maya")
    later.goto(link)
    press_sign_in(later)
    shows(later, "main", "has ended")  # The press had used it up.


def test_with_an_organisation(running: World, page_as: Opening, tmp_path: Path) -> None:
    settings = running.app.state.settings
    with started_provider(tmp_path, f"{settings.base_url}/sign-in/organisation") as issuer:
        said = {"client_id": "planwiki", "client_secret": "a secret between two programs", "issuer": issuer}
        settings.organisations.append(OrganisationLogin(key="council", name="Example Council", domains=[], **said))
        lee, later = page_as("lee"), page_as(None, width=390)
        lee.goto("/me")
        lee.get_by_role("button", name="Example Council").click()
        lee.get_by_role("link", name="Go on").click()
        sign_in_there(lee, "lee")
        expect(lee).to_have_url(re.compile("/me"))
        later.goto("/sign-in")
        later.get_by_role("link", name="Example Council").click()
        sign_in_there(later, "lee")
        shows(later, "main", "Maya")


def sign_in_there(page: Page, who: str) -> None:
    """On the provider's own pages."""
    page.fill("[name=login]", who)
    page.fill("[name=password]", "x")
    page.click("button[type=submit]")
    page.click("button[type=submit]")  # They allow it.
    page.wait_for_url(lambda url: "/interaction/" not in url)


def opened_with_pictures(tablet: Page, world: World) -> None:
    """Dee sets it up where she is signed in; Maya opens it with four presses."""
    tablet.goto(world.url("/tablets"))
    tablet.fill("[name=name]", "The blue one")
    tablet.locator("form[action$='/tablets'] button").click()
    pictures = [str(one.get_attribute("src")) for one in tablet.locator("main ol img").all()]
    tablet.get_by_role("link", name="Go on to the pictures").click()
    for one in pictures:
        tablet.locator(f"button:has(img[src='{one}'])").click()


def test_a_shared_tablet(running: World, page_as: Opening) -> None:
    """Maya opens it, says something, and closes it."""
    tablet = page_as("dee", width=800)
    opened_with_pictures(tablet, running)
    tablet.get_by_text("Great things about me").click()
    shows(tablet, "main", canary("great-things"))
    tablet.fill("[name=words]", "I like drums.")
    tablet.get_by_role("button", name="Say it").click()
    shows(tablet, "article", "I like drums.")
    tablet.get_by_role("button", name="Close").click()
    tablet.goto("/tablet/plan")
    shows(tablet, "main", "Press your pictures")
    tablet.goto(running.url())
    expect(tablet.locator("main")).not_to_contain_text(canary("great-things"))
    assert PASSWORD not in tablet.content()
