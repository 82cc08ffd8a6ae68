"""What people looked at, kept before the answer leaves: many at once in one transaction, since each costs a wait.

A look is named by whatever asked for it: plan and section key as in the address. It is kept only where the plan is
there, and never for the person whose plan it is: their own reading is nobody's business, so no row of it exists.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from planwiki.base.vocabulary import ActorType, Outcome, Role
from planwiki.circle.models import Member
from planwiki.plans.models import Plan, Section

from .audit_chain import Entry
from .database import Database
from .principal import Principal

MOST_AT_ONCE = 500

# Put together once: these stand under every answer that shows something. Rows, and nothing that could be changed.
# Whoever took the person's place and waits for an owner's yes may be anybody.
_IS_PERSON = and_(
    col(Member.plan_id) == Plan.id,
    col(Member.role) == Role.PERSON,
    col(Member.ended_at).is_(None),
    col(Member.confirmed_at).is_not(None),
)
_WHOSE = select(Plan.id, Member.account_id).outerjoin(Member, _IS_PERSON)
_WHOSE = _WHOSE.where(col(Plan.id).in_(bindparam("plan_ids", expanding=True)))
# Not by pairs: SQLite reads every section there is for those.
_KEYS = select(Section.plan_id, Section.key, Section.id).where(
    col(Section.plan_id).in_(bindparam("plan_ids", expanding=True)),
    col(Section.key).in_(bindparam("keys", expanding=True)),
)


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
    """One for each application, with one thread that writes. `keep` goes on once the look is on disk."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[tuple[Sequence[Look], Future[None]]] = deque()
        self._writer = ThreadPoolExecutor(1, "planwiki-looks")

    async def keep(self, *looks: Look) -> None:
        if looks:
            await asyncio.wrap_future(self._add(looks))

    def note(self, look: Look) -> None:
        """The same, without waiting: how long a refusal takes must tell nothing."""
        self._add([look])

    def close(self) -> None:
        """Everything that was noted is kept."""
        self._writer.submit(self._write_waiting).result()

    def _add(self, looks: Sequence[Look]) -> Future[None]:
        kept: Future[None] = Future()
        kept.set_running_or_notify_cancel()  # Whoever stops waiting takes nothing from the others in its batch.
        self._waiting.append((looks, kept))
        self._writer.submit(self._write_waiting)
        return kept

    def _write_waiting(self) -> None:
        """All that came while the one before was written, together. Whoever waits is told how it went."""
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]
        if not batch:
            return
        try:
            write(self._database, [look for looks, _ in batch for look in looks])
        except Exception as error:
            for _, kept in batch:
                kept.set_exception(error)
        else:
            for _, kept in batch:
                kept.set_result(None)


def write(database: Database, looks: list[Look]) -> None:
    """Keeps these, chained to what happened in their plans before."""
    with database.system_session("what was looked at") as session:
        whose, keys = _people(session, looks), _sections(session, looks)
        told = [one for one in looks if one.plan_id in whose and not _is_own(one, whose) and _is_there(one, keys)]
        if told:
            database.chain(session, [_entry(look, keys) for look in told])


def _is_there(look: Look, keys: dict[tuple[UUID, str], UUID]) -> bool:
    """A key that no section has leaves no entry, so that an owner cannot tell it from one that is closed to them."""
    return look.section_key is None or (look.plan_id, look.section_key) in keys


def _entry(look: Look, keys: dict[tuple[UUID, str], UUID]) -> Entry:
    guest = look.principal.guest_link_id
    return Entry(
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


def _people(session: Session, looks: list[Look]) -> dict[UUID, UUID | None]:
    """Whose plan each is that is there: the account of the person, where they have one."""
    rows = session.connection().execute(_WHOSE, {"plan_ids": list({look.plan_id for look in looks})})
    return {row[0]: row[1] for row in rows}


def _is_own(look: Look, whose: dict[UUID, UUID | None]) -> bool:
    """The person's own reading. A guest only borrows the account of whoever made the link."""
    return look.principal.guest_link_id is None and whose[look.plan_id] == look.principal.account_id


def _sections(session: Session, looks: list[Look]) -> dict[tuple[UUID, str], UUID]:
    pairs = {(look.plan_id, look.section_key) for look in looks if look.section_key}
    if not pairs:
        return {}
    plans, keys = ({pair[place] for pair in pairs} for place in (0, 1))
    found = session.connection().execute(_KEYS, {"plan_ids": list(plans), "keys": list(keys)})
    return {(plan_id, key): id for plan_id, key, id in found if (plan_id, key) in pairs}
