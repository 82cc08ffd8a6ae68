"""Somebody comes to places in circles in another way than an owner said yes to: by a letter, from another browser, with
another account. Whoever it is reads that mailbox, and no more is known. So owners are asked once more who came.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.authz.audit_chain import Entry
from planwiki.authz.database import Database
from planwiki.base import clock
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import MailKind
from planwiki.plans.models import Plan

from .models import Member
from .owner_queries import addresses_of_owners, owners_in

ALONE = "This account decides about a plan alone. Open the letter in the browser where you joined."


def places_of(session: Session, account_id: UUID, *, lock: bool = False) -> list[Member]:
    """Where the account is in a circle. `lock` holds the plans and the places until the end of the transaction."""
    mine = (
        select(Member).where(Member.account_id == account_id, col(Member.ended_at).is_(None)).order_by(col(Member.id))
    )
    if lock:
        plans = select(Plan.id).where(col(Plan.id).in_(select(Member.plan_id).where(Member.account_id == account_id)))
        session.exec(plans.order_by(col(Plan.id)).with_for_update(key_share=True)).all()
        mine = mine.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.exec(mine))


def is_alone(session: Session, places: Sequence[Member], today: date) -> bool:
    """In one of these plans nobody else could say who came."""
    owners = [{one.id for one in owners_in(session, place.plan_id, today)} for place in places]
    return any(there == {place.id} for place, there in zip(places, owners, strict=True))


def ask_who_came(place: Member) -> None:
    """Until an owner says yes once more, everyday alone is open there, and nothing is decided."""
    place.confirmed_at, place.confirmed_by = None, None
    place.revision += 1


def ask_everywhere(database: Database, session: Session, account_id: UUID, base_url: str) -> None:
    """All places of the account. Raises Conflict where nobody could answer."""
    places, now = places_of(session, account_id, lock=True), clock.now()
    if is_alone(session, places, database.day_of(now)):
        raise Conflict(ALONE, "illegal-status-change")
    for place in places:
        ask_who_came(place)
    session.flush()
    for place in places:
        for address in addresses_of_owners(session, place.plan_id):
            database.post(session, MailKind.SOMEONE_JOINED, address, now, link=circle_of(base_url, place.plan_id))
    entries = [Entry(one.plan_id, "member.came_again", now, actor_id=account_id, subject_id=one.id) for one in places]
    if entries:
        database.chain(session, entries)


def circle_of(base_url: str, plan_id: UUID) -> str:
    """Where owners answer."""
    return f"{base_url}/plans/{plan_id}/circle"
