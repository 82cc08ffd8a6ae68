"""To think about: questions that come due by themselves, worked out afresh each time, and what owners said to them."""

from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict
from planwiki.base.language import _
from planwiki.base.vocabulary import Role, TaskAnswer
from planwiki.plans.models import Plan

from . import milestone_rules, task_rules
from .models import Member, OwnerTask
from .schemas import TaskAnswerDraft, TaskView


def tasks(uow: UnitOfWork, plan_id: UUID) -> list[TaskView]:
    """What owners have not answered, or asked to be asked again about. Owners ask."""
    plan = uow.get(Plan, plan_id)
    uow.permit_owner(plan_id)
    answers = {one.about: one for one in uow.all(select(OwnerTask).where(OwnerTask.plan_id == plan_id))}
    found = [*_of_age(uow, plan), *_of_reviews(uow, plan)]
    return [one for one in found if one.about not in answers or not _rests(uow, answers[one.about])]


def answer_task(uow: UnitOfWork, plan_id: UUID, draft: TaskAnswerDraft) -> None:
    """Keeps what an owner said; nothing else changes. Raises Conflict when it is not asked any more."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    if draft.about not in {one.about for one in tasks(uow, plan_id)}:
        raise Conflict("This is not asked any more.", "already-decided")
    answer = TaskAnswer(draft.answer)
    kept = uow.first(select(OwnerTask).where(OwnerTask.plan_id == plan_id, OwnerTask.about == draft.about))
    if kept is None:
        kept = OwnerTask(plan_id=plan_id, about=draft.about, answer=answer, answered_at=uow.now, answered_by=_me(uow))
        uow.add(kept)
    kept.answer, kept.answered_at, kept.answered_by = answer, uow.now, _me(uow)
    kept.ask_again_on = uow.today + task_rules.RESTS if answer is TaskAnswer.NOT_NOW else None
    uow.record("task.answered", plan_id, subject_id=kept.id)


def _me(uow: UnitOfWork) -> UUID:
    return uow.principal.account_id


def _rests(uow: UnitOfWork, kept: OwnerTask) -> bool:
    return task_rules.rests(kept.answer, kept.ask_again_on, uow.today)


def _of_age(uow: UnitOfWork, plan: Plan) -> list[TaskView]:
    """The birthday, or the end of school age, that was reached last."""
    born = plan.person_date_of_birth
    reached = milestone_rules.latest(born, uow.today) if born else None
    if reached is None:
        return []
    said, name = task_rules.MILESTONES[reached.about], plan.person_preferred_name or plan.person_display_name
    me = uow.me(plan.id).id if said.leads_to == "basis" else None
    title, words = (_(one) % {"name": name} for one in (said.title, said.words))
    return [TaskView(about=reached.about, title=title, words=words, leads_to=said.leads_to, member_id=me)]


def _of_reviews(uow: UnitOfWork, plan: Plan) -> list[TaskView]:
    """A steward's ground is looked at again on the day its owners chose."""
    stewards = select(Member).where(Member.plan_id == plan.id, Member.role == Role.STEWARD)
    due = uow.all(
        stewards.where(col(Member.ended_at).is_(None), col(Member.basis_review_on) <= uow.today).order_by(
            col(Member.id)
        )
    )
    said = task_rules.REVIEW
    return [
        TaskView(
            about=f"basis-{one.id}-{one.basis_review_on}",
            title=_(said.title) % {"steward": one.display_name},
            words=_(said.words),
            leads_to=said.leads_to,
            member_id=one.id,
        )
        for one in due
    ]
