"""The one question about where a reader was. Row security answers it to nobody but them."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork

from .place_models import ReadingPlace
from .place_schemas import ReadingPlaceView


def my_place(uow: UnitOfWork, section_id: UUID) -> ReadingPlaceView | None:
    """Where the viewer was in this section."""
    rows = uow.ask(_mine, section_id=section_id)
    if not rows:
        return None
    row = rows[0]
    return ReadingPlaceView(
        paragraph=row.paragraph, begins=row.begins, sentence=row.sentence, media_id=row.media_id, second=row.second
    )


def _mine(_: Lens) -> Any:
    return select(ReadingPlace).where(ReadingPlace.section_id == bindparam("section_id"))
