"""Printing a hospital passport from a phone: chosen, looked at, printed, and taken away as a PDF."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument
from tests.journeys.conftest import Opening
from tests.journeys.test_trust import look_at
from tests.papers import sheets_of
from tests.world import World, canary

# What a browser shows does not hang on the database: the other tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def printed(page: Page) -> bytes:
    """What the browser's own printing makes of the page."""
    return page.pdf(prefer_css_page_size=True)


def test_dee_prints_a_passport_and_cards_from_her_phone(running: World, page_as: Opening, tmp_path: Path) -> None:
    dee = page_as("dee", width=360)
    dee.goto(running.url())
    dee.get_by_role("link", name="Print", exact=True).click()
    look_at(dee, "papers")
    dee.get_by_role("link", name="Hospital passport").click()
    dee.get_by_role("checkbox", name="What I want to be different").check()
    dee.get_by_label("Colour of “What I want to be different”").select_option("green")
    dee.get_by_role("checkbox", name="My wellness").uncheck()
    look_at(dee, "parts of a passport")
    dee.get_by_role("button", name="Show the paper").click()
    expect(dee.locator(".band h2")).to_have_text(["Green: things I like and hope for"])
    expect(dee.get_by_role("button", name="Print this")).to_be_visible()
    look_at(dee, "a passport")
    sheet = sheets_of(printed(dee))[0]
    assert canary("outcomes") in sheet
    assert canary("wellness") not in sheet
    assert "Printed for Dee on" in sheet
    assert not [word for word in ("My plans", "Leave this page", "Get it as a PDF", "taken back") if word in sheet]
    with dee.expect_download() as taken:
        dee.get_by_role("link", name="Get it as a PDF").click()
    taken.value.save_as(tmp_path / "taken.pdf")
    assert taken.value.suggested_filename == "hospital-passport.pdf"
    assert canary("outcomes") in sheets_of((tmp_path / "taken.pdf").read_bytes())[0]
    dee.goto(running.url("/print/card/paper?chosen=yes&take-great-things=yes&take-money=yes"))
    cards = printed(dee)
    assert all("Printed for Dee on" in card for card in sheets_of(cards))
    with PdfDocument(cards) as document:
        assert [[round(side / 72 * 25.4) for side in card.get_size()] for card in document] == [[85, 54]] * 3
    dee.goto(running.url("/sections/great-things"))
    section = " ".join(sheets_of(printed(dee)))
    assert canary("great-things") in section
    assert not [word for word in ("My plans", "Change this", "Leave this page", "Who can see") if word in section]
