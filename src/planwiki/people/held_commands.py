"""What somebody had typed when they were asked who they are, kept while they show it by a letter or an organisation.

Sealed, for a quarter of an hour, for one account, and for the one browser that holds the ticket.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from planwiki.authz.database import Database
from planwiki.base import clock, ids
from planwiki.base.errors import Gone

from .models import Challenge

KIND, LASTS = "held", timedelta(minutes=15)
ENDED = "What you typed waited too long. Please type it again."


class Held(NamedTuple):
    """A form as it was sent: where to, the words of each field, and whether it only asked to be shown something."""

    to: str
    was: dict[str, str]
    reads: bool = False


def hold(database: Database, account_id: UUID, form: Held, before: str) -> str:
    """A ticket for the browser. What that browser was holding `before` goes."""
    ticket, data = ids.new_secret("pwh"), {"sealed": database.sealer.seal(form._asdict())}
    with database.system_session("somebody shows who they are by a letter") as session:
        session.execute(_without(before))
        ends_at, hashed = clock.now() + LASTS, ids.hash_secret(ticket)
        session.add(Challenge(secret_hash=hashed, kind=KIND, account_id=account_id, data=data, expires_at=ends_at))
    return ticket


def held(database: Database, account_id: UUID, ticket: str) -> Held:
    """As often as it is asked for: looking at it sends nothing. Raises Gone."""
    with database.system_session("what had they typed?", writes=False) as session:
        question = select(Challenge).where(Challenge.secret_hash == ids.hash_secret(ticket), Challenge.kind == KIND)
        theirs = question.where(Challenge.account_id == account_id, col(Challenge.expires_at) > clock.now())
        found = session.exec(theirs).first()
    if found is None:
        raise Gone(ENDED, "link-ended")
    return Held(**database.sealer.open(found.data["sealed"]))


def let_go(database: Database, ticket: str) -> None:
    """Whoever signs out leaves nothing behind."""
    with database.system_session("nobody waits for it any more") as session:
        session.execute(_without(ticket))


def _without(ticket: str) -> Any:
    return delete(Challenge).where(col(Challenge.secret_hash) == ids.hash_secret(ticket), col(Challenge.kind) == KIND)
