"""The person's own place, when a shared tablet has it: its account was made for them, and signs in nowhere else.

Whoever takes an invitation to that place waits beside it, so that the tablet goes on. An owner's yes gives them the
place, and the tablet with it. What the person wrote stays as it was written.
"""

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import Role
from planwiki.people.models import Login

from .models import Invitation, Member, Tablet
from .owner_queries import signs_in

TAKEN = "The person this plan is about has joined already."


def is_free(uow: UnitOfWork, person: Member) -> bool:
    """Nobody signs in there, but for a shared tablet."""
    with uow.system("does the person sign in by themselves?") as session:
        return not signs_in(session, person.account_id)


def the_person(uow: UnitOfWork, member: Member) -> Member | None:
    """The place that this member was invited to and waits beside."""
    asked = select(Invitation.id).where(Invitation.member_id == member.id, Invitation.role == Role.PERSON)
    if member.role is Role.PERSON or uow.first(asked) is None:
        return None
    here = (Member.plan_id == member.plan_id, Member.role == Role.PERSON, col(Member.ended_at).is_(None))
    person: Member = uow.one(select(Member).where(*here), lock=True)
    return person


def take_place(uow: UnitOfWork, waiting: Member, person: Member) -> Member:
    """The two change accounts. The row that waited ends, and still tells owners who wrote what before."""
    if not is_free(uow, person):
        raise Conflict(TAKEN, "already-decided")
    waiting.ended_at, waiting.revision = uow.now, waiting.revision + 1
    uow.flush()
    before, person.account_id, waiting.account_id = person.account_id, waiting.account_id, person.account_id
    waiting.display_name = person.display_name
    for tablet in uow.all(select(Tablet).where(Tablet.plan_id == person.plan_id, Tablet.account_id == before)):
        tablet.account_id = person.account_id
    _close_tablets(uow, before)
    uow.record("member.confirmed", person.plan_id, subject_id=person.id)
    uow.flush()
    return person


def _close_tablets(uow: UnitOfWork, account_id: object) -> None:
    """Where it is open now it asks for the pictures again, and opens as whoever has the place."""
    with uow.system("a shared tablet goes over to the person's own sign-in") as session:
        open_now = select(Login).where(Login.account_id == account_id, col(Login.ended_at).is_(None))
        for login in session.exec(open_now):
            login.ended_at = uow.now
