"""When somebody leaves: what only they do, and handing it to others in one act, so that nothing falls between."""

from collections import defaultdict
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import invalid, pointing_into
from planwiki.base.vocabulary import OWNER_ROLES, Level, MemberStatus, Permission, SectionStatus
from planwiki.outcomes.commands import change_action
from planwiki.outcomes.queries import open_actions
from planwiki.outcomes.schemas import ActionPatch, ActionView
from planwiki.plans.models import Plan, Section
from planwiki.plans.queries import sections
from planwiki.plans.schemas import SectionView

from .coming_schemas import HandOverDraft
from .commands import change_member
from .grant_commands import give
from .queries import members
from .schemas import MemberGrantDraft, MemberPatch, MemberView


def theirs_alone(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> list[SectionView]:
    """Sections that nobody but this member may change, owners aside. Owners ask."""
    uow.permit_owner(plan_id)
    helping = {one.id for one in members(uow, plan_id) if one.role not in OWNER_ROLES}
    editors: dict[UUID, set[UUID]] = defaultdict(set)
    here = (Section.plan_id == plan_id, Section.status == SectionStatus.ACTIVE)
    for section, member, held in uow.access(*here, of=(Permission.EDIT,)):
        if held and member in helping:
            editors[section].add(member)
    return [one for one in sections(uow, plan_id) if editors[one.id] == {member_id}]


def may_take_over(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> list[MemberView]:
    """Everybody else who is here, can sign in, and does not decide about everything already."""
    others = [one for one in members(uow, plan_id) if one.id != member_id and one.here]
    return [one for one in others if one.status is MemberStatus.ACTIVE and one.role not in OWNER_ROLES]


def to_hand_on(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> list[ActionView]:
    """What they are to do, soonest first, as far as whoever asks may see it. Owners ask."""
    uow.permit_owner(plan_id)
    return [one for one in open_actions(uow, plan_id) if one.who_member_id == member_id]


def hand_over(uow: UnitOfWork, plan_id: UUID, member_id: UUID, draft: HandOverDraft) -> None:
    """All of it or nothing. What the leaving one holds ends by itself after their last day."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    takers = {one.id for one in may_take_over(uow, plan_id, member_id)}
    for key, taker in draft.sections.items():
        with pointing_into(key):
            if taker not in takers:
                raise invalid("level", "unknown-member", "That person cannot take over now.")
            give(uow, plan_id, key, MemberGrantDraft(member_id=taker, level=Level.EDIT, history=True))
    theirs = {one.id for one in to_hand_on(uow, plan_id, member_id)}
    for action_id, taker in draft.actions.items():
        with pointing_into(f"do-{action_id}"):
            if action_id not in theirs:
                raise invalid("who_member_id", "changed-hands", "This is not theirs any more. Look at it once more.")
            change_action(uow, plan_id, action_id, ActionPatch(who_member_id=taker))
    if draft.ask_first is not None:
        change_member(uow, plan_id, draft.ask_first, MemberPatch(is_key_worker=True))
    if draft.sent("ends_on"):
        change_member(uow, plan_id, member_id, MemberPatch(ends_on=draft.ends_on))
