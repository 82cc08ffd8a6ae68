"""Seeing the plan as somebody else sees it, as a browser meets it."""

from typing import cast

import pytest
from sqlmodel import select
from tests.pages.seen import words_of
from tests.world import READS, SECTIONS, World, canary

from planwiki.activity.models import AuditEntry
from planwiki.base.ids import new_id


def as_(world: World, whom: str, path: str = "") -> str:
    return world.url(f"/as/{world.members[whom]}{path}")


@pytest.mark.parametrize("whom", ["maya", "nan", "sam", "lee", "rao"])
def test_an_owner_sees_what_the_other_sees_and_no_more(world: World, whom: str) -> None:
    dee = world.browser("dee")
    plan = dee.get(as_(world, whom))
    assert "You cannot change anything here." in plan.text
    for key, (title, _) in SECTIONS.items():
        section = dee.get(as_(world, whom, f"/sections/{key}"))
        assert (title in words_of(plan)) is (canary(key) in section.text) is (key in READS[whom])
        assert section.status_code == (200 if key in READS[whom] else 404)


@pytest.mark.parametrize("whom", ["maya", "nan", "lee"])
def test_nothing_can_be_changed_while_looking_as_somebody_else(world: World, whom: str) -> None:
    dee = world.browser("dee")
    for path in ("", "/sections/great-things"):
        page = dee.get(as_(world, whom, path)).text.partition("<main")[2]
        assert "<form" not in page
        for way in ("/edit", "/settings", "/history", "/new", "/who", "/sharing"):
            assert f'{way}"' not in page, (path, way)


def test_every_section_leads_on_as_the_same_person(world: World) -> None:
    page = world.browser("dee").get(as_(world, "nan")).text.partition("<main")[2]
    assert f'href="{as_(world, "nan", "/sections/wellness")}"' in page
    assert f'href="{world.url("/sections/wellness")}"' not in page


def test_each_look_is_written_down_by_id(world: World) -> None:
    world.browser("dee").get(as_(world, "nan"))
    world.browser("dee").get(as_(world, "nan", "/sections/wellness"))
    with world.database.system_session("read what was written down") as session:
        seen = session.exec(select(AuditEntry).where(AuditEntry.verb == "plan.seen_as")).all()
    assert [cast(AuditEntry, one).subject_id for one in seen] == [world.members["nan"]] * 2


def test_the_press_of_a_button_leads_there(world: World) -> None:
    answer = world.browser("dee").post(world.url("/see-as"), data={"member": str(world.members["nan"])})
    assert answer.headers["location"] == as_(world, "nan")
    assert world.browser("dee").post(world.url("/see-as"), data={"member": "nan"}).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("nan", 403), ("lee", 403), ("kit", 404)])
def test_only_owners_see_as_somebody_else(world: World, who: str, status: int) -> None:
    for path in ("", "/sections/great-things", "/sections/money"):
        answer = world.browser(who).get(as_(world, "rao", path))
        assert answer.status_code == status
        assert "canary" not in answer.text


def test_nobody_is_seen_as_who_is_not_in_the_circle(world: World) -> None:
    assert world.browser("dee").get(world.url(f"/as/{new_id()}")).status_code == 404
