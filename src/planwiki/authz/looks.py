"""What people looked at, kept before the answer leaves: many at once in one transaction, since each costs a wait.

A look is named by whatever asked for it: plan and section key as in the address. It is kept only where the plan is
there, and never for the person whose plan it is: their own reading is nobody's business, so no row of it exists.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from weakref import WeakKeyDictionary

from anyio import to_thread
from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from planwiki.activity.models import AuditEntry
from planwiki.base.vocabulary import ActorType, Outcome, Role
from planwiki.circle.models import Member
from planwiki.plans.models import Plan, Section

from .database import Database
from .principal import Principal

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Look:
    """One answer that is about to leave, or was refused."""

    verb: str
    plan_id: UUID
    principal: Principal
    at: datetime
    section_key: str | None = None
    section_id: UUID | None = None
    subject_id: UUID | None = None
    outcome: Outcome = Outcome.ALLOWED
    request_id: str | None = None


class LookBook:
    """One for each application. Whoever waits for `keep` goes on once the look is on disk."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queues: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue] = WeakKeyDictionary()

    async def keep(self, look: Look) -> None:
        kept = asyncio.get_running_loop().create_future()
        self._queue().add(look, kept)
        await kept

    def note(self, look: Look) -> None:
        """The same, without waiting: how long a refusal takes must tell nothing."""
        self._queue().add(look, None)

    async def close(self) -> None:
        """Everything that was noted is kept."""
        await self._queue().finish()

    def _queue(self) -> "_Queue":
        loop = asyncio.get_running_loop()
        return self._queues.setdefault(loop, _Queue(self._database))


class _Queue:
    """The looks of one event loop that wait to be written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Look, asyncio.Future[None] | None]] = []
        self._writer: asyncio.Task[None] | None = None

    async def finish(self) -> None:
        if self._writer is not None:
            await self._writer

    def add(self, look: Look, kept: asyncio.Future[None] | None) -> None:
        self._waiting.append((look, kept))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.get_running_loop().create_task(self._write_all())

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                await to_thread.run_sync(write, self._database, [look for look, _ in batch])
            except Exception as error:  # Whoever waits is told, and the answer does not leave.
                self._tell(batch, error)
            else:
                self._tell(batch, None)

    def _tell(self, batch: Iterable[tuple[Look, asyncio.Future[None] | None]], error: Exception | None) -> None:
        for _, kept in batch:
            if kept is None or kept.done():
                continue
            if error is None:
                kept.set_result(None)
            else:
                kept.set_exception(error)


def write(database: Database, looks: list[Look]) -> None:
    """Keeps these, chained to what happened in their plans before."""
    with database.system_session("what was looked at") as session:
        there = _plans(session, looks)
        own = _of_the_person(session, looks)
        keys = _sections(session, looks)
        told = [one for one in looks if one.plan_id in there and (one.plan_id, one.principal.account_id) not in own]
        database.chain(session, [_entry(look, keys) for look in told])


def _entry(look: Look, keys: dict[tuple[UUID, str], UUID]) -> AuditEntry:
    guest = look.principal.guest_link_id
    return AuditEntry(
        verb=look.verb,
        plan_id=look.plan_id,
        section_id=look.section_id or keys.get((look.plan_id, look.section_key or "")),
        actor_type=ActorType.GUEST if guest else ActorType.ACCOUNT,
        actor_id=None if guest else look.principal.account_id,
        as_member_id=look.principal.as_member_id,
        subject_id=guest or look.subject_id,
        outcome=look.outcome,
        request_id=look.request_id,
        at=look.at,
    )


def _plans(session: Session, looks: list[Look]) -> set[UUID]:
    asked = {look.plan_id for look in looks}
    return set(session.exec(select(Plan.id).where(col(Plan.id).in_(asked))))


def _of_the_person(session: Session, looks: list[Look]) -> set[tuple[UUID, UUID | None]]:
    """(plan, account) where the account is the person whose plan it is. A guest only borrows its maker's account."""
    pairs = {(look.plan_id, look.principal.account_id) for look in looks if look.principal.guest_link_id is None}
    question = select(Member.plan_id, Member.account_id).where(Member.role == Role.PERSON)
    found = session.exec(question.where(tuple_(col(Member.plan_id), col(Member.account_id)).in_(pairs))).all()
    return {(plan_id, account_id) for plan_id, account_id in found}


def _sections(session: Session, looks: list[Look]) -> dict[tuple[UUID, str], UUID]:
    pairs = {(look.plan_id, look.section_key) for look in looks if look.section_key}
    if not pairs:
        return {}
    question = select(Section.plan_id, Section.key, Section.id)
    found = session.exec(question.where(tuple_(col(Section.plan_id), col(Section.key)).in_(pairs)))
    return {(plan_id, key): id for plan_id, key, id in found}
