"""Nan sees what is new for her, puts one thing aside and brings it back, reads, and stops the letters."""

from functools import partial

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import Opening, shows
from tests.journeys.conftest import check as looked_at
from tests.news.acts import begin, save, say
from tests.world import World

# The pages are met on both databases over HTTP; what a browser makes of them does not hang on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
check = partial(looked_at, "news")


def test_nan_is_told_what_is_new_and_looks(running: World, page_as: Opening) -> None:
    begin(running)
    save(running, "dee", "wellness")
    say(running, "sam", "appreciation", "great-things")
    nan = page_as("nan", width=320)
    nan.goto(running.url())
    shows(nan, "section.news", "Dee changed “My wellness”.")
    check(nan, "plan")
    nan.click("text=New for me")
    check(nan, "news")
    nan.locator("ul.news li", has_text="Dee changed").get_by_role("button").click()
    expect(nan.locator("ul.news")).not_to_contain_text("Dee changed")
    check(nan, "put-aside")
    nan.get_by_role("button", name="Undo").click()
    nan.click("text=Dee changed “My wellness”.")
    expect(nan.locator("h1")).to_have_text("My wellness")
    nan.goto("/news")
    expect(nan.locator("main")).not_to_contain_text("Dee changed")
    nan.get_by_role("button", name="Mark all as seen").click()
    shows(nan, "main", "Nothing new just now")
    check(nan, "nothing")
    nan.click("text=Choose how often we write to you")
    nan.check("[name=how_often][value=off]")
    nan.locator("form[action='/me/news'] button").click()
    assert nan.is_checked("[name=how_often][value=off]")
    check(nan, "me")
