"""Where a reader is: kept for them alone while they read, and forgotten.

Nothing is recorded about it and nobody is told. A young person's own reading is shown to nobody.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col, select

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.reading_choices import Places
from planwiki.base.vocabulary import Permission
from planwiki.people.models import Account
from planwiki.people.reading_schemas import reading_from

from .place_models import ReadingPlace
from .place_schemas import ReadingPlaceDraft
from .queries import find_section

KEPT_FOR = timedelta(days=90)


def keep_place(uow: UnitOfWork, plan_id: UUID, key: str, draft: ReadingPlaceDraft) -> None:
    """The last one counts, whichever device it came from. Back at the start, nothing is kept."""
    section = find_section(uow, plan_id, key)
    uow.require(Permission.READ, section)
    # Held, so that two pages of one reader come one after the other.
    account = uow.get(Account, uow.principal.account_id, lock=True)
    kept = uow.first(select(ReadingPlace).where(ReadingPlace.section_id == section.id))
    if draft.is_start or reading_from(account.reading).places is Places.OFF:
        if kept is not None:
            uow.delete(kept)
        return
    if kept is None:
        place: dict[str, Any] = {"plan_id": section.plan_id, "section_id": section.id, "account_id": account.id}
        uow.add(ReadingPlace(**place, **draft.model_dump(), kept_at=uow.now))
    else:
        for name, value in draft.model_dump().items():
            setattr(kept, name, value)
        kept.kept_at = uow.now


def forget_places(uow: UnitOfWork) -> None:
    """All of the viewer's own, also in what they may read no more."""
    mine = col(ReadingPlace.account_id) == uow.principal.account_id
    with uow.system("a reader's places go, also those they cannot see any more") as session:
        session.execute(delete(ReadingPlace).where(mine))


def clear_places(database: Database) -> None:
    """What nobody came back to in 90 days."""
    with database.system_session("clear away places nobody came back to") as session:
        session.execute(delete(ReadingPlace).where(col(ReadingPlace.kept_at) <= clock.now() - KEPT_FOR))
