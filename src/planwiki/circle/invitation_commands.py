"""Inviting somebody by a link, and what they may do with it.

The link's secret is the key: whoever holds it acts, in that one transaction, with the rights of the owner who sent
it, asked afresh. So an invitation gives nothing that its sender could not give now, and ends with its sender.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from planwiki.authz.audit_chain import Entry
from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock, ids
from planwiki.base.errors import Conflict, Forbidden, Gone, NotFound, SlowDown, pointing_into
from planwiki.base.vocabulary import (
    ActorType,
    InvitationStatus,
    Level,
    MailKind,
    MemberStatus,
    Role,
)
from planwiki.people.models import Account
from planwiki.plans.models import Plan
from planwiki.plans.queries import check_plan
from planwiki.plans.rules import check_not_frozen

from .grant_commands import check_may_offer, replace_member_grants, sections_named
from .handing_commands import Handing, check_in_hand, find_invitation, hand, hand_again, invitation_by
from .invited_queries import asks_who_came, keys_of, still_there
from .models import Invitation, Member
from .owner_queries import addresses_of_owners
from .place_commands import TAKEN, is_free
from .queries import member_view
from .schemas import GrantDraft, GrantsDraft, InvitationDraft, InvitationPreview, InvitationView, MemberView
from .views import invitation_status, invitation_view

MOST_A_DAY = 50
_ENDED = "This invitation has ended. Please ask for a new one."


def invite(uow: UnitOfWork, plan_id: UUID, draft: InvitationDraft, handing: Handing | str) -> InvitationView:
    """A link to hand over, shown this once. Raises Invalid or Forbidden for what the owner could not give."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    check_not_frozen(plan)
    _check_not_too_many(uow, plan_id)
    uow.require_fresh()
    named = sections_named(uow, plan_id, draft.grants, "grants")
    for place, (section, one) in enumerate(named.values()):
        with pointing_into(f"grants/{place}"):
            check_may_offer(uow, section, Role(draft.role), one)
    if Role(draft.role) is Role.PERSON:
        _check_person_is_free(uow, plan_id)
    invitation = _invitation_from(uow, plan_id, draft)
    invitation.grants = [_kept(section.id, one) for section, one in named.values()]
    invitation.confirm_first = draft.confirm_first or asks_who_came(uow, invitation)
    handed = hand(uow, invitation, handing if isinstance(handing, Handing) else Handing(handing))
    uow.add(invitation)
    uow.record("invitation.made", plan_id, subject_id=invitation.id)
    uow.flush()
    return invitation_view(invitation, uow.now, keys_of(uow, plan_id), handed.accept_url, handed.code)


def invite_again(uow: UnitOfWork, plan_id: UUID, invitation_id: UUID, handing: Handing) -> InvitationView:
    """The same with a new secret; the old one is dead."""
    invitation, handed = hand_again(uow, plan_id, invitation_id, handing)
    return invitation_view(invitation, uow.now, keys_of(uow, plan_id), handed.accept_url, handed.code)


def letter_of(uow: UnitOfWork, plan_id: UUID, invitation_id: UUID, secret: str, code: str, key: str) -> InvitationView:
    """What its letter tells, for an owner who holds its secret and code."""
    invitation = check_in_hand(uow, plan_id, invitation_id, secret, code, key)
    return invitation_view(invitation, uow.now, keys_of(uow, plan_id))


def _check_not_too_many(uow: UnitOfWork, plan_id: UUID) -> None:
    """Nobody sends letters by the hundred from here."""
    since = uow.now - timedelta(days=1)
    made = select(Invitation.id).where(Invitation.plan_id == plan_id, col(Invitation.created_at) > since)
    if len(uow.all(made.limit(MOST_A_DAY))) >= MOST_A_DAY:
        raise SlowDown(3600, MOST_A_DAY, 24 * 3600)


def _kept(section_id: UUID, draft: GrantDraft) -> dict[str, Any]:
    """By the section's id: a key may be another section's one day."""
    level = Level.NONE if draft.withheld else draft.level
    return {**draft.model_dump(mode="json", exclude={"section_key"}), "level": level, "section_id": str(section_id)}


