"""What a change would come to: it is made for real, by the same verbs, and asked about. Whoever calls these must
forget the transaction afterwards (`web/trying.py` does)."""

from uuid import UUID

from sqlmodel import select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Level, MemberStatus, Role
from planwiki.plans.models import Plan

from .grant_commands import replace_member_grants, replace_section_grants
from .handing_commands import Handing
from .invitation_commands import invite
from .models import Member
from .queries import access_matrix
from .schemas import GrantsDraft, InvitationDraft, SectionGrantsDraft
from .sharing_queries import sharing
from .sharing_schemas import EffectView


def as_if_shared(uow: UnitOfWork, plan_id: UUID, key: str, draft: SectionGrantsDraft) -> list[EffectView]:
    """Everybody for whom something would be different."""
    before = {one.member.id: one for one in sharing(uow, plan_id, key).people}
    replace_section_grants(uow, plan_id, key, draft)
    after = sharing(uow, plan_id, key).people
    found = [EffectView(before=before[one.member.id], after=one) for one in after]
    return [one for one in found if one.before != one.after]


def as_if_joined(
    uow: UnitOfWork, plan_id: UUID, draft: InvitationDraft, handing: Handing | str = ""
) -> dict[str, Level]:
    """What somebody invited like this would hold on each section, by key."""
    invite(uow, plan_id, draft, handing)
    uow.require_owner(uow.get(Plan, plan_id))
    member = _newcomer(uow, plan_id, Role(draft.role))
    replace_member_grants(uow, plan_id, member.id, GrantsDraft(items=draft.grants))
    return next(one.levels for one in access_matrix(uow, plan_id).subjects if one.id == member.id)


def _newcomer(uow: UnitOfWork, plan_id: UUID, role: Role) -> Member:
    if role is Role.PERSON:  # They wait in the circle from the start; `invite` has made sure of that.
        member: Member = uow.one(select(Member).where(Member.plan_id == plan_id, Member.role == role))
        member.status, member.confirmed_at = MemberStatus.ACTIVE, uow.now
        uow.flush()
        return member
    now = uow.now
    member = Member(
        plan_id=plan_id, display_name="", role=role, status=MemberStatus.ACTIVE, confirmed_at=now, created_at=now
    )
    uow.add(member)
    return member
