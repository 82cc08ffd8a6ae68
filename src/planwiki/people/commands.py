"""Verbs of accounts and sign-ins. Before somebody is signed in there is no principal: these use the back door."""

from datetime import timedelta

from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Conflict, Invalid, NotFound, invalid
from planwiki.base.vocabulary import LoginKind

from . import passwords, throttle
from .models import Account, Login
from .queries import account_view
from .schemas import AccountDraft, AccountView, LoginView, NameDraft, PasswordChange, SignInDraft

_PREFIXES = {LoginKind.BROWSER: "pws", LoginKind.TOKEN: "pwt"}


def add_account(database: Database, draft: AccountDraft) -> AccountView:
    """The host or an invitation vouches for the address. Raises Conflict when it has an account."""
    hashed = passwords.hash_password(draft.password) if draft.password else None
    with database.system_session("add an account") as session:
        if account_by_email(session, draft.email) is not None:
            raise Conflict("There is already an account with that e-mail address.", "already-there")
        now, name = clock.now(), draft.display_name  # The host vouches for the address.
        account = Account(
            email=draft.email, display_name=name, password_hash=hashed, created_at=now, email_confirmed_at=now
        )
        account.email_confirmed_at = account.created_at
        session.add(account)
    return account_view(account)


def sign_in(
    database: Database, draft: SignInDraft, *, kind: LoginKind, lasts: timedelta, key: str, address: str
) -> LoginView:
    """A new sign-in. Raises Invalid with one sentence whatever was wrong, SlowDown after too many tries."""
    email = draft.email.strip().casefold()
    subjects = throttle.count_try(database, key, email, address)
    with database.system_session("sign-in", writes=False) as session:
        account = account_by_email(session, email)
    if not passwords.is_password(draft.password, account.password_hash if account else None) or account is None:
        raise Invalid("That e-mail address and password do not fit together.")
    with database.system_session("sign-in") as session:
        throttle.forgive(session, subjects)
        return begin_login(session, account, kind, lasts)


def issue_token(database: Database, email: str, lasts: timedelta) -> LoginView:
    """A bearer token that acts as that person. Raises NotFound for an unknown address."""
    with database.system_session("issue a token") as session:
        account = account_by_email(session, email.strip().casefold())
        if account is None:
            raise NotFound("Nobody has that e-mail address.")
        return begin_login(session, account, LoginKind.TOKEN, lasts)


def sign_out(database: Database, secret: str, kind: LoginKind) -> None:
    """Ends the sign-in this secret belongs to, at once; nothing happens when there is none."""
    with database.system_session("sign out") as session:
        question = select(Login).where(
            Login.secret_hash == ids.hash_secret(secret), Login.kind == kind, col(Login.ended_at).is_(None)
        )
        if login := session.exec(question).first():
            login.ended_at = clock.now()


def sign_me_out(uow: UnitOfWork) -> None:
    """Ends the sign-in the principal came with, at once."""
    for login in uow.all(select(Login).where(Login.id == uow.principal.login_id)):
        login.ended_at = uow.now


def rename_me(uow: UnitOfWork, draft: NameDraft) -> AccountView:
    account = uow.get(Account, uow.principal.account_id)
    account.display_name = draft.display_name
    return account_view(account)


def change_password(uow: UnitOfWork, change: PasswordChange) -> None:
    """The new password from now on; every other sign-in of the account ends."""
    account = uow.get(Account, uow.principal.account_id)
    if not passwords.is_password(change.current, account.password_hash):
        raise invalid("current", "wrong-password", "That is not your password now.")
    account.password_hash = passwords.hash_password(change.new)
    for login in uow.all(select(Login).where(Login.account_id == account.id, col(Login.ended_at).is_(None))):
        if login.id != uow.principal.login_id:
            login.ended_at = uow.now


def begin_login(session: Session, account: Account, kind: LoginKind, lasts: timedelta) -> LoginView:
    now, secret = clock.now(), ids.new_secret(_PREFIXES[kind])
    login = Login(
        account_id=account.id,
        kind=kind,
        secret_hash=ids.hash_secret(secret),
        created_at=now,
        expires_at=now + lasts,
        confirmed_at=now if kind is LoginKind.BROWSER else None,
    )
    session.add(login)
    return LoginView(token=secret, expires_at=login.expires_at, account=account_view(account))


def account_by_email(session: Session, email: str) -> Account | None:
    if "\0" in email:  # Nobody's; and PostgreSQL cannot be asked about it.
        return None
    return session.exec(select(Account).where(Account.email == email)).first()
