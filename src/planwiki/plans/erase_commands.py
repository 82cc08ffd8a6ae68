"""Erasing a plan that was closed 30 days ago: no word of it stays, and nothing of any other plan moves.

Every table that names a plan is emptied of it, whichever they are: children before what they point at. What SQLite took
away it writes over (`secure_delete`), and `Database.forget` then empties the log that still held it. Bytes of pictures
and sound go once the rows are gone; if we stop in between, the sweep finds them. The plan's id stays, with two dates.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.circle.models import Member, Tablet
from planwiki.media.storage import Storage
from planwiki.people.models import Account, Login, Passkey
from planwiki.tables import METADATA

from .models import ErasedPlan, Plan
from .rules import CAN_BE_OPENED_FOR


def erase_closed(database: Database, storage: Storage) -> int:
    """Every plan whose time to be opened again is over. How many there were."""
    with database.system_session("which plans were closed long ago?", writes=False) as session:
        ids = session.exec(select(Plan.id).where(_is_over())).all()
    for plan_id in ids:
        if _erase(database, plan_id):
            _erase_files(storage, plan_id)
    return len(ids)


def _is_over() -> Any:
    return col(Plan.closed_at) <= clock.now() - CAN_BE_OPENED_FOR


def _erase(database: Database, plan_id: UUID) -> bool:
    """Unless an owner has opened it in this very moment."""
    with database.system_session("a plan that was closed long ago leaves no trace") as session:
        plan = session.exec(select(Plan).where(Plan.id == plan_id, _is_over()).with_for_update()).first()
        if plan is None or plan.closed_at is None:
            return False
        session.add(ErasedPlan(id=plan_id, closed_at=plan.closed_at, erased_at=clock.now()))
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
    alone = (col(Account.email).is_(None), col(Account.id).not_in(elsewhere), col(Account.id).not_in(with_key))
    ids = session.exec(select(Account.id).where(col(Account.id).in_(accounts), *alone)).all()
    for table in reversed(METADATA.sorted_tables):
        if "account_id" in table.c:
            session.execute(delete(table).where(table.c.account_id.in_(ids)))
    session.execute(delete(Account).where(col(Account.id).in_(ids)))


def _erase_files(storage: Storage, plan_id: UUID) -> None:
    for plan, media_id in list(storage.everything()):
        if plan == plan_id:
            storage.erase(plan, media_id)
