"""Words that somebody is writing: kept for them alone, offered again, joined, thrown away, and gone once saved."""

from datetime import timedelta
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select
from tests.pages.seen import form_of, words_of
from tests.world import World, canary

from planwiki.activity.models import AuditEntry
from planwiki.base import clock
from planwiki.circle.grant_commands import replace_section_grants
from planwiki.circle.schemas import SectionGrantsDraft
from planwiki.plans.draft_commands import clear_drafts
from planwiki.plans.models import WrittenDraft
from planwiki.plans.queries import section_view
from planwiki.plans.schemas import SectionPatch, SectionView, Voice
from planwiki.plans.section_commands import change_section

QUIETLY = {"Accept": "application/json"}
OFFER = "You have words here that are not saved"
HERE = "/sections/outcomes"


def opened(browser: TestClient, world: World, query: str = "") -> dict[str, str]:
    return form_of(browser.get(world.url(f"{HERE}/edit{query}")), world.url(f"{HERE}/edit"))


def keep(browser: TestClient, world: World, form: dict[str, str], **typed: str) -> Response:
    return browser.post(world.url(f"{HERE}/draft"), data=form | typed, headers=QUIETLY)


def kept_by(world: World, who: str, text: str) -> tuple[TestClient, dict[str, str]]:
    browser = world.browser(who)
    form = opened(browser, world) | {"body_markdown": text}
    assert keep(browser, world, form).status_code == 204
    return browser, form


def drafts(world: World) -> list[WrittenDraft]:
    with world.database.system_session("what is kept?", writes=False) as session:
        return list(session.exec(select(WrittenDraft)))


def now(world: World) -> SectionView:
    return cast(SectionView, world.ask("dee", lambda uow: section_view(uow, world.plan_id, "outcomes")))


def write(world: World, who: str, text: str) -> None:
    voice = Voice.model_validate({"whose": "family", "how": "own_words"})
    patch, base = SectionPatch(body_markdown=text, voice=voice), now(world).revision
    world.ask(who, lambda uow: change_section(uow, world.plan_id, "outcomes", patch, based_on=base))


def test_words_that_were_kept_are_offered_again_and_saved(world: World) -> None:
    lee, _ = kept_by(world, "lee", "The bus,\r\n\r\nevery *Friday*.")
    offer = lee.get(world.url(f"{HERE}/edit"))
    assert OFFER in words_of(offer)
    assert "every <em>Friday</em>." in offer.text
    form = opened(lee, world, "?words=mine")
    assert form["body_markdown"] == "The bus,\n\nevery *Friday*."
    assert lee.post(world.url(f"{HERE}/edit"), data=form).status_code == 303
    assert now(world).body_markdown == "The bus,\n\nevery *Friday*."
    assert drafts(world) == []
    assert OFFER not in words_of(lee.get(world.url(f"{HERE}/edit")))


def test_a_button_keeps_words_for_later_without_script(world: World) -> None:
    lee = world.browser("lee")
    answer = lee.post(world.url(f"{HERE}/draft"), data=opened(lee, world) | {"body_markdown": "Later.", "title": ""})
    assert answer.headers["location"] == world.url(f"{HERE}?said=kept")
    section = lee.get(answer.headers["location"]).text
    assert "Your words are kept for later. Only you can see them." in section
    assert opened(lee, world, "?words=mine")["body_markdown"] == "Later."


def everything_about(world: World, who: str) -> str:
    """All that somebody can read of this section and of what happened, in every form."""
    pages = ("", HERE, f"{HERE}/edit", f"{HERE}/edit?words=mine", f"{HERE}/history", "/looked", "/as/{}")
    paths = [world.url(one.format(world.members["lee"])) for one in pages]
    api = [f"/v1{world.url(one)}" for one in (HERE, "/document", "/access-log", "/sections")]
    found = "".join(world.browser(who).get(one).text for one in [*paths, "/search?q=zebra", "/me", "/plans"])
    return found + "".join(world.api(who).get(one).text for one in [*api, "/v1/search?q=zebra"])


@pytest.mark.parametrize("who", ["maya", "dee", "nan", "sam", "rao", "kit"])
def test_nobody_but_their_writer_finds_them_owners_included(world: World, who: str) -> None:
    lee, _ = kept_by(world, "lee", "A zebra crossing.")
    assert "crossing" in lee.get(world.url(f"{HERE}/edit")).text
    found = everything_about(world, who)
    assert "crossing" not in found
    assert OFFER not in found


