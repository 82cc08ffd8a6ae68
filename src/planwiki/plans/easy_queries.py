"""Questions about easy words. Row security shows the newest to readers, earlier ones to those who may look back."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Permission

from .easy_schemas import EasyLine, EasyView
from .models import EasyText, Section
from .queries import find_section
from .schemas import Voice

LINES = 20


def easy_now(uow: UnitOfWork, section_id: UUID) -> EasyView | None:
    """The easy words of a section as they stand. None where there are none, or they were taken away."""
    newest = newest_easy(uow, section_id)
    return newest if newest is not None and newest.lines else None


def easy_in_plan(uow: UnitOfWork, plan_id: UUID) -> dict[UUID, EasyView]:
    """The same for a whole plan: by section, for those that have any."""
    here = (EasyText.plan_id == plan_id, col(EasyText.number) == Section.easy_number)
    found = {row.section_id: _view(row, *numbers) for row, *numbers in uow.all(_easy().where(*here))}
    return {section_id: easy for section_id, easy in found.items() if easy.lines}


def newest_easy(uow: UnitOfWork, section_id: UUID) -> EasyView | None:
    """The same, and an empty one where they were taken away. One that is hidden from the viewer is not there."""
    here = (EasyText.section_id == section_id, col(EasyText.number) == Section.easy_number)
    row = uow.first(_easy().where(*here))
    return _view(*row) if row is not None else None


def earlier_easy(uow: UnitOfWork, plan_id: UUID, key: str, before: UUID | None = None) -> tuple[list[EasyView], bool]:
    """All that were saved, newest first, and whether there are more. Raises Forbidden where history is closed."""
    section = find_section(uow, plan_id, key)
    uow.permit(Permission.HISTORY, section.id)
    question = _easy().where(EasyText.section_id == section.id).order_by(col(EasyText.number).desc())
    if before is not None:
        question = question.where(col(EasyText.id) < before)
    found = [_view(*row) for row in uow.all(question.limit(LINES + 1))]
    return found[:LINES], len(found) > LINES


def find_easy(uow: UnitOfWork, section_id: UUID, easy_id: UUID) -> EasyView:
    """Raises NotFound when it is hidden or missing."""
    return _view(*uow.one(_easy().where(EasyText.section_id == section_id, EasyText.id == easy_id)))


def _easy() -> Any:
    joined = select(EasyText, Section.revision, Section.easy_number)
    return joined.join(Section, col(Section.id) == EasyText.section_id)


def _view(row: EasyText, revision: int, newest: int) -> EasyView:
    return EasyView(
        id=row.id,
        lines=[EasyLine.model_validate(one) for one in row.lines],
        explains=row.explains,
        moved_on=row.explains != revision,
        is_newest=row.number == newest,
        voice=Voice.model_validate(row.voice),
        author=row.author_name,
        created_at=row.created_at,
    )
