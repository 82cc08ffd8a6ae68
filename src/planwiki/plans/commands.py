"""Verbs on whole plans: get, require, rules, change, record — in this order."""

from typing import Any
from uuid import UUID

from sqlmodel import select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, PlanClosed, invalid
from planwiki.base.vocabulary import MemberStatus, PlanStatus, Role, SectionStatus
from planwiki.circle.models import Member
from planwiki.media.models import Media
from planwiki.media.reference_queries import seen_pictures

from . import rules
from .models import Plan, Section
from .queries import plan_view
from .schemas import PersonPatch, PlanDraft, PlanPatch, PlanView
from .section_commands import keep_new_section
from .templating import PlanTemplate, TemplateSection, template

_PHOTO = "person_photo_media_id"
_HEADER = ("title", "language", "status", "review_due_on")
_FOR_OWNERS = {"person_date_of_birth"}  # Shown to nobody else, so it moves nothing that others are shown.


def start_plan(uow: UnitOfWork, draft: PlanDraft) -> PlanView:
    """A new plan with its template's sections, seen by its owners alone. Whoever starts it owns it."""
    if draft.person.photo_media_id is not None:
        raise _no_such_picture()
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
    """Changes the header; a status closes the plan or opens it again. Raises Forbidden for all but owners.

    What stays as it is moves nothing, not even the version.
    """
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    wanted = {name: getattr(patch, name) for name in _HEADER if patch.sent(name)} | _person_in(patch.person)
    _check_photo(uow, plan, wanted)
    changed = {name: value for name, value in wanted.items() if value != getattr(plan, name)}
    if changed:
        _change_header(uow, plan, changed)
        uow.flush()
    return plan_view(uow, plan_id)


def _person_in(patch: PersonPatch) -> dict[str, Any]:
    said = {name: getattr(patch, name) for name in patch.model_fields_set}
    if said.get("communication", ()) is None:  # Null takes it away (RFC 7396).
        said["communication"] = []
    return {f"person_{name}": value for name, value in said.items()}


def _check_photo(uow: UnitOfWork, plan: Plan, wanted: dict[str, Any]) -> None:
    """A picture of this plan that the owner sees. One that is hidden from them is not there for them to take away."""
    photo, now = wanted.get(_PHOTO), plan.person_photo_media_id
    if photo is None:
        if now is not None and not seen_pictures(uow, [now]):
            wanted.pop(_PHOTO, None)
    elif uow.first(select(Media.id).where(Media.id == photo, Media.plan_id == plan.id)) not in seen_pictures(
        uow, [photo]
    ):
        raise _no_such_picture()


def _no_such_picture() -> Invalid:
    return invalid("person/photo_media_id", "unknown-media", "There is no such picture that you can see.")


def _change_photo(uow: UnitOfWork, plan: Plan, photo: UUID | None) -> None:
    """It moves nothing that those who cannot see the picture are shown: no version, no time, no news."""
    before, plan.person_photo_media_id = plan.person_photo_media_id, photo
    shown = uow.one(select(Media.section_id).where(Media.id == (photo or before)))
    uow.record("plan.photo_changed", plan.id, section_id=shown)


def _change_header(uow: UnitOfWork, plan: Plan, changed: dict[str, Any]) -> None:
    is_closed = changed.get("status", plan.status) == PlanStatus.CLOSED
    if is_closed and plan.closed_at is not None:
        raise PlanClosed
    if plan.closed_at is not None and not is_closed:  # It opens again to everybody.
        uow.require_fresh()
    if _PHOTO in changed:
        _change_photo(uow, plan, changed.pop(_PHOTO))
    if not changed:
        return
    for name, value in changed.items():
        setattr(plan, name, value)
    closes = is_closed and plan.closed_at is None
    plan.closed_at = uow.now if is_closed else None
    if set(changed) - _FOR_OWNERS:
        plan.revision, plan.updated_at = plan.revision + 1, uow.now
    if set(changed) - {"status"} or not closes:
        uow.record("plan.updated", plan.id)
    if closes:
        uow.record("plan.closed", plan.id)


def close_plan(uow: UnitOfWork, plan_id: UUID) -> None:
    """Takes the plan away from everybody but its owners. They may open it again; after 30 days it is erased."""
    change_plan(uow, plan_id, PlanPatch(status="closed"))
