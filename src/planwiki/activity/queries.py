"""Questions about the record. Rows are narrowed: what happened to a section that is closed to an owner is not there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.shapes import ActorRef, Target
from planwiki.base.vocabulary import ActorType, KnownActor
from planwiki.circle.models import Grant, Invitation, Member, ShareLink
from planwiki.plans.models import Section
from planwiki.plans.queries import check_plan

from . import rules
from .models import AuditEntry
from .schemas import AccessLogEntryView, ActorView


@dataclass(frozen=True)
class Asked:
    """Which entries somebody wants to see; nothing asked is all of them."""

    since: datetime | None = None
    before: datetime | None = None
    actor_type: KnownActor | None = None
    verbs: Sequence[str] | None = None
    account_id: UUID | None = None


EVERYTHING = Asked()
# Whoever held a link is nobody we know: programs are told of them as of planwiki itself, by another name.
_KEPT_AS = {
    KnownActor.ACCOUNT: (ActorType.ACCOUNT,),
    KnownActor.CLIENT: (ActorType.CLIENT,),
    KnownActor.SYSTEM: (ActorType.SYSTEM, ActorType.GUEST),
}


def access_log(
    uow: UnitOfWork, plan_id: UUID, asked: Asked = EVERYTHING, *, before: UUID | None = None, limit: int = 50
) -> list[AccessLogEntryView]:
    """What happened and who looked, newest first, older than the entry `before`. Owners ask."""
    check_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    question = select(AuditEntry).where(AuditEntry.plan_id == plan_id, *_conditions(asked, before))
    rows = uow.all(question.order_by(col(AuditEntry.id).desc()).limit(limit))
    names = _Names(uow, plan_id, rows)
    return [names.view(row) for row in rows]


def _conditions(asked: Asked, before: UUID | None) -> Iterator[Any]:
    if before is not None:
        yield col(AuditEntry.id) < before
    if asked.since is not None:
        yield col(AuditEntry.at) >= asked.since
    if asked.before is not None:
        yield col(AuditEntry.at) < asked.before
    if asked.actor_type is not None:
        yield col(AuditEntry.actor_type).in_(_KEPT_AS[asked.actor_type])
    if asked.account_id is not None:
        yield AuditEntry.actor_id == asked.account_id
    if asked.verbs is not None:
        yield col(AuditEntry.verb).in_(asked.verbs)


def actors(uow: UnitOfWork, plan_id: UUID) -> list[ActorView]:
    """Everybody who is or was in the circle with an account, in the order they joined."""
    question = select(Member).where(Member.plan_id == plan_id, col(Member.account_id).is_not(None))
    found = {row.account_id: row for row in uow.all(question.order_by(col(Member.id)))}
    return [ActorView(member_id=row.id, account_id=id, name=row.display_name) for id, row in found.items()]


class _Names:
    """What the entries point at, as their reader may see it: read once for all of them."""

    def __init__(self, uow: UnitOfWork, plan_id: UUID, rows: Sequence[AuditEntry]) -> None:
        self.me = uow.principal.account_id
        everybody = uow.all(select(Member).where(Member.plan_id == plan_id).order_by(col(Member.id)))
        self.by_account = {one.account_id: one for one in everybody if one.account_id}
        self.subjects = {one.id: one.display_name for one in everybody}
        about = {row.subject_id for row in rows if row.subject_id} - set(self.subjects)
        self._add_grants(uow, about)
        for one in uow.all(select(Invitation).where(col(Invitation.id).in_(about))):
            self.subjects[one.id] = one.display_name or one.relationship
        for link in uow.all(select(ShareLink).where(col(ShareLink.id).in_(about))):
            self.subjects[link.id] = link.purpose_note or rules.NO_NOTE
        ids = {row.section_id for row in rows if row.section_id}
        self.sections = {one.id: one for one in uow.all(select(Section).where(col(Section.id).in_(ids)))}

    def _add_grants(self, uow: UnitOfWork, about: set[UUID]) -> None:
        for one in uow.all(select(Grant).where(col(Grant.id).in_(about))):
            of_role = rules.EVERYONE.get(one.role, "") if one.role else ""
            self.subjects[one.id] = self.subjects.get(one.member_id, "") if one.member_id else of_role

    def view(self, row: AuditEntry) -> AccessLogEntryView:
        section = self.sections.get(row.section_id) if row.section_id else None
        target = Target(
            type="section" if row.section_id else "plan",
            section_key=section.key if section else None,
            id=row.subject_id,
        )
        return AccessLogEntryView(
            id=row.id,
            at=row.at,
            actor=self._actor(row),
            action=rules.deed_of(row.verb),
            resource=target,
            outcome=row.outcome,
            request_id=row.request_id,
            verb=row.verb,
            section_title=section.title if section else "",
            whom=self.subjects.get(row.subject_id, "") if row.subject_id else "",
            is_me=row.actor_type is ActorType.ACCOUNT and row.actor_id == self.me,
        )

    def _actor(self, row: AuditEntry) -> ActorRef:
        """Whoever never was in the circle stays without a name: an address may be opened by mistake."""
        if row.actor_type is not ActorType.ACCOUNT:
            name = rules.GUEST if row.actor_type is ActorType.GUEST else rules.SYSTEM
            return ActorRef(type=ActorType.SYSTEM, id=None, display_name=name)
        member = self.by_account.get(row.actor_id)
        if member is None:
            return ActorRef(type=row.actor_type, id=None, display_name=rules.OUTSIDE)
        return ActorRef(
            type=row.actor_type, id=row.actor_id, display_name=member.display_name, organisation=member.organisation
        )
