"""Whom to ask, the rings, somebody's leaving, and shares that nobody uses."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select
from tests.pages.seen import form_of, words_of
from tests.world import World, canary

from planwiki.base import clock
from planwiki.base.vocabulary import Level
from planwiki.circle.grant_commands import give
from planwiki.circle.models import Grant, Member
from planwiki.circle.schemas import MemberGrantDraft


def member(world: World, who: str, path: str = "") -> str:
    return world.url(f"/circle/{world.members[who]}{path}")


def change(world: World, who: str, **typed: str) -> None:
    dee, at = world.browser("dee"), member(world, who)
    assert dee.post(at, data=form_of(dee.get(at), at) | typed).status_code == 303


def top(world: World, who: str, path: str = "") -> str:
    found = re.search(r'<p class="ask">(.*?)</p>', world.browser(who).get(world.url(path)).text)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


def test_one_person_is_asked_first_and_stands_on_every_page(world: World) -> None:
    assert top(world, "nan") == "Who do I ask? Lee"
    change(world, "sam", is_key_worker="yes", phone="01632 960001")
    for path in ("", "/circle", "/sections/great-things/who", "/circle/rings"):
        assert top(world, "nan", path) == "Who do I ask? Sam", path
    assert top(world, "dee") == "Who do I ask? Sam 01632 960001"
    change(world, "nan", is_key_worker="yes")
    assert top(world, "lee") == "Who do I ask? Nan"
    assert "ask first" not in words_of(world.browser("dee").get(member(world, "sam")))


def test_whoever_has_left_is_asked_no_more(world: World) -> None:
    change(world, "sam", is_key_worker="yes", ends_on=world.database.day_of(clock.now()).isoformat())
    assert top(world, "nan") == "Who do I ask? Sam"
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert top(world, "nan") == "Who do I ask? Lee"


def test_people_stand_in_rings_and_in_lists(world: World) -> None:
    change(world, "nan", closeness="1", knows_me_best="yes")
    change(world, "lee", closeness="4")
    answer = world.browser("sam").get(world.url("/circle/rings"))
    words = words_of(answer)
    order = ["1. Closest", "Nan knows me best", "4. They are paid to help", "Lee", "In no ring yet", "Dr Rao"]
    places = [words.rindex(one) for one in order]
    assert places == sorted(places)
    drawing = re.search(r'<svg class="rings".*?</svg>', answer.text, re.DOTALL)
    assert drawing
    assert 'aria-hidden="true"' in drawing[0]
    assert re.findall(r">(Nan|Lee|Sam)<", drawing[0]) == ["Nan", "Lee"]


def test_what_only_lee_does_is_handed_on_in_one_step(world: World) -> None:
    dee, at = world.browser("dee"), member(world, "lee", "/leaving")
    asked = dee.get(at)
    assert "Whom will everybody ask first?" in words_of(asked), "nobody else is asked now"
    assert str(world.members["dee"]) in asked.text.split('name="ask_first"')[1], "whoever decides may be asked"
    assert "Lee is leaving" in words_of(asked)
    assert "Who else will change “What I want to be different”?" in words_of(asked)
    form = form_of(asked, at)
    assert {name for name in form if name.startswith("to-")} <= {"to-outcomes"}
    last = world.database.day_of(clock.now())
    said = {"ends_on": last.isoformat(), "to-outcomes": str(world.members["sam"])}
    said["ask_first"] = str(world.members["nan"])
    assert dee.post(at, data=form | said).status_code == 303
    assert world.browser("sam").get(world.url("/sections/outcomes/edit")).status_code == 200
    assert top(world, "sam") == "Who do I ask? Nan"
    assert canary("outcomes") in world.browser("lee").get(world.url("/sections/outcomes")).text
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert world.browser("lee").get(world.url("/sections/outcomes")).status_code == 404
        assert world.browser("lee").get(world.url()).status_code == 404
        assert "Lee key worker has left" in words_of(world.browser("dee").get(world.url("/circle")))
        for path in ("/circle", "/circle/rings"):
            assert "Lee" not in words_of(world.browser("sam").get(world.url(path))), "as if removed"
    assert "There is no section that only Lee changes." in words_of(dee.get(at))


def test_handing_on_is_all_or_nothing_and_for_owners(world: World) -> None:
    at = member(world, "lee", "/leaving")
    said = {"to-outcomes": str(world.members["dee"]), "ask_first": str(world.members["nan"])}
    answer = world.browser("dee").post(at, data=said)
    assert answer.status_code == 422
    assert 'href="#field-to-outcomes"' in answer.text
    assert top(world, "sam") == "Who do I ask? Lee"
    assert world.browser("sam").get(at).status_code == world.browser("sam").post(at, data={}).status_code == 403
    assert world.browser("kit").get(at).status_code == 404


def age(world: World, days: int) -> None:
    """Everything was given that many days ago."""
    with world.database.system_session("grants of long ago") as session:
        for grant in session.exec(select(Grant)):
            grant.created_at = clock.now() - timedelta(days=days)


def unused(world: World) -> str:
    words = words_of(world.browser("dee").get(world.url("/circle/unused")))
    return words.partition("You choose what happens. ")[2]


def test_a_share_that_nobody_used_for_90_days_is_asked_about(world: World) -> None:
    age(world, 89)
    assert unused(world).startswith("All is in use")
    age(world, 91)
    assert world.browser("nan").get(world.url("/sections/wellness")).status_code == 200
    world.browser("lee").get(world.url())  # The tiles alone are no use of a section.
    world.api("rao").get(f"/v1{world.url('/document')}")
    found = re.findall(r"(\w+) : ([\w ]+?) Keep it", unused(world))
    assert [(who, what.strip()) for who, what in found] == [
        ("Nan", "Great things about me"),
        ("Sam", "Great things about me"),
        ("Lee", "Great things about me"),
        ("Lee", "What I want to be different"),
    ]
    assert "4 shares that nobody uses" in words_of(world.browser("dee").get(world.url("/circle")))
    assert "nobody uses" not in words_of(world.browser("nan").get(world.url("/circle")))


@pytest.mark.parametrize(
    ("answer", "in_30_days", "still_open"), [("keep", False, True), ("done", False, False), ("not_now", True, True)]
)
def test_an_owner_answers_and_nothing_else_changes(
    world: World, answer: str, in_30_days: bool, still_open: bool
) -> None:
    age(world, 91)
    page = world.browser("dee").get(world.url("/circle/unused"))
    grant = re.search(rf"{world.members['sam']}|Sam</strong>.*?action=\"([^\"]+)\"", page.text, re.DOTALL)
    assert grant
    assert world.browser("nan").post(grant[1], data={"answer": answer}).status_code == 403
    assert world.browser("dee").post(grant[1], data={"answer": "perhaps"}).status_code == 403
    assert world.browser("dee").post(grant[1], data={"answer": answer}).status_code == 303
    assert "Sam" not in unused(world)
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert ("Sam" in unused(world)) is in_30_days
    assert world.browser("sam").get(world.url("/sections/great-things")).status_code == (200 if still_open else 404)


def test_an_owners_own_reading_is_never_told(world: World) -> None:
    draft = MemberGrantDraft(member_id=world.members["maya"], level=Level.READ)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "outcomes", draft))
    age(world, 91)
    assert "Maya" not in unused(world)


def test_one_brought_back_leaves_the_mark_with_whoever_has_it_now(world: World) -> None:
    change(world, "sam", is_key_worker="yes")
    dee = world.browser("dee")
    gone = dee.post(member(world, "sam", "/remove"))
    change(world, "nan", is_key_worker="yes")
    circle = dee.get(gone.headers["location"])
    back = member(world, "sam", "/bring-back")
    assert dee.post(back, data=form_of(circle, back)).status_code == 303
    assert top(world, "lee") == "Who do I ask? Nan"
    with world.database.system_session("who is asked?", writes=False) as session:
        assert len(session.exec(select(Member).where(Member.is_key_worker, Member.ended_at.is_(None))).all()) == 1  # type: ignore[union-attr]  # a column
