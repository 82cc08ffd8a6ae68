"""Whom somebody in the circle may turn to when they are worried."""

from uuid import UUID

from sqlmodel import col, or_, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import MemberStatus
from planwiki.plans.queries import check_plan

from . import views
from .models import Member
from .schemas import MemberView


def trusted(uow: UnitOfWork, plan_id: UUID) -> list[MemberView]:
    """Those whom the family named to call first, or as knowing the person best; never the asker themselves."""
    check_plan(uow, plan_id)
    question = select(Member).where(Member.plan_id == plan_id, col(Member.ended_at).is_(None))
    question = question.where(or_(col(Member.call_first), col(Member.knows_me_best)))
    rows = uow.all(question.where(Member.status != MemberStatus.SUSPENDED).order_by(col(Member.id)))
    owner = uow.owns(plan_id)
    others = [row for row in rows if row.account_id != uow.principal.account_id]
    shown = [views.member_view(row, owner=owner, is_me=False, today=uow.today) for row in others]
    return [one for one in shown if not one.has_left]
