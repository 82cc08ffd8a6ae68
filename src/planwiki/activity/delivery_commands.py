"""Letters that wait: taken one by one, sent at least once, tried again later and later, given up after three days.

Sending happens outside any transaction, since a mail server may be slow: a letter is taken by moving its next time
ahead, and done when it has gone. If we stop in between, it goes twice rather than never.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.vocabulary import MailKind
from planwiki.integrations.models import KeptAnswer
from planwiki.people.models import Challenge, MailedLink

from .models import Delivery

LEASE = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT, PATIENCE = timedelta(minutes=1), timedelta(hours=6), timedelta(days=3)
KEPT_FOR = timedelta(days=1)
SHOWN_FOR = timedelta(days=7)  # As long as the host is shown what was given up.


class Due(NamedTuple):
    """A letter to send now. `said` is what it says, opened; empty when it cannot be opened any more."""

    id: UUID
    kind: MailKind
    said: dict[str, Any]


def take_one(database: Database) -> Due | None:
    """The letter that has waited longest, if one is due. Nobody else takes it for five minutes."""
    now = clock.now()
    with database.system_session("which letter is due?", writes=False) as session:
        if session.exec(_due(now)).first() is None:
            return None
    with database.system_session("take a letter to send") as session:
        row = session.exec(_due(now).with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        row.tries += 1
        row.due_at = now + LEASE
        return Due(row.id, row.kind, _opened(database, row))


def _due(now: datetime) -> Any:
    waits = (col(Delivery.sent_at).is_(None), col(Delivery.given_up_at).is_(None), col(Delivery.due_at) <= now)
    return select(Delivery).where(*waits).order_by(col(Delivery.due_at)).limit(1)


def _opened(database: Database, row: Delivery) -> dict[str, Any]:
    try:
        return database.sealer.open(row.sealed or "")
    except ValueError:
        return {}


def was_sent(database: Database, id: UUID) -> None:
    """It has gone: what it said is kept no longer."""
    with database.system_session("a letter was sent") as session:
        row = _row(session, id)
        row.sent_at, row.sealed, row.last_error = clock.now(), None, None


def is_dropped(database: Database, id: UUID, why: str) -> None:
    """It is wanted no longer, or can be read by nobody."""
    with database.system_session("a letter is not sent") as session:
        row = _row(session, id)
        row.given_up_at, row.sealed, row.last_error = clock.now(), None, why


def was_refused(database: Database, id: UUID, why: str) -> None:
    """Later again: after a minute, then twice as long each time, up to six hours; after three days no more."""
    now = clock.now()
    with database.system_session("a letter could not be sent") as session:
        row = _row(session, id)
        row.last_error = why[:200]
        if now - row.created_at >= PATIENCE:
            row.given_up_at, row.sealed = now, None
        else:
            row.due_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(row.tries - 1, 12))


def _row(session: Session, id: UUID) -> Delivery:
    return session.exec(select(Delivery).where(Delivery.id == id).with_for_update()).one()


def clear_away(database: Database) -> None:
    """What nobody needs any more: questions and links that ended, letters that went, answers older than a day."""
    now = clock.now()
    with database.system_session("clear away what has ended") as session:
        session.execute(delete(Challenge).where(col(Challenge.expires_at) <= now))
        session.execute(delete(MailedLink).where(col(MailedLink.expires_at) <= now - KEPT_FOR))
        session.execute(delete(Delivery).where(col(Delivery.sent_at) <= now - KEPT_FOR))
        session.execute(delete(Delivery).where(col(Delivery.given_up_at) <= now - SHOWN_FOR))
        session.execute(delete(KeptAnswer).where(col(KeptAnswer.created_at) <= now - KEPT_FOR))
