"""A plan, its sections and their revisions."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.guarded import Guarded, InPlan, InSection, OfAuthor
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import Face, Label, MachineSharing, PlanStatus, RevisionSource, SectionKind, SectionStatus


class Plan(Guarded, SQLModel, table=True):
    """Everything about one young person; the boundary of all rights. `revision` counts changes of this header.

    While sharing is frozen nobody but its owners sees anything of it. `person_photo_media_id` is a picture of one of
    its sections, and is shown to whoever may read that section.
    """

    __table_args__ = (Index("plan_closed", "closed_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    title: str = Field(max_length=200)
    person_display_name: str = Field(max_length=200)
    person_preferred_name: str | None = Field(default=None, max_length=200)
    person_pronouns: str | None = Field(default=None, max_length=200)
    person_date_of_birth: date | None = None
    person_communication: list[str] = Field(default_factory=list, sa_type=Json)
    person_photo_media_id: UUID | None = None
    language: str = Field(default="en-GB", max_length=35)
    status: PlanStatus = Field(sa_type=Word(PlanStatus))
    template: str = Field(max_length=64)
    review_due_on: date | None = None
    revision: int = 1
    created_at: datetime = Field(sa_type=Instant)
    updated_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    frozen_at: datetime | None = Field(default=None, sa_type=Instant)
    frozen_by: UUID | None = None


class ErasedPlan(SQLModel, table=True):
    """That a plan was erased: its id and when, and nothing else of it."""

    __tablename__ = "erased_plan"

    id: UUID = Field(primary_key=True)
    closed_at: datetime = Field(sa_type=Instant)
    erased_at: datetime = Field(sa_type=Instant)


class Section(InPlan, table=True):
    """One wiki page of a plan: its current text and its settings. `settings` counts changes that make no revision.

    `easy_number` is the number of its newest easy words, 0 before there are any. Nobody is shown it.
    `picture_media_id` is a picture of this very section, chosen by owners. It goes with the file.
    """

    __table_args__ = (UniqueConstraint("plan_id", "key", name="section_key"),)
    write_needs: ClassVar = InSection.write_needs
    managed: ClassVar = frozenset(
        {
            "key",
            "kind",
            "picture",
            "prompts",
            "position",
            "status",
            "label",
            "machine_sharing",
            "mapping",
            "review_due_on",
            "settings",
        }
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(max_length=64)
    title: str = Field(max_length=200)
    kind: SectionKind = Field(sa_type=Word(SectionKind))
    picture: str | None = Field(default=None, max_length=64)
    picture_media_id: UUID | None = None
    prompts: list[str] = Field(default_factory=list, sa_type=Json)
    position: int
    status: SectionStatus = Field(sa_type=Word(SectionStatus))
    label: Label = Field(sa_type=Word(Label))
    machine_sharing: MachineSharing = Field(default=MachineSharing.ALLOWED, sa_type=Word(MachineSharing))
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    review_due_on: date | None = None
    body_markdown: str = ""
    body_html: str = ""
    voice: dict[str, Any] | None = Field(default=None, sa_type=Json)
    revision: int = 1
    settings: int = 1
    easy_number: int = 0
    updated_at: datetime = Field(sa_type=Instant)
    updated_by: UUID | None = Field(default=None, foreign_key="account.id")
    updated_by_name: str = Field(default="", max_length=200)


class Revision(InSection, table=True):
    """One saved version of a section, under the label it was written with; never changed afterwards."""

    __table_args__ = (UniqueConstraint("section_id", "number", name="revision_number"),)
    changeable: ClassVar = frozenset()

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int
    title: str = Field(max_length=200)
    body_markdown: str
    body_html: str
    voice: dict[str, Any] = Field(sa_type=Json)
    label: Label = Field(sa_type=Word(Label))
    author_id: UUID = Field(foreign_key="account.id")
    author_name: str = Field(max_length=200)
    change_note: str | None = Field(default=None, max_length=500)
    source: RevisionSource = Field(sa_type=Word(RevisionSource))
    restored_from: int | None = None
    suggested_by_name: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=Instant)


class EasyText(InSection, table=True):
    """The words of a section said in an easy way, by a person; one saved version, never changed afterwards.

    `lines` holds a sentence each, with a picture or none: `{"words", "picture"}`. No lines: they were taken away.
    `explains` is the version of the section that it explains. It is kept under the label it was written with.
    """

    __tablename__ = "easy_text"
    __table_args__ = (UniqueConstraint("section_id", "number", name="easy_text_number"),)
    changeable: ClassVar = frozenset()

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int
    lines: list[dict[str, Any]] = Field(sa_type=Json)
    explains: int
    voice: dict[str, Any] = Field(sa_type=Json)
    label: Label = Field(sa_type=Word(Label))
    author_id: UUID = Field(foreign_key="account.id")
    author_name: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=Instant)


_STILL_KEPT = text("thrown_away_at IS NULL")


class WrittenDraft(OfAuthor, table=True):
    """What somebody was writing and has not saved: one for each writer, section and face, and what they threw away.

    `face` says whether it is the full words or the easy ones. `words` holds the form as it stood, field by field.
    `page` is the opened page that kept it last.
    """

    __tablename__ = "written_draft"
    __table_args__ = (
        Index(
            "draft_of_author",
            "section_id",
            "account_id",
            "face",
            unique=True,
            sqlite_where=_STILL_KEPT,
            postgresql_where=_STILL_KEPT,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    face: Face = Field(default=Face.FULL, sa_type=Word(Face))
    page: UUID
    words: dict[str, Any] = Field(sa_type=Json)
    kept_at: datetime = Field(sa_type=Instant)
    thrown_away_at: datetime | None = Field(default=None, sa_type=Instant)
