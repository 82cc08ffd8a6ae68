"""Why a guest link opens a section, or does not, in one sentence. Owners ask: nobody else is shown any link."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Level, Permission, Role, SectionStatus
from planwiki.plans.models import Plan, Section
from planwiki.plans.queries import check_plan, find_section

from .models import Member, SharedSection, ShareLink
from .schemas import ExplanationView
from .share_link_queries import owners_of, sharing_goes_on, status_of

_SENTENCES = {
    "guest_link": "Guests can see this, because the link names it.",
    "link_ended": "Guests cannot see this, because the link has ended.",
    "not_in_circle": "Guests cannot see this, because sharing is stopped.",
    "only_reads": "Guests cannot do that, because they only ever read.",
    "no_grant": "Guests cannot see this, because the link does not name it.",
    "archived": "Guests cannot see this, because it was put away.",
    "ceiling": "Guests cannot see this, because it never opens to guests.",
    "withheld": "Guests cannot see this, because it is kept closed to whoever made the link.",
}


def explain_link(uow: UnitOfWork, plan_id: UUID, link_id: UUID, key: str, verb: Permission) -> ExplanationView:
    """The same answer as whoever comes with the link is given."""
    check_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    section = find_section(uow, plan_id, key)
    link: ShareLink = uow.one(select(ShareLink).where(ShareLink.id == link_id, ShareLink.plan_id == plan_id))
    rule = _rule(uow, uow.get(Plan, plan_id), link, section, verb)
    allowed = rule == "guest_link"
    last = link.expires_at.date() if allowed else None
    return ExplanationView(allowed=allowed, sentence=_SENTENCES[rule], rule=rule, expires_on=last)


def _rule(uow: UnitOfWork, plan: Plan, link: ShareLink, section: Section, verb: Permission) -> str:
    named = select(SharedSection.id).where(SharedSection.link_id == link.id, SharedSection.section_id == section.id)
    reasons = (
        ("only_reads", verb is not Permission.READ),
        ("link_ended", status_of(link, uow.now, owners_of(uow, plan.id)) != "active"),
        ("not_in_circle", not sharing_goes_on(plan)),
        ("no_grant", uow.first(named) is None),
        ("archived", section.status is not SectionStatus.ACTIVE),
        ("ceiling", not uow.allows(Role.GUEST, Level.READ, section.label)),
        ("withheld", not _maker_manages(uow, link, section)),
    )
    return next((rule for rule, holds in reasons if holds), "guest_link")


def _maker_manages(uow: UnitOfWork, link: ShareLink, section: Section) -> bool:
    theirs = select(Member.id).where(Member.plan_id == link.plan_id, Member.account_id == link.created_by)
    makers: list[Any] = uow.all(theirs.where(col(Member.ended_at).is_(None)))
    rows = uow.access(Section.id == section.id, col(Member.id).in_(makers))
    return any(Permission.MANAGE in permissions for _section, _member, permissions in rows)
