"""How letters get on, for the host. Never to whom, never what they say."""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import Field
from sqlmodel import Session, and_, col, or_, select

from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.shapes import View
from planwiki.base.vocabulary import MailKind

from .models import Delivery

LATE = timedelta(minutes=15)


class StuckDelivery(View):
    """A letter that should have gone by now."""

    id: UUID = Field(description="The letter.")
    kind: MailKind = Field(description="What kind of letter.")
    created_at: datetime = Field(description="Since when it waits.")
    tries: int = Field(description="How often it was tried.")
    last_error: str | None = Field(description="What the mail server said last.")
    given_up: bool = Field(description="It is tried no more.")


def stuck_deliveries(database: Database, most: int = 200) -> list[StuckDelivery]:
    """Letters that wait longer than a quarter of an hour, or were given up this week; oldest first."""
    with database.system_session("which letters are stuck?", writes=False) as session:
        return stuck_in(session, most)


def stuck_in(session: Session, most: int = 200) -> list[StuckDelivery]:
    """The same inside a transaction of the back door's."""
    now = clock.now()
    waits = and_(col(Delivery.sent_at).is_(None), col(Delivery.given_up_at).is_(None))
    late = and_(waits, col(Delivery.created_at) < now - LATE)
    lost = and_(col(Delivery.given_up_at) > now - timedelta(days=7), col(Delivery.tries) > 1)
    question = select(Delivery).where(or_(late, lost)).order_by(col(Delivery.created_at)).limit(most)
    return [_view(row) for row in session.exec(question)]


def _view(row: Delivery) -> StuckDelivery:
    plain = {name: getattr(row, name) for name in ("id", "kind", "created_at", "tries", "last_error")}
    return StuckDelivery(**plain, given_up=row.given_up_at is not None)
