"""An account for somebody who holds an invitation, and signed in with the same press."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import LoginKind

from .commands import account_by_email, begin_login
from .models import Account, Login, OutsideIdentity, Passkey, RecoveryCode
from .schemas import LoginView, NewcomerDraft


def forget_who_came_before(session: Session, account: Account) -> None:
    """Somebody reads the mailbox of an account whose address nobody had proven. Whoever made it may have been another:
    nothing that they set up opens it any more."""
    account.password_hash, account.totp_sealed, account.totp_confirmed_at = None, None, None
    for table in (Passkey, RecoveryCode, OutsideIdentity):
        session.execute(delete(table).where(table.account_id == account.id))  # type: ignore[arg-type]  # SQLModel types a comparison as bool
    for login in session.exec(select(Login).where(Login.account_id == account.id, col(Login.ended_at).is_(None))):
        login.ended_at = clock.now()


def begin_as_new(database: Database, draft: NewcomerDraft, *, proven: bool, lasts: timedelta) -> LoginView:
    """`proven`: they came by a letter to that address. Any other address counts once a link sent there was used.

    Raises Conflict when the address has an account.
    """
    with database.system_session("somebody new takes an invitation") as session:
        if account_by_email(session, draft.email) is not None:
            raise Conflict("There is already an account with that e-mail address. Please sign in.", "already-there")
        now = clock.now()
        confirmed_at = now if proven else None
        name = draft.display_name
        account = Account(email=draft.email, display_name=name, created_at=now, email_confirmed_at=confirmed_at)
        session.add(account)
        session.flush()
        return begin_login(session, account, LoginKind.BROWSER, lasts)
