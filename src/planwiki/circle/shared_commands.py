"""Reading through a guest link: each use is counted before anything is shown."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.authz.looks import Look
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Gone
from planwiki.base.ids import hash_secret
from planwiki.base.markdown import render
from planwiki.base.vocabulary import Level
from planwiki.people.models import Account
from planwiki.plans.models import Plan
from planwiki.plans.queries import sections
from planwiki.plans.schemas import SectionView
from planwiki.plans.views import plan_view

from .models import ShareLink
from .share_link_queries import is_used_up
from .share_link_schemas import SharedPackView


def link_ended() -> Gone:
    """One answer for a link that was stopped, ran out, was used up, or never was."""
    return Gone("This link has ended. Please ask for a new one.", "link-ended")


def open_shared(database: Database, secret: str, *, counts: bool = True) -> SharedPackView:
    """What the link opens now. Raises Gone when that is nothing, and then counts nothing."""
    with database.unit_of_work(_guest_with(secret), writes=True) as uow:
        plan = uow.first(select(Plan))
        shown = sections(uow, plan.id) if plan is not None else []
        if not shown:
            raise link_ended()
        link = _used(uow, once_more=counts)
        return SharedPackView(
            person=plan_view(plan, owner=False, keys=[], level=Level.READ).person,
            sections=[_for_guests(one) for one in shown],
            expires_at=link.expires_at,
            plan_id=plan.id,
            link_id=link.id,
            maker_id=link.created_by,
        )


def used(pack: SharedPackView, at: datetime, request_id: str) -> Look:
    """What the audit says of one use."""
    guest = Principal(pack.maker_id, guest_link_id=pack.link_id)
    return Look("share_link.used", pack.plan_id, guest, at, request_id=request_id)


def _guest_with(secret: str) -> Callable[[Session, datetime], Principal]:
    def find(session: Session, now: datetime) -> Principal:
        question = select(ShareLink).where(ShareLink.secret_hash == hash_secret(secret)).with_for_update()
        link = session.exec(question).first()
        if link is None or link.ended_at is not None or link.expires_at <= now or is_used_up(link):
            raise link_ended()
        maker = select(Account.id).where(Account.id == link.created_by, col(Account.closed_at).is_(None))
        if session.exec(maker).first() is None:
            raise link_ended()
        return Principal(link.created_by, guest_link_id=link.id)

    return find


def _used(uow: UnitOfWork, *, once_more: bool) -> ShareLink:
    link_id: UUID | None = uow.principal.guest_link_id
    with uow.system("a guest's use is counted") as session:
        link = session.get_one(ShareLink, link_id)
        link.uses += once_more
    return link


def _for_guests(section: SectionView) -> SectionView:
    """The words and whose they are; not who of the circle saved them or helped.

    Of pictures, sound and video the words in the brackets: bytes are for people who are signed in.
    """
    words = render(section.body_markdown, pictures=False)
    voice = section.voice.model_copy(update={"member_id": None, "supported_by": None}) if section.voice else None
    return section.model_copy(update={"updated_by": None, "voice": voice, "body_html": words, "media_ids": []})
