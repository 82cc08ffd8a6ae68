"""Who is signed in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from planwiki.authz.lens import Lens
from planwiki.authz.prepared import prepared
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import SignInNeeded, TokenExpired
from planwiki.base.ids import hash_secret
from planwiki.base.vocabulary import LoginKind
from planwiki.circle.models import Tablet

from .models import Account, Login, OutsideIdentity, Passkey
from .schemas import AccountView, DeviceView, PasskeyView


def holder_of(secret: str | None, kind: LoginKind) -> Callable[[Session, datetime], Principal]:
    """The question a unit of work asks first: whose secret is this? Raises SignInNeeded or TokenExpired."""
    return lambda session, now: _find_holder(session, now, secret, kind)


# Put together once, since every request begins with it; answers columns.
_HOLDER = (
    select(Login, Account.display_name, Account.reading)
    .join(Account, col(Account.id) == Login.account_id)
    .where(Login.secret_hash == bindparam("secret_hash"), Login.kind == bindparam("kind"))
    .where(col(Account.closed_at).is_(None))
)


def _find_holder(session: Session, now: datetime, secret: str | None, kind: LoginKind) -> Principal:
    connection, asked = session.connection(), {"secret_hash": hash_secret(secret or ""), "kind": kind}
    login = next(iter(prepared(_HOLDER, connection.dialect).rows(connection, asked)), None)
    if login is None or login.ended_at is not None:
        raise SignInNeeded("Please sign in.")
    if login.expires_at <= now:
        raise TokenExpired("You were signed out after a while. Please sign in again.")
    tablet = _plan_of_tablet(session, login.tablet_id) if login.tablet_id else None
    return Principal(
        login.account_id,
        login.display_name,
        login_id=login.id,
        tablet_plan_id=tablet,
        confirmed_at=login.confirmed_at,
        reading=login.reading,
    )


def _plan_of_tablet(session: Session, tablet_id: UUID) -> UUID:
    """A tablet that was taken away opens nothing more."""
    tablet = session.get(Tablet, tablet_id)
    if tablet is None or tablet.ended_at is not None:
        raise SignInNeeded("Please sign in.")
    return tablet.plan_id


def who_changes_sign_in(uow: UnitOfWork) -> UUID:
    """Whose account this is, where they have just shown that it is theirs. Raises StepUpNeeded.

    Whoever has just joined, and has no way yet to show it, is not asked: else they would never get one.
    """
    account: Account = uow.get(Account, uow.principal.account_id)
    shown_by = (account.email, account.password_hash, *my_passkeys(uow), *my_issuers(uow))
    if account.waiting_email is None or any(shown_by):
        uow.require_fresh()
    return account.id


def whoever_asks(uow: UnitOfWork) -> Principal:
    return uow.principal


def my_devices(uow: UnitOfWork) -> list[DeviceView]:
    """What is signed in with this account now, newest first."""
    question = select(Login).where(Login.account_id == uow.principal.account_id, col(Login.ended_at).is_(None))
    rows = uow.all(question.where(col(Login.expires_at) > uow.now).order_by(col(Login.created_at).desc()))
    return [
        DeviceView(
            id=row.id,
            device=row.device,
            is_program=row.kind is LoginKind.TOKEN,
            is_this=row.id == uow.principal.login_id,
            created_at=row.created_at,
        )
        for row in rows
    ]


def my_passkeys(uow: UnitOfWork) -> list[PasskeyView]:
    question = select(Passkey).where(Passkey.account_id == uow.principal.account_id).order_by(col(Passkey.id))
    return [PasskeyView.model_validate(row, from_attributes=True) for row in uow.all(question)]


def my_issuers(uow: UnitOfWork) -> set[str]:
    """The organisations that I sign in with, as they name themselves."""
    mine = select(OutsideIdentity.issuer).where(OutsideIdentity.account_id == uow.principal.account_id)
    return set(uow.all(mine))


def my_account(uow: UnitOfWork) -> AccountView:
    return account_view(uow.ask_one(_me, id=uow.principal.account_id))


def writes_plain(uow: UnitOfWork) -> bool:
    """Does the viewer write as plain text, without large buttons?"""
    return bool(uow.get(Account, uow.principal.account_id).writes_plain)


def _me(_: Lens) -> Any:
    return select(Account).where(Account.id == bindparam("id"))


def account_view(account: Any) -> AccountView:
    return AccountView(
        id=account.id,
        display_name=account.display_name,
        email=account.email or "",
        waiting_email=account.waiting_email or "",
        created_at=account.created_at,
        has_password=account.password_hash is not None,
        has_second_step=account.totp_confirmed_at is not None,
        reading=account.reading,
    )


def wants_no_hints(uow: UnitOfWork) -> bool:
    """Does the viewer want no hints about words and sentences while writing?"""
    return bool(uow.get(Account, uow.principal.account_id).wants_no_hints)
