"""What is kept beside the words of a section."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.guarded import InSection
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import MediaKind


class Media(InSection, table=True):
    """A picture, sound, video or paper of one section, and what is said about it. The bytes lie in the storage.

    Seen by whoever may read the section, changed by whoever may edit it. `revision` counts changes of what is said.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    plan_id: UUID = Field(foreign_key="plan.id", index=True)
    section_id: UUID = Field(foreign_key="section.id", index=True)
    kind: MediaKind = Field(sa_type=Word(MediaKind))
    content_type: str = Field(max_length=64)
    filename: str = Field(max_length=200)
    size: int
    stored: int
    sha256: str = Field(max_length=64)
    width: int | None = None
    height: int | None = None
    duration_seconds: int | None = None
    alt_text: str | None = Field(default=None, max_length=2000)
    decorative: bool = False
    caption: str | None = Field(default=None, max_length=2000)
    transcript_markdown: str | None = None
    people_shown_agreed: bool = False
    voice: dict[str, Any] | None = Field(default=None, sa_type=Json)
    revision: int = 1
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=Instant)
