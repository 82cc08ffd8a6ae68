"""What the buttons behind the letter to an address that waits do.

Nobody has the address: it is the new account's from now on. Somebody has it: whoever reads that mailbox is signed in
as them, and brings the new account's places to their own, all or none, in one transaction. With a place goes all that
hangs on its account in that plan: who wrote what, drafts, marks, where they were reading. What the record of the plan
says was done stays as it was sealed: so the new account stays too, closed and empty, behind a row that has left.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.errors import Conflict, SecondStepNeeded
from planwiki.base.vocabulary import Arrival, LoginKind, MailKind
from planwiki.news.models import NewsBegun, NewsLetter, PutAside, SeenSection
from planwiki.people.arriving_commands import arrive
from planwiki.people.commands import begin_login
from planwiki.people.host_commands import close_now
from planwiki.people.models import Account
from planwiki.people.newcomer_commands import forget_who_came_before
from planwiki.people.schemas import LoginView
from planwiki.people.waiting_commands import end_letters
from planwiki.plans.models import WrittenDraft
from planwiki.plans.place_models import ReadingPlace
from planwiki.tables import METADATA

from .arriving_queries import Letter, may_go_back, open_letter, state_of
from .coming_again_commands import ask_who_came, circle_of, places_of
from .models import Member
from .owner_queries import addresses_of_owners

NOT_NOW = "This cannot be done now. Please look at the page again."
# What only keeps one's own place. Of a place they had there once, it gives way to that of the place they have now.
_BOOKKEEPING = (NewsBegun, PutAside, ReadingPlace, SeenSection)
# Sealed, or answers to a program that is signed out; and the place itself.
_STAYS = {"audit_entry", "kept_answer", "member"}


def take_address(
    database: Database, secret: str, browser: str, viewer_id: UUID | None, lasts: timedelta, base_url: str
) -> LoginView:
    """Nobody has the address: it is the new account's, which is signed in here. Raises Gone, or Conflict otherwise."""
    with database.system_session("the letter to an address that waits was read") as session:
        letter = open_letter(session, secret, browser, lock=True)
        state = state_of(session, letter, viewer_id, database.day_of(clock.now()), lock=True)
        if state not in {Arrival.YOURS, Arrival.ELSEWHERE}:
            raise Conflict(NOT_NOW, "illegal-status-change")
        letter.link.used_at = clock.now()
        arrive(database, session, letter.newcomer, letter.email, here=state is Arrival.YOURS, base_url=base_url)
        entered = _entered(session, letter.newcomer, lasts)
    return _in(entered)


def go_back(database: Database, secret: str, browser: str, viewer_id: UUID | None, lasts: timedelta) -> LoginView:
    """The new account once more, where it was made: its reader found that the address is another account's."""
    with database.system_session("somebody goes back to the account they joined with") as session:
        letter = open_letter(session, secret, browser, lock=True)
        if not may_go_back(letter, viewer_id):
            raise Conflict(NOT_NOW, "illegal-status-change")
        entered = _entered(session, letter.newcomer, lasts)
    return _in(entered)


def _entered(session: Session, account: Account, lasts: timedelta) -> LoginView | SecondStepNeeded:
    """Where a second step is asked, that is told and not raised: what was done stays done."""
    try:
        return begin_login(session, account, LoginKind.BROWSER, lasts)
    except SecondStepNeeded as needed:
        return needed


def _in(entered: LoginView | SecondStepNeeded) -> LoginView:
    if isinstance(entered, SecondStepNeeded):
        raise entered
    return entered


def bring_here(uow: UnitOfWork, secret: str, base_url: str) -> UUID:
    """Somebody has the address, and is who asks: the places are theirs. Answers a plan to go on in.

    Raises Gone; Conflict where they are in one of those circles already, or owners could not be asked.
    """
    with uow.system("whoever reads a mailbox brings their place to their own account") as session:
        letter = open_letter(session, secret, "", lock=True)
        state = state_of(session, letter, uow.principal.account_id, uow.today, lock=True)
        if state is not Arrival.IS_IT_YOU or letter.holder is None:
            raise Conflict(NOT_NOW, "illegal-status-change")
        places = places_of(session, letter.newcomer.id)
        for place in places:
            _move(session, place, letter.newcomer, letter.holder)
        _close(session, letter, letter.holder)
        owners = {place.plan_id: addresses_of_owners(session, place.plan_id) for place in places}
    for place in places:
        uow.record("member.came_again", place.plan_id, subject_id=place.id)
        for address in owners[place.plan_id]:
            uow.post(MailKind.SOMEONE_JOINED, address, link=circle_of(base_url, place.plan_id))
    return places[-1].plan_id


def _move(session: Session, place: Member, newcomer: Account, holder: Account) -> None:
    _make_room(session, place.plan_id, newcomer.id, holder.id)
    for table in METADATA.sorted_tables:
        if "plan_id" in table.c and table.name not in _STAYS:
            for column in table.c:
                if column.references(METADATA.tables["account"].c.id):
                    mine = update(table).where(table.c.plan_id == place.plan_id, column == newcomer.id)
                    session.execute(mine.values({column.name: holder.id}))
    place.account_id = holder.id
    ask_who_came(place)
    session.flush()
    session.add(_left_behind(place, newcomer))


def _make_room(session: Session, plan_id: UUID, newcomer_id: UUID, holder_id: UUID) -> None:
    """They may have had a place there once. A draft of then is kept with what they threw away: no word is lost."""
    for table in _BOOKKEEPING:
        session.execute(delete(table).where(col(table.plan_id) == plan_id, col(table.account_id) == holder_id))
    kept = select(WrittenDraft).where(WrittenDraft.plan_id == plan_id, col(WrittenDraft.thrown_away_at).is_(None))
    now = {(one.section_id, one.face) for one in session.exec(kept.where(WrittenDraft.account_id == newcomer_id))}
    for one in session.exec(kept.where(WrittenDraft.account_id == holder_id)):
        if (one.section_id, one.face) in now:
            one.thrown_away_at = clock.now()
    session.flush()


def _left_behind(place: Member, newcomer: Account) -> Member:
    """Who did what until now, for the record of the plan."""
    return Member(
        plan_id=place.plan_id,
        account_id=newcomer.id,
        display_name=place.display_name,
        role=place.role,
        relationship=place.relationship,
        organisation=place.organisation,
        status=place.status,
        created_at=place.created_at,
        ended_at=clock.now(),
    )


def _close(session: Session, letter: Letter, holder: Account) -> None:
    """The new account holds nothing any more, and opens to nobody. The letter is used up, by whoever read it."""
    newcomer = letter.newcomer
    forget_who_came_before(session, newcomer)
    session.execute(delete(NewsLetter).where(col(NewsLetter.account_id) == newcomer.id))
    end_letters(session, newcomer.id)
    close_now(session, newcomer)
    newcomer.waiting_email = None
    letter.link.used_at, letter.link.account_id = clock.now(), holder.id
    session.flush()
