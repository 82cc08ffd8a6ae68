"""Questions about how people see it. Rows are narrowed: who may not read a section finds nobody's view of it."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Level, SectionKind
from planwiki.plans.queries import find_section
from planwiki.plans.schemas import SectionView, Voice

from . import perspective_rules as rules
from .models import Perspective
from .perspective_schemas import PerspectiveView

SHOWN = 20


def perspectives(uow: UnitOfWork, section: SectionView) -> dict[str, Any]:
    """For pages: `perspectives` side by side, and `may_see_it` (may the viewer write theirs?)."""
    if section.kind is not SectionKind.PERSPECTIVES:
        return {"perspectives": [], "may_see_it": False}
    may = section.my_level.rank >= Level.COMMENT.rank and uow.principal.as_member_id is None
    return {"perspectives": how_people_see(uow, section), "may_see_it": may}


def how_people_see(uow: UnitOfWork, section: SectionView) -> list[PerspectiveView]:
    """Everybody's view as it stands, the person's own first."""
    there = select(Perspective).where(Perspective.section_id == section.id, col(Perspective.ended_at).is_(None))
    rows = uow.all(there.order_by(col(Perspective.id)))
    me = uow.me(section.plan_id).account_id
    shown = rules.newest_of_each([view(row, me) for row in rows], [row.author_id for row in rows])
    return rules.side_by_side(shown)


def earlier(uow: UnitOfWork, section: SectionView, before: UUID | None = None) -> tuple[list[PerspectiveView], bool]:
    """What ended, newest first, as far as the viewer may see it; and whether there is more."""
    there = select(Perspective).where(Perspective.section_id == section.id, col(Perspective.ended_at).is_not(None))
    if before is not None:
        there = there.where(col(Perspective.id) < before)
    rows = uow.all(there.order_by(col(Perspective.id).desc()).limit(SHOWN + 1))
    me = uow.me(section.plan_id).account_id
    return [view(row, me) for row in rows[:SHOWN]], len(rows) > SHOWN


def find_perspective(uow: UnitOfWork, plan_id: UUID, key: str, id: UUID) -> Perspective:
    """Held until the end of the transaction. Raises NotFound when it is hidden, of another section, or missing."""
    section = find_section(uow, plan_id, key)
    rules.check_is_asked_here(section.kind)
    question = select(Perspective).where(Perspective.section_id == section.id, Perspective.id == id)
    row: Perspective = uow.one(question, lock=True)
    return row


def view(row: Perspective, me: UUID | None) -> PerspectiveView:
    return PerspectiveView(
        id=row.id,
        working_markdown=row.working_markdown,
        working_html=row.working_html,
        not_working_markdown=row.not_working_markdown,
        not_working_html=row.not_working_html,
        voice=Voice.model_validate(row.voice),
        author=row.author_name,
        created_at=row.created_at,
        is_mine=row.author_id == me,
        ended_at=row.ended_at,
        ended_by_me=row.ended_by == me,
    )
