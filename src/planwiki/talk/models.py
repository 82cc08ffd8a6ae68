"""What people say beside a section, how each sees it, and the mark that its text was checked with the person."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.guarded import InSection
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import ContributionKind, ContributionStatus, How, Label, Permission

_DECIDED = (
    "status",
    "answer_label",
    "decided_by",
    "decided_by_name",
    "decision_note",
    "resulting_revision",
    "decided_at",
)


class Contribution(InSection, table=True):
    """One thing somebody said. Its words never change; it is answered once, and may be taken back.

    It is read under two labels beside the section's own: the one it was said under, and the one it was answered under.
    """

    __table_args__ = (
        Index("contribution_by_section", "section_id", "id"),
        Index("contribution_by_plan", "plan_id", "id"),
    )
    write_needs: ClassVar = Permission.COMMENT
    needs: ClassVar = dict.fromkeys(_DECIDED, Permission.EDIT)
    changeable: ClassVar = frozenset({*_DECIDED, "withdrawn_at", "withdrawn_by"})

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: ContributionKind = Field(sa_type=Word(ContributionKind))
    body_markdown: str
    body_html: str
    proposed_markdown: str | None = None
    base_revision: int
    voice: dict[str, Any] = Field(sa_type=Json)
    label: Label = Field(sa_type=Word(Label))
    author_id: UUID = Field(foreign_key="account.id")
    author_name: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=Instant)
    status: ContributionStatus = Field(default=ContributionStatus.OPEN, sa_type=Word(ContributionStatus))
    answer_label: Label = Field(sa_type=Word(Label))
    decided_by: UUID | None = Field(default=None, foreign_key="account.id")
    decided_by_name: str = Field(default="", max_length=200)
    decision_note: str | None = None
    resulting_revision: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="account.id")


class CheckedMark(InSection, table=True):
    """Somebody checked one version of a section with the person. It says nothing of any other version."""

    __tablename__ = "checked_mark"
    __table_args__ = (Index("checked_mark_by_section", "section_id", "revision"),)
    changeable: ClassVar = frozenset({"ended_at", "ended_by"})

    id: UUID = Field(default_factory=new_id, primary_key=True)
    revision: int
    how: How = Field(sa_type=Word(How))
    supported_by: str | None = Field(default=None, max_length=200)
    label: Label = Field(sa_type=Word(Label))
    author_id: UUID = Field(foreign_key="account.id")
    author_name: str = Field(max_length=200)
    by_person: bool = False
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id")


class Perspective(InSection, table=True):
    """How somebody sees it: what is working, and what is not. Its words never change; a new one takes its place.

    One for each writer and each sort of voice: Dee has her own, and may write down Maya's. What ended, because it was
    replaced, taken back or removed, is there for its author and for owners. Read under the label it was written with.
    """

    __table_args__ = (Index("perspective_by_section", "section_id", "id"),)
    write_needs: ClassVar = Permission.COMMENT
    changeable: ClassVar = frozenset({"ended_at", "ended_by"})

    id: UUID = Field(default_factory=new_id, primary_key=True)
    working_markdown: str
    working_html: str
    not_working_markdown: str
    not_working_html: str
    voice: dict[str, Any] = Field(sa_type=Json)
    label: Label = Field(sa_type=Word(Label))
    author_id: UUID = Field(foreign_key="account.id")
    author_name: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id")
