"""Tries at signing in, counted in the database, so that every process counts alike.

10 tries in 5 minutes for an account and for an address, 1,000 in all; 5 for the codes of a second step. A try is
counted before the password is looked at, so that many at once are counted too. When it was right, that account's are
forgiven; of its address that one alone, so that signing in as oneself buys no more guesses at others.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.errors import SlowDown

from .models import SignInTry

WINDOW = timedelta(minutes=5)
MOST_FOR_ONE, MOST_IN_ALL, MOST_CODES = 10, 1000, 5


class Counted(NamedTuple):
    """One try: the account it is counted for, and its row for the address."""

    subject: str
    of_address: UUID


def count_try(database: Database, key: str, account: str, address: str, most: int = MOST_FOR_ONE) -> Counted:
    """Notes one try under keyed hashes of the account and the address. Raises SlowDown when there were too many."""
    subjects = [_subject(key, "account", account), _subject(key, "address", address), _subject(key, "all", "")]
    now = clock.now()
    with database.system_session("count a sign-in") as session:
        session.execute(delete(SignInTry).where(col(SignInTry.at) <= now - WINDOW))
        for subject, at_most in zip(subjects, (most, MOST_FOR_ONE, MOST_IN_ALL), strict=True):
            _refuse_when_many(session, subject, at_most)
        tries = [SignInTry(subject=subject, at=now) for subject in subjects]
        session.add_all(tries)
        return Counted(subjects[0], tries[1].id)


def forgive(session: Session, counted: Counted) -> None:
    """A right password: this account's tries count no more, nor does this one of the address."""
    mine = or_(col(SignInTry.subject) == counted.subject, col(SignInTry.id) == counted.of_address)
    session.execute(delete(SignInTry).where(mine))


def forgive_address(session: Session, counted: Counted) -> None:
    """For where it came from this try counts no more: a whole family may come in one room."""
    session.execute(delete(SignInTry).where(col(SignInTry.id) == counted.of_address))


def _refuse_when_many(session: Session, subject: str, most: int) -> None:
    tries, first = session.exec(select(func.count(), func.min(SignInTry.at)).where(SignInTry.subject == subject)).one()
    if tries >= most:
        waited = clock.now() - (first if first.tzinfo else first.replace(tzinfo=clock.now().tzinfo))
        raise SlowDown(max(1, int((WINDOW - waited).total_seconds())), most, int(WINDOW.total_seconds()))


def _subject(key: str, kind: str, value: str) -> str:
    return hmac.new(
        key.encode(), f"{kind}:{value.casefold()}".encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()
