"""Undoing what was shared, stopped or removed, for ten minutes.

Grants are never changed in place, so what stood before an instant can be read back; undoing is one more change.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, or_, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import Permission
from planwiki.plans.models import Plan
from planwiki.plans.queries import find_section
from planwiki.plans.rules import check_not_frozen

from .grant_commands import begin_again, end_grant
from .models import Grant, Member
from .queries import open_grants
from .rules import can_be_undone, check_may_lower


def put_sharing_back(uow: UnitOfWork, plan_id: UUID, key: str, at: datetime) -> None:
    """A section is shared as it was just before `at`. Raises Conflict when that was too long ago."""
    uow.get(Plan, plan_id, lock=True)
    section = find_section(uow, plan_id, key)
    uow.require(Permission.MANAGE, section)
    _check_soon(uow, at)
    stood = select(Grant).where(Grant.section_id == section.id, col(Grant.created_at) < at)
    was = uow.all(stood.where(or_(col(Grant.ended_at).is_(None), col(Grant.ended_at) >= at)))
    _settle_as(uow, was, open_grants(uow, section.id))


def bring_member_back(uow: UnitOfWork, plan_id: UUID, member_id: UUID, at: datetime) -> None:
    """Somebody removed at `at` is in the circle again, with what was shared with them by name.

    Whoever took an owner out had the right to: the person alone brings one back.
    """
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    _check_soon(uow, at)
    check_not_frozen(plan)
    uow.require_fresh()
    member = uow.one(select(Member).where(Member.id == member_id, Member.plan_id == plan_id, Member.ended_at == at))
    check_may_lower(uow.me(plan_id), member)
    asked = select(Member.id).where(
        Member.plan_id == plan_id, col(Member.is_key_worker), col(Member.ended_at).is_(None)
    )
    member.is_key_worker = member.is_key_worker and uow.first(asked) is None  # Another may be asked first by now.
    member.ended_at, member.revision = None, member.revision + 1
    uow.record("member.brought_back", plan_id, subject_id=member.id)
    uow.flush()
    _settle_as(uow, uow.all(select(Grant).where(Grant.member_id == member.id, Grant.ended_at == at)), [])


def _check_soon(uow: UnitOfWork, at: datetime) -> None:
    if not can_be_undone(uow.now, at):
        raise Conflict("It is too late to undo that. You can still change it.", "already-decided")


def _settle_as(uow: UnitOfWork, was: list[Grant], now: list[Grant]) -> None:
    """What began since ends first: nobody holds two open grants on one section."""
    standing = {grant.id for grant in was}
    for grant in now:
        if grant.id not in standing:
            end_grant(uow, grant)
    uow.flush()
    for grant in was:
        if grant.ended_at is not None:
            begin_again(uow, grant)
