"""Events: what happened, to which row, by whom. Never the words themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from planwiki.base.columns import Instant
from planwiki.base.guarded import Journal
from planwiki.base.ids import new_id


class Event(Journal, table=True):
    """One thing that happened. `subject_id` is the row it happened to, where that is no section."""

    __table_args__ = (Index("event_by_plan", "plan_id", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    verb: str = Field(max_length=64)
    actor_id: UUID = Field(foreign_key="account.id")
    subject_id: UUID | None = None
    at: datetime = Field(sa_type=Instant)
