"""Verbs of accounts and sign-ins. Before somebody is signed in there is no principal: these use the back door."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, case, or_
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Conflict, Invalid, NotFound, SecondStepNeeded, invalid
from planwiki.base.vocabulary import LoginKind, MailKind

from . import passwords, throttle
from .models import Account, Login, OutsideIdentity, Passkey
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
    database: Database,
    draft: SignInDraft,
    *,
    kind: LoginKind,
    lasts: timedelta,
    key: str,
    address: str,
    second: Callable[[Session, Account], bool] | None = None,
) -> LoginView:
    """A new sign-in. Raises Invalid with one sentence whatever was wrong, SlowDown after too many tries.

    `second` tells whether the second step was taken too, where it is sent along with the first.
    """
    email = draft.email.strip().casefold()
    counted = throttle.count_try(database, key, email, address)
    with database.system_session("sign-in", writes=False) as session:
        account = account_by_email(session, email)
    right = passwords.is_password(draft.password, account.password_hash if account else None)
    if not right or account is None or account.closed_at is not None:
        raise Invalid("That e-mail address and password do not fit together.")
    with database.system_session("sign-in") as session:
        throttle.forgive(session, counted)
        taken = second is not None and second(session, session.get_one(Account, account.id))
        return begin_login(session, account, kind, lasts, twice=taken)


def issue_token(database: Database, email: str, lasts: timedelta) -> LoginView:
    """A bearer token that acts as that person. Raises NotFound for an unknown address."""
    with database.system_session("issue a token") as session:
        account = account_by_email(session, email.strip().casefold())
        if account is None:
            raise NotFound("Nobody has that e-mail address.")
        return begin_login(session, account, LoginKind.TOKEN, lasts, twice=True)  # The host's own word.


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


def choose_writing(uow: UnitOfWork, *, plain: bool) -> None:
    """With large buttons, or as plain text; wherever they sign in."""
    uow.get(Account, uow.principal.account_id).writes_plain = plain


def choose_hints(uow: UnitOfWork, *, off: bool) -> None:
    """With hints about words and sentences while writing, or without; wherever they sign in."""
    uow.get(Account, uow.principal.account_id).wants_no_hints = off


def change_password(uow: UnitOfWork, change: PasswordChange) -> None:
    """The new password from now on; every other sign-in of the account ends. Needs a fresh sign-in.

    It goes with an address. While that waits, a password would open an account by an address that may be another's.
    """
    uow.require_fresh()
    account = uow.get(Account, uow.principal.account_id)
    if account.waiting_email is not None:
        raise Conflict("First show that your e-mail address is yours.", "illegal-status-change")
    account.password_hash = passwords.hash_password(change.new)
    end_other_logins(uow)
    tell_of_change(uow, account)


def end_other_logins(uow: UnitOfWork) -> None:
    """Every browser and program of this account but the one that asks."""
    mine = select(Login).where(Login.account_id == uow.principal.account_id, col(Login.ended_at).is_(None))
    for login in uow.all(mine.where(col(Login.id) != uow.principal.login_id)):
        login.ended_at = uow.now


def end_login(uow: UnitOfWork, login_id: UUID) -> None:
    """One browser or program of this account."""
    uow.get(Login, login_id).ended_at = uow.now


def check_way_left(uow: UnitOfWork, account: Account, *, without: int) -> None:
    """Raises Conflict where so many passkeys and organisations fewer leave no way to sign in."""
    mine = [uow.all(select(table.id).where(table.account_id == account.id)) for table in (Passkey, OutsideIdentity)]
    reached = account.password_hash or account.email or account.waiting_email
    if reached is None and sum(map(len, mine)) <= without:
        raise Conflict("This is the only way you sign in. Please add another first.", "illegal-status-change")


def tell_of_change(uow: UnitOfWork, account: Account, *, narrows: bool = True) -> None:
    """Whoever changes how somebody signs in does so in that person's sight. `narrows`: an older way opens no more."""
    if narrows:
        account.sign_in_narrowed_at = uow.now
    if account.email:
        uow.post(MailKind.SIGN_IN_CHANGED, account.email)


def confirm_by_password(
    database: Database,
    who: Principal,
    password: str,
    *,
    field: str,
    key: str,
    address: str,
    second: Callable[[Session, Account], bool],
) -> None:
    """They have just shown that it is them. Raises Invalid, and SlowDown after too many tries.

    `field` is where the password was typed. `second` tells whether the second step was taken too, where there is one.
    """
    counted = throttle.count_try(database, key, f"confirm {who.account_id}", address)
    with database.system_session("is it them?", writes=False) as session:
        kept = session.get_one(Account, who.account_id).password_hash
    if not passwords.is_password(password, kept):
        raise invalid(field, "wrong-password", "That is not your password.")
    with database.system_session("it is them") as session:
        account = session.get_one(Account, who.account_id)
        if account.totp_confirmed_at is not None and not second(session, account):
            raise invalid(f"{field}-code", "wrong-code", "That is not the code now. Please look again.")
        throttle.forgive(session, counted)
        confirm_login(session, who)


def confirm_login(session: Session, who: Principal) -> None:
    login = session.get(Login, who.login_id)
    if login is not None and login.ended_at is None:
        login.confirmed_at = clock.now()


def name_device(database: Database, secret: str, device: str) -> None:
    """What signed in, in words such as Firefox on Android, for its owner's list."""
    with database.system_session("what signed in?") as session:
        login = session.exec(select(Login).where(Login.secret_hash == ids.hash_secret(secret))).one()
        login.device = device


def begin_login(
    session: Session,
    account: Account,
    kind: LoginKind,
    lasts: timedelta,
    *,
    twice: bool = False,
    shown_at: datetime | None = None,
) -> LoginView:
    """A new sign-in. Raises SecondStepNeeded where the account has a second step and only one was taken.

    `shown_at` is when they showed who they are, where that was not just now.
    """
    if account.totp_confirmed_at is not None and not twice:
        raise SecondStepNeeded(account.id)
    now, secret = clock.now(), ids.new_secret(_PREFIXES[kind])
    login = Login(
        account_id=account.id,
        kind=kind,
        secret_hash=ids.hash_secret(secret),
        created_at=now,
        expires_at=now + lasts,
        confirmed_at=(shown_at or now) if kind is LoginKind.BROWSER else None,
    )
    session.add(login)
    return LoginView(token=secret, expires_at=login.expires_at, account=account_view(account))


def account_reached_at(session: Session, email: str) -> Account | None:
    """Whose address it is; else the newest account that waits for it, and is open. One question for all of it."""
    if "\0" in email:
        return None
    waits = and_(col(Account.waiting_email) == email, col(Account.closed_at).is_(None))
    theirs_first = case((col(Account.email) == email, 0), else_=1)
    asked = select(Account).where(or_(col(Account.email) == email, waits))
    return session.exec(asked.order_by(theirs_first, col(Account.id).desc())).first()


def account_by_email(session: Session, email: str) -> Account | None:
    if "\0" in email:  # Nobody's; and PostgreSQL cannot be asked about it.
        return None
    return session.exec(select(Account).where(Account.email == email)).first()