def test_each_writer_has_their_own(world: World) -> None:
    for who in ("lee", "dee"):
        kept_by(world, who, f"By {who}.")
    for who in ("lee", "dee"):
        assert opened(world.browser(who), world, "?words=mine")["body_markdown"] == f"By {who}."


def test_keeping_words_tells_nobody_and_changes_nothing(world: World) -> None:
    def told() -> list[Any]:
        with world.database.system_session("what was told?", writes=False) as session:
            return [one.verb for one in session.exec(select(AuditEntry)) if not one.verb.endswith("viewed")]

    before = now(world), told()
    lee, _ = kept_by(world, "lee", "A zebra.")
    lee.post(world.url(f"{HERE}/draft/throw-away"))
    lee.post(world.url(f"{HERE}/draft/bring-back"))
    assert (now(world), told()) == before


@pytest.mark.parametrize("way", ["draft", "draft/throw-away", "draft/bring-back"])
def test_nobody_keeps_words_where_they_may_not_write(world: World, way: str) -> None:
    lee, form = kept_by(world, "lee", "Kept.")
    for who, key in (("nan", "wellness"), ("sam", "great-things"), ("lee", "great-things")):
        answer = world.browser(who).post(world.url(f"/sections/{key}/{way}"), data=form, headers=QUIETLY)
        assert answer.status_code == 403, who
    hidden, missing = (lee.post(world.url(f"/sections/{key}/{way}"), data=form) for key in ("money", "never-was"))
    assert hidden.status_code == missing.status_code == 404
    assert words_of(hidden) == words_of(missing)
    assert len(drafts(world)) == 1


def let_lee(world: World, level: str) -> None:
    draft = SectionGrantsDraft.model_validate({"members": [{"member_id": world.members["lee"], "level": level}]})
    world.ask("dee", lambda uow: replace_section_grants(uow, world.plan_id, "outcomes", draft))


def test_a_draft_ends_with_the_right_to_write_and_nothing_is_told(world: World) -> None:
    lee, form = kept_by(world, "lee", "A zebra.")
    let_lee(world, "read")
    for query in ("", "?words=mine"):
        answer = lee.get(world.url(f"{HERE}/edit{query}"))
        assert answer.status_code == 403
        assert "zebra" not in answer.text
    assert "zebra" not in lee.get(world.url(HERE)).text
    assert keep(lee, world, form, body_markdown="More.").status_code == 403
    assert [one.words["body_markdown"] for one in drafts(world)] == ["A zebra."]


def test_where_somebody_saved_since_both_texts_stand_on_one_page(world: World) -> None:
    write(world, "dee", "I take the bus.\n\nLee sits at the back.\n")
    lee, _ = kept_by(world, "lee", "I take the bus on Fridays.\n\nLee sits at the back.\n")
    write(world, "dee", "I take the bus.\n\nLee waits at the stop.\n")
    assert "This page was saved since then." in words_of(lee.get(world.url(f"{HERE}/edit")))
    words = words_of(lee.get(world.url(f"{HERE}/edit?words=mine")))
    assert "What you wrote I take the bus on Fridays. Lee sits at the back." in words
    assert "What Dee saved I take the bus. Lee waits at the stop." in words
    form = opened(lee, world, "?words=mine")
    assert form["body_markdown"] == "I take the bus on Fridays.\n\nLee waits at the stop.\n"
    assert keep(lee, world, form, body_markdown="Joined so far.").status_code == 204
    again = opened(lee, world, "?words=mine")
    assert (again["body_markdown"], again["mine"]) == ("Joined so far.", form["mine"])
    assert lee.post(world.url(f"{HERE}/edit"), data=again).status_code == 303
    assert (now(world).body_markdown, drafts(world)) == ("Joined so far.", [])


def test_what_is_thrown_away_comes_back(world: World) -> None:
    lee, _ = kept_by(world, "lee", "First.")
    thrown = lee.post(world.url(f"{HERE}/draft/throw-away"))
    page = lee.get(thrown.headers["location"])
    assert "Those words are thrown away." in page.text
    form = form_of(page, world.url(f"{HERE}/edit"))
    assert canary("outcomes") in form["body_markdown"]
    assert keep(lee, world, form, body_markdown="Second.").status_code == 204
    for text in ("First.", "Second."):  # What is kept and what was thrown away change places: neither is lost.
        lee.post(world.url(f"{HERE}/draft/bring-back"))
        assert opened(lee, world, "?words=mine")["body_markdown"] == text


