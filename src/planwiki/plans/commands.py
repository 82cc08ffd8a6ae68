"""Verbs on whole plans: get, require, rules, change, record — in this order."""

from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import MemberStatus, PlanStatus, Role, SectionStatus
from planwiki.circle.models import Member

from . import rules
from .models import Plan, Section
from .queries import plan_view
from .schemas import PlanDraft, PlanPatch, PlanView
from .section_commands import keep_new_section
from .templating import PlanTemplate, TemplateSection, template


def start_plan(uow: UnitOfWork, draft: PlanDraft) -> PlanView:
    """A new plan with its template's sections, seen by its owners alone. Whoever starts it owns it."""
    chosen = template(draft.template)
    plan = _plan_from(uow, draft, chosen)
    uow.start(plan)
    starter = _first_members(uow, plan, Role(draft.my_role))
    for place, part in enumerate(chosen.sections, start=1):
        keep_new_section(
            uow, _section_from(uow, plan, part, place), rules.own_voice(starter.role), uow.principal.display_name
        )
    uow.record("plan.started", plan.id)
    uow.flush()
    return plan_view(uow, plan.id)


def _plan_from(uow: UnitOfWork, draft: PlanDraft, chosen: PlanTemplate) -> Plan:
    person = draft.person
    return Plan(
        title=draft.title or f"{person.preferred_name or person.display_name}’s plan",
        person_display_name=person.display_name,
        person_preferred_name=person.preferred_name,
        person_pronouns=person.pronouns,
        person_date_of_birth=person.date_of_birth,
        person_communication=list(person.communication),
        language=draft.language,
        status=PlanStatus.ACTIVE,
        template=chosen.key,
        created_at=uow.now,
        updated_at=uow.now,
    )


def _first_members(uow: UnitOfWork, plan: Plan, role: Role) -> Member:
    """The starter; and the person, without an account, where a steward starts."""
    me = Member(
        plan_id=plan.id,
        account_id=uow.principal.account_id,
        display_name=plan.person_display_name if role is Role.PERSON else uow.principal.display_name,
        role=role,
        relationship="Me" if role is Role.PERSON else "",
        status=MemberStatus.ACTIVE,
        confirmed_at=uow.now,
        confirmed_by=uow.principal.account_id,
        created_at=uow.now,
    )
    uow.add(me)
    if role is not Role.PERSON:
        uow.add(
            Member(
                plan_id=plan.id,
                display_name=plan.person_display_name,
                role=Role.PERSON,
                status=MemberStatus.CONTACT_ONLY,
                created_at=uow.now,
            )
        )
    uow.flush()
    return me


def _section_from(uow: UnitOfWork, plan: Plan, part: TemplateSection, place: int) -> Section:
    return Section(
        plan_id=plan.id,
        key=part.key,
        title=part.title,
        kind=part.kind,
        picture=part.picture,
        prompts=list(part.prompts),
        position=place,
        status=SectionStatus.ACTIVE,
        label=part.label,
        mapping=dict(part.mapping),
        updated_at=uow.now,
    )


def change_plan(uow: UnitOfWork, plan_id: UUID, patch: PlanPatch) -> PlanView:
    """Changes the header; a status opens a closed plan again. Raises Forbidden for all but owners."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    for name in ("title", "language", "status", "review_due_on"):
        if patch.sent(name):
            setattr(plan, name, getattr(patch, name))
    for name in patch.person.model_fields_set:
        setattr(plan, f"person_{name}", getattr(patch.person, name))
    if patch.sent("status"):
        if plan.closed_at is not None:  # It opens again to everybody.
            uow.require_fresh()
        plan.closed_at = None
    plan.revision, plan.updated_at = plan.revision + 1, uow.now
    uow.record("plan.updated", plan.id)
    uow.flush()
    return plan_view(uow, plan_id)


def close_plan(uow: UnitOfWork, plan_id: UUID) -> None:
    """Takes the plan away from everybody but its owners, who may open it again."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    if plan.closed_at is None:
        plan.status, plan.closed_at, plan.updated_at, plan.revision = (
            PlanStatus.CLOSED,
            uow.now,
            uow.now,
            plan.revision + 1,
        )
        uow.record("plan.closed", plan.id)
