"""Search, as a browser meets it: only what its reader may read, with the place it stands."""

import pytest
from tests.pages.seen import words_of
from tests.world import NAMES, READS, SECTIONS, World, canary

from planwiki.base.ids import new_id


@pytest.mark.parametrize("who", NAMES)
def test_each_finds_the_sections_they_may_read_and_no_others(world: World, who: str) -> None:
    browser = world.browser(who)
    for key, (title, _) in SECTIONS.items():
        found = browser.get("/search", params={"q": canary(key)})
        assert found.status_code == 200
        assert (f"<mark>{canary(key)}</mark>" in found.text) == (key in READS[who])
        assert (title in found.text) == (key in READS[who])


def test_a_place_is_told_with_its_plan_and_its_address(world: World) -> None:
    found = world.browser("nan").get("/search", params={"q": "canarygreat"})
    assert f'href="{world.url("/sections/great-things")}"' in found.text
    assert "1 place" in words_of(found)
    assert "Maya" in words_of(found)


def test_one_plan_can_be_searched_alone(world: World) -> None:
    browser = world.browser("dee")
    inside = browser.get("/search", params={"q": "canary", "plan": str(world.plan_id)})
    assert "Only in Maya" in words_of(inside)
    assert "5 places" in words_of(inside)


def test_a_plan_one_is_not_in_answers_like_one_that_never_was(world: World) -> None:
    browser = world.browser("kit")
    hidden, missing = (
        browser.get("/search", params={"q": "canary", "plan": str(id)}) for id in (world.plan_id, new_id())
    )
    assert hidden.status_code == missing.status_code == 404
    assert words_of(hidden) == words_of(missing)


@pytest.mark.parametrize("asked", ["", "   ", "?!", "\x00"])
def test_without_a_word_one_is_asked_for(world: World, asked: str) -> None:
    answer = world.browser("dee").get("/search", params={"q": asked})
    assert answer.status_code == 422
    assert 'href="#field-q"' in answer.text


def test_finding_nothing_says_what_to_try(world: World) -> None:
    assert "Try another word" in words_of(world.browser("dee").get("/search?q=zebra"))


def test_what_was_asked_stays_text(world: World) -> None:
    answer = world.browser("dee").get("/search", params={"q": '"><script>alert(1)</script> canary'})
    assert "<script>alert" not in answer.text