def _invitation_from(uow: UnitOfWork, plan_id: UUID, draft: InvitationDraft) -> Invitation:
    return Invitation(
        plan_id=plan_id,
        secret_hash="",
        display_name=draft.display_name,
        email=draft.email,
        role=Role(draft.role),
        relationship=draft.relationship,
        organisation=draft.organisation,
        message=draft.message,
        grants=[],
        invited_by=uow.principal.account_id,
        created_at=uow.now,
        expires_at=uow.now + timedelta(days=draft.expires_in_days),
    )


def invitations(
    uow: UnitOfWork, plan_id: UUID, *, before: UUID | None = None, limit: int = 200
) -> list[InvitationView]:
    """The plan's invitations, newest first. Owners ask."""
    check_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    question = select(Invitation).where(Invitation.plan_id == plan_id).order_by(col(Invitation.id).desc()).limit(limit)
    rows = uow.all(question.where(col(Invitation.id) < before) if before is not None else question)
    keys = keys_of(uow, plan_id)
    return [invitation_view(row, uow.now, keys) for row in rows]


def withdraw(uow: UnitOfWork, plan_id: UUID, invitation_id: UUID) -> None:
    """The link works no more. Raises Conflict when it was used or declined already."""
    plan = uow.get(Plan, plan_id)
    uow.require_owner(plan)
    invitation = find_invitation(uow, plan_id, invitation_id)
    if invitation_status(invitation, uow.now) in {InvitationStatus.ACCEPTED, InvitationStatus.DECLINED}:
        raise Conflict("They have answered this invitation already.", "already-decided")
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = uow.now
        uow.record("invitation.withdrawn", plan_id, subject_id=invitation.id)


def preview(database: Database, secret: str) -> InvitationPreview:
    """What the holder of a link may know before joining: who asks, and what for. Not the plan's name."""
    with database.system_session("preview an invitation", writes=False) as session:
        invitation, sender = _open_invitation(session, secret)
        _refuse_when_ended(invitation)
        _refuse_when_shut(database, invitation, sender)
        return InvitationPreview(
            invited_by=sender.display_name,
            plan_title=None,
            role=invitation.role,
            relationship=invitation.relationship,
            expires_at=invitation.expires_at,
            message=invitation.message,
            display_name=invitation.display_name,
            mailed=invitation.mailed_at is not None,
        )


class Door(NamedTuple):
    """Who opened it; and the address that alone was sent its secret: whoever holds that reads that mailbox."""

    sender_id: UUID
    mailed_to: str | None


def door(database: Database, secret: str) -> Door:
    """Raises Gone where nobody may come in."""
    with database.system_session("where did this invitation go?", writes=False) as session:
        invitation, sender = _open_invitation(session, secret)
        _refuse_when_ended(invitation)
        _refuse_when_shut(database, invitation, sender)
        its_own = invitation.secret_hash == ids.hash_secret(secret)
        return Door(sender.id, invitation.email if invitation.mailed_at is not None and its_own else None)


def decline(database: Database, secret: str, request_id: str | None = None) -> None:
    """No. Whoever holds the link says so, and may be anybody: the record names nobody."""
    with database.system_session("decline an invitation") as session:
        invitation, sender = _open_invitation(session, secret, lock=True)
        _refuse_when_answered(invitation)
        _refuse_when_shut(database, invitation, sender)
        invitation.declined_at = clock.now()
        session.flush()
        said_no = Entry(invitation.plan_id, "invitation.declined", clock.now(), subject_id=invitation.id)
        said_no.actor_type, said_no.request_id = ActorType.GUEST, request_id
        database.chain(session, [said_no])


def accept(uow: UnitOfWork, secret: str, base_url: str = "") -> tuple[UUID, MemberView]:
    """The signed-in holder joins the circle and is given what the invitation says. Answers the plan and the member."""
    with uow.system("find an invitation by its secret") as session:
        invitation, sender = _open_invitation(session, secret, lock=True)
        _refuse_when_answered(invitation)
        _refuse_when_in_circle(session, invitation.plan_id, uow.principal.account_id)
        owners = addresses_of_owners(session, invitation.plan_id)
    me, account_id = uow.principal.display_name, uow.principal.account_id
    try:
        with uow.on_behalf_of(Principal(sender.id, sender.display_name)) as senders:
            member = _join(senders, invitation, account_id, me)
    except (NotFound, Forbidden):
        raise Gone(_ENDED, "invitation-ended") from None
    for address in owners:
        uow.post(MailKind.SOMEONE_JOINED, address, link=f"{base_url}/plans/{invitation.plan_id}/circle")
    return invitation.plan_id, member_view(uow, invitation.plan_id, member.id)


