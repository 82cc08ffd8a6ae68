"""Each plan's audit is a chain: every entry's seal covers the entry and the seal before it, under the host's key.

A seal is HMAC-SHA-256 (RFC 2104) over the entry's fields as JSON. Changing, adding, moving or taking away an entry
breaks every seal after it; cutting the end off leaves a head whose proof does not fit. Whoever holds the database but
not the key cannot mend either. Two things it cannot show: what somebody with the key did, and a whole database put
back to an earlier day. Against those, keep the heads that `planwiki audit verify` prints somewhere else.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, bindparam, update
from sqlmodel import Session, SQLModel, col, insert, select

from planwiki.activity.models import AuditEntry, AuditHead
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import ActorType, Outcome

_FIELDS = ("id", "plan_id", "section_id", "verb", "actor_type", "actor_id", "as_member_id", "subject_id", "outcome")
_KEPT = (*_FIELDS, "at", "request_id")
SOME = 500
NOTHING = ""  # The seal before the first.

# Put together once, and asked of the tables themselves: this stands under every answer that shows something.
_ENTRIES, _ENDS = SQLModel.metadata.tables["audit_entry"], SQLModel.metadata.tables["audit_head"]
_ADD = insert(_ENTRIES)
_BEGIN = insert(_ENDS)
_MOVE = update(_ENDS).where(_ENDS.c.plan_id == bindparam("head_of"))
_MOVE = _MOVE.values({name: bindparam(name) for name in ("number", "seal", "proof")})
_HOLD = select(_ENDS.c.plan_id, _ENDS.c.number, _ENDS.c.seal).order_by(_ENDS.c.plan_id).with_for_update()
_HOLD = _HOLD.where(_ENDS.c.plan_id.in_(bindparam("plan_ids", expanding=True)))


@dataclass(slots=True)
class Entry:
    """What is to be kept: an AuditEntry before it has its place in the chain."""

    plan_id: UUID
    verb: str
    at: datetime
    actor_id: UUID | None = None
    section_id: UUID | None = None
    subject_id: UUID | None = None
    as_member_id: UUID | None = None
    actor_type: ActorType = ActorType.ACCOUNT
    outcome: Outcome = Outcome.ALLOWED
    request_id: str | None = None
    id: UUID = field(default_factory=new_id)


class Head(NamedTuple):
    """The end of one plan's chain."""

    number: int
    seal: str


class Found(NamedTuple):
    """What verifying one plan's chain found. `problem` is empty where all is as it was written."""

    plan_id: UUID
    number: int
    seal: str
    problem: str


def append(session: Session, key: bytes, entries: Iterable[Entry]) -> None:
    """Chains these to the ends of their plans' chains. Last in a transaction: it holds each chain's end until then."""
    by_plan = sorted(entries, key=lambda entry: entry.plan_id)
    kept = session.connection()
    heads = _heads(kept, {entry.plan_id for entry in by_plan})
    rows: list[dict[str, Any]] = []
    for plan_id, group in groupby(by_plan, key=lambda entry: entry.plan_id):
        number, seal = heads[plan_id]
        for entry in group:
            number += 1
            seal = seal_of(key, entry, number, seal)
            rows.append({name: getattr(entry, name) for name in _KEPT} | {"number": number, "seal": seal})
        heads[plan_id] = Head(number, seal)
    kept.execute(_ADD, rows)
    kept.execute(_MOVE, [_moved(key, plan_id, head) for plan_id, head in heads.items()])


def _heads(kept: Connection, plan_ids: set[UUID]) -> dict[UUID, Head]:
    """The ends of these chains, held, all in one order so that two never wait for each other in a ring."""
    heads = {row[0]: Head(*row[1:]) for row in kept.execute(_HOLD, {"plan_ids": list(plan_ids)})}
    new = sorted(plan_ids - heads.keys())
    if new:
        kept.execute(_BEGIN, [{"plan_id": one, "number": 0, "seal": NOTHING, "proof": NOTHING} for one in new])
    return heads | dict.fromkeys(new, Head(0, NOTHING))


def _moved(key: bytes, plan_id: UUID, head: Head) -> dict[str, Any]:
    return {"head_of": plan_id, **head._asdict(), "proof": _proof(key, plan_id, *head)}


def seal_of(key: bytes, entry: Entry | AuditEntry, number: int, before: str) -> str:
    said = {name: _plain(getattr(entry, name)) for name in _FIELDS}
    said |= {"at": entry.at.astimezone(UTC).isoformat(), "request_id": entry.request_id, "number": str(number)}
    return _mac(key, "entry", before, json.dumps(said, sort_keys=True))


def verify(session: Session, key: bytes, plan_id: UUID, earlier: tuple[int, str] | None = None) -> Found:
    """Reads the whole chain of one plan. `earlier` is its number and seal on another day, kept somewhere else."""
    number, seal = 0, NOTHING
    for entry in _chained(session, plan_id):
        if earlier is not None and number == earlier[0] and seal != earlier[1]:
            return Found(plan_id, number, seal, f"entry {number} is not the one that was kept elsewhere")
        if entry.number != number + 1:
            return Found(plan_id, number, seal, f"entry {number + 1} is missing")
        if entry.seal != seal_of(key, entry, entry.number, seal):
            return Found(plan_id, number, seal, f"entry {entry.number} is not as it was written")
        number, seal = entry.number, entry.seal
    problem = _wrong_end(session, key, plan_id, number, seal) or _put_back(number, seal, earlier)
    return Found(plan_id, number, seal, problem)


def _put_back(number: int, seal: str, earlier: tuple[int, str] | None) -> str:
    """What an earlier head tells that the chain itself cannot: that all of it is an older one, or another."""
    if earlier is None or number > earlier[0] or (number, seal) == earlier:
        return ""
    if number < earlier[0]:
        return f"the chain ends at {number}, and once went on to {earlier[0]}: an older database was put back"
    return f"entry {number} is not the one that was kept elsewhere"


def _wrong_end(session: Session, key: bytes, plan_id: UUID, number: int, seal: str) -> str:
    head = session.exec(select(AuditHead).where(AuditHead.plan_id == plan_id)).first()
    if head is None:
        return "the end of the chain is missing" if number else ""
    if (head.number, head.seal) != (number, seal):
        return f"the chain ends at {number}, and should at {head.number}"
    is_ours = hmac.compare_digest(head.proof, _proof(key, plan_id, number, seal))
    return "" if is_ours else "the end was not written by us"


def _chained(session: Session, plan_id: UUID) -> Iterator[AuditEntry]:
    """All of them in order, some at a time: a plan of many years may have more than memory holds."""
    question = select(AuditEntry).where(AuditEntry.plan_id == plan_id).order_by(col(AuditEntry.number)).limit(SOME)
    after = -1
    while some := session.exec(question.where(col(AuditEntry.number) > after)).all():
        yield from some
        after = some[-1].number or 0
        session.expunge_all()


def _proof(key: bytes, plan_id: UUID, number: int, seal: str) -> str:
    return _mac(key, "head", str(plan_id), str(number), seal)


def _mac(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _plain(value: object) -> str | None:
    return None if value is None else str(value)
