"""Making somebody of the circle a steward takes two owners, where there are two who sign in.

Else one of them could bring in a friend as a friend, and then make the friend an owner whom the other cannot remove.
The first word waits on the member's row and opens nothing, until another owner says the same. The person's own word is
enough. Whoever made a steward can take it back for ten minutes; after that a steward is lowered by the person alone.
"""

from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Role

from .coming_schemas import StewardWord
from .models import Member
from .owner_queries import owners_who_sign_in
from .queries import find_member
from .rules import can_be_undone
from .schemas import MemberPatch
from .views import is_asked


def count_word(uow: UnitOfWork, member: Member, patch: MemberPatch) -> MemberPatch:
    """Notes this owner's word. Answers the patch as it counts now: without the role, while another word is needed."""
    enough = _is_enough(uow, member)
    member.steward_word_by, member.steward_word_at = uow.principal.account_id, uow.now
    if enough:
        return patch
    uow.record("member.steward_asked", member.plan_id, subject_id=member.id)
    return MemberPatch.model_validate(patch.model_dump(exclude_unset=True, exclude={"role"}))


def _is_enough(uow: UnitOfWork, member: Member) -> bool:
    """Nobody else to ask, or somebody else who decides has said so before."""
    others = {one.account_id for one in _others(uow, member)}
    return _decides_alone(uow, member) or not others or member.steward_word_by in others


def _decides_alone(uow: UnitOfWork, member: Member) -> bool:
    return uow.me(member.plan_id).role is Role.PERSON or member.account_id is None


def _others(uow: UnitOfWork, member: Member) -> list[Member]:
    me = uow.principal.account_id
    return [one for one in owners_who_sign_in(uow, member.plan_id) if one.account_id != me]


def take_word_back(member: Member) -> None:
    """Any owner's no is enough."""
    member.steward_word_by, member.steward_word_at = None, None


def may_take_back(uow: UnitOfWork, member: Member) -> bool:
    """It was their own word that made this one a steward, a moment ago."""
    at, by = member.steward_word_at, member.steward_word_by
    mine = by == uow.principal.account_id and at is not None
    return member.role is Role.STEWARD and mine and at is not None and can_be_undone(uow.now, at)


def steward_word(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> StewardWord:
    """How far it is with making this member a steward. Owners ask."""
    uow.permit_owner(plan_id)
    member = find_member(uow, plan_id, member_id)
    by = select(Member).where(Member.plan_id == plan_id, Member.account_id == member.steward_word_by)
    asker = uow.first(by.order_by(col(Member.id).desc())) if is_asked(member) else None
    return StewardWord(
        asked_by=asker.display_name if asker is not None else None,
        asked_by_me=asker is not None and member.steward_word_by == uow.principal.account_id,
        is_enough=_is_enough(uow, member),
        by_the_person=uow.me(plan_id).role is Role.PERSON,
        may_take_back=may_take_back(uow, member),
    )
