"""What the sharing pages ask: how everybody stands to one section."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, or_, select

from planwiki.authz.unit_of_work import UnitOfWork, level_of
from planwiki.base.vocabulary import OWNER_ROLES, Level, Permission, Role
from planwiki.plans.models import Section
from planwiki.plans.queries import section_view

from .models import Grant, Member
from .queries import members, section_grants
from .rules import can_be_undone
from .schemas import MemberGrantView, MemberView, SectionGrantsView
from .sharing_schemas import SharingView, StandingView


def sharing(uow: UnitOfWork, plan_id: UUID, key: str) -> SharingView:
    """Everybody in the circle, how they stand to one section, and what they were given. Owners ask."""
    section = section_view(uow, plan_id, key)
    given = section_grants(uow, plan_id, key)
    permissions = {member: held for _, member, held in uow.access(Section.id == section.id)}
    by_name = {one.member_id: one for one in given.members}
    people = [
        _standing(one, permissions.get(one.id, frozenset()), by_name.get(one.id), given)
        for one in members(uow, plan_id)
    ]
    return SharingView(section=section, people=people, given=given)


def _standing(
    member: MemberView, held: frozenset[Permission], by_name: MemberGrantView | None, given: SectionGrantsView
) -> StandingView:
    level = level_of(held)
    return StandingView(
        member=member,
        level=level,
        history=Permission.HISTORY in held,
        until=_until(level, member.role, by_name, given),
        given=by_name,
        owner=member.role in OWNER_ROLES,
    )


def _until(level: Level, role: Role, by_name: MemberGrantView | None, given: SectionGrantsView) -> date | None:
    """The last day of what they hold; nothing when their role alone gives as much without an end."""
    if by_name is None or level in {Level.NONE, Level.MANAGE}:
        return None
    return None if given.roles.get(role, Level.NONE).rank >= level.rank else by_name.expires_on


def just_removed(uow: UnitOfWork, plan_id: UUID, member_id: UUID, at: datetime) -> str | None:
    """The name of somebody who was removed at `at`, while that can be undone."""
    question = select(Member.display_name).where(Member.plan_id == plan_id, Member.id == member_id)
    name: str | None = uow.first(question.where(Member.ended_at == at))
    return name if can_be_undone(uow.now, at) else None


def changed_at(uow: UnitOfWork, section_id: UUID, at: datetime) -> bool:
    """Something was shared or stopped at that instant, and it can still be undone."""
    question = select(Grant.id).where(Grant.section_id == section_id)
    found = uow.first(question.where(or_(col(Grant.created_at) == at, col(Grant.ended_at) == at)))
    return found is not None and can_be_undone(uow.now, at)
