"""What the letter to an address that waits opens, for whoever opens it now: one rule for the page and its buttons."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.base import clock, ids
from planwiki.base.errors import Gone
from planwiki.base.vocabulary import Arrival, LinkPurpose
from planwiki.people.arriving_commands import ENDED
from planwiki.people.commands import account_by_email
from planwiki.people.models import Account, MailedLink
from planwiki.people.waiting_commands import is_open_link
from planwiki.plans.models import Plan

from .coming_again_commands import is_alone, places_of
from .coming_schemas import ArrivalView
from .models import Member


class Letter(NamedTuple):
    """A letter that is open: the account that waits for its address, and whose address it is, if anybody's."""

    link: MailedLink
    newcomer: Account
    email: str
    holder: Account | None
    here: bool


def arrival(database: Database, secret: str, browser: str, viewer_id: UUID | None) -> ArrivalView:
    """What its reader can do. `browser` is the secret of one in which somebody joined. Changes nothing; raises Gone."""
    with database.system_session("what does the letter to an address open?", writes=False) as session:
        letter = open_letter(session, secret, browser)
        state = state_of(session, letter, viewer_id, database.day_of(clock.now()))
        joined = letter.newcomer
        return ArrivalView(
            state=state,
            email=letter.email,
            name=joined.display_name if letter.here or state is Arrival.IS_IT_YOU else "",
            joined_at=joined.created_at,
            may_go_back=may_go_back(letter, viewer_id),
        )


def open_letter(session: Session, secret: str, browser: str, *, lock: bool = False) -> Letter:
    """Raises Gone alike for a letter that ended, was used or never was, and for an address that waits no more."""
    question = select(MailedLink).where(MailedLink.secret_hash == ids.hash_secret(secret), is_open_link())
    question = question.where(MailedLink.purpose == LinkPurpose.JOINED)
    link = session.exec(question.with_for_update() if lock else question).first()
    account = select(Account).where(col(Account.id) == (link.account_id if link else None))
    newcomer = session.exec(account.with_for_update(key_share=True) if lock else account).first()
    if link is None or newcomer is None or newcomer.closed_at is not None:
        raise Gone(ENDED, "link-ended")
    email = link.data["email"]
    if newcomer.waiting_email != email:
        raise Gone(ENDED, "link-ended")
    here = bool(browser) and link.browser_hash == ids.hash_secret(browser)
    return Letter(link, newcomer, email, account_by_email(session, email), here)


def state_of(session: Session, letter: Letter, viewer_id: UUID | None, today: date, *, lock: bool = False) -> Arrival:
    """`lock` holds the plans and places it speaks of until the end of the transaction."""
    if letter.holder is not None and letter.holder.closed_at is not None:
        return Arrival.CLOSED
    places = places_of(session, letter.newcomer.id, lock=lock)
    alone = is_alone(session, places, today)
    if letter.holder is None:
        return _where_nobody_has_it(letter, viewer_id, alone=alone)
    if letter.holder.id != viewer_id:
        return Arrival.SIGN_IN
    return _where_it_is_theirs(session, places, letter.holder.id, alone=alone)


def _where_nobody_has_it(letter: Letter, viewer_id: UUID | None, *, alone: bool) -> Arrival:
    if viewer_id not in {None, letter.newcomer.id}:
        return Arrival.ANOTHER
    if letter.here or viewer_id == letter.newcomer.id:
        return Arrival.YOURS
    return Arrival.ALONE if alone else Arrival.ELSEWHERE


def _where_it_is_theirs(session: Session, places: list[Member], holder_id: UUID, *, alone: bool) -> Arrival:
    if not places:
        return Arrival.NOTHING
    if _is_in_one(session, places, holder_id):
        return Arrival.ALREADY_IN
    if alone:
        return Arrival.ALONE
    return Arrival.LATER if _rests(session, places) else Arrival.IS_IT_YOU


def may_go_back(letter: Letter, viewer_id: UUID | None) -> bool:
    """To the account that was made here, whose own sign-in ended with signing in as somebody else."""
    return letter.here and letter.holder is not None and viewer_id != letter.newcomer.id


def _is_in_one(session: Session, places: list[Member], account_id: UUID) -> bool:
    mine = select(Member.id).where(Member.account_id == account_id, col(Member.ended_at).is_(None))
    return session.exec(mine.where(col(Member.plan_id).in_([one.plan_id for one in places]))).first() is not None


def _rests(session: Session, places: list[Member]) -> bool:
    """Nobody comes into a plan that is closed, or where sharing is stopped."""
    there = select(Plan.id).where(col(Plan.id).in_([one.plan_id for one in places]))
    shut = there.where(col(Plan.closed_at).is_not(None) | col(Plan.frozen_at).is_not(None))
    return session.exec(shut).first() is not None
