"""Who does what by when, in a section of outcomes."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from planwiki.base.columns import Instant, Word
from planwiki.base.guarded import InSection
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import ActionStatus, Label

_STANDS = text("replaced_at IS NULL")


class Action(InSection, table=True):
    """One version of an action. Its words never change: the next version takes its place, and it stays as history.

    `action_id` is the action, and `begun_at` when its first version came. Each version is read under the label it was
    written under. `who_name` is the name as it was written down: it stays when the member leaves. An action that is put
    away is there for those who may change it.
    """

    __table_args__ = (
        UniqueConstraint("action_id", "number", name="action_number"),
        Index("action_by_section", "section_id"),
        Index("action_by_plan", "plan_id", "action_id"),
        Index("action_that_stands", "action_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )
    changeable: ClassVar = frozenset({"replaced_at"})

    id: UUID = Field(default_factory=new_id, primary_key=True)
    action_id: UUID
    number: int = 1
    what: str = Field(max_length=200)
    how: str | None = None
    who_member_id: UUID | None = Field(default=None, foreign_key="member.id")
    who_name: str = Field(default="", max_length=200)
    due_on: date | None = None
    status: ActionStatus = Field(default=ActionStatus.PLANNED, sa_type=Word(ActionStatus))
    progress_note: str | None = None
    completed_at: datetime | None = Field(default=None, sa_type=Instant)
    put_away: bool = False
    label: Label = Field(sa_type=Word(Label))
    author_id: UUID = Field(foreign_key="account.id")
    author_name: str = Field(max_length=200)
    begun_at: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    replaced_at: datetime | None = Field(default=None, sa_type=Instant)
