"""Every look and change is kept in a chain, and tampering with it is found."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select
from tests.world import World

from planwiki.activity.models import AuditEntry, AuditHead
from planwiki.authz.audit_chain import Found
from planwiki.base.vocabulary import Outcome


def verified(world: World) -> Found:
    return world.database.verify(world.plan_id)


def entries(session: Any, world: World) -> list[AuditEntry]:
    question = select(AuditEntry).where(AuditEntry.plan_id == world.plan_id).order_by(col(AuditEntry.number))
    return list(session.exec(question))


def test_a_chain_that_nobody_touched_is_whole(world: World) -> None:
    before = verified(world)
    assert (before.problem, before.number > 20) == ("", True)
    world.api("dee").patch(f"/v1/plans/{world.plan_id}", json={"title": "New"}, headers={"If-Match": "*"})
    after = verified(world)
    assert (after.problem, after.number) == ("", before.number + 1)


def test_an_audit_belongs_to_its_plan(world: World) -> None:
    made = world.api("kit").post("/v1/plans", json={"person": {"display_name": "Jo"}, "my_role": "steward"})
    assert made.status_code == 201
    assert verified(world).problem == ""


def _change(name: str, value: object) -> Callable[[Any, list[AuditEntry]], None]:
    def change(_: Any, rows: list[AuditEntry]) -> None:
        setattr(rows[5], name, value)

    return change


def _swap(session: Any, rows: list[AuditEntry]) -> None:
    first, second = rows[4].number, rows[5].number
    rows[4].number = -1
    session.flush()
    rows[5].number = first
    session.flush()
    rows[4].number = second


def _cut(count: int) -> Callable[[Any, list[AuditEntry]], None]:
    def cut(session: Any, rows: list[AuditEntry]) -> None:
        for row in rows[-count:]:
            session.delete(row)

    return cut


def _cut_and_mend_the_head(session: Any, rows: list[AuditEntry]) -> None:
    head = session.get(AuditHead, rows[0].plan_id)
    session.delete(rows[-1])
    head.number, head.seal = rows[-2].number, rows[-2].seal


def _cut_all(session: Any, rows: list[AuditEntry]) -> None:
    for row in rows:
        session.delete(row)
    session.delete(session.get(AuditHead, rows[0].plan_id))


def _cut_head(session: Any, rows: list[AuditEntry]) -> None:
    session.delete(session.get(AuditHead, rows[0].plan_id))


def _add(session: Any, rows: list[AuditEntry]) -> None:
    last = rows[-1]
    more = {"number": (last.number or 0) + 1, "seal": last.seal, "at": last.at, "actor_id": last.actor_id}
    session.add(AuditEntry(plan_id=last.plan_id, verb="x", **more))


TAMPERING = {
    "another verb": _change("verb", "section.viewed"),
    "another actor": _change("actor_id", None),
    "another time": lambda _, rows: setattr(rows[5], "at", rows[5].at + timedelta(seconds=1)),
    "another outcome": _change("outcome", Outcome.REFUSED),
    "another seal": _change("seal", "0" * 64),
    "one taken from the middle": lambda session, rows: session.delete(rows[5]),
    "the last taken": _cut(1),
    "the last ten taken": _cut(10),
    "the last taken and the head put back": _cut_and_mend_the_head,
    "the head taken": _cut_head,
    "one added": _add,
    "two swapped": _swap,
}


@pytest.mark.parametrize("tampering", TAMPERING)
def test_tampering_is_found(world: World, tampering: str) -> None:
    with world.database.system_session("somebody tampers") as session:
        TAMPERING[tampering](session, entries(session, world))
    assert verified(world).problem


def test_what_one_looked_at_is_kept_and_a_refusal_too(world: World) -> None:
    nan, before = world.api("nan"), verified(world).number
    with TestClient(world.app, headers=nan.headers) as client:  # When it stops, what was noted is kept.
        for path in ("", "/sections/great-things", "/sections/family-only", "/document", "/sections/nowhere"):
            client.get(f"/v1/plans/{world.plan_id}{path}")
    with world.database.system_session("what was kept", writes=False) as session:
        rows = [row for row in entries(session, world) if (row.number or 0) > before]
        kept = [(row.verb, row.outcome.value, row.section_id is not None) for row in rows]
    assert kept == [
        ("plan.viewed", "allowed", False),
        ("section.viewed", "allowed", True),
        ("section.viewed", "refused", True),
        ("plan.pulled", "allowed", False),  # And nothing of a key that never was: see test_two_worlds.
    ]
    assert verified(world).problem == ""


def test_nothing_new_is_no_look(world: World) -> None:
    nan, path = world.api("nan"), f"/v1/plans/{world.plan_id}/sections/great-things"
    tag = nan.get(path).headers["etag"]
    before = verified(world).number
    assert nan.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert verified(world).number == before


def test_the_persons_own_reading_is_kept_nowhere(world: World) -> None:
    before = verified(world).number
    assert world.api("maya").get(f"/v1/plans/{world.plan_id}/sections/great-things").status_code == 200
    assert verified(world).number == before