def _join(senders: UnitOfWork, invitation: Invitation, account_id: UUID, name: str) -> Member:
    plan = _plan_to_join(senders, invitation, lock=True)
    senders.require_owner(plan)
    member = _waiting_person(senders, plan.id) if invitation.role is Role.PERSON else None
    beside = invitation.role is Role.PERSON and member is None
    if member is None:
        member = Member(
            plan_id=plan.id,
            display_name=invitation.display_name or name,
            role=Role.FRIEND if beside else invitation.role,
            status=MemberStatus.ACTIVE,
            created_at=senders.now,
        )
        senders.add(member)
    member.account_id, member.status = account_id, MemberStatus.ACTIVE
    member.relationship, member.organisation = invitation.relationship, invitation.organisation
    if not (invitation.confirm_first or beside or asks_who_came(senders, invitation)):
        member.confirmed_at, member.confirmed_by = senders.now, senders.principal.account_id
    invitation.accepted_at, invitation.member_id = senders.now, member.id
    senders.record("member.joined", plan.id, subject_id=member.id)
    senders.flush()
    if invitation.grants and not beside:
        items = still_there(senders, plan.id, invitation.role, invitation.grants)
        replace_member_grants(senders, plan.id, member.id, GrantsDraft(items=items))
    return member


def _plan_to_join(senders: UnitOfWork, invitation: Invitation, *, lock: bool = False) -> Plan:
    """While its sender can let somebody in. Whoever holds the link is told no more than of one that ended."""
    plan = senders.get(Plan, invitation.plan_id, lock=lock)
    senders.permit_owner(plan.id)
    taken = invitation.role is Role.PERSON and not person_may_join(senders, plan.id)
    if taken or plan.frozen_at is not None or plan.closed_at is not None:
        raise Gone(_ENDED, "invitation-ended")
    return plan


def _refuse_when_shut(database: Database, invitation: Invitation, sender: Account) -> None:
    """Looking at an invitation, and saying no, find it as joining would."""
    try:
        with database.unit_of_work(Principal(sender.id, sender.display_name)) as senders:
            _plan_to_join(senders, invitation)
    except (NotFound, Forbidden):
        raise Gone(_ENDED, "invitation-ended") from None


def _waiting_person(uow: UnitOfWork, plan_id: UUID) -> Member | None:
    question = select(Member).where(
        Member.plan_id == plan_id, Member.role == Role.PERSON, col(Member.account_id).is_(None)
    )
    return uow.first(question)


def person_may_join(uow: UnitOfWork, plan_id: UUID) -> bool:
    """The person does not sign in by themselves yet, but for a shared tablet."""
    here = (Member.plan_id == plan_id, Member.role == Role.PERSON, col(Member.ended_at).is_(None))
    person: Member | None = uow.first(select(Member).where(*here))
    return person is not None and is_free(uow, person)


def _check_person_is_free(uow: UnitOfWork, plan_id: UUID) -> None:
    if not person_may_join(uow, plan_id):
        raise Conflict(TAKEN, "already-decided")


def _open_invitation(session: Session, secret: str, *, lock: bool = False) -> tuple[Invitation, Account]:
    """Raises Gone alike for a secret nobody made and for one that has ended."""
    invitation = invitation_by(session, secret, lock=lock)
    sender = session.get(Account, invitation.invited_by) if invitation else None
    if invitation is None or sender is None or sender.closed_at is not None:
        raise Gone(_ENDED, "invitation-ended")
    if invitation.withdrawn_at is not None or invitation.expires_at <= clock.now():
        raise Gone(_ENDED, "invitation-ended")
    return invitation, sender


def _refuse_when_ended(invitation: Invitation) -> None:
    if invitation_status(invitation, clock.now()) is not InvitationStatus.PENDING:
        raise Gone(_ENDED, "invitation-ended")


def _refuse_when_answered(invitation: Invitation) -> None:
    if invitation.accepted_at is not None or invitation.declined_at is not None:
        raise Conflict("This invitation has been answered already.", "already-decided")


def _refuse_when_in_circle(session: Session, plan_id: UUID, account_id: UUID) -> None:
    question = select(Member.id).where(
        Member.plan_id == plan_id, Member.account_id == account_id, col(Member.ended_at).is_(None)
    )
    if session.exec(question).first() is not None:
        raise Conflict("You are in this circle already.", "already-decided")
