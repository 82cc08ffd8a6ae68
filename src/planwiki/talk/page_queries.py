"""What pages ask about what people said: a few things below a section, one thing to answer, and who checked a text."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.as_read import changes_as_read
from planwiki.base.vocabulary import Role
from planwiki.plans.models import Section
from planwiki.plans.queries import join_texts, section_view
from planwiki.plans.schemas import SectionView

from . import views
from .models import CheckedMark
from .queries import contributions
from .schemas import Asked, CheckedView, ContributionView

OPEN, ANSWERED = 20, 10


def said_about(uow: UnitOfWork, section: SectionView) -> dict[str, Any]:
    """`said_open` and `said_answered` (newest first), `said_more` where there is more, `mark` of the text now, and
    whether `i_am_person`."""
    here = {"section_key": section.key}
    open_ones = contributions(uow, section.plan_id, Asked(**here, answered=False), limit=OPEN + 1)
    answered = contributions(uow, section.plan_id, Asked(**here, answered=True), limit=ANSWERED + 1)
    return {
        "said_open": open_ones[:OPEN],
        "said_answered": answered[:ANSWERED],
        "said_more": len(open_ones) > OPEN or len(answered) > ANSWERED,
        "mark": mark_of(uow, section),
        "i_am_person": uow.me(section.plan_id).role is Role.PERSON,
    }


def mark_of(uow: UnitOfWork, section: SectionView) -> CheckedView | None:
    """The newest mark on the text as it stands. One on an earlier text says nothing of this one."""
    marked = select(CheckedMark).where(
        CheckedMark.section_id == section.id,
        CheckedMark.revision == section.revision,
        col(CheckedMark.ended_at).is_(None),
    )
    row = uow.first(marked.order_by(col(CheckedMark.id).desc()))
    return views.checked_view(row, uow.me(section.plan_id).account_id) if row else None


def checked_now(uow: UnitOfWork, plan_id: UUID) -> set[UUID]:
    """The sections whose text, as it stands, was checked with the person."""
    return {row.section_id for row in uow.ask(_checked_now, plan_id=plan_id)}


def _checked_now(_lens: Lens) -> Any:
    marked = select(CheckedMark.section_id).join(Section, col(Section.id) == CheckedMark.section_id)
    here = (CheckedMark.plan_id == bindparam("plan_id"), col(CheckedMark.ended_at).is_(None))
    return marked.where(*here, CheckedMark.revision == Section.revision)


def marks_in_history(uow: UnitOfWork, section: SectionView, numbers: list[int]) -> dict[int, CheckedView]:
    """The newest mark on each of these versions, which the viewer may look back to."""
    marked = select(CheckedMark).where(
        CheckedMark.section_id == section.id,
        col(CheckedMark.revision).in_(numbers),
        col(CheckedMark.ended_at).is_(None),
    )
    me = uow.me(section.plan_id).account_id
    return {row.revision: views.checked_view(row, me) for row in uow.all(marked.order_by(col(CheckedMark.id)))}


def change_in(uow: UnitOfWork, said: ContributionView, section: SectionView) -> dict[str, Any]:
    """What using a suggestion would change in the words that stand there now; nothing for anything else.

    Where the text moved on, both are joined first, for a person to look at.
    """
    if said.proposed_markdown is None:
        return {"hunks": [], "wanted": ""}
    wanted = said.proposed_markdown
    if said.moved_on:
        wanted = join_texts(uow, section.plan_id, section.key, wanted, int(said.target.revision or 0)).joined
    return {"hunks": changes_as_read(section.body_markdown, wanted), "wanted": wanted}


def joined_again(uow: UnitOfWork, plan_id: UUID, key: str, typed: str, based_on: int) -> dict[str, Any]:
    """The same with words that somebody had joined already when the text moved on once more."""
    section = section_view(uow, plan_id, key)
    wanted = join_texts(uow, plan_id, key, typed, based_on).joined
    return {"hunks": changes_as_read(section.body_markdown, wanted), "wanted": wanted}
