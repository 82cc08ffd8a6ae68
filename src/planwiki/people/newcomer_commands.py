"""An account for somebody who holds an invitation, and signed in with the same press."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.base import clock, ids
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import LoginKind

from .commands import account_by_email, begin_login
from .models import Account, Challenge, Login, OutsideIdentity, Passkey, RecoveryCode
from .schemas import LoginView, NewcomerDraft
from .throttle import Counted, forgive_address
from .waiting_commands import write_to

ONCE, ONCE_LASTS = "pwo", timedelta(minutes=1)
_CAME = "came in"


def forget_who_came_before(session: Session, account: Account) -> None:
    """Somebody reads the mailbox of an account whose address nobody had proven. Whoever made it may have been another:
    nothing that they set up opens it any more."""
    account.password_hash, account.totp_sealed, account.totp_confirmed_at = None, None, None
    for table in (Passkey, RecoveryCode, OutsideIdentity):
        session.execute(delete(table).where(table.account_id == account.id))  # type: ignore[arg-type]  # SQLModel types a comparison as bool
    for login in session.exec(select(Login).where(Login.account_id == account.id, col(Login.ended_at).is_(None))):
        login.ended_at = clock.now()


def begin_again(database: Database, once: str, lasts: timedelta) -> LoginView | None:
    """Somebody pressed twice, or the answer to their first press was lost on the way: the same account, signed in.

    `once` is a secret of the page that they pressed on. It is good for a minute, and while nobody has signed out there.
    """
    with database.system_session("did they come in a moment ago?") as session:
        return _once_more(session, once, lasts)


def _once_more(session: Session, once: str, lasts: timedelta) -> LoginView | None:
    kept = (Challenge.secret_hash == ids.hash_secret(once), Challenge.kind == _CAME)
    came = select(Challenge).where(*kept, col(Challenge.expires_at) > clock.now()).with_for_update()
    found = session.exec(came).first()
    if found is None or found.account_id is None:
        return None
    logins = session.exec(select(Login).where(col(Login.secret_hash).in_(found.data["logins"]))).all()
    account = session.get_one(Account, found.account_id)
    if account.closed_at is not None or any(one.ended_at is not None for one in logins):
        return None
    again = begin_login(session, account, LoginKind.BROWSER, lasts)
    found.data = {"logins": [*found.data["logins"], ids.hash_secret(again.token)]}
    return again


def _note(session: Session, once: str, account_id: UUID, login: LoginView) -> None:
    """That whoever holds the page's secret came in by this sign-in."""
    if ids.looks_like_secret(once, ONCE):
        data = {"logins": [ids.hash_secret(login.token)]}
        ends_at, hashed = clock.now() + ONCE_LASTS, ids.hash_secret(once)
        session.add(Challenge(secret_hash=hashed, kind=_CAME, account_id=account_id, data=data, expires_at=ends_at))


def begin_as_new(
    database: Database,
    draft: NewcomerDraft,
    *,
    proven: bool,
    lasts: timedelta,
    counted: Counted,
    once: str,
    base_url: str,
) -> LoginView:
    """`proven`: they came by a letter to that address. Any other address waits for one, whether anybody has it or not.

    Raises Conflict when they came by a letter, and the address has an account: they read that mailbox.
    """
    with database.system_session("somebody new takes an invitation") as session:
        if (again := _once_more(session, once, lasts)) is not None:  # They pressed twice in this very moment.
            return again
        forgive_address(session, counted)
        account = Account(display_name=draft.display_name, created_at=clock.now())
        if proven:
            _give_proven(session, account, draft.email)
        session.add(account)
        session.flush()
        if not proven:
            write_to(database, session, account, draft.email, once, base_url)
        login = begin_login(session, account, LoginKind.BROWSER, lasts)
        _note(session, once, account.id, login)
        return login


def _give_proven(session: Session, account: Account, email: str) -> None:
    if account_by_email(session, email) is not None:
        raise Conflict("There is already an account with that e-mail address. Please sign in.", "already-there")
    account.email, account.email_confirmed_at = email, account.created_at
