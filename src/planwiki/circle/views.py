"""From kept rows to what a viewer is shown. Pure: the rows were narrowed before they came here."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from planwiki.base.vocabulary import InvitationStatus, MemberStatus, Role, Way

from .models import Grant, Invitation, Member
from .schemas import Basis, Contact, GrantView, InvitationView, MemberGrantView, MemberView


def member_view(member: Member, *, owner: bool, is_me: bool, today: date) -> MemberView:
    """Names and roles for the whole circle; how to reach somebody for owners and themselves; a pause for owners."""
    closer, paused = owner or is_me, member.status is MemberStatus.SUSPENDED
    has_left = member.ends_on is not None and member.ends_on < today
    return MemberView(
        id=member.id,
        display_name=member.display_name,
        role=member.role,
        relationship=member.relationship,
        organisation=member.organisation,
        account_id=member.account_id if closer else None,
        contact=Contact.model_validate(member.contact) if closer and member.contact else None,
        call_first=member.call_first,
        knows_me_best=member.knows_me_best,
        is_key_worker=member.is_key_worker,
        closeness=member.closeness,
        basis=_basis(member) if owner else None,
        status=MemberStatus.ACTIVE if paused and not owner else member.status,
        confirmed=not waits(member) if closer else None,
        steward_asked=is_asked(member) if owner else None,
        ends_on=member.ends_on if closer else None,
        revision=member.revision if owner else None,
        created_at=member.created_at,
        is_me=is_me,
        here=not paused and not has_left,
        has_left=has_left,
    )


def waits(member: Member) -> bool:
    """They came, and no owner has said yet that they are the right one."""
    return member.account_id is not None and member.confirmed_at is None


def is_asked(member: Member) -> bool:
    """An owner asked that they be a steward, and no other has said so yet."""
    return member.role is not Role.STEWARD and member.steward_word_by is not None


def _basis(member: Member) -> Basis | None:
    if member.basis_kind is None:
        return None
    return Basis(
        kind=member.basis_kind,
        scope=list(member.basis_scope or []),
        proof_seen_by=member.basis_proof_seen_by,
        valid_from=member.basis_valid_from,
        valid_until=member.basis_valid_until,
        review_on=member.basis_review_on,
    )


def grant_view(grant: Grant, key: str) -> GrantView:
    return GrantView(
        section_key=key,
        level=grant.level,
        withheld=grant.withheld,
        history=grant.history,
        earlier_history=grant.earlier_history,
        from_on=grant.from_on,
        expires_on=grant.expires_on,
    )


def member_grant_view(grant: Grant, member_id: UUID) -> MemberGrantView:
    return MemberGrantView(member_id=member_id, **grant_view(grant, "").model_dump(exclude={"section_key"}))


def invitation_status(invitation: Invitation, now: datetime) -> InvitationStatus:
    if invitation.accepted_at is not None:
        return InvitationStatus.ACCEPTED
    if invitation.declined_at is not None:
        return InvitationStatus.DECLINED
    if invitation.withdrawn_at is not None:
        return InvitationStatus.WITHDRAWN
    return InvitationStatus.EXPIRED if invitation.expires_at <= now else InvitationStatus.PENDING


def grants_kept(kept: Iterable[dict[str, Any]], keys: Mapping[str, str]) -> Iterator[GrantView]:
    """What an invitation gives, on sections that the viewer can see: their keys by their ids."""
    for one in kept:
        terms = dict(one)
        if key := keys.get(terms.pop("section_id")):
            yield GrantView(section_key=key, **terms)


def way_of(invitation: Invitation) -> Way:
    """How it went out. A letter carries a code too."""
    if invitation.mailed_at is not None:
        return Way.EMAIL
    return Way.LETTER if invitation.code_hash is not None else Way.LINK


def invitation_view(
    invitation: Invitation,
    now: datetime,
    keys: Mapping[str, str],
    accept_url: str | None = None,
    code: str | None = None,
) -> InvitationView:
    return InvitationView(
        id=invitation.id,
        display_name=invitation.display_name,
        email=invitation.email,
        role=invitation.role,
        relationship=invitation.relationship,
        organisation=invitation.organisation,
        grants=list(grants_kept(invitation.grants, keys)),
        message=invitation.message,
        status=invitation_status(invitation, now),
        confirm_first=invitation.confirm_first,
        accept_url=accept_url,
        way=way_of(invitation),
        code=code,
        expires_at=invitation.expires_at,
        created_at=invitation.created_at,
    )
