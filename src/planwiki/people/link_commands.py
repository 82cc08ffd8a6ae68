"""Signing in by a letter: a link for the browser that asked, or a code to type there.

Asking answers alike for an address that is known and one that is not, and works as long. A link is used up by a button,
never by being opened, since mail scanners open everything. Opened in another browser it signs nobody in: whoever can
read somebody's screen or forward a letter gains nothing without the browser that asked.

A program may ask for an account with a password, and then the link works in any browser. But anybody can ask with
anybody's address. So the password counts only for a reader who types it again: else a stranger's would wait in there.

Pressed twice, also where the first answer was lost on the way, a letter lets the same browser in once more.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from planwiki.authz.database import Database
from planwiki.base import clock, ids
from planwiki.base.errors import Gone, Invalid, SecondStepNeeded, invalid
from planwiki.base.vocabulary import LinkPurpose, LoginKind, MailKind

from . import passwords, throttle
from .arriving_commands import ENDED, arrive
from .commands import account_by_email, account_reached_at, begin_login
from .models import Account, Login, MailedLink
from .newcomer_commands import forget_who_came_before
from .schemas import AccountCreate, AskDraft, LoginView, NewAccountDraft
from .waiting_commands import PREFIX, end_letters, is_open_link, was_written_here

LASTS, TWICE = timedelta(minutes=10), timedelta(minutes=1)
CODE_LENGTH, MOST_TRIES = 8, 5
WRONG_PASSWORD = "wrong-password"  # noqa: S105 - a code for programs


def ask_for_link(database: Database, draft: AskDraft, *, browser: str, base_url: str, key: str, address: str) -> None:
    """A letter to the address, if somebody signs in with it. Raises SlowDown after too many; says nothing else."""
    throttle.count_try(database, key, f"link {draft.email}", address)
    secret, code = ids.new_secret(PREFIX), ids.new_code()[:CODE_LENGTH]
    with database.system_session("somebody asks for a link to sign in") as session:
        account = account_reached_at(session, draft.email)
        known = account if account is not None and account.closed_at is None else None
        link = _keep(session, LinkPurpose.SIGN_IN, known, secret, code, browser)
        link.data = {"sealed": database.sealer.seal({"email": draft.email, "base_url": base_url})}
        letter = {"link": f"{base_url}/sign-in/link/{secret}", "code": spaced(code)}
        # A letter to nobody is written and dropped: measured, its absence told who has an account.
        database.post(session, MailKind.SIGN_IN, draft.email if known else "", clock.now(), **letter)


def ask_for_account(
    database: Database, draft: AccountCreate, *, browser: str, base_url: str, key: str, address: str
) -> None:
    """A letter to confirm the address of a new account; or one that says that there is an account already.

    A program asks with no `browser`: then the link works in any.
    """
    throttle.count_try(database, key, f"link {draft.email}", address)
    waiting = _waiting(draft)  # Counted first: hashing is slow on purpose.
    secret, code = ids.new_secret(PREFIX), ids.new_code()[:CODE_LENGTH]
    with database.system_session("somebody asks for an account") as session:
        if account_by_email(session, draft.email) is not None:
            _keep(session, LinkPurpose.NEW_ACCOUNT, None, secret, code, browser)
            database.post(session, MailKind.ALREADY_HERE, draft.email, clock.now())
            return
        link = _keep(session, LinkPurpose.NEW_ACCOUNT, None, secret, code, browser)
        link.data = {"sealed": database.sealer.seal(waiting.model_dump(mode="json"))}
        letter = {"link": f"{base_url}/sign-in/link/{secret}", "code": spaced(code) if browser else ""}
        database.post(session, MailKind.NEW_ACCOUNT, draft.email, clock.now(), **letter)


def ask_for_address(
    database: Database, account_id: UUID, draft: AskDraft, *, browser: str, base_url: str, key: str, address: str
) -> None:
    """A letter to a new address; once it was read there, that is how this account is reached. The old one is told."""
    throttle.count_try(database, key, f"link {draft.email}", address)
    secret = ids.new_secret(PREFIX)
    with database.system_session("somebody changes their address") as session:
        link = _keep(session, LinkPurpose.NEW_ADDRESS, session.get_one(Account, account_id), secret, secret, browser)
        link.data = {"sealed": database.sealer.seal({"email": draft.email})}
        database.post(session, MailKind.NEW_ADDRESS, draft.email, clock.now(), link=f"{base_url}/sign-in/link/{secret}")


def _waiting(draft: AccountCreate) -> NewAccountDraft:
    """What waits for the letter to be read: no password as it was typed."""
    hashed = passwords.hash_password(draft.password) if draft.password else None
    return NewAccountDraft(display_name=draft.display_name, email=draft.email, password_hash=hashed)


def _keep(
    session: Session, purpose: LinkPurpose, account: Account | None, secret: str, code: str, browser: str
) -> MailedLink:
    now = clock.now()
    link = MailedLink(
        purpose=purpose,
        account_id=account.id if account else None,
        secret_hash=ids.hash_secret(secret),
        code_hash=ids.hash_secret(f"{browser}:{code}") if browser else None,
        browser_hash=ids.hash_secret(browser) if browser else None,
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(link)
    return link


def asks_password(database: Database, secret: str) -> bool:
    """Whether the reader is to type the password that this link's account was asked for with."""
    question = select(MailedLink).where(MailedLink.secret_hash == ids.hash_secret(secret), is_open_link())
    with database.system_session("what does a link need?", writes=False) as session:
        link = session.exec(question).first()
        return link is not None and bool(_password_of(database, link))


