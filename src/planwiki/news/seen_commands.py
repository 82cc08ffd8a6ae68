"""What a reader saw, put aside, or wants to be shown again: their own bookkeeping, recorded nowhere, told to nobody.

Nothing here is for somebody who looks as somebody else, for a guest, or for a shared tablet.
"""

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


def mark_seen(uow: UnitOfWork, plan_id: UUID, seen: ToMark) -> None:
    """These sections, as far as the reader was shown them. What came in the meantime stays new."""
    if not _keeps_account(uow):
        return
    if not has_begun(uow, plan_id):
        uow.add(NewsBegun(account_id=uow.principal.account_id, plan_id=plan_id))
    for state in seen.sections:
        _mark(uow, state)


def _keeps_account(uow: UnitOfWork) -> bool:
    who = uow.principal
    return who.as_member_id is None and who.guest_link_id is None and who.tablet_plan_id is None


def _mark(uow: UnitOfWork, state: SectionState) -> None:
    section = uow.get(Section, state.section_id)
    uow.require(Permission.READ, section)
    row = uow.first(select(SeenSection).where(SeenSection.section_id == section.id))
    if row is None:
        place = {"plan_id": section.plan_id, "section_id": section.id, "account_id": uow.principal.account_id}
        uow.add(SeenSection(**place, revision=state.revision, until=state.newest))
        return
    row.revision, row.until = max(row.revision, state.revision), max(row.until, state.newest)


def mark_all_seen(uow: UnitOfWork, plan_id: UUID) -> None:
    """All that the reader may see of a plan now. Nothing happens for a plan that is hidden or missing."""
    ahead = [one for one in states(uow, plan_id) if one.is_ahead]
    if ahead:
        mark_seen(uow, plan_id, ToMark(sections=ahead))


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
