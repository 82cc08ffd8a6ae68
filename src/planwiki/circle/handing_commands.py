"""How an invitation gets into its taker's hands: a link, an e-mail, a printed letter, or a code to read out.

Only hashes are kept. An e-mailed secret is shown to nobody else, so whoever comes with it reads that mailbox. A code is
too short to stand in an address or to be asked about often: it is typed once, counted, and changed into a secret of its
own that lasts an hour.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Conflict, Gone, invalid
from planwiki.base.vocabulary import InvitationStatus, MailKind, Role, Way
from planwiki.people.models import Challenge
from planwiki.people.throttle import count_try, forgive
from planwiki.plans.models import Plan
from planwiki.plans.rules import check_not_frozen

from .models import Invitation, Member
from .views import invitation_status, way_of

TICKET_LASTS = timedelta(hours=1)
_TICKET, _KIND = "pwj", "invitation code"
NAME_IN_MAIL = 40  # Letters.
_OPEN = frozenset({InvitationStatus.PENDING, InvitationStatus.EXPIRED})


@dataclass(frozen=True)
class Handing:
    """The way it goes out. `key` is the host's: codes are short, so their hash is keyed."""

    base_url: str
    way: Way = Way.LINK
    key: str = ""


@dataclass(frozen=True)
class Handed:
    """What is shown to the owner, this once. Nothing when it went by e-mail."""

    accept_url: str | None = None
    code: str | None = None


def hand(uow: UnitOfWork, invitation: Invitation, handing: Handing) -> Handed:
    """A new secret for the invitation, on its way. Whatever opened it before is dead."""
    if handing.way is Way.EMAIL and invitation.email is None:
        raise invalid("email", "missing", "Please write their e-mail address.")
    secret = ids.new_secret("pwi")
    code = ids.new_code() if handing.way in {Way.CODE, Way.LETTER} else None
    url = f"{handing.base_url}/join/{secret}"
    invitation.secret_hash = ids.hash_secret(secret)
    invitation.code_hash = hash_code(handing.key, code) if code else None
    invitation.mailed_at = uow.now if handing.way is Way.EMAIL else None
    if invitation.mailed_at is None:
        return Handed(url, code)
    uow.post(MailKind.INVITATION, invitation.email or "", link=url, name=_name_in_mail(uow, invitation.plan_id))
    return Handed()


def _name_in_mail(uow: UnitOfWork, plan_id: UUID) -> str:
    """Who invites. Never the young person, whose name no letter holds; of others what a name is made of, no link."""
    if uow.me(plan_id).role is Role.PERSON:
        return ""
    letters = (one if one.isalpha() or one in " -'’" else " " for one in uow.principal.display_name)
    return " ".join("".join(letters).split())[:NAME_IN_MAIL].strip()


def hash_code(key: str, code: str) -> str:
    return hmac.new(key.encode(), f"invitation:{ids.as_code(code)}".encode(), hashlib.sha256).hexdigest()


def hand_again(uow: UnitOfWork, plan_id: UUID, invitation_id: UUID, handing: Handing) -> tuple[Invitation, Handed]:
    """The same invitation with a new secret, for as many days as before, the way it went before."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    check_not_frozen(plan)
    uow.require_fresh()
    invitation = find_invitation(uow, plan_id, invitation_id)
    if invitation_status(invitation, uow.now) not in _OPEN:
        raise Conflict("This invitation has been answered already.", "already-decided")
    lasts = invitation.expires_at - (invitation.sent_at or invitation.created_at)
    invitation.sent_at, invitation.expires_at = uow.now, uow.now + lasts
    invitation.invited_by = uow.principal.account_id
    handed = hand(uow, invitation, Handing(handing.base_url, way_of(invitation), handing.key))
    uow.record("invitation.sent_again", plan_id, subject_id=invitation.id)
    uow.flush()
    return invitation, handed


def check_in_hand(uow: UnitOfWork, plan_id: UUID, invitation_id: UUID, secret: str, code: str, key: str) -> Invitation:
    """The invitation, when whoever asks for its letter holds its secret and its code. Owners ask."""
    uow.permit_owner(plan_id)
    invitation = find_invitation(uow, plan_id, invitation_id)
    both = ids.hash_secret(secret) == invitation.secret_hash and hash_code(key, code) == invitation.code_hash
    if not both or invitation_status(invitation, uow.now) is not InvitationStatus.PENDING:
        raise Gone("This letter has ended. Please send it again.", "invitation-ended")
    return invitation


def find_invitation(uow: UnitOfWork, plan_id: UUID, invitation_id: UUID) -> Invitation:
    """Held until the change is kept."""
    question = select(Invitation).where(Invitation.id == invitation_id, Invitation.plan_id == plan_id)
    found: Invitation = uow.one(question, lock=True)
    return found


def ticket_for(database: Database, key: str, code: str, address: str) -> str:
    """A secret that stands for a code that somebody typed. Raises SlowDown, or Gone for a code that opens nothing."""
    counted = count_try(database, key, f"invitation codes from {address}", address)
    hashed, secret, now = hash_code(key, code), ids.new_secret(_TICKET), clock.now()
    with database.system_session("change an invitation's code into a secret") as session:
        question = select(Invitation).where(Invitation.code_hash == hashed, col(Invitation.withdrawn_at).is_(None))
        invitation = session.exec(question).first()
        if invitation is None or invitation_status(invitation, now) is not InvitationStatus.PENDING:
            raise Gone("That code opens nothing. Please look at it once more.", "invitation-ended")
        forgive(session, counted)
        data = {"invitation": str(invitation.id), "code": hashed}
        hashed_secret = ids.hash_secret(secret)
        session.add(Challenge(secret_hash=hashed_secret, kind=_KIND, data=data, expires_at=now + TICKET_LASTS))
    return secret


def where_joined(uow: UnitOfWork, secret: str) -> UUID | None:
    """The plan that whoever asks joined by this invitation, if they did: they pressed twice."""
    with uow.system("did they take this invitation themselves?") as session:
        invitation = invitation_by(session, secret)
        member = session.get(Member, invitation.member_id) if invitation and invitation.member_id else None
        mine = member is not None and member.account_id == uow.principal.account_id and member.ended_at is None
        return member.plan_id if member is not None and mine else None


def invitation_by(session: Session, secret: str, *, lock: bool = False) -> Invitation | None:
    """The invitation that a secret opens, its own or one that stands for its code."""
    question = select(Invitation).where(Invitation.secret_hash == ids.hash_secret(secret))
    if ids.looks_like_secret(secret, _TICKET):
        asked = select(Challenge).where(Challenge.secret_hash == ids.hash_secret(secret), Challenge.kind == _KIND)
        ticket = session.exec(asked.where(col(Challenge.expires_at) > clock.now())).first()
        if ticket is None:
            return None
        named = (Invitation.id == UUID(ticket.data["invitation"]), Invitation.code_hash == ticket.data["code"])
        question = select(Invitation).where(*named)
    return session.exec(question.with_for_update(key_share=True) if lock else question).first()