def is_open(database: Database, secret: str) -> bool:
    """Whether the link still works: else its letter comes too late."""
    question = select(MailedLink.id).where(MailedLink.secret_hash == ids.hash_secret(secret), is_open_link())
    with database.system_session("is a letter too late?", writes=False) as session:
        return session.exec(question).first() is not None


def account_at(database: Database, email: str) -> UUID | None:
    """Whose address this is now, if it is somebody's who may come in."""
    with database.system_session("may a letter go there?", writes=False) as session:
        account = account_by_email(session, email)
        return account.id if account is not None and account.closed_at is None else None


def _password_of(database: Database, link: MailedLink) -> str | None:
    """The hash that came with a program's asking. A browser's account has none."""
    if link.purpose is not LinkPurpose.NEW_ACCOUNT or "sealed" not in link.data:
        return None
    return NewAccountDraft(**database.sealer.open(link.data["sealed"])).password_hash


def use_link(
    database: Database, secret: str, browser: str, lasts: timedelta, password: str = "", joined: str = ""
) -> LoginView:
    """Signs in the browser that asked. Raises Gone alike for a link that ended, was used, or never was; Invalid in
    another browser, where the code is typed in place of it; also where another password was typed than was asked with.

    `joined` is the secret of a browser in which somebody joined: see `arriving_commands`.
    """
    with database.system_session("sign in by a link") as session:
        link = _open(session, MailedLink.secret_hash == ids.hash_secret(secret), browser)
        if link.browser_hash not in {None, ids.hash_secret(browser)}:
            raise Invalid("You asked for this in another place. Please type the code there.", code="another-browser")
        wrong = bool(password) and not passwords.is_password(password, _password_of(database, link))
        said = {"with_password": bool(password), "joined": joined}
        entered = None if wrong else _enter(database, session, link, lasts, **said)
        if wrong:
            _count_wrong(link)
    if entered is None:
        raise invalid("password", WRONG_PASSWORD, "That is not the password. Leave this empty if you do not know it.")
    return _in(entered)


def use_code(database: Database, typed: str, browser: str, lasts: timedelta, joined: str = "") -> LoginView:
    """The same with the code of the letter, typed where it was asked for. Five wrong tries end it."""
    code = ids.as_code(typed)
    with database.system_session("sign in by a code") as session:
        link = _open(session, MailedLink.browser_hash == ids.hash_secret(browser or ""), browser)
        _count_wrong(link)
        right = link.tries <= MOST_TRIES and link.code_hash == ids.hash_secret(f"{browser}:{code}")
        entered = _enter(database, session, link, lasts, joined=joined) if right else None
    if entered is None:
        raise Invalid("That is not the code. Please look at the newest letter.", code="wrong-code")
    return _in(entered)


def used_by(database: Database, secret: str, account_id: UUID) -> bool:
    """Whether this letter let this account in: whoever is signed in presses an old page once more."""
    with database.system_session("did they come in by this letter?", writes=False) as session:
        mine = (MailedLink.secret_hash == ids.hash_secret(secret), MailedLink.account_id == account_id)
        used = select(MailedLink.id).where(*mine, col(MailedLink.used_at).is_not(None))
        return session.exec(used).first() is not None


