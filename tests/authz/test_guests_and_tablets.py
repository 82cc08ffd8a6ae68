"""A guest reads what a link names and nothing else; on a shared tablet one plan opens, and little can be done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from tests.world import SECTIONS, World

from planwiki.activity.models import AuditEntry
from planwiki.authz.principal import Principal
from planwiki.authz.row_security import UnaskedChange
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.errors import Forbidden, NotFound, StepUpNeeded
from planwiki.base.vocabulary import Label, MediaKind, Permission
from planwiki.circle.commands import end_member
from planwiki.circle.models import Member, SharedSection, ShareLink
from planwiki.integrations.models import KeptAnswer
from planwiki.media.models import Media
from planwiki.people.models import Account
from planwiki.plans.models import Plan, Revision, Section
from planwiki.plans.queries import section_view
from planwiki.search.models import SearchEntry
from planwiki.tables import TABLES

HER_OWN = {"person": {"display_name": "Maya"}, "my_role": "person", "template": "three-questions"}


@pytest.fixture
def link(world: World) -> UUID:
    """Dee shares two sections by a link; it opens for an hour."""
    with world.database.system_session("a guest link") as session:
        dee, now = world.principals["dee"].account_id, clock.now()
        until = now + timedelta(hours=1)
        made = ShareLink(plan_id=world.plan_id, secret_hash="x", created_by=dee, created_at=now, expires_at=until)
        session.add(made)
        session.flush()
        rows = session.exec(select(Section).where(col(Section.key).in_(("great-things", "outcomes"))))
        for section in [row for row in rows if row.plan_id == world.plan_id]:
            session.add(SharedSection(plan_id=world.plan_id, section_id=section.id, link_id=made.id))
        return made.id


def as_guest(world: World, link: UUID) -> Principal:
    return Principal(world.principals["dee"].account_id, guest_link_id=link)


def seen(world: World, who: Principal) -> set[str]:
    with world.database.unit_of_work(who) as uow:
        return set(uow.all(select(Section.key)))


def change(world: World, what: Callable[[Any], object]) -> None:
    with world.database.system_session("what a test changes") as session:
        what(session)


def test_a_guest_reads_what_the_link_names_and_nothing_else(world: World, link: UUID) -> None:
    guest = as_guest(world, link)
    assert seen(world, guest) == {"great-things", "outcomes"}
    with world.database.unit_of_work(guest) as uow:
        assert uow.all(select(Plan.id)) == [world.plan_id]
        others = [table for table in TABLES if table not in (Plan, Section)]
        assert {table: uow.all(select(table)) for table in others} == {table: [] for table in others}


NOT_FOR_GUESTS = (Label.DIARY, Label.RELATIONSHIPS, Label.MONEY, Label.FAMILY_BUSINESS, Label.WHEREABOUTS)


@pytest.mark.parametrize("label", NOT_FOR_GUESTS)
def test_no_link_opens_what_the_policy_keeps_from_guests(world: World, link: UUID, label: Label) -> None:
    def relabel(session: Any) -> None:
        question = select(Section).where(Section.key == "outcomes", Section.plan_id == world.plan_id)
        session.exec(question).one().label = label

    change(world, relabel)
    assert seen(world, as_guest(world, link)) == {"great-things"}


def test_a_link_ends_in_every_way_it_can(world: World, link: UUID) -> None:
    guest = as_guest(world, link)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert seen(world, guest) == set()
    for table, field in ((ShareLink, "ended_at"), (Plan, "frozen_at"), (Plan, "closed_at")):

        def end(session: Any, value: object, table: Any = table, field: str = field) -> None:
            id = link if table is ShareLink else world.plan_id
            setattr(session.get(table, id), field, value)

        change(world, lambda session, end=end: end(session, clock.now()))
        assert seen(world, guest) == set(), field
        change(world, lambda session, end=end: end(session, None))
        assert seen(world, guest) == {"great-things", "outcomes"}
    dee = world.principals["dee"].account_id
    change(world, lambda session: setattr(session.get(Account, dee), "closed_at", clock.now()))
    assert seen(world, guest) == set(), "the host closed its maker's account"
    change(world, lambda session: setattr(session.get(Account, dee), "closed_at", None))
    for who in ("nan", "maya"):  # Nobody borrows another's link, not even another owner.
        assert seen(world, Principal(world.principals[who].account_id, guest_link_id=link)) == set()
    world.ask("maya", lambda uow: end_member(uow, world.plan_id, world.members["dee"]))
    assert seen(world, guest) == set()


def test_a_guest_changes_nothing(world: World, link: UUID) -> None:
    with world.database.unit_of_work(as_guest(world, link), writes=True) as uow:
        section = section_view(uow, world.plan_id, "great-things")
        assert section.my_level == "read"
        row = uow.get(Section, section.id)
        for permission in Permission:
            with pytest.raises(Forbidden):
                uow.require(permission, row)
        with pytest.raises(Forbidden):
            uow.require_owner(uow.get(Plan, world.plan_id))
        with pytest.raises(Forbidden):
            uow.start(Plan())


@pytest.fixture
def on_tablet(world: World) -> Principal:
    """Maya on a shared tablet; she has a second plan of her own, which the tablet does not open."""
    made = world.api("maya").post(
        "/v1/plans", json={"person": {"display_name": "Maya"}, "my_role": "person", "template": "three-questions"}
    )
    assert made.status_code == 201
    return Principal(world.principals["maya"].account_id, tablet_plan_id=world.plan_id)


def test_a_tablet_opens_one_plan(world: World, on_tablet: Principal) -> None:
    maya = Principal(on_tablet.account_id)
    with world.database.unit_of_work(maya) as uow:
        everything, plans = set(uow.all(select(Section.id))), uow.all(select(Plan.id))
        here = set(uow.all(select(Section.id).where(Section.plan_id == world.plan_id)))
    assert len(plans) == 2
    assert here < everything

    def answer(session: Any) -> None:
        told: dict[str, Any] = {"account_id": on_tablet.account_id, "fingerprint": "x", "status": 201, "body": ""}
        told["created_at"] = clock.now()
        session.add_all(KeptAnswer(**told, key=f"page:{plan}", plan_id=plan) for plan in plans)

    change(world, answer)
    with world.database.unit_of_work(on_tablet) as uow:
        assert [one.plan_id for one in uow.all(select(KeptAnswer))] == [world.plan_id]
        assert uow.all(select(Plan.id)) == [world.plan_id]
        assert set(uow.all(select(Section.id))) == here
        for table in (Member, Revision, SearchEntry):
            assert {row.plan_id for row in uow.all(select(table))} == {world.plan_id}, table
        assert uow.all(select(AuditEntry)) == []


def test_a_diary_never_opens_on_a_tablet(world: World, on_tablet: Principal) -> None:
    """Whoever set the tablet up has seen its pictures."""

    def close(session: Any) -> None:
        question = select(Section).where(Section.key == "outcomes", Section.plan_id == world.plan_id)
        session.exec(question).one().label = Label.DIARY

    assert "outcomes" in seen(world, on_tablet)
    change(world, close)
    assert "outcomes" not in seen(world, on_tablet)
    with world.database.unit_of_work(on_tablet) as uow:
        titles = {one.title for table in (Section, Revision) for one in uow.all(select(table))}
        assert SECTIONS["outcomes"][0] not in titles
    assert "outcomes" in seen(world, world.principals["maya"])


def test_on_a_tablet_words_are_added_and_nothing_else_is_done(world: World, on_tablet: Principal) -> None:
    with world.database.unit_of_work(on_tablet, writes=True) as uow:
        section = uow.one(select(Section).where(Section.key == "great-things"))
        for permission in Permission:
            assert uow.may(permission, section.id) is (permission is Permission.READ)
        plan = uow.get(Plan, world.plan_id)
        for refused in (
            lambda: uow.require(Permission.EDIT, section),
            lambda: uow.require_owner(plan),
            lambda: uow.start(Plan()),
        ):
            with pytest.raises(Forbidden):
                refused()
        uow.require_to_add(section)
        section.body_markdown += " More."
        uow.flush()
    with pytest.raises(Forbidden), world.database.unit_of_work(world.principals["nan"], writes=True) as uow:
        uow.require_to_add(uow.one(select(Section).where(Section.key == "great-things")))


@pytest.mark.parametrize("change", ["caption", "delete", "elsewhere"])
def test_on_a_tablet_a_voice_is_added_and_stays(world: World, on_tablet: Principal, change: str) -> None:
    """It belongs to the section that was asked about, and nothing there is changed or taken away."""
    facts: dict[str, Any] = {"kind": MediaKind.SOUND, "content_type": "audio/webm", "filename": "x", "size": 1}
    facts |= {"plan_id": world.plan_id, "stored": 1, "sha256": "x", "created_by": on_tablet.account_id}
    with world.database.unit_of_work(on_tablet, writes=True) as uow:
        keys = ("great-things", "outcomes")
        section, other = (uow.one(select(Section).where(Section.key == key)) for key in keys)
        uow.require_to_add(section)
        made = Media(**facts, section_id=section.id, created_at=uow.now)
        uow.add(made)
        with pytest.raises(UnaskedChange):
            if change == "caption":
                made.caption = "Other words"
            elif change == "delete":
                uow.delete(made)
            else:
                uow.add(Media(**facts, section_id=other.id, created_at=uow.now))
            uow.flush()
        uow._session.rollback()


def test_a_tablet_of_another_plan_adds_nothing_here(world: World) -> None:
    elsewhere = world.api("maya").post(
        "/v1/plans", json={"person": {"display_name": "Maya"}, "my_role": "person", "template": "three-questions"}
    )
    tablet = Principal(world.principals["maya"].account_id, tablet_plan_id=UUID(elsewhere.json()["id"]))
    with pytest.raises(NotFound), world.database.unit_of_work(tablet) as uow:
        section_view(uow, world.plan_id, "great-things")


def test_who_signed_in_a_while_ago_is_asked_again(world: World) -> None:
    def fresh(principal: Principal) -> bool:
        with world.database.unit_of_work(principal) as uow:
            try:
                uow.require_fresh()
            except StepUpNeeded:
                return False
            return True

    dee, now = world.principals["dee"].account_id, clock.now()
    assert fresh(Principal(dee)), "programs are not asked"
    assert fresh(Principal(dee, confirmed_at=now - timedelta(minutes=4)))
    assert not fresh(Principal(dee, confirmed_at=now - timedelta(minutes=6)))


def test_a_steward_owns_from_the_first_day_to_the_last(world: World) -> None:
    def between(first: int, last: int) -> bool:
        def set_days(session: Any) -> None:
            member, today = session.get(Member, world.members["dee"]), world.database.day_of(clock.now())
            member.basis_valid_from, member.basis_valid_until = today + timedelta(first), today + timedelta(last)

        change(world, set_days)
        return world.ask("dee", lambda uow: uow.owns(world.plan_id))

    assert [between(0, 0), between(-1, 1), between(1, 2), between(-2, -1)] == [True, True, False, False]


def test_before_they_are_confirmed_only_everyday_sections_open(world: World) -> None:
    """And a person or steward who came owns nothing yet."""

    def forget(session: Any) -> None:
        for who in ("nan", "maya"):
            session.get(Member, world.members[who]).confirmed_at = None
        section = session.exec(select(Section).where(Section.key == "wellness", Section.plan_id == world.plan_id)).one()
        section.label = Label.HEALTH

    assert seen(world, world.principals["nan"]) == {"great-things", "wellness"}
    change(world, forget)
    assert seen(world, world.principals["nan"]) == {"great-things"}

    def owner(uow: UnitOfWork) -> bool:
        return uow.owns(world.plan_id)

    assert not world.ask("maya", owner)
    assert seen(world, world.principals["maya"]) == set()