def test_two_pages_never_write_over_each_other(world: World) -> None:
    lee = world.browser("lee")
    phone, desk = opened(lee, world), opened(lee, world)
    assert keep(lee, world, phone, body_markdown="On the phone.").status_code == 204
    assert keep(lee, world, desk, body_markdown="At the desk.").status_code == 409
    goes_on = opened(lee, world, "?words=mine")
    assert keep(lee, world, goes_on, body_markdown="On the phone, and on.").status_code == 204
    assert keep(lee, world, phone, body_markdown="Older.").status_code == 409
    shown = lee.post(world.url(f"{HERE}/draft"), data=phone | {"body_markdown": "Older."})
    assert shown.status_code == 409
    assert form_of(shown, "")["body_markdown"] == "Older."
    assert lee.post(world.url(f"{HERE}/edit"), data=phone | {"body_markdown": "Older."}).status_code == 303
    assert opened(lee, world, "?words=mine")["mine"] == "On the phone, and on."


def test_words_as_they_are_saved_need_no_keeping(world: World) -> None:
    lee, form = kept_by(world, "lee", "Something.")
    assert keep(lee, world, form, body_markdown=now(world).body_markdown).status_code == 204
    assert drafts(world) == []


def test_signed_out_while_writing_loses_nothing(world: World) -> None:
    lee = world.browser("lee")
    form = opened(lee, world) | {"body_markdown": "Written\n\nlong & well."}
    lee.post("/sign-out")
    assert keep(lee, world, form).status_code == 401
    answer = lee.post(world.url(f"{HERE}/draft"), data=form)
    assert answer.status_code == 401
    assert "Your words are still here" in words_of(answer)
    assert "Press “Keep for later”." in words_of(answer)
    again = world.browser("lee").post(world.url(f"{HERE}/draft"), data=form_of(answer, ""))
    assert again.status_code == 303
    assert [one.words["body_markdown"] for one in drafts(world)] == ["Written\n\nlong & well."]


def test_a_draft_holds_as_much_as_could_be_saved_one_day(world: World) -> None:
    lee = world.browser("lee")
    form = opened(lee, world)
    assert keep(lee, world, form, body_markdown="é" * 100_000).status_code == 204
    assert keep(lee, world, form, body_markdown="é" * 106_000).status_code == 422
    assert keep(lee, world, form, body_markdown="a\0b").status_code == 204
    assert [one.words["body_markdown"] for one in drafts(world)] == ["ab"]


@pytest.mark.parametrize("page", ["", "x", "9" * 50])
def test_a_forged_page_takes_over_no_words(world: World, page: str) -> None:
    lee, form = kept_by(world, "lee", "Kept.")
    assert keep(lee, world, form | {"page": page, "body_markdown": "Forged."}).status_code == 409
    assert [one.words["body_markdown"] for one in drafts(world)] == ["Kept."]


def test_drafts_nobody_came_back_to_are_cleared_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_by(world, "lee", "Kept.")
    dee, _ = kept_by(world, "dee", "Thrown away.")
    dee.post(world.url(f"{HERE}/draft/throw-away"))
    start = clock.now()
    for days, left in ((0.9, ["Kept.", "Thrown away."]), (2, ["Kept."]), (89, ["Kept."]), (91, [])):
        later = start + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        clear_drafts(world.database)
        assert sorted(one.words["body_markdown"] for one in drafts(world)) == left, days


def test_how_somebody_writes_is_remembered_for_their_account(world: World) -> None:
    at = world.url(f"{HERE}/edit")
    for where, name, mark in (("/me/writing", "plain", "data-plain"), ("/me/hints", "off", "data-off")):
        for typed, chosen in (({name: "yes"}, True), ({}, False)):
            assert world.browser("lee").post(where, data=typed).status_code == 204
            assert (mark in world.browser("lee").get(at).text) is chosen
        world.browser("lee").post(where, data={name: "yes"})
        assert mark not in world.browser("dee").get(at).text
