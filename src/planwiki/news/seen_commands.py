"""What a reader saw, put aside, or wants to be shown again: their own bookkeeping, recorded nowhere, told to nobody.

Nothing here is for somebody who looks as somebody else, for a guest, or for a shared tablet.
"""

from typing import Any
from uuid import UUID

from sqlmodel import select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound
from planwiki.base.vocabulary import Permission
from planwiki.plans.models import Section

from .inbox_queries import inbox
from .models import NewsBegun, PutAside, SeenSection
from .queries import has_begun, states
from .schemas import SectionState, ToMark


def mark_seen(uow: UnitOfWork, plan_id: UUID, seen: ToMark, press: UUID | None = None) -> None:
    """These sections, as far as the reader was shown them. What came in the meantime stays new.

    With `press` it can be undone by that name.
    """
    if not _keeps_account(uow):
        return
    if not has_begun(uow, plan_id):
        uow.add(NewsBegun(account_id=uow.principal.account_id, plan_id=plan_id))
    for state in seen.sections:
        _mark(uow, state, press)


def _keeps_account(uow: UnitOfWork) -> bool:
    who = uow.principal
    return who.as_member_id is None and who.guest_link_id is None and who.tablet_plan_id is None


def _mark(uow: UnitOfWork, state: SectionState, press: UUID | None) -> None:
    section = uow.get(Section, state.section_id)
    uow.require(Permission.READ, section)
    row = uow.first(select(SeenSection).where(SeenSection.section_id == section.id))
    if row is None:
        place: dict[str, Any] = {"plan_id": section.plan_id, "section_id": section.id}
        place |= {"account_id": uow.principal.account_id, "marked_with": press}
        uow.add(SeenSection(**place, revision=state.revision, until=state.newest))
        return
    row.marked_with, row.was_revision, row.was_until = press, row.revision, row.until
    row.revision, row.until = max(row.revision, state.revision), max(row.until, state.newest)


def mark_all_seen(uow: UnitOfWork, plan_id: UUID, press: UUID | None = None) -> None:
    """All that the reader may see of a plan now. Nothing happens for a plan that is hidden or missing."""
    ahead = [one for one in states(uow, plan_id) if one.is_ahead]
    if ahead:
        mark_seen(uow, plan_id, ToMark(sections=ahead), press)


def unmark_all_seen(uow: UnitOfWork, press: UUID | None) -> None:
    """What one press marked is as new as before. Whatever the reader saw since then stays seen."""
    for row in uow.all(select(SeenSection).where(SeenSection.marked_with == press)) if press else ():
        uow.require(Permission.READ, uow.get(Section, row.section_id))
        if row.was_revision is None or row.was_until is None:
            uow.delete(row)
        else:
            row.revision, row.until, row.marked_with = row.was_revision, row.was_until, None


def put_aside(uow: UnitOfWork, about: str) -> None:
    """One thing, not now. Raises NotFound for what is not on the reader's own list."""
    found = inbox(uow)
    one = next((one for one in (*found.new, *found.waits) if one.about == about), None)
    if one is None:
        raise NotFound
    row = uow.first(select(PutAside).where(PutAside.about == about))
    if row is None:
        uow.add(PutAside(account_id=uow.principal.account_id, plan_id=one.plan_id, about=about, put_at=uow.now))
    else:
        row.put_at = uow.now


def take_back(uow: UnitOfWork, about: str) -> None:
    """Shown again. Nothing happens where it was not put aside."""
    for row in uow.all(select(PutAside).where(PutAside.about == about)):
        uow.delete(row)
