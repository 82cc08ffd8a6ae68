"""The letter that says that something is new: never what, where, by whom, or how much.

Each reader's letter is due at a time that hangs on nothing but their choice. It is written in their own unit of work,
so it knows what they may see; and looked at once more, in the same way, when it is about to leave.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import and_, col, or_, select

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.errors import Gone, NotFound
from planwiki.base.ids import as_id
from planwiki.base.language import _
from planwiki.base.vocabulary import MailKind, NewsByMail
from planwiki.people.link_commands import account_at
from planwiki.people.models import Account

from . import rules
from .inbox_queries import inbox, news
from .models import NewsLetter
from .schemas import LetterDraft

AT_ONCE, ABOUT = 200, 50


class Host(NamedTuple):
    """Where a letter leads, and where its readers live."""

    base_url: str
    zone: ZoneInfo


def choose_letters(uow: UnitOfWork, draft: LetterDraft, zone: ZoneInfo) -> None:
    """How often from now on. The next one comes a whole day or week from today."""
    row = _mine(uow)
    due = rules.next_letter(uow.now, draft.how_often, zone)
    if row is None:
        uow.add(NewsLetter(account_id=uow.principal.account_id, how_often=draft.how_often, due_at=due))
    else:
        row.how_often, row.due_at = draft.how_often, due


def _mine(uow: UnitOfWork) -> NewsLetter | None:
    found: NewsLetter | None = uow.first(select(NewsLetter), lock=True)
    return found


def readers_due(database: Database) -> list[UUID]:
    """Accounts whose letter is due by the clock, and those that were never asked. What is new for them is not known."""
    due = and_(NewsLetter.how_often != NewsByMail.OFF, col(NewsLetter.due_at) <= clock.now())
    question = select(Account.id).outerjoin(NewsLetter, col(NewsLetter.account_id) == Account.id)
    question = question.where(or_(col(NewsLetter.id).is_(None), due), *_may_be_written_to())
    with database.system_session("whose letter about news is due?", writes=False) as session:
        return list(session.exec(question.order_by(col(NewsLetter.due_at), col(Account.id)).limit(AT_ONCE)))


def _may_be_written_to() -> tuple[Any, ...]:
    """Somebody who may sign in, at an address that is known to be theirs."""
    confirmed = col(Account.email_confirmed_at).is_not(None)
    return col(Account.closed_at).is_(None), col(Account.email).is_not(None), confirmed


def write_if_new(database: Database, account_id: UUID, host: Host) -> None:
    """One letter, if there is something that no letter told of before. The next is due a week or a day later, anyway.

    Two who do this at once come one after the other, and the second finds that it is not due.
    """
    with database.unit_of_work(Principal(account_id), writes=True) as uow:
        row = _mine(uow)
        if row is None:
            due = rules.next_letter(uow.now, NewsByMail.WEEKLY, host.zone)
            uow.add(NewsLetter(account_id=account_id, due_at=due))
        elif row.how_often is not NewsByMail.OFF and row.due_at <= uow.now:
            row.due_at = rules.next_letter(uow.now, row.how_often, host.zone)
            _post_if_new(uow, row, host, database.sealer.seal({"stop_news": str(account_id)}))


def _post_if_new(uow: UnitOfWork, row: NewsLetter, host: Host, token: str) -> None:
    found = news(uow)
    fresh = rules.fresh(found, row.told)
    row.told = sorted({one.about for one in found})
    email = uow.get(Account, uow.principal.account_id).email
    if fresh and email:
        said = {"account": str(uow.principal.account_id), "about": fresh[:ABOUT], "until": row.due_at.isoformat()}
        links = {"link": f"{host.base_url}/news", "stop": f"{host.base_url}/news/stop/{token}"}
        uow.post(MailKind.NEWS, email, **said, **links)


def letter_now(database: Database, said: dict[str, Any]) -> dict[str, Any] | None:
    """What the letter is to say as it leaves: `waits`, where something waits for an answer. None: it is not wanted.

    Its receiver, now: still at this address, still wanting letters, and still seeing something of what it is about.
    """
    account_id = as_id(said["account"])
    if account_id is None or account_at(database, said["to"]) != account_id:
        return None
    with database.unit_of_work(Principal(account_id)) as uow:
        row = uow.first(select(NewsLetter))
        if row is None or row.how_often is NewsByMail.OFF or uow.now >= datetime.fromisoformat(said["until"]):
            return None
        still = {one.about for one in news(uow)} & set(said["about"])
        return {"waits": bool(still & {one.about for one in inbox(uow).waits})} if still else None


def who_stops(database: Database, token: str) -> UUID:
    """Whose letters this link stops. Raises Gone for what is no such link of ours."""
    try:
        account_id = as_id(str(database.sealer.open(token).get("stop_news", "")))
    except (ValueError, AttributeError):
        account_id = None
    if account_id is None:
        raise Gone(_("This link does not work. You can choose on the page “Me”."), "link-ended")
    return account_id


def stop_letters(database: Database, token: str) -> None:
    """No more letters about news for whoever this link was sent to. It does nothing else, as often as it is pressed."""
    account_id = who_stops(database, token)
    try:
        with database.unit_of_work(Principal(account_id), writes=True) as uow:
            uow.get(Account, account_id)
            row = _mine(uow)
            if row is None:
                uow.add(NewsLetter(account_id=account_id, how_often=NewsByMail.OFF, due_at=uow.now))
            else:
                row.how_often = NewsByMail.OFF
    except NotFound:  # An account that is gone gets no letters. Nobody is told.
        return
