"""From kept rows to what a viewer is shown. Pure: the rows were narrowed before they came here."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from planwiki.authz.lens import Permissions
from planwiki.authz.unit_of_work import level_of
from planwiki.base.shapes import ActorRef
from planwiki.base.vocabulary import Level, Permission, Role

from .models import Plan, Revision
from .own_picture_schemas import OwnPicture
from .rules import CAN_BE_OPENED_FOR
from .schemas import Mapping, PartView, PersonView, PlanView, RevisionView, SectionView, Voice


def plan_view(
    plan: Any, *, owner: bool, keys: Sequence[str], level: Level, pictures: Collection[UUID] = ()
) -> PlanView:
    """The header. Only owners are told the date of birth. `pictures` are those that the viewer may see."""
    return PlanView(
        id=plan.id,
        title=plan.title,
        person=_person(plan, pictures, owner=owner),
        language=plan.language,
        status=plan.status,
        is_partial=not owner,
        my_level=level,
        section_keys=list(keys),
        review_due_on=plan.review_due_on,
        needs_reconfirmation=False,
        revision=plan.revision,
        created_at=plan.created_at,
        updated_at=plan.updated_at,
        frozen_at=plan.frozen_at,
        goes_at=plan.closed_at + CAN_BE_OPENED_FOR if plan.closed_at else None,
    )


def part_view(plan: Plan, role: Role, pictures: Collection[UUID]) -> PartView:
    return PartView(id=plan.id, person=_person(plan, pictures, owner=False), status=plan.status, my_role=role)


def _person(plan: Any, pictures: Collection[UUID], *, owner: bool) -> PersonView:
    photo = plan.person_photo_media_id
    return PersonView(
        display_name=plan.person_display_name,
        preferred_name=plan.person_preferred_name,
        pronouns=plan.person_pronouns,
        date_of_birth=plan.person_date_of_birth if owner else None,
        communication=list(plan.person_communication),
        photo_media_id=photo if photo in pictures else None,
    )


def section_view(
    section: Any,
    position: int,
    permissions: Permissions,
    media_ids: Sequence[UUID],
    works_at: str | None,
    own: OwnPicture | None = None,
) -> SectionView:
    """`section` is the row, or one with its columns. `position` is counted over what this viewer sees, from 1.

    `own` is the section's own picture, where the viewer may see it.
    """
    writer = section.updated_by
    by = actor(writer, section.updated_by_name, works_at) if writer else None
    return SectionView(
        id=section.id,
        plan_id=section.plan_id,
        key=section.key,
        title=section.title,
        kind=section.kind,
        picture=section.picture,
        picture_media_id=own.media_id if own else None,
        picture_words=own.words if own else "",
        prompts=list(section.prompts),
        position=position,
        status=section.status,
        body_markdown=section.body_markdown,
        body_html=section.body_html,
        revision=section.revision,
        voice=voice_view(section.voice),
        label=section.label,
        machine_sharing=section.machine_sharing,
        mapping=Mapping.model_validate(section.mapping),
        media_ids=list(media_ids),
        my_level=level_of(permissions),
        review_due_on=section.review_due_on,
        updated_at=section.updated_at,
        updated_by=by,
        settings=section.settings,
        may_see_history=Permission.HISTORY in permissions,
    )


def actor(account_id: UUID | None, name: str, works_at: str | None) -> ActorRef:
    """Somebody by the name they had then, and where they work now."""
    return ActorRef(type="account", id=account_id, display_name=name, organisation=works_at)


def revision_view(revision: Revision, works_at: str | None) -> RevisionView:
    return RevisionView(
        revision=revision.number,
        title=revision.title,
        body_markdown=revision.body_markdown,
        body_html=revision.body_html,
        voice=Voice.model_validate(revision.voice),
        author=actor(revision.author_id, revision.author_name, works_at),
        change_note=revision.change_note,
        source=revision.source,
        restored_from=revision.restored_from,
        suggested_by=revision.suggested_by_name,
        created_at=revision.created_at,
    )


def voice_view(kept: dict[str, object] | None) -> Voice | None:
    return None if kept is None else Voice.model_validate(kept)
