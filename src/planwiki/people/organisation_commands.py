"""Signing in with an organisation. People are found by issuer and subject, never by an address alone.

Somebody nobody knows yet gets an account of their own: it opens nothing until they are invited. An address that has an
account is never taken over: its owner signs in and links the organisation on Me.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, select

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Gone, Invalid
from planwiki.base.text import fold
from planwiki.base.vocabulary import LoginKind, MailKind
from planwiki.settings import OrganisationLogin

from . import openid
from .commands import account_by_email, begin_login, check_way_left, end_other_logins, tell_of_change
from .models import Account, Challenge, OutsideIdentity
from .schemas import LoginView

LASTS, KIND = timedelta(minutes=10), "openid"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ENDED = "That took too long, or was done already. Please start again."
REFUSED = "We could not be sure that this is you. Please start again."


class Asked(NamedTuple):
    """What this browser went away with."""

    key: str
    nonce: str
    verifier: str
    go_on: str
    account_id: UUID | None
    again: bool = False
    at: float = 0.0


def begin(
    database: Database,
    one: OrganisationLogin,
    back: str,
    browser: str,
    go_on: str,
    account_id: UUID | None = None,
    *,
    again: bool = False,
) -> str:
    """The address of their sign-in. With `account_id` it will be linked to that account."""
    state, nonce, verifier = (ids.new_secret(prefix) for prefix in ("pwo", "pwn", "pwv"))
    address = openid.ask_address(one, back, state, nonce, verifier, again=again)
    said: dict[str, Any] = {"key": one.key, "nonce": nonce, "verifier": verifier, "go_on": go_on}
    said |= {"again": again, "at": clock.now().timestamp()}
    with database.system_session("somebody goes to sign in with an organisation") as session:
        session.add(
            Challenge(
                secret_hash=_hash(browser, state),
                kind=KIND,
                account_id=account_id,
                data={"sealed": database.sealer.seal(said)},
                expires_at=clock.now() + LASTS,
            )
        )
    return address


def take(database: Database, browser: str, state: str) -> Asked:
    """What this browser asked for, which can be answered this once. Raises Gone for another browser's, or too late."""
    with database.system_session("somebody comes back from an organisation") as session:
        question = select(Challenge).where(Challenge.secret_hash == _hash(browser, state), Challenge.kind == KIND)
        found = session.exec(question.with_for_update()).first()
        if found is not None:
            session.delete(found)
    if found is None or found.expires_at <= clock.now():
        raise Gone(ENDED, "link-ended")
    return Asked(**database.sealer.open(found.data["sealed"]), account_id=found.account_id)


def enter(
    database: Database, one: OrganisationLogin, back: str, asked: Asked, code: str, lasts: timedelta
) -> LoginView:
    """Signs in whoever came back. Raises Invalid for what must not be believed, and for an address that is taken."""
    try:
        claims = openid.who_came(one, back, code, asked.nonce, asked.verifier)
    except openid.NotTheirs as error:
        raise Invalid(REFUSED) from error
    shown_at = _shown_at(asked, claims)
    with database.system_session("sign in with an organisation") as session:
        known = _identity(session, one, claims["sub"])
        if asked.account_id is not None:
            account = _link(session, one, claims["sub"], known, asked.account_id)
            if known is None and account.email:
                database.post(session, MailKind.SIGN_IN_CHANGED, account.email, clock.now())
        else:
            account = session.get_one(Account, known.account_id) if known else _newcomer(session, one, claims)
        if account.closed_at is not None:
            raise Invalid(REFUSED)
        if known is not None:
            known.last_used_at = clock.now()
        return begin_login(session, account, LoginKind.BROWSER, lasts, twice=True, shown_at=shown_at)


def _shown_at(asked: Asked, claims: dict[str, Any]) -> datetime:
    """When they showed who they are: an organisation may let somebody in whom it knows from this morning.

    Raises Invalid where they were to show it again and did not. Unsaid is long ago.
    """
    at = openid.shown_at(claims) or LONG_AGO
    if asked.again and at.timestamp() < asked.at - openid.SLACK:
        raise Invalid(REFUSED)
    return min(at, clock.now())


def _identity(session: Session, one: OrganisationLogin, subject: str) -> OutsideIdentity | None:
    question = select(OutsideIdentity).where(OutsideIdentity.issuer == one.issuer, OutsideIdentity.subject == subject)
    return session.exec(question).first()


def _link(
    session: Session, one: OrganisationLogin, subject: str, known: OutsideIdentity | None, account_id: UUID
) -> Account:
    if known is not None and known.account_id != account_id:
        raise Invalid("Somebody else here signs in with that. Please ask whoever runs this planwiki.")
    if known is None:
        _keep(session, one, subject, account_id)
    return session.get_one(Account, account_id)


def _newcomer(session: Session, one: OrganisationLogin, claims: dict[str, Any]) -> Account:
    """Their address counts only where the organisation says that it looked."""
    email = str(claims.get("email", "")).strip().casefold() if claims.get("email_verified") is True else ""
    if email and account_by_email(session, email) is not None:
        raise Invalid("You have an account here. Sign in with it first, then link this on the page Me.")
    now, name = clock.now(), str(claims.get("name") or claims.get("preferred_username") or one.name)[:200]
    account = Account(email=email[:254] or None, display_name=name, created_at=now)
    account.email_confirmed_at = now if email else None
    session.add(account)
    session.flush()
    _keep(session, one, claims["sub"], account.id)
    return account


def _keep(session: Session, one: OrganisationLogin, subject: str, account_id: UUID) -> None:
    now = clock.now()
    session.add(
        OutsideIdentity(account_id=account_id, issuer=one.issuer, subject=subject, created_at=now, last_used_at=now)
    )
    session.flush()


def unlink(uow: UnitOfWork, one: OrganisationLogin) -> None:
    """They sign in with it no more, and every other device is signed out. Raises Conflict for the last way in."""
    uow.require_fresh()
    account = uow.get(Account, uow.principal.account_id)
    mine = uow.all(select(OutsideIdentity).where(OutsideIdentity.account_id == account.id))
    theirs = [each for each in mine if each.issuer == one.issuer]
    if not theirs:
        return
    check_way_left(uow, account, without=len(theirs))
    for each in theirs:
        uow.delete(each)
    end_other_logins(uow)
    tell_of_change(uow, account)


def check_domain(organisations: list[OrganisationLogin], email: str) -> None:
    """People of some organisations sign in with it alone. Asked before anything is looked up: all are told alike."""
    domain = fold(email).rpartition("@")[2].strip()
    for one in organisations:
        if one.required and domain in {fold(each) for each in one.domains}:
            raise Invalid(f"Please sign in with {one.name}.")


def _hash(browser: str, state: str) -> str:
    return ids.hash_secret(f"{browser}:{state}")
