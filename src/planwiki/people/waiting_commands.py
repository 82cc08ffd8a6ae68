"""An address that somebody wrote and has not shown to be theirs: it waits for its letter.

Whether anybody has it is asked when the button behind the letter is pressed, and never before. So whoever writes an
address learns nothing about it, neither by what they are told nor by how long that takes.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, and_, col, select

from planwiki.authz.database import Database
from planwiki.base import clock, ids
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import LinkPurpose, MailKind

from . import throttle
from .models import Account, MailedLink
from .schemas import AskDraft

LASTS = timedelta(days=7)
PREFIX = "pwl"


def is_open_link() -> Any:
    """SQL: the link was not used, and has not ended."""
    return and_(col(MailedLink.used_at).is_(None), col(MailedLink.expires_at) > clock.now())


def end_letters(session: Session, account_id: UUID) -> None:
    """Letters that are on their way open nothing any more."""
    for link in session.exec(select(MailedLink).where(MailedLink.account_id == account_id, is_open_link())):
        link.expires_at = clock.now()


def write_to(database: Database, session: Session, account: Account, email: str, browser: str, base_url: str) -> None:
    """A letter that asks whether it is them. `browser` is a secret of the browser they wrote it in."""
    end_letters(session, account.id)
    account.waiting_email, secret, now = email, ids.new_secret(PREFIX), clock.now()
    link = MailedLink(
        purpose=LinkPurpose.JOINED,
        account_id=account.id,
        secret_hash=ids.hash_secret(secret),
        browser_hash=ids.hash_secret(browser) if ids.looks_like_secret(browser) else None,
        data={"email": email},
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(link)
    database.post(session, MailKind.IS_IT_YOU, email, now, link=f"{base_url}/joined/{secret}")


def wait_for(
    database: Database, account_id: UUID, draft: AskDraft, *, browser: str, base_url: str, key: str, address: str
) -> None:
    """The same address once more, or another. Raises Conflict where they have one by now; SlowDown after too many."""
    throttle.count_try(database, key, f"link {draft.email}", address)
    with database.system_session("an address waits for its letter") as session:
        account = session.exec(select(Account).where(Account.id == account_id).with_for_update(key_share=True)).one()
        if account.email is not None:
            raise Conflict("You have an address already.", "already-decided")
        write_to(database, session, account, draft.email, browser, base_url)


def was_written_here(session: Session, account_id: UUID, browser: str) -> bool:
    """Whether this browser holds the secret of the one in which the address was written, this week."""
    here = (MailedLink.account_id == account_id, MailedLink.browser_hash == ids.hash_secret(browser or ""))
    asked = select(MailedLink.id).where(*here, MailedLink.purpose == LinkPurpose.JOINED)
    return session.exec(asked.where(col(MailedLink.expires_at) > clock.now())).first() is not None
