"""Guest links: whoever holds one reads some sections for a while, without an account. Nobody reads more by one than
its maker may still share, and never what the policy keeps from guests."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import ids
from planwiki.base.errors import invalid
from planwiki.base.vocabulary import Level, Permission, Role, SectionStatus
from planwiki.plans.models import Plan, Section
from planwiki.plans.queries import check_plan
from planwiki.plans.rules import check_not_frozen

from .models import SharedSection, ShareLink
from .share_link_queries import named_by, owners_of, status_of
from .share_link_schemas import ShareLinkDraft, ShareLinkView

PREFIX = "pwg"


def make_share_link(uow: UnitOfWork, plan_id: UUID, draft: ShareLinkDraft, base_url: str) -> ShareLinkView:
    """Its address is shown this once. Raises Invalid for what no guest may see, pointing at it."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    uow.require_fresh()
    check_not_frozen(plan)
    opened = {one.id: one for one in (_shareable(uow, plan_id, *each) for each in enumerate(draft.section_keys))}
    secret = ids.new_secret(PREFIX)
    link = ShareLink(
        plan_id=plan_id,
        secret_hash=ids.hash_secret(secret),
        purpose_note=draft.purpose_note,
        created_by=uow.principal.account_id,
        created_at=uow.now,
        expires_at=uow.now + timedelta(hours=draft.expires_in_hours),
        max_uses=draft.max_uses,
    )
    uow.add(link)
    uow.add(*(SharedSection(plan_id=plan_id, section_id=id, link_id=link.id) for id in opened))
    uow.record("share_link.made", plan_id, subject_id=link.id)
    return _views(uow, plan_id, [link])[0].model_copy(update={"url": f"{base_url}/shared#{secret}"})


def _shareable(uow: UnitOfWork, plan_id: UUID, place: int, key: str) -> Section:
    """A section the maker decides about, asked for, of a kind that guests may see."""
    question = select(Section).where(Section.plan_id == plan_id, Section.key == key)
    section: Section | None = uow.first(question.where(Section.status == SectionStatus.ACTIVE))
    if section is None or not uow.may(Permission.MANAGE, section.id):
        message = "There is no such section that you can share."
        raise invalid(f"section_keys/{place}", "unknown-section", message)
    if not uow.allows(Role.GUEST, Level.READ, section.label):
        raise invalid(f"section_keys/{place}", "closed-by-policy", "This kind of section never opens to guests.")
    uow.require(Permission.MANAGE, section)
    return section


def guests_may_see(uow: UnitOfWork, plan_id: UUID) -> set[str]:
    """The keys of what this owner could put into a link. Owners ask."""
    uow.permit_owner(plan_id)
    here = (Section.plan_id == plan_id, Section.status == SectionStatus.ACTIVE)
    rows = uow.with_permissions(Section.key, Section.label, where=here)
    mine = [row for row, held in rows if Permission.MANAGE in held]
    return {key for key, label in mine if uow.allows(Role.GUEST, Level.READ, label)}


def share_links(uow: UnitOfWork, plan_id: UUID, *, before: UUID | None = None, limit: int = 200) -> list[ShareLinkView]:
    """The plan's guest links, newest first. Owners ask."""
    check_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    question = select(ShareLink).where(ShareLink.plan_id == plan_id).order_by(col(ShareLink.id).desc()).limit(limit)
    rows = uow.all(question.where(col(ShareLink.id) < before) if before is not None else question)
    return _views(uow, plan_id, rows)


def _views(uow: UnitOfWork, plan_id: UUID, links: list[ShareLink]) -> list[ShareLinkView]:
    owners, named = owners_of(uow, plan_id), named_by(uow, links)
    return [
        ShareLinkView(
            id=one.id,
            section_keys=[section.key for section in named.get(one.id, [])],
            purpose_note=one.purpose_note,
            url=None,
            expires_at=one.expires_at,
            max_uses=one.max_uses,
            uses=one.uses,
            status=status_of(one, uow.now, owners),
            created_at=one.created_at,
        )
        for one in links
    ]


def end_share_link(uow: UnitOfWork, plan_id: UUID, link_id: UUID) -> None:
    """It opens nothing from now on."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    link = _find(uow, plan_id, link_id)
    if link.ended_at is None:
        link.ended_at = uow.now
        uow.record("share_link.ended", plan_id, subject_id=link.id)


def share_link_in_hand(uow: UnitOfWork, plan_id: UUID, link_id: UUID, secret: str) -> ShareLinkView | None:
    """The link, when whoever asks for its paper holds its secret and it still opens. Owners ask."""
    uow.permit_owner(plan_id)
    link = _find(uow, plan_id, link_id)
    view = _views(uow, plan_id, [link])[0]
    return view if link.secret_hash == ids.hash_secret(secret) and view.status == "active" else None


def _find(uow: UnitOfWork, plan_id: UUID, link_id: UUID) -> ShareLink:
    found: ShareLink = uow.one(
        select(ShareLink).where(ShareLink.id == link_id, ShareLink.plan_id == plan_id), lock=True
    )
    return found
