"""Shares that nobody has used for 90 days: asked about, answered by an owner, and never ended by themselves."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from planwiki.activity.models import AuditEntry
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound
from planwiki.base.vocabulary import OWNER_ROLES, Level, Outcome, TaskAnswer
from planwiki.plans.models import Plan, Section

from .coming_schemas import UnusedGrantView
from .grant_commands import end_grant
from .models import Grant, Member, OwnerTask
from .queries import members
from .schemas import MemberView

UNUSED_FOR, ASK_AGAIN = timedelta(days=90), timedelta(days=30)
_ABOUT = "unused-grant:"


def unused_grants(uow: UnitOfWork, plan_id: UUID) -> list[UnusedGrantView]:
    """What was given, can be used, and was not for 90 days, but for what an owner has answered. Owners ask."""
    uow.permit_owner(plan_id)
    since = uow.now - UNUSED_FOR
    old = _given_before(uow, plan_id, since)
    if not old:
        return []
    people, used, settled = _who_could_use_one(uow, plan_id), _used_since(uow, plan_id, since), _settled(uow, plan_id)
    found = []
    for grant, section in old:
        holders = [one for one in people if grant.member_id == one.id or grant.role is one.role]
        idle = not {(one.account_id, id) for one in holders for id in (grant.section_id, None)} & used
        if idle and grant.id not in settled and (holders or grant.role):
            by_name = holders[0] if grant.member_id else None
            found.append(
                UnusedGrantView(id=grant.id, member=by_name, role=grant.role, title=section.title, key=section.key)
            )
    return found


def _who_could_use_one(uow: UnitOfWork, plan_id: UUID) -> list[MemberView]:
    """Not owners: what they read hangs on no grant, and the person's own reading is nobody's business."""
    return [one for one in members(uow, plan_id) if one.here and one.account_id and one.role not in OWNER_ROLES]


def _given_before(uow: UnitOfWork, plan_id: UUID, since: Any) -> list[tuple[Grant, Section]]:
    question = select(Grant, Section).join(Section, col(Section.id) == Grant.section_id)
    stands = (col(Grant.ended_at).is_(None), Grant.level != Level.NONE, col(Grant.withheld).is_(False))
    lasting = or_(col(Grant.expires_on).is_(None), col(Grant.expires_on) >= uow.today)
    begun = or_(col(Grant.from_on).is_(None), col(Grant.from_on) <= since.date())
    where = (Grant.plan_id == plan_id, col(Grant.created_at) < since, *stands, lasting, begun)
    return uow.all(question.where(*where).order_by(col(Section.position), col(Grant.id)))


def _used_since(uow: UnitOfWork, plan_id: UUID, since: Any) -> set[tuple[UUID | None, UUID | None]]:
    """(account, section) for each look or change; without a section for a pull of the whole plan."""
    question = select(AuditEntry.actor_id, AuditEntry.section_id).where(AuditEntry.plan_id == plan_id)
    whole = or_(col(AuditEntry.section_id).is_not(None), AuditEntry.verb == "plan.pulled")
    question = question.where(AuditEntry.outcome == Outcome.ALLOWED, col(AuditEntry.at) >= since, whole)
    return {(actor, section) for actor, section in uow.all(question.distinct())}


def _settled(uow: UnitOfWork, plan_id: UUID) -> set[UUID]:
    """Grants that an owner has answered about, and that are not to be asked about today."""
    question = select(OwnerTask).where(OwnerTask.plan_id == plan_id, col(OwnerTask.about).startswith(_ABOUT))
    answers = uow.all(
        question.where(or_(col(OwnerTask.ask_again_on).is_(None), col(OwnerTask.ask_again_on) > uow.today))
    )
    return {UUID(one.about.removeprefix(_ABOUT)) for one in answers}


def answer_unused(uow: UnitOfWork, plan_id: UUID, grant_id: UUID, answer: TaskAnswer) -> None:
    """`done` ends it, `keep` never asks again, `not_now` asks in 30 days. Nothing else changes."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    grant = uow.one(select(Grant).where(Grant.id == grant_id, Grant.plan_id == plan_id, col(Grant.ended_at).is_(None)))
    if grant.member_id and uow.first(select(Member.id).where(Member.id == grant.member_id)) is None:
        raise NotFound
    if answer is TaskAnswer.DONE:
        end_grant(uow, grant)
    about = f"{_ABOUT}{grant.id}"
    kept = uow.first(select(OwnerTask).where(OwnerTask.plan_id == plan_id, OwnerTask.about == about))
    task = kept or OwnerTask(
        plan_id=plan_id, about=about, answer=answer, answered_at=uow.now, answered_by=uow.principal.account_id
    )
    task.answer, task.answered_at, task.answered_by = answer, uow.now, uow.principal.account_id
    task.ask_again_on = uow.today + ASK_AGAIN if answer is TaskAnswer.NOT_NOW else None
    uow.add(task)
    uow.record("task.answered", plan_id, subject_id=task.id)
