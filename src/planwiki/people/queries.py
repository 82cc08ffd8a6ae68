"""Who is signed in."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import SignInNeeded, TokenExpired
from planwiki.base.ids import hash_secret
from planwiki.base.vocabulary import LoginKind
from planwiki.circle.models import Tablet

from .models import Account, Login
from .schemas import AccountView


def holder_of(secret: str | None, kind: LoginKind) -> Callable[[Session, datetime], Principal]:
    """The question a unit of work asks first: whose secret is this? Raises SignInNeeded or TokenExpired."""
    return lambda session, now: _find_holder(session, now, secret, kind)


def _find_holder(session: Session, now: datetime, secret: str | None, kind: LoginKind) -> Principal:
    question = select(Login, Account.display_name).join(Account, col(Account.id) == Login.account_id)
    question = question.where(Login.secret_hash == hash_secret(secret or ""), Login.kind == kind)
    found = session.exec(question.where(col(Account.closed_at).is_(None))).first()
    if found is None or found[0].ended_at is not None:
        raise SignInNeeded("Please sign in.")
    login, name = found
    if login.expires_at <= now:
        raise TokenExpired("You were signed out after a while. Please sign in again.")
    tablet = _plan_of_tablet(session, login) if login.tablet_id else None
    return Principal(login.account_id, name, login_id=login.id, tablet_plan_id=tablet, confirmed_at=login.confirmed_at)


def _plan_of_tablet(session: Session, login: Login) -> UUID:
    """A tablet that was taken away opens nothing more."""
    tablet = session.get(Tablet, login.tablet_id)
    if tablet is None or tablet.ended_at is not None:
        raise SignInNeeded("Please sign in.")
    return tablet.plan_id


def my_account(uow: UnitOfWork) -> AccountView:
    return account_view(uow.get(Account, uow.principal.account_id))


def account_view(account: Account) -> AccountView:
    return AccountView(
        id=account.id, display_name=account.display_name, email=account.email or "", created_at=account.created_at
    )
