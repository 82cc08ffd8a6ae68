"""Where each reader is in a section."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from planwiki.base.columns import Instant
from planwiki.base.guarded import OfReader
from planwiki.base.ids import new_id


class ReadingPlace(OfReader, table=True):
    """To the paragraph, the sentence they heard, and the second of what played last: for this reader alone.

    `begins` is a short hash of how the paragraph begins, so that it is found again where words were put before it.
    No word is kept, and `media_id` points at nothing: it is only ever compared with what the page shows.
    """

    __tablename__ = "reading_place"
    __table_args__ = (UniqueConstraint("account_id", "section_id", name="place_of_reader"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    paragraph: int
    begins: str = Field(max_length=16)
    sentence: int | None = None
    media_id: UUID | None = None
    second: int | None = None
    kept_at: datetime = Field(sa_type=Instant)
