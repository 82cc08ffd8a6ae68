"""The person decides whether those who decided with them go on doing so."""

from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.vocabulary import Role

from .commands import change_member
from .queries import members
from .schemas import MemberPatch, MemberView, StayDraft


def stewards(uow: UnitOfWork, plan_id: UUID) -> list[MemberView]:
    return [one for one in members(uow, plan_id) if one.role is Role.STEWARD]


def decide_who_stays(uow: UnitOfWork, plan_id: UUID, draft: StayDraft) -> None:
    """Whoever does not stay is family from now on, and sees what family sees. For the person alone."""
    uow.permit_owner(plan_id)
    if uow.me(plan_id).role is not Role.PERSON:
        raise Forbidden("Only the person whose plan it is decides this.")
    uow.require_fresh()
    for one in stewards(uow, plan_id):
        if not draft.stays.get(one.id, True):
            change_member(uow, plan_id, one.id, MemberPatch(role="family"))
