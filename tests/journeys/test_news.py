"""Nan sees what is new for her, puts one thing aside and brings it back, reads, and stops the letters."""

from functools import partial

import pytest
from tests.journeys.conftest import Opening
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
    assert "Dee changed “My wellness”." in nan.inner_text("section.news")
    check(nan, "plan")
    nan.click("text=New for me")
    check(nan, "news")
    nan.locator("ul.news li", has_text="Dee changed").get_by_role("button").click()
    assert "Dee changed" not in nan.inner_text("ul.news")
    check(nan, "put-aside")
    nan.get_by_role("button", name="Undo").click()
    nan.click("text=Dee changed “My wellness”.")
    assert nan.inner_text("h1") == "My wellness"
    nan.goto("/news")
    assert "Dee changed" not in nan.inner_text("main")
    nan.get_by_role("button", name="Mark all as seen").click()
    assert "Nothing new just now" in nan.inner_text("main")
    check(nan, "nothing")
    nan.click("text=Choose how often we write to you")
    nan.check("[name=how_often][value=off]")
    nan.locator("form[action='/me/news'] button").click()
    assert nan.is_checked("[name=how_often][value=off]")
    check(nan, "me")
