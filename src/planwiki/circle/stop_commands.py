"""Stopping once more what a backup, put back, has opened again.

Which shares, places and links were stopped since, the record of each plan knows by verbs; a book beside the database
(`activity/stops`) keeps those entries. Where the book names one that the database does not hold, the database is an
older one. Then sharing is paused in that plan, until an owner has looked: what was withheld, made more private or put
away since cannot be told from here, and a pause closes all of it. Owners see the plan through a pause; so places in the
circle, links and tablets that had ended are ended one by one, and whoever was no owner any more is paused.

Every sign-in ends, since one that was ended would live again. An account whose ways to sign in were changed since is
closed: a key that was stolen, or a mailbox that somebody else reads, would open it. Its owner asks the host.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from planwiki.activity.models import AuditEntry
from planwiki.activity.rules import NARROWING
from planwiki.activity.stops import AccountStop, PlanStop, Stop, StopBook
from planwiki.authz.audit_chain import Entry
from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.ids import first_id_at
from planwiki.base.vocabulary import OWNER_ROLES, ActorType, MailKind, MemberStatus, Role
from planwiki.people.host_commands import close_now
from planwiki.people.models import Account, Challenge, Login, MailedLink
from planwiki.plans.models import Plan

from .models import Invitation, Member, ShareLink, Tablet

BACK, OVERLAP = timedelta(days=1), timedelta(hours=1)
AT_ONCE = 500  # Ids in one question.


def writing_into(book: StopBook) -> Callable[[Iterable[Entry]], None]:
    """For what was just kept: what was stopped is on disk before anybody is told that it is.

    Where it cannot be written now, the scribe does it soon: nobody is to hear that it was not stopped.
    """

    def write(entries: Iterable[Entry]) -> None:
        stops = [PlanStop(one.plan_id, one.id, one.verb, one.subject_id, one.actor_id) for one in entries]
        try:
            book.write(*(one for one in stops if one.verb in NARROWING))
        except OSError as error:
            structlog.get_logger().error("stops_not_written", error=type(error).__name__)

    return write


class Scribe:
    """Writes down what is stopped, again and again. What it has written it knows.

    Whoever answers people writes into the book too, so it is read again where there is more.
    """

    def __init__(self, book: StopBook) -> None:
        self._book = book
        self._since: datetime | None = None
        self._known: set[Stop] = set()

    def write_down(self, database: Database) -> None:
        """From an hour before the last look: whoever began first may have been kept last."""
        began = clock.now()
        if self._since is None:
            self._since, self._known = began - BACK, set(self._book.read())
        found = [one for one in stops_since(database, self._since - OVERLAP) if one not in self._known]
        self._known |= set(self._book.read()) if found else set()
        new = [one for one in found if one not in self._known]
        self._book.write(*new)
        self._since, self._known = began, self._known | set(new)


def stops_since(database: Database, moment: datetime) -> list[Stop]:
    with database.system_session("what was stopped?", writes=False) as session:
        entries = select(AuditEntry).where(col(AuditEntry.id) >= first_id_at(moment))
        kept = session.exec(entries.where(col(AuditEntry.verb).in_(NARROWING)).order_by(col(AuditEntry.id))).all()
        accounts = session.exec(select(Account).where(col(Account.sign_in_narrowed_at) >= moment)).all()
    found: list[Stop] = [PlanStop(one.plan_id, one.id, one.verb, one.subject_id, one.actor_id) for one in kept]
    return found + [AccountStop(one.id, one.sign_in_narrowed_at) for one in accounts if one.sign_in_narrowed_at]


def open_again(database: Database, stops: Iterable[Stop]) -> list[Stop]:
    """Of these, what the database does not know of, though it has the plan or the account."""
    named = list(dict.fromkeys(stops))
    with database.system_session("was anything stopped that this does not know of?", writes=False) as session:
        plans = _there(session, col(Plan.id), {one.plan_id for one in named if isinstance(one, PlanStop)})
        entries = _there(session, col(AuditEntry.id), {one.entry_id for one in named if isinstance(one, PlanStop)})
        people = dict(_narrowed(session, {one.account_id for one in named if isinstance(one, AccountStop)}))
    return [one for one in named if _is_lost(one, plans, entries, people)]


def _is_lost(one: Stop, plans: set[UUID], entries: set[UUID], people: dict[UUID, datetime | None]) -> bool:
    if isinstance(one, PlanStop):
        return one.plan_id in plans and one.entry_id not in entries
    at = people.get(one.account_id)
    return one.account_id in people and (at is None or at < one.at)


def _parts(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    named = list(ids)
    yield from (named[start : start + AT_ONCE] for start in range(0, len(named), AT_ONCE))


def _there(session: Session, column: Any, ids: Iterable[UUID]) -> set[UUID]:
    return {id for part in _parts(ids) for id in session.exec(select(column).where(column.in_(part)))}


def _narrowed(session: Session, ids: Iterable[UUID]) -> Iterator[tuple[UUID, datetime | None]]:
    asked = select(Account.id, Account.sign_in_narrowed_at)
    for part in _parts(ids):
        yield from session.exec(asked.where(col(Account.id).in_(part)))


def stop_again(
    database: Database, stops: Iterable[Stop], base_url: str, *, every_plan: bool = False
) -> tuple[int, int]:
    """(plans where sharing is paused now, accounts that are closed now). Does no harm twice.

    With `every_plan` nothing is known of what was stopped: sharing pauses everywhere. Owners are told by letter.
    """
    lost = open_again(database, stops)
    in_plans = sorted((one for one in lost if isinstance(one, PlanStop)), key=attrgetter("plan_id", "entry_id"))
    by_plan = {plan_id: list(group) for plan_id, group in groupby(in_plans, key=attrgetter("plan_id"))}
    people = [one for one in lost if isinstance(one, AccountStop)]
    plans = database.plan_ids() if every_plan else list(by_plan)
    with database.system_session("sign-ins that a backup brought back end") as session:
        for one in people:
            _close(session, one)
        if lost or every_plan:
            _end_sign_ins(session)
    paused = [plan_id for plan_id in plans if _pause(database, plan_id, by_plan.get(plan_id, []), base_url)]
    return len(paused), len({one.account_id for one in people})


def _pause(database: Database, plan_id: UUID, stops: list[PlanStop], base_url: str) -> bool:
    """Whether it is paused by this, and was not before. Its owners are told by letter, in the same transaction."""
    with database.system_session("sharing that a backup opened again rests") as session:
        plan = session.exec(select(Plan).where(Plan.id == plan_id).with_for_update(key_share=True)).one()
        entries = [_again(session, one) for one in stops]
        before = plan.frozen_at is not None
        if not before:
            plan.frozen_at, plan.frozen_by = clock.now(), _who_stopped(session, stops)
        if not (before or stops):
            entries.append(Entry(plan_id, "plan.frozen", clock.now(), actor_type=ActorType.SYSTEM))
        session.flush()
        for address in [] if before else _owners(session, plan_id):
            link = f"{base_url}/plans/{plan_id}/sharing"
            database.post(session, MailKind.SHARING_PAUSED, address, clock.now(), link=link)
        session.flush()
        if entries:
            database.chain(session, entries)
    return not before


def _owners(session: Session, plan_id: UUID) -> list[str]:
    """Addresses of those who may own the plan and can sign in; the worker asks whether they do, when it sends."""
    here = (Member.plan_id == plan_id, col(Member.role).in_(OWNER_ROLES), col(Member.ended_at).is_(None))
    reached = select(Account.email).join(Member, col(Member.account_id) == Account.id)
    reached = reached.where(*here, Member.status == MemberStatus.ACTIVE)
    found = session.exec(reached.where(col(Account.email).is_not(None), col(Account.closed_at).is_(None)))
    return sorted({address for address in found if address})


def _who_stopped(session: Session, stops: list[PlanStop]) -> UUID | None:
    """Whoever had stopped all sharing themselves decides when it starts again; else any owner."""
    frozen = [one.actor_id for one in stops if one.verb == "plan.frozen" and one.actor_id is not None]
    return frozen[-1] if frozen and session.get(Account, frozen[-1]) is not None else None


def _again(session: Session, one: PlanStop) -> Entry:
    """Under the id it had, so that this is known from now on."""
    end, verb = _ENDS.get(one.verb), "plan.frozen"
    if end is not None and one.subject_id is not None and end(session, one.subject_id):
        verb = one.verb
    subject = None if verb == "plan.frozen" else one.subject_id
    return Entry(one.plan_id, verb, clock.now(), subject_id=subject, actor_type=ActorType.SYSTEM, id=one.entry_id)


def _end_member(session: Session, id: UUID) -> bool:
    member = session.get(Member, id)
    if member is None or member.ended_at is not None:
        return False
    member.revision += 1
    if member.role is Role.PERSON:  # Their place waits for them; whoever had taken it is out.
        member.account_id, member.status = None, MemberStatus.CONTACT_ONLY
    else:
        member.ended_at = clock.now()
    return True


def _lower_member(session: Session, id: UUID) -> bool:
    """They decided no more. What they were then, another owner says."""
    member = session.get(Member, id)
    if member is None or member.role not in OWNER_ROLES or member.role is Role.PERSON:
        return False
    member.status, member.revision = MemberStatus.SUSPENDED, member.revision + 1
    return True


def _ends(table: Any, column: str) -> Callable[[Session, UUID], bool]:
    def end(session: Session, id: UUID) -> bool:
        row = session.get(table, id)
        if row is None or getattr(row, column) is not None:
            return False
        setattr(row, column, clock.now())
        return True

    return end


_ENDS: dict[str, Callable[[Session, UUID], bool]] = {
    "member.ended": _end_member,
    "member.turned_away": _end_member,
    "member.lowered": _lower_member,
    "share_link.ended": _ends(ShareLink, "ended_at"),
    "tablet.ended": _ends(Tablet, "ended_at"),
    "invitation.withdrawn": _ends(Invitation, "withdrawn_at"),
    "invitation.declined": _ends(Invitation, "declined_at"),
}


def _close(session: Session, one: AccountStop) -> None:
    account = session.get_one(Account, one.account_id)
    close_now(session, account)
    account.sign_in_narrowed_at = one.at


def _end_sign_ins(session: Session) -> None:
    """Everybody, and every program, signs in afresh; letters that wait to be read open nothing."""
    now = clock.now()
    session.execute(update(Login).where(col(Login.ended_at).is_(None)).values(ended_at=now))
    session.execute(update(MailedLink).where(col(MailedLink.expires_at) > now).values(expires_at=now))
    session.execute(delete(Challenge))
