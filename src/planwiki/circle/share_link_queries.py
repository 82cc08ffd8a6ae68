"""Which sections guest links open today, by the same rule as for whoever comes with one. Owners ask: nobody else is
shown any link."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.standing import owns, stands
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Level, Role, SectionStatus
from planwiki.plans.models import Plan, Section

from .models import Member, SharedSection, ShareLink
from .schemas import SubjectView
from .share_link_schemas import LinkStatus

Manages = Callable[[UUID, UUID | None], bool]


class Opening(NamedTuple):
    """A link that lasts, and the sections it opens."""

    link: ShareLink
    section_ids: frozenset[UUID]


def is_used_up(link: ShareLink) -> bool:
    return link.max_uses is not None and link.uses >= link.max_uses


def status_of(link: ShareLink, now: datetime, owners: set[UUID]) -> LinkStatus:
    """It ends with its maker's rights, whatever its own row says."""
    if link.ended_at is not None or is_used_up(link) or link.created_by not in owners:
        return "ended"
    return "expired" if link.expires_at <= now else "active"


def sharing_goes_on(plan: Plan) -> bool:
    """Nobody but owners finds a closed or frozen plan."""
    return plan.closed_at is None and plan.frozen_at is None


def owners_of(uow: UnitOfWork, plan_id: UUID) -> set[UUID]:
    """The accounts that own the plan today."""
    question = select(Member.account_id).where(Member.plan_id == plan_id, stands(Member), owns(Member))
    return {one for one in uow.all(question) if one is not None}


def named_by(uow: UnitOfWork, links: Iterable[ShareLink]) -> dict[UUID, list[Section]]:
    """What each link names, of what the viewer manages, in order."""
    question = select(SharedSection.link_id, Section).join(Section, col(Section.id) == SharedSection.section_id)
    question = question.where(col(SharedSection.link_id).in_([one.id for one in links]))
    found: dict[UUID, list[Section]] = defaultdict(list)
    for link_id, section in uow.all(question.order_by(col(Section.position), col(Section.id))):
        found[link_id].append(section)
    return found


def openings(uow: UnitOfWork, plan_id: UUID, manages: Manages) -> list[Opening]:
    """`manages(section, account)` says whether a link's maker still may share a section."""
    question = select(ShareLink).where(ShareLink.plan_id == plan_id, col(ShareLink.ended_at).is_(None))
    links = [one for one in uow.all(question.where(col(ShareLink.expires_at) > uow.now)) if not is_used_up(one)]
    if links and not sharing_goes_on(uow.get(Plan, plan_id)):
        return [Opening(one, frozenset()) for one in links]
    named = named_by(uow, links) if links else {}
    return [Opening(one, _open(uow, one, named.get(one.id, []), manages)) for one in links]


def _open(uow: UnitOfWork, link: ShareLink, named: list[Section], manages: Manages) -> frozenset[UUID]:
    there = [one for one in named if one.status is SectionStatus.ACTIVE and manages(one.id, link.created_by)]
    return frozenset(one.id for one in there if uow.allows(Role.GUEST, Level.READ, one.label))


def as_subjects(found: list[Opening], keys: dict[UUID, str]) -> list[SubjectView]:
    """Rows of the access matrix."""
    return [
        SubjectView(
            type="share_link",
            id=link.id,
            name=link.purpose_note or "Guest link",
            organisation=None,
            role=Role.GUEST,
            levels={key: Level.READ if id in section_ids else Level.NONE for id, key in keys.items()},
        )
        for link, section_ids in found
    ]
