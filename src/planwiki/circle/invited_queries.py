"""What an invitation would give now, and whether an owner has to say who came."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import OWNER_ROLES, Label, Permission, Role
from planwiki.plans.models import Section

from .models import Grant, Invitation
from .schemas import GrantDraft, GrantView
from .views import grants_kept


def keys_of(uow: UnitOfWork, plan_id: UUID) -> dict[str, str]:
    """The key of every section the viewer may read, by its id."""
    rows = uow.all(select(Section.id, Section.key).where(Section.plan_id == plan_id))
    return {str(id): key for id, key in rows}


def asks_who_came(uow: UnitOfWork, invitation: Invitation) -> bool:
    """An owner confirms whoever will own the plan, or is let in beyond everyday, by name or with their role."""
    by_name = col(Section.id).in_([UUID(one["section_id"]) for one in invitation.grants])
    to_role = select(Grant.section_id).where(Grant.plan_id == invitation.plan_id, Grant.role == invitation.role)
    to_role = to_role.where(col(Grant.ended_at).is_(None), col(Grant.withheld).is_(False))
    beyond = select(Section.id).where(Section.plan_id == invitation.plan_id, Section.label != Label.EVERYDAY)
    with uow.system("what opens to a role, also where the sender may not look") as session:
        opens = session.exec(beyond.where(or_(by_name, col(Section.id).in_(to_role)))).first() is not None
    return invitation.role in OWNER_ROLES or opens


def still_there(senders: UnitOfWork, plan_id: UUID, role: Role, grants: list[dict[str, Any]]) -> list[GrantDraft]:
    """What the sender could give today. Sections that have gone or closed since are left out."""
    drafts = list(grants_kept(grants, keys_of(senders, plan_id)))
    kept = [one for one in drafts if one.expires_on is None or one.expires_on >= senders.today]
    return [GrantDraft(**one.model_dump()) for one in kept if _can_give(senders, plan_id, role, one)]


def _can_give(senders: UnitOfWork, plan_id: UUID, role: Role, given: GrantView) -> bool:
    section = senders.first(select(Section).where(Section.plan_id == plan_id, Section.key == given.section_key))
    if section is None or not senders.may(Permission.MANAGE, section.id):
        return False
    return senders.allows(role, given.level, section.label)
