"""A second step for whoever wants one: a code from an app (TOTP, RFC 6238), or one of ten kept on paper.

A password or a letter alone then begins no sign-in (`commands.begin_login` says so); a passkey is two steps in itself.
A code of the app works once, in its half minute or the ones beside it. The app's secret is kept sealed.
"""

from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from sqlalchemy import delete
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Gone, Invalid, invalid
from planwiki.base.vocabulary import LoginKind

from . import throttle
from .commands import begin_login, end_other_logins, tell_of_change
from .models import Account, Challenge, RecoveryCode
from .schemas import LoginView

LASTS, SET_UP_IN = timedelta(minutes=5), timedelta(minutes=30)
KIND, NEW_APP, CODES, STEP = "second-step", "second-step-new", 10, 30
WRONG = "That is not the code now. Please look again."


def begin_app(uow: UnitOfWork, database: Database) -> tuple[str, str]:
    """(what the app reads as a QR code, the key to type). It counts once `finish_app` has seen a right code.

    Until then the app from before is asked for.
    """
    uow.require_fresh()
    account, secret = uow.get(Account, uow.principal.account_id), pyotp.random_base32()
    with uow.system("an app for codes is set up") as session:
        _forget_new_apps(session, account.id)
        session.add(_new_app(database, account.id, secret, uow.now))
    name = account.email or account.display_name
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="planwiki"), secret


def finish_app(uow: UnitOfWork, database: Database, code: str) -> list[str]:
    """From now on the second step is asked. Answers ten codes for paper, shown this once."""
    uow.require_fresh()
    account = uow.get(Account, uow.principal.account_id)
    with uow.system("the app that was set up") as session:
        sealed = _newest_app(session, account.id, uow.now)
        step = _step_of(database, sealed, code, after=0) if sealed else None
        if sealed is None or step is None:
            raise invalid("app-code", "wrong-code", WRONG)
        _forget_new_apps(session, account.id)
    account.totp_sealed, account.totp_confirmed_at, account.totp_last_step = sealed, uow.now, step
    codes = [ids.new_code() for _ in range(CODES)]
    _forget_codes(uow)
    for one in codes:
        uow.add(RecoveryCode(account_id=account.id, code_hash=_hash(account.id, one), created_at=uow.now))
    end_other_logins(uow)
    tell_of_change(uow, account)
    return codes


def end_app(uow: UnitOfWork) -> None:
    uow.require_fresh()
    account = uow.get(Account, uow.principal.account_id)
    account.totp_sealed, account.totp_confirmed_at, account.totp_last_step = None, None, None
    _forget_codes(uow)
    tell_of_change(uow, account, narrows=False)


def _new_app(database: Database, account_id: UUID, secret: str, now: datetime) -> Challenge:
    ticket, sealed = ids.hash_secret(ids.new_secret("pwq")), database.sealer.seal({"secret": secret})
    said = {"sealed": sealed}
    return Challenge(secret_hash=ticket, kind=NEW_APP, account_id=account_id, data=said, expires_at=now + SET_UP_IN)


def _newest_app(session: Session, account_id: UUID, now: datetime) -> str | None:
    question = select(Challenge).where(Challenge.account_id == account_id, Challenge.kind == NEW_APP)
    found = session.exec(question.where(col(Challenge.expires_at) > now)).first()
    return str(found.data["sealed"]) if found else None


def _forget_new_apps(session: Session, account_id: UUID) -> None:
    session.execute(delete(Challenge).where(col(Challenge.account_id) == account_id, col(Challenge.kind) == NEW_APP))


def _forget_codes(uow: UnitOfWork) -> None:
    for old in uow.all(select(RecoveryCode).where(RecoveryCode.account_id == uow.principal.account_id)):
        uow.delete(old)
    uow.flush()


def ask(database: Database, account_id: UUID) -> str:
    """A ticket for the browser that has passed the first step. It holds for five minutes."""
    ticket, now = ids.new_secret("pwq"), clock.now()
    with database.system_session("a second step is asked") as session:
        session.add(
            Challenge(secret_hash=ids.hash_secret(ticket), kind=KIND, account_id=account_id, expires_at=now + LASTS)
        )
    return ticket


def sign_in_twice(database: Database, ticket: str, code: str, *, lasts: timedelta, key: str, address: str) -> LoginView:
    """Raises Invalid for a wrong code, Gone when too late, SlowDown after five wrong ones in five minutes."""
    with database.system_session("whose second step?", writes=False) as session:
        account_id = _asked(session, ticket).account_id
    throttle.count_try(database, key, f"code {account_id}", address, most=throttle.MOST_CODES)
    with database.system_session("a second step") as session:
        challenge = _asked(session, ticket)
        account = session.get_one(Account, account_id)
        if check_second(database, session, account, code):
            session.delete(challenge)
            return begin_login(session, account, LoginKind.BROWSER, lasts, twice=True)
    raise Invalid(WRONG)


def check_second(database: Database, session: Session, account: Account, code: str) -> bool:
    """A code of the app, or one from paper, that was not used before."""
    return _is_code(database, account, code) or _is_on_paper(session, account, code)


def _asked(session: Session, ticket: str) -> Challenge:
    question = select(Challenge).where(Challenge.secret_hash == ids.hash_secret(ticket), Challenge.kind == KIND)
    found = session.exec(question.where(col(Challenge.expires_at) > clock.now()).with_for_update()).first()
    if found is None:
        raise Gone("That took too long. Please sign in again.", "link-ended")
    return found


def _is_code(database: Database, account: Account, code: str) -> bool:
    if account.totp_sealed is None:
        return False
    step = _step_of(database, account.totp_sealed, code, after=account.totp_last_step or 0)
    account.totp_last_step = step or account.totp_last_step
    return step is not None


def _step_of(database: Database, sealed: str, code: str, *, after: int) -> int | None:
    """The half minute a code is of: this one or beside it, and later than the last one that was used."""
    app, typed = pyotp.TOTP(database.sealer.open(sealed)["secret"]), "".join(code.split())
    now = int(clock.now().timestamp()) // STEP
    steps = (step for step in (now - 1, now, now + 1) if step > after)
    return next((step for step in steps if pyotp.utils.strings_equal(app.at(step * STEP), typed)), None)


def _is_on_paper(session: Session, account: Account, code: str) -> bool:
    hashed = _hash(account.id, ids.as_code(code))
    question = select(RecoveryCode).where(RecoveryCode.code_hash == hashed, col(RecoveryCode.used_at).is_(None))
    found = session.exec(question.with_for_update()).first()
    if found is None:
        return False
    found.used_at = clock.now()
    return True


def _hash(account_id: UUID, code: str) -> str:
    return ids.hash_secret(f"{account_id}:{code}")
