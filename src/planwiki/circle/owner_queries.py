"""Who owns a plan and can sign in, whoever asks: nobody is left alone with a plan that nobody can open."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import OWNER_ROLES, MemberStatus, Role
from planwiki.people.models import Account, OutsideIdentity, Passkey

from .models import Member


def signs_in(session: Session, account_id: UUID | None) -> bool:
    """An open account with a way in of its own, or an address that waits. One made for a shared tablet has none."""
    keys = (select(table.id).where(table.account_id == Account.id).exists() for table in (Passkey, OutsideIdentity))
    reached = (Account.email, Account.waiting_email, Account.password_hash)
    own = or_(*(col(one).is_not(None) for one in reached), *keys)
    found = select(Account.id).where(Account.id == account_id, col(Account.closed_at).is_(None), own)
    return session.exec(found).first() is not None


def owners_who_sign_in(uow: UnitOfWork, plan_id: UUID) -> list[Member]:
    """Confirmed, with a reason in date, not paused, and able to sign in, in the order they joined."""
    with uow.system("who owns the plan and can sign in?") as session:
        return owners_in(session, plan_id, uow.today)


def owners_in(session: Session, plan_id: UUID, today: date) -> list[Member]:
    """The same inside a transaction of the back door's."""
    here = (Member.plan_id == plan_id, col(Member.role).in_(OWNER_ROLES), col(Member.ended_at).is_(None))
    stand = (Member.status == MemberStatus.ACTIVE, col(Member.confirmed_at).is_not(None))
    owners = session.exec(select(Member).where(*here, *stand).order_by(col(Member.id))).all()
    return [one for one in owners if _is_in_date(one, today) and signs_in(session, one.account_id)]


def addresses_of_owners(session: Session, plan_id: UUID) -> list[str]:
    """Where letters about who came go."""
    question = select(Account.email).join(Member, col(Member.account_id) == Account.id)
    owning = (col(Member.role).in_(OWNER_ROLES), Member.status == MemberStatus.ACTIVE, col(Member.ended_at).is_(None))
    known = (Member.plan_id == plan_id, col(Member.confirmed_at).is_not(None), col(Account.email).is_not(None))
    return [address for address in session.exec(question.where(*owning, *known)) if address]


def _is_in_date(one: Member, today: date) -> bool:
    decides = (one.basis_valid_from or today) <= today <= (one.basis_valid_until or today)
    return (one.ends_on or today) >= today and (one.role is Role.PERSON or decides)
