"""Shared tablets: an owner sets one up, the person opens it with four pictures, and it closes by itself.

Whoever holds the tablet and knows no pictures has five tries. Then an owner has to unlock it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Conflict, NotFound
from planwiki.base.vocabulary import LoginKind, MemberStatus, Role
from planwiki.people import passwords
from planwiki.people.models import Account, Login
from planwiki.plans.models import Plan

from . import tablet_rules
from .models import Member, Tablet
from .tablet_schemas import NewTabletView, PicturesView, TabletDraft, TabletView

QUIET = timedelta(minutes=5)
STALE = timedelta(days=1)  # On a tablet nobody has just shown who they are.


def tablets(uow: UnitOfWork, plan_id: UUID) -> list[TabletView]:
    uow.get(Plan, plan_id)
    uow.permit_owner(plan_id)
    question = select(Tablet).where(Tablet.plan_id == plan_id, col(Tablet.ended_at).is_(None)).order_by(col(Tablet.id))
    return [
        TabletView(id=one.id, name=one.name, created_at=one.created_at, is_locked=_is_locked(one))
        for one in uow.all(question)
    ]


def enrol(uow: UnitOfWork, plan_id: UUID, draft: TabletDraft) -> NewTabletView:
    """The tablet opens this one plan, as the person, from now on. Gives them an account where they have none."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    uow.require_fresh()
    account_id = _account_of_person(uow, plan_id)
    secret, id = ids.new_secret("pwd"), ids.new_id()
    pictures = ids.draw(tablet_rules.grid(id), tablet_rules.SOUGHT)
    tablet = Tablet(
        id=id,
        plan_id=plan_id,
        account_id=account_id,
        name=draft.name,
        secret_hash=ids.hash_secret(secret),
        pictures_hash=passwords.hash_password(tablet_rules.as_password(pictures)),
        enrolled_by=uow.principal.account_id,
        created_at=uow.now,
    )
    uow.add(tablet)
    uow.record("tablet.enrolled", plan_id, subject_id=tablet.id)
    return NewTabletView(secret=secret, pictures=pictures)


def _account_of_person(uow: UnitOfWork, plan_id: UUID) -> UUID:
    person: Member = uow.one(
        select(Member).where(Member.plan_id == plan_id, Member.role == Role.PERSON, col(Member.ended_at).is_(None))
    )
    if person.account_id is None:
        with uow.system("a person without an account is given one for a shared tablet") as session:
            account = Account(display_name=person.display_name, created_at=uow.now)
            session.add(account)
        person.account_id, person.status = account.id, MemberStatus.ACTIVE
        person.confirmed_at, person.confirmed_by = uow.now, uow.principal.account_id
        person.revision += 1
        uow.record("member.joined", plan_id, subject_id=person.id)
    if person.confirmed_at is None:
        raise Conflict("Somebody joined in this name. First say that it is the right one.", "illegal-status-change")
    return person.account_id


def unlock(uow: UnitOfWork, plan_id: UUID, tablet_id: UUID) -> None:
    """Five more tries."""
    _find(uow, plan_id, tablet_id).tries = 0
    uow.record("tablet.unlocked", plan_id, subject_id=tablet_id)


def take_away(uow: UnitOfWork, plan_id: UUID, tablet_id: UUID) -> None:
    """It opens nothing any more, at once, also where it is open now."""
    _find(uow, plan_id, tablet_id).ended_at = uow.now
    uow.record("tablet.ended", plan_id, subject_id=tablet_id)


def _find(uow: UnitOfWork, plan_id: UUID, tablet_id: UUID) -> Tablet:
    uow.require_owner(uow.get(Plan, plan_id))
    question = select(Tablet).where(Tablet.id == tablet_id, Tablet.plan_id == plan_id, col(Tablet.ended_at).is_(None))
    tablet: Tablet = uow.one(question, lock=True)
    return tablet


def shown_on(database: Database, secret: str) -> PicturesView:
    """Raises NotFound where no tablet is set up with this secret."""
    with database.system_session("which pictures a shared tablet shows", writes=False) as session:
        tablet = _by_secret(session, secret)
        return PicturesView(pictures=tablet_rules.grid(tablet.id), is_locked=_is_locked(tablet))


def open_with(database: Database, secret: str, chosen: list[str]) -> str | None:
    """A sign-in's secret when these are the pictures; None when not, or when there were too many tries."""
    with database.system_session("pictures on a shared tablet") as session:
        tablet = _by_secret(session, secret, lock=True)
        if _is_locked(tablet):
            return None
        tablet.tries += 1  # Counted before we look, so that nothing is tried for nothing.
        if not passwords.is_password(tablet_rules.as_password(chosen), tablet.pictures_hash):
            return None
        tablet.tries = 0
        return _begin(session, tablet, clock.now())


def _begin(session: Session, tablet: Tablet, now: datetime) -> str:
    secret = ids.new_secret("pws")
    login = Login(
        account_id=tablet.account_id,
        kind=LoginKind.BROWSER,
        secret_hash=ids.hash_secret(secret),
        created_at=now,
        expires_at=now + QUIET,
        confirmed_at=now - STALE,
        device=tablet.name,
        tablet_id=tablet.id,
    )
    session.add(login)
    return secret


def stay(uow: UnitOfWork) -> UUID:
    """Somebody is here: five more minutes, written at most once a minute. Answers the plan."""
    for login in uow.all(select(Login).where(Login.id == uow.principal.login_id)):
        if login.expires_at - uow.now < QUIET - timedelta(minutes=1):
            login.expires_at = uow.now + QUIET
    if uow.principal.tablet_plan_id is None:
        raise NotFound
    return uow.principal.tablet_plan_id


def _by_secret(session: Session, secret: str, *, lock: bool = False) -> Tablet:
    question = select(Tablet).where(Tablet.secret_hash == ids.hash_secret(secret), col(Tablet.ended_at).is_(None))
    tablet = session.exec(question.with_for_update(key_share=True) if lock else question).first()
    if tablet is None:
        raise NotFound("This tablet is not set up. Please ask someone who decides.")
    return tablet


def _is_locked(tablet: Tablet) -> bool:
    return tablet.tries >= tablet_rules.MOST_TRIES