def _count_wrong(link: MailedLink) -> None:
    link.tries += 1
    if link.tries > MOST_TRIES:
        link.expires_at = clock.now()


def _open(session: Session, condition: Any, browser: str) -> MailedLink:
    works = or_(is_open_link(), _was_pressed_by(browser)) if browser else is_open_link()
    ours = (condition, works, MailedLink.purpose != LinkPurpose.JOINED)  # Those have buttons of their own.
    question = select(MailedLink).where(*ours).order_by(col(MailedLink.id).desc())
    link = session.exec(question.with_for_update()).first()
    if link is None:
        raise Gone(ENDED, "link-ended")
    return link


def _was_pressed_by(browser: str) -> Any:
    """A moment ago, in the browser that asked."""
    lately = col(MailedLink.used_at) > clock.now() - TWICE
    return and_(lately, col(MailedLink.expires_at) > clock.now(), MailedLink.browser_hash == ids.hash_secret(browser))


def _enter(
    database: Database, session: Session, link: MailedLink, lasts: timedelta, **said: Any
) -> LoginView | SecondStepNeeded:
    """Where a second step is asked, that is told and not raised: the letter is used up all the same."""
    again = link.used_at is not None
    account = _pressed_again(session, link) if again else _use_up(database, session, link, **said)
    try:
        login = begin_login(session, account, LoginKind.BROWSER, lasts)
    except SecondStepNeeded as needed:
        return needed
    link.data = {"logins": [*link.data.get("logins", []), ids.hash_secret(login.token)]}
    return login


def _in(entered: LoginView | SecondStepNeeded) -> LoginView:
    if isinstance(entered, SecondStepNeeded):
        raise entered
    return entered


def _pressed_again(session: Session, link: MailedLink) -> Account:
    """Once more and no oftener, and only while nobody has signed out there."""
    known = link.data.get("logins", [])
    logins = session.exec(select(Login).where(col(Login.secret_hash).in_(known), col(Login.ended_at).is_(None))).all()
    account = session.get(Account, link.account_id) if link.account_id else None
    if account is None or account.closed_at is not None or not len(known) == len(logins) == 1:
        raise Gone(ENDED, "link-ended")
    return account


def _use_up(
    database: Database, session: Session, link: MailedLink, *, with_password: bool = False, joined: str = ""
) -> Account:
    """The letter was read: the address is theirs. Answers whose it is."""
    link.used_at = clock.now()
    account = session.get(Account, link.account_id) if link.account_id else None
    said = database.sealer.open(link.data["sealed"]) if "sealed" in link.data else {}
    if link.purpose is LinkPurpose.NEW_ACCOUNT and said:
        draft = NewAccountDraft(**said)
        account = _new_account(session, draft if with_password else draft.model_copy(update={"password_hash": None}))
    elif link.purpose is LinkPurpose.NEW_ADDRESS and account is not None:
        _move(database, session, account, said["email"])
    elif link.purpose is LinkPurpose.SIGN_IN and account is not None and account.email is None:
        arrive(database, session, account, here=was_written_here(session, account.id, joined), **said)
    link.data = {}
    if account is None or account.closed_at is not None:
        raise Gone(ENDED, "link-ended")
    if account.email_confirmed_at is None:
        forget_who_came_before(session, account)
        account.email_confirmed_at = clock.now()
        end_letters(session, account.id)  # Else whoever came before could still give it an address of theirs.
    link.account_id = account.id
    return account


def _new_account(session: Session, draft: NewAccountDraft) -> Account:
    """One with this address may be there by now: made by whoever reads this mailbox, or not proven until now."""
    there = account_by_email(session, draft.email)
    if there is not None:
        return there
    account = Account(email=draft.email, display_name=draft.display_name, created_at=clock.now())
    account.password_hash, account.email_confirmed_at = draft.password_hash, clock.now()
    session.add(account)
    session.flush()
    return account


def _move(database: Database, session: Session, account: Account, email: str) -> None:
    """Somebody else may have taken the address since."""
    if account_by_email(session, email) not in (None, account):
        raise Gone(ENDED, "link-ended")
    if account.email:
        database.post(session, MailKind.SIGN_IN_CHANGED, account.email, clock.now(), moved=True)
    account.email, account.waiting_email, account.email_confirmed_at = email, None, clock.now()
    account.sign_in_narrowed_at = clock.now()
    end_letters(session, account.id)


def spaced(code: str) -> str:
    """In two halves, as people read it."""
    return f"{code[:4]} {code[4:]}"
