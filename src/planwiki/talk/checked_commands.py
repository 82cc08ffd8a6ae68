"""Marking a text as checked with the person. The mark belongs to one version, so it falls away with the next."""

from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import invalid
from planwiki.base.language import _
from planwiki.base.vocabulary import Permission, Role
from planwiki.plans.queries import find_section
from planwiki.plans.rules import check_nobody_saved_since

from .models import CheckedMark
from .schemas import CheckedDraft


def mark_checked(uow: UnitOfWork, plan_id: UUID, key: str, draft: CheckedDraft) -> None:
    """The person says so, or somebody who may change the text says how they did. Raises Stale for an older text."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    check_nobody_saved_since(section.revision, draft.revision)
    if not section.body_markdown:
        raise invalid("form", "nothing-written", _("Nothing is written here yet."))
    by_person = uow.me(plan_id).role is Role.PERSON
    mark = CheckedMark(
        plan_id=plan_id,
        section_id=section.id,
        revision=section.revision,
        how=draft.how,
        supported_by=draft.supported_by,
        label=section.label,
        author_id=uow.principal.account_id,
        author_name=uow.principal.display_name,
        by_person=by_person,
        created_at=uow.now,
    )
    uow.add(mark)
    uow.record("section.checked", plan_id, section_id=section.id)


def take_mark_back(uow: UnitOfWork, plan_id: UUID, key: str) -> None:
    """The text as it stands is no longer marked. Who had marked it stays in the record."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    marked = select(CheckedMark).where(CheckedMark.section_id == section.id, col(CheckedMark.ended_at).is_(None))
    marks = uow.all(marked.where(CheckedMark.revision == section.revision))
    for mark in marks:
        mark.ended_at, mark.ended_by = uow.now, uow.principal.account_id
    if marks:
        uow.record("section.unchecked", plan_id, section_id=section.id)
