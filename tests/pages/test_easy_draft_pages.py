"""Easy words that somebody is writing: kept line by line for them alone, beside a draft of the full words."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.pages.seen import form_of, words_of
from tests.pages.test_draft_pages import OFFER, QUIETLY, drafts, everything_about, let_lee
from tests.pages.test_draft_pages import kept_by as kept_in_full
from tests.world import World, canary

from planwiki.base.vocabulary import Face
from planwiki.plans.models import WrittenDraft
from planwiki.plans.schemas import SectionPatch, Voice
from planwiki.plans.section_commands import change_section

HERE, VOICE = "/sections/outcomes", {"voice-whose": "family", "voice-how": "own_words"}
LINES = {"words-0": "A zebra crossing.", "picture-0": "bus", "words-1": "And I wait.", "picture-1": ""}


def opened(browser: TestClient, world: World, query: str = "") -> dict[str, str]:
    return form_of(browser.get(world.url(f"{HERE}/easy/edit{query}")), world.url(f"{HERE}/easy/edit"))


def keep(browser: TestClient, world: World, form: dict[str, str], **typed: str) -> Response:
    return browser.post(world.url(f"{HERE}/easy/draft"), data=form | typed, headers=QUIETLY)


def save(browser: TestClient, world: World, form: dict[str, str], **typed: str) -> Response:
    return browser.post(world.url(f"{HERE}/easy/edit"), data=form | VOICE | typed)


def kept_by(world: World, who: str, **lines: str) -> tuple[TestClient, dict[str, str]]:
    browser = world.browser(who)
    form = opened(browser, world) | (lines or LINES)
    assert keep(browser, world, form).status_code == 204
    return browser, form


def of_easy_words(world: World) -> list[WrittenDraft]:
    return [one for one in drafts(world) if one.face is Face.EASY]


def test_lines_that_were_kept_are_offered_again_with_their_pictures_and_saved(world: World) -> None:
    """A draft of the full words stays apart, and so do lines that are as they were saved already."""
    lee, _ = kept_by(world, "lee")
    kept_in_full(world, "lee", "The full words, so far.")
    offer = lee.get(world.url(f"{HERE}/easy/edit"))
    assert OFFER in words_of(offer)
    assert 'alt="Bus"' in offer.text
    assert "The full words, so far." not in offer.text
    assert "crossing" not in lee.get(world.url(f"{HERE}/edit")).text
    form = opened(lee, world, "?words=mine")
    assert LINES.items() <= form.items()
    picking = lee.post(world.url(f"{HERE}/easy/edit"), data=form | {"do": "pick-1"})
    on_the_way = form_of(picking, world.url(f"{HERE}/easy/edit"))
    assert keep(lee, world, on_the_way, **{"words-1": "Kept while choosing."}).status_code == 204
    form = opened(lee, world, "?words=mine")
    assert form["words-1"] == "Kept while choosing."
    assert save(lee, world, form).headers["location"].endswith("?face=easy&said=easy")
    assert "A zebra crossing." in words_of(lee.get(world.url(f"{HERE}?face=easy")))
    assert [one.words["body_markdown"] for one in drafts(world)] == ["The full words, so far."]
    again = opened(lee, world)
    assert keep(lee, world, again | {"words-0": "Other."}).status_code == 204
    assert len(of_easy_words(world)) == 1
    assert keep(lee, world, again).status_code == 204
    assert of_easy_words(world) == [], "they are as they were saved"


def test_nobody_else_finds_them_and_they_end_with_the_right_to_write(world: World) -> None:
    lee, form = kept_by(world, "lee")
    for who in ("maya", "dee", "nan", "kit"):
        found = everything_about(world, who)
        found += "".join(
            world.browser(who).get(world.url(f"{HERE}{page}")).text
            for page in ("?face=easy", "/easy/edit", "/easy/edit?words=mine", "/easy/earlier")
        )
        assert "crossing" not in found, who
    for way in ("draft", "draft/throw-away", "draft/bring-back"):
        hidden, missing = (lee.post(world.url(f"/sections/{key}/easy/{way}"), data=form) for key in ("money", "never"))
        assert hidden.status_code == missing.status_code == 404
        assert words_of(hidden) == words_of(missing)
    let_lee(world, "read")
    for query in ("", "?words=mine"):
        assert lee.get(world.url(f"{HERE}/easy/edit{query}")).status_code == 403
    assert keep(lee, world, form).status_code == 403
    assert "crossing" not in lee.get(world.url(f"{HERE}?face=easy")).text
    assert len(of_easy_words(world)) == 1


def test_where_somebody_saved_since_both_stand_on_one_page(world: World) -> None:
    """So do the full words as they are now, and it says that they changed."""
    changed = "They have changed since the easy words were written."
    lee, _ = kept_by(world, "lee")
    assert changed not in words_of(lee.get(world.url(f"{HERE}/easy/edit?words=mine")))
    dee = world.browser("dee")
    assert save(dee, world, opened(dee, world), **{"words-0": "Dee was quicker."}).status_code == 303
    patch = SectionPatch(body_markdown="New.", voice=Voice.model_validate({"whose": "family", "how": "own_words"}))
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, "outcomes", patch, 1))
    assert "This page was saved since then." in words_of(lee.get(world.url(f"{HERE}/easy/edit")))
    both = lee.get(world.url(f"{HERE}/easy/edit?words=mine"))
    said = words_of(both)
    assert all(words in said for words in ("Dee was quicker.", "A zebra crossing.", "New.", changed))
    assert save(lee, world, form_of(both, world.url(f"{HERE}/easy/edit"))).status_code == 303
    assert drafts(world) == []
    shown = words_of(lee.get(world.url(f"{HERE}?face=easy")))
    assert "A zebra crossing." in shown
    assert "The full words have changed since." not in shown
    earlier = words_of(dee.get(world.url(f"{HERE}/easy/earlier")))
    assert "Dee was quicker." in earlier


def test_a_stale_save_ends_no_draft_and_a_second_page_takes_over_none(world: World) -> None:
    lee, form = kept_by(world, "lee")
    other = opened(world.browser("lee"), world, "?words=mine") | {"came_from": "", "words-0": "Elsewhere."}
    assert keep(lee, world, other).status_code == 409
    dee = world.browser("dee")
    save(dee, world, opened(dee, world), **{"words-0": "Dee was quicker."})
    stale = save(lee, world, form)
    assert stale.status_code == 409
    assert all(words in words_of(stale) for words in ("Dee was quicker.", "A zebra crossing."))
    assert [one.words["words-0"] for one in of_easy_words(world)] == ["A zebra crossing."]
    assert save(lee, world, form_of(stale, world.url(f"{HERE}/easy/edit"))).status_code == 303
    assert of_easy_words(world) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_script_lines_are_kept_thrown_away_and_brought_back(world: World) -> None:
    """Signed out meanwhile, they come back in the page, and are kept once somebody has signed in."""
    lee = world.browser("lee")
    form = opened(lee, world) | LINES
    lee.post("/sign-out")
    out = lee.post(world.url(f"{HERE}/easy/draft"), data=form)
    assert out.status_code == 401
    assert "Press “Keep for later”." in words_of(out)
    assert "A zebra crossing." in words_of(out)
    lee = world.browser("lee")
    kept = lee.post(world.url(f"{HERE}/easy/draft"), data=form_of(out, ""))
    page = lee.get(kept.headers["location"])
    assert "Your words are kept for later. Only you can see them." in words_of(page)
    assert f'href="{world.url(HERE)}/easy/edit?words=mine"' in page.text
    thrown = lee.get(lee.post(world.url(f"{HERE}/easy/draft/throw-away")).headers["location"])
    assert "Those words are thrown away." in words_of(thrown)
    assert canary("outcomes") in thrown.text
    assert OFFER not in words_of(thrown)
    lee.post(world.url(f"{HERE}/easy/draft/bring-back"))
    assert opened(lee, world, "?words=mine")["words-0"] == "A zebra crossing."
    assert keep(lee, world, form, **{"words-0": "x" * 106_000}).status_code in {409, 422}
