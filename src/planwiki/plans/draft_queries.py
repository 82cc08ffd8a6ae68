"""Questions about what somebody was writing. Row security shows a draft to its author alone."""

from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Face

from .draft_schemas import DraftView
from .models import WrittenDraft


class DraftsHere(NamedTuple):
    """The viewer's own on one face of a section: what is kept, and what they threw away last."""

    kept: WrittenDraft | None
    thrown_away: WrittenDraft | None


def drafts_here(uow: UnitOfWork, section_id: UUID, face: Face = Face.FULL) -> DraftsHere:
    newest_first = select(WrittenDraft).order_by(col(WrittenDraft.thrown_away_at).desc())
    rows = uow.all(newest_first.where(WrittenDraft.section_id == section_id, WrittenDraft.face == face))
    kept = next((row for row in rows if row.thrown_away_at is None), None)
    return DraftsHere(kept, next((row for row in rows if row.thrown_away_at is not None), None))


def my_draft(uow: UnitOfWork, section_id: UUID, face: Face = Face.FULL) -> DraftView | None:
    """What the viewer was writing here and has not saved."""
    kept = drafts_here(uow, section_id, face).kept
    return DraftView(page=kept.page, words=kept.words, kept_at=kept.kept_at) if kept is not None else None


def threw_away(uow: UnitOfWork, section_id: UUID, face: Face = Face.FULL) -> bool:
    """Is there anything to bring back?"""
    return drafts_here(uow, section_id, face).thrown_away is not None
