"""The words of each section, folded for finding."""

from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from planwiki.base.guarded import InSection


class SearchEntry(InSection, table=True):
    """One section's words, with one space between."""

    __tablename__ = "search_entry"
    __table_args__ = (Index("search_entry_by_plan", "plan_id"),)

    id: int | None = Field(default=None, primary_key=True)
    section_id: UUID = Field(foreign_key="section.id", unique=True)
    words: str
