"""Erasing a plan that was closed 30 days ago: no word of it stays, and nothing of any other plan moves.

Every table that names a plan is emptied of it, whichever they are: children before what they point at. What SQLite took
away it writes over (`secure_delete`), and `Database.forget` then empties the log that still held it. Bytes of pictures
and sound go once the rows are gone; if we stop in between, the sweep finds them. The plan's id stays, with two dates.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete, true, update
from sqlmodel import Session, col, select

from planwiki.activity.ledger import Erasure, Ledger
from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.circle.models import Member, Tablet
from planwiki.media.models import Media
from planwiki.media.reference_queries import rendered_with
from planwiki.media.storage import Storage
from planwiki.people.models import Account, Login, Passkey
from planwiki.tables import METADATA

from .models import ErasedPlan, Plan, Section
from .rules import CAN_BE_OPENED_FOR

AT_ONCE = 500  # Ids in one question.


def erase_closed(database: Database, storage: Storage, ledger: Ledger) -> int:
    """Every plan whose time to be opened again is over. How many there were."""
    with database.system_session("which plans were closed long ago?", writes=False) as session:
        ids = session.exec(select(Plan.id).where(_is_over())).all()
    for plan_id in ids:
        if _erase(database, plan_id, _is_over()):
            _erase_files(storage, plan_id)
    write_down(database, ledger)
    return len(ids)


def write_down(database: Database, ledger: Ledger) -> None:
    """The ledger names every plan that was erased: also one that was erased just before we stopped, or elsewhere."""
    with database.system_session("which plans were erased?", writes=False) as session:
        erased = [Erasure(id) for id in session.exec(select(ErasedPlan.id).order_by(col(ErasedPlan.erased_at)))]
    there = set(ledger.read()) if erased else set()
    ledger.write(*(one for one in erased if one not in there))


def came_back(database: Database, erased: Iterable[Erasure]) -> set[Erasure]:
    """Of what was erased, what is there all the same: a backup was put back."""
    plans, files = _ids(erased, of_files=False), _ids(erased, of_files=True)
    with database.system_session("is anything there that was erased?", writes=False) as session:
        back = {Erasure(id) for id in _there(session, col(Plan.id), plans)}
        return back | {files[id] for id in _there(session, col(Media.id), files)}


def _ids(erased: Iterable[Erasure], *, of_files: bool) -> dict[UUID, Erasure]:
    return {one.media_id or one.plan_id: one for one in erased if (one.media_id is not None) is of_files}


def _there(session: Session, column: Any, ids: Iterable[UUID]) -> Iterator[UUID]:
    named = list(ids)
    for start in range(0, len(named), AT_ONCE):
        yield from session.exec(select(column).where(column.in_(named[start : start + AT_ONCE])))


def erase_again(database: Database, storage: Storage, erased: Iterable[Erasure]) -> int:
    """Whatever of these is there. How many there were."""
    back = came_back(database, erased)
    for one in back:
        if one.media_id is None:
            _erase(database, one.plan_id, true())
            _erase_files(storage, one.plan_id)
        else:
            _erase_file(database, storage, one.plan_id, one.media_id)
    database.forget()
    return len(back)


def _erase_file(database: Database, storage: Storage, plan_id: UUID, media_id: UUID) -> None:
    """A text that shows it again shows its words alone, as for a file that nobody has."""
    with database.system_session("a file that was erased leaves no trace") as session:
        session.execute(delete(Media).where(col(Media.id) == media_id))
        named = (Section.plan_id == plan_id, col(Section.body_markdown).contains(str(media_id)))
        for one in session.exec(select(Section).where(*named)):
            left = session.exec(select(Media).where(Media.section_id == one.id)).all()
            one.body_html = rendered_with(left, one.body_markdown)
        photo = update(Plan).where(col(Plan.person_photo_media_id) == media_id)
        session.execute(photo.values(person_photo_media_id=None))
    storage.erase(plan_id, media_id)


def _is_over() -> Any:
    return col(Plan.closed_at) <= clock.now() - CAN_BE_OPENED_FOR


def _erase(database: Database, plan_id: UUID, condition: Any) -> bool:
    """Where the condition holds still: an owner may have opened the plan in this very moment."""
    with database.system_session("a plan that was closed long ago leaves no trace") as session:
        plan = session.exec(select(Plan).where(Plan.id == plan_id, condition).with_for_update()).first()
        if plan is None:
            return False
        now = clock.now()
        session.merge(ErasedPlan(id=plan_id, closed_at=plan.closed_at or now, erased_at=now))
        session.flush()
        tablets = _sign_out_tablets(session, plan_id)
        for table in reversed(METADATA.sorted_tables):
            if "plan_id" in table.c:
                session.execute(delete(table).where(table.c.plan_id == plan_id))
        session.execute(delete(Plan).where(col(Plan.id) == plan_id))
        _erase_accounts(session, tablets)
    return True


def _sign_out_tablets(session: Session, plan_id: UUID) -> set[UUID]:
    """Their sign-ins go. Answers whose accounts they signed in to."""
    tablets = session.exec(select(Tablet.id, Tablet.account_id).where(Tablet.plan_id == plan_id)).all()
    session.execute(delete(Login).where(col(Login.tablet_id).in_([id for id, _ in tablets])))
    return {account_id for _, account_id in tablets}


def _erase_accounts(session: Session, accounts: set[UUID]) -> None:
    """The person's account goes too where it was made for their tablet alone: nobody can sign in to it any more."""
    elsewhere = select(Member.account_id).where(col(Member.account_id).is_not(None))
    with_key = select(Passkey.account_id)
    unreached = (col(Account.email).is_(None), col(Account.waiting_email).is_(None))
    alone = (*unreached, col(Account.id).not_in(elsewhere), col(Account.id).not_in(with_key))
    ids = session.exec(select(Account.id).where(col(Account.id).in_(accounts), *alone)).all()
    for table in reversed(METADATA.sorted_tables):
        if "account_id" in table.c:
            session.execute(delete(table).where(table.c.account_id.in_(ids)))
    session.execute(delete(Account).where(col(Account.id).in_(ids)))


def _erase_files(storage: Storage, plan_id: UUID) -> None:
    for plan, media_id in list(storage.everything()):
        if plan == plan_id:
            storage.erase(plan, media_id)
