"""What whoever hosts this planwiki does on its command line. Nothing here opens a plan, or makes anybody a member."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.errors import Conflict, NotFound
from planwiki.base.ids import as_id
from planwiki.base.vocabulary import MailKind
from planwiki.circle.models import ShareLink

from .commands import account_by_email
from .host_schemas import OrganisationDraft
from .models import Account, HostAdministrator, Login, Organisation, RecoveryCode
from .schemas import AskDraft
from .waiting_commands import end_letters


def add_administrator(database: Database, email: str) -> None:
    """They may open the host's page from now on."""
    with database.system_session("the host names somebody who looks after this planwiki") as session:
        account = _account(session, email)
        if _serving(session, account) is None:
            session.add(HostAdministrator(account_id=account.id, created_at=clock.now()))


def remove_administrator(database: Database, email: str) -> None:
    with database.system_session("somebody looks after this planwiki no more") as session:
        serving = _serving(session, _account(session, email))
        if serving is None:
            raise NotFound("They do not look after this planwiki.")
        serving.ended_at = clock.now()


def close_account(database: Database, email: str) -> None:
    """It signs in nowhere, and every sign-in and guest link it has ends with this act. What it wrote stays."""
    with database.system_session("the host closes an account") as session:
        close_now(session, _account(session, email))


def close_now(session: Session, account: Account) -> None:
    now = clock.now()
    account.closed_at, account.sign_in_narrowed_at = account.closed_at or now, now
    _end_logins(session, account, now)
    _end_guest_links(session, account, now)


def _end_logins(session: Session, account: Account, now: datetime) -> None:
    logins = select(Login).where(Login.account_id == account.id, col(Login.ended_at).is_(None))
    for login in session.exec(logins):
        login.ended_at = now


def _end_guest_links(session: Session, account: Account, now: datetime) -> None:
    """As when somebody leaves a circle: nobody reads on by what they made."""
    made = select(ShareLink).where(ShareLink.created_by == account.id, col(ShareLink.ended_at).is_(None))
    for link in session.exec(made):
        link.ended_at = now


def open_account(database: Database, email: str) -> None:
    """It may sign in again. Old sign-ins and guest links stay ended, also those begun while it was closed."""
    close_account(database, email)
    with database.system_session("the host opens an account again") as session:
        _account(session, email).closed_at = None


def end_second_step(database: Database, known_by: str) -> None:
    """For somebody who lost their app and their paper, once the host knows that it is them.

    They are told by letter, and every sign-in ends: whoever asked may have been another.
    """
    with database.system_session("the host ends a second step") as session:
        account, now = _account(session, known_by), clock.now()
        account.totp_sealed, account.totp_confirmed_at, account.totp_last_step = None, None, None
        session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
        _end_logins(session, account, now)
        if account.email:
            database.post(session, MailKind.SIGN_IN_CHANGED, account.email, now)


def give_address(database: Database, known_by: str, email: str) -> None:
    """The host vouches that the address is theirs, where no letter can tell. Raises Conflict when somebody has it."""
    with database.system_session("the host says whose an address is") as session:
        account, address = _account(session, known_by), AskDraft(email=email).email
        if account.email is not None:
            raise Conflict("They have an address. They change it themselves, on Me.", "already-decided")
        if account_by_email(session, address) is not None:
            raise Conflict("Somebody has that address.", "already-there")
        end_letters(session, account.id)
        account.email, account.waiting_email, account.email_confirmed_at = address, None, clock.now()


def add_organisation(database: Database, draft: OrganisationDraft) -> None:
    with database.system_session("the host names an organisation") as session:
        there = select(Organisation).where(Organisation.name == draft.name, col(Organisation.ended_at).is_(None))
        if session.exec(there).first() is not None:
            raise Conflict("There is one of that name already.", "already-there")
        session.add(Organisation(name=draft.name, ods_code=draft.ods_code, created_at=clock.now()))


def end_organisation(database: Database, name: str) -> None:
    with database.system_session("the host names an organisation no more") as session:
        question = select(Organisation).where(Organisation.name == name, col(Organisation.ended_at).is_(None))
        found = session.exec(question).first()
        if found is None:
            raise NotFound("There is none of that name.")
        found.ended_at = clock.now()


def _account(session: Session, known_by: str) -> Account:
    """By e-mail address, or by id: some have no address."""
    id = as_id(known_by.strip())
    mine = Account.id == id if id else Account.email == known_by.strip().casefold()
    account = session.exec(select(Account).where(mine)).first()
    if account is None:
        raise NotFound("Nobody here is known by that.")
    return account


def _serving(session: Session, account: Account) -> HostAdministrator | None:
    question = select(HostAdministrator).where(HostAdministrator.account_id == account.id)
    return session.exec(question.where(col(HostAdministrator.ended_at).is_(None))).first()
