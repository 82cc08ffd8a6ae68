"""How far one reader has seen what there is: their own bookkeeping, shown to nobody, in no record and no copy."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.guarded import OfReader
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import NewsByMail


class SeenSection(OfReader, table=True):
    """How far one reader has seen a section: its version, and the newest thing beside it. Never when they read.

    `marked_with` names the press of *Mark all as seen* that brought it here, from `was_revision` and `was_until` (None:
    it was not seen at all), so that the press can be undone.
    """

    __tablename__ = "seen_section"
    __table_args__ = (
        UniqueConstraint("section_id", "account_id", name="seen_section_once"),
        Index("seen_section_by_reader", "account_id", "plan_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    revision: int
    until: datetime = Field(sa_type=Instant)
    was_revision: int | None = None
    was_until: datetime | None = Field(default=None, sa_type=Instant)
    marked_with: UUID | None = None


class NewsBegun(SQLModel, table=True):
    """Somebody has opened a plan for the first time: all that was there then is no news to them."""

    __tablename__ = "news_begun"
    __table_args__ = (UniqueConstraint("account_id", "plan_id", name="news_begun_once"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    plan_id: UUID = Field(foreign_key="plan.id")


class PutAside(SQLModel, table=True):
    """One thing that somebody does not want to be shown now. `about` names it by kind and id, never by words."""

    __tablename__ = "put_aside"
    __table_args__ = (UniqueConstraint("account_id", "about", name="put_aside_once"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    plan_id: UUID = Field(foreign_key="plan.id")
    about: str = Field(max_length=100)
    put_at: datetime = Field(sa_type=Instant)


class NewsLetter(SQLModel, table=True):
    """How often somebody wants a letter, when the next is due, and what the last one was about, by kind and id."""

    __tablename__ = "news_letter"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", unique=True)
    how_often: NewsByMail = Field(default=NewsByMail.WEEKLY, sa_type=Word(NewsByMail))
    due_at: datetime = Field(sa_type=Instant, index=True)
    told: list[str] = Field(default_factory=list, sa_type=Json)
