"""To think about: questions that come due by themselves, worked out afresh each time, and what owners said to them."""

from collections.abc import Iterator
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict
from planwiki.base.language import _
from planwiki.base.vocabulary import BasisKind, Role, TaskAnswer
from planwiki.outcomes.queries import open_actions
from planwiki.plans.models import Plan

from . import milestone_rules, task_rules
from .models import Member, OwnerTask
from .schemas import TaskAnswerDraft, TaskView
from .unused_commands import unused_grants


def tasks(uow: UnitOfWork, plan_id: UUID) -> list[TaskView]:
    """What owners have not answered, or asked to be asked again about. Owners ask."""
    plan = uow.get(Plan, plan_id)
    uow.permit_owner(plan_id)
    answers = {one.about: one for one in uow.all(select(OwnerTask).where(OwnerTask.plan_id == plan_id))}
    asking = (_of_age, _of_stewards, _of_words, _of_shares, _of_actions)
    found = [one for ask in asking for one in ask(uow, plan)]
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
    """Birthdays, and the end of school age, that were reached while there is this plan, until somebody answers."""
    born = plan.person_date_of_birth
    reached = milestone_rules.due(born, plan.created_at.date(), uow.today) if born else []
    name, me = plan.person_preferred_name or plan.person_display_name, uow.me(plan.id)
    to_me = task_rules.TO_ONESELF if me.role is Role.PERSON else {}
    found = []
    for one in reached:
        said = to_me.get(one.about, task_rules.MILESTONES[one.about])
        member_id = me.id if said.leads_to == "basis" else None
        found.append(_task(one.about, said, member_id, name=name))
    return found


def _of_stewards(uow: UnitOfWork, plan: Plan) -> Iterator[TaskView]:
    """Each steward's ground: written down, looked at again on the day its owners chose, and after the 18th birthday."""
    here = select(Member).where(Member.plan_id == plan.id, col(Member.ended_at).is_(None))
    born = plan.person_date_of_birth
    of_age = born is not None and milestone_rules.birthday(born, 18) <= uow.today
    for one in uow.all(here.where(Member.role == Role.STEWARD).order_by(col(Member.id))):
        if one.basis_kind is None:
            yield _task(f"why-{one.id}", task_rules.NO_REASON, one.id, steward=one.display_name)
        if one.basis_kind is BasisKind.PARENTAL_RESPONSIBILITY and of_age:
            yield _task(f"parent-at-18-{one.id}", task_rules.PARENT_AT_18, one.id, steward=one.display_name)
        if one.basis_review_on is not None and one.basis_review_on <= uow.today:
            about = f"basis-{one.id}-{one.basis_review_on}"
            yield _task(about, task_rules.REVIEW, one.id, steward=one.display_name)


def _of_words(uow: UnitOfWork, plan: Plan) -> Iterator[TaskView]:
    """Whom another owner wants to be a steward. It waits for a second word."""
    here = (Member.plan_id == plan.id, col(Member.ended_at).is_(None), Member.role != Role.STEWARD)
    asked = select(Member).where(*here, col(Member.steward_word_by) != _me(uow)).order_by(col(Member.id))
    for one in uow.all(asked):
        yield _task(
            f"word-{one.id}-{one.steward_word_at:%Y-%m-%d-%H-%M-%S}", task_rules.WORD, one.id, steward=one.display_name
        )


def _of_shares(uow: UnitOfWork, plan: Plan) -> list[TaskView]:
    """One question for all that nobody uses; asked anew when another joins them."""
    unused = unused_grants(uow, plan.id)
    newest = max((one.id for one in unused), default=None)
    return [_task(f"unused-grants-{newest}", task_rules.UNUSED)] if newest else []


def _of_actions(uow: UnitOfWork, plan: Plan) -> list[TaskView]:
    """What was for somebody who has left, and is for nobody now; asked anew when another joins it."""
    newest = max((one.id for one in open_actions(uow, plan.id) if one.has_left), default=None)
    return [_task(f"left-actions-{newest}", task_rules.LEFT)] if newest else []


def _task(about: str, said: task_rules.Words, member_id: UUID | None = None, **names: str) -> TaskView:
    title, words = (_(one) % names for one in (said.title, said.words))
    return TaskView(about=about, title=title, words=words, leads_to=said.leads_to, member_id=member_id)
