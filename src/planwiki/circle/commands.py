"""Verbs on members: get, require, rules, change, record — in this order."""

from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Forbidden, invalid
from planwiki.base.vocabulary import MemberStatus, Role
from planwiki.plans.models import Plan
from planwiki.plans.rules import check_not_frozen

from . import member_rules, rules, views
from .confirm_queries import may_say_yes
from .grant_commands import end_grants_of
from .models import Member
from .owner_queries import owners_who_sign_in
from .place_commands import take_place, the_person
from .queries import find_member, member_view
from .schemas import BasisPatch, Contact, MemberDraft, MemberPatch, MemberView
from .steward_commands import count_word, may_take_back, take_word_back

_PLAIN = (
    *("display_name", "role", "relationship", "organisation", "status", "ends_on"),
    *("call_first", "knows_me_best", "is_key_worker", "closeness"),
)
_MARKS = {"call_first", "knows_me_best", "is_key_worker"}  # Null takes one away (RFC 7396).


def add_member(uow: UnitOfWork, plan_id: UUID, draft: MemberDraft) -> MemberView:
    """Somebody in the person's life who has no account: a name in the circle, and no access."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    uow.require_open(plan_id)
    if draft.is_key_worker:
        _ask_nobody_else(uow, plan_id)
    member = Member(
        plan_id=plan_id,
        display_name=draft.display_name,
        role=Role(draft.role),
        relationship=draft.relationship,
        organisation=draft.organisation,
        contact=draft.contact.model_dump() if draft.contact else None,
        call_first=draft.call_first,
        knows_me_best=draft.knows_me_best,
        is_key_worker=draft.is_key_worker,
        closeness=draft.closeness,
        status=MemberStatus.CONTACT_ONLY,
        created_at=uow.now,
    )
    uow.add(member)
    uow.record("member.added", plan_id, subject_id=member.id)
    uow.flush()
    return member_view(uow, plan_id, member.id)


def change_member(uow: UnitOfWork, plan_id: UUID, member_id: UUID, patch: MemberPatch) -> MemberView:
    """Changes a member. Raises Conflict when nobody would be left to own the plan.

    What opens more to them asks who is here, and waits while sharing is stopped. To make a steward takes two owners.
    What stays as it is moves nothing, not even the version.
    """
    member = _changeable(uow, plan_id, member_id)
    before = member.model_dump()
    if views.waits(member) and patch.status is MemberStatus.ACTIVE and patch.sent("status"):
        member = _confirm(uow, member)
    if member_rules.touches_owning(member, patch) and not may_take_back(uow, member):
        rules.check_may_lower(uow.me(plan_id), member)
    _check_patch(uow, member, patch)
    owned = uow.is_owner(member)
    opens = member_rules.opens_more(member, patch, owned=owned)
    if opens:
        _check_may_open(uow, member)
    if patch.sent("is_key_worker") and patch.is_key_worker:
        _ask_nobody_else(uow, plan_id)
    if member_rules.makes_steward(member, patch):
        patch = count_word(uow, member, patch)
    elif patch.sent("role") and Role(patch.role) is not Role.STEWARD:
        take_word_back(member)
    _set(member, patch)
    if opens:
        member_rules.keep_within(uow.me(plan_id), member, patch)
    if member.model_dump() != before:
        _keep_changed(uow, member, owned=owned)
    return member_view(uow, plan_id, member.id)


def _keep_changed(uow: UnitOfWork, member: Member, *, owned: bool) -> None:
    member.revision += 1
    uow.flush()
    lowered = owned and not uow.is_owner(member)
    uow.record("member.lowered" if lowered else "member.updated", member.plan_id, subject_id=member.id)
    _check_somebody_owns(uow, member.plan_id)


def _set(member: Member, patch: MemberPatch) -> None:
    for name in _PLAIN:
        if patch.sent(name):
            setattr(member, name, False if name in _MARKS and getattr(patch, name) is None else getattr(patch, name))
    member.role = Role(member.role)  # A patch holds the bare word.
    if patch.sent("contact"):
        _set_contact(member, patch.contact)
    if patch.sent("basis"):
        _set_basis(member, patch.basis)


def _ask_nobody_else(uow: UnitOfWork, plan_id: UUID) -> None:
    """One person is asked first. Whoever was is so no more."""
    asked = select(Member).where(Member.plan_id == plan_id, col(Member.is_key_worker), col(Member.ended_at).is_(None))
    for one in uow.all(asked):
        one.is_key_worker, one.revision = False, one.revision + 1
    uow.flush()


def _check_may_open(uow: UnitOfWork, member: Member) -> None:
    """Whatever gives a member more, or for longer."""
    me = uow.me(member.plan_id)
    others = [one for one in owners_who_sign_in(uow, member.plan_id) if one.id != me.id]
    member_rules.check_not_own_limits(me, member, somebody_else=bool(others))
    check_not_frozen(uow.get(Plan, member.plan_id))
    uow.require_fresh()


def confirm_member(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> None:
    """An owner says that the right one came: what was given opens, and a person or steward owns."""
    member = _changeable(uow, plan_id, member_id)
    if not views.waits(member):
        raise Conflict("Somebody has said yes to them already.", "already-decided")
    _confirm(uow, member).revision += 1


def _confirm(uow: UnitOfWork, member: Member) -> Member:
    """Answers who they are from now on: themselves, or the person whose place they waited beside."""
    if not may_say_yes(uow, member):
        raise Forbidden("You invited them to decide about this plan. Somebody else who decides has to say yes.")
    check_not_frozen(uow.get(Plan, member.plan_id))
    uow.require_fresh()
    person = the_person(uow, member)
    if person is not None:
        return take_place(uow, member, person)
    member.confirmed_at, member.confirmed_by = uow.now, uow.principal.account_id
    member_rules.keep_within(uow.me(member.plan_id), member)
    uow.record("member.confirmed", member.plan_id, subject_id=member.id)
    uow.flush()
    return member


def _check_patch(uow: UnitOfWork, member: Member, patch: MemberPatch) -> None:
    if patch.sent("status") and (patch.status is MemberStatus.CONTACT_ONLY) is not (member.account_id is None):
        raise Conflict("Someone joins by invitation, and leaves by being removed.", "illegal-status-change")
    if patch.sent("role") and Role(patch.role) is Role.PERSON and member.role is not Role.PERSON:
        raise Conflict("This plan already has its person.", "illegal-status-change")
    if patch.ends_on is not None and patch.ends_on < uow.today:
        raise invalid("ends_on", "in-the-past", "That day has passed. You can remove them now instead.")


def _set_contact(member: Member, contact: Contact | None) -> None:
    """Field by field, as a merge patch says (RFC 7396); null takes all of it away."""
    sent = contact.model_dump(exclude_unset=True) if contact else {}
    member.contact = Contact.model_validate({**(member.contact or {}), **sent}).model_dump() if contact else None


def _set_basis(member: Member, basis: BasisPatch | None) -> None:
    """The same. A ground has a kind."""
    for name in BasisPatch.model_fields:
        if basis is None or basis.sent(name):
            setattr(member, f"basis_{name}", getattr(basis, name, None))
    if basis is not None and member.basis_kind is None:
        raise invalid("basis/kind", "missing", "Please say on what ground.")


def end_member(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> None:
    """Their access ends with this act, silently. Raises Conflict for the last owner who can sign in."""
    member = _changeable(uow, plan_id, member_id)
    if views.waits(member):
        return _turn_away(uow, member)
    rules.check_may_lower(uow.me(plan_id), member)
    if member.role is Role.PERSON:
        raise Conflict("The plan belongs to them. They cannot be removed.", "illegal-status-change")
    end_grants_of(uow, member)
    member.ended_at, member.revision = uow.now, member.revision + 1
    uow.record("member.ended", plan_id, subject_id=member.id)
    uow.flush()
    return _check_somebody_owns(uow, plan_id)


def _turn_away(uow: UnitOfWork, member: Member) -> None:
    """The wrong one took an invitation: they are out, with all it gave. The person's own place waits for the person."""
    end_grants_of(uow, member)
    if member.role is Role.PERSON:
        member.account_id, member.status = None, MemberStatus.CONTACT_ONLY
    else:
        member.ended_at = uow.now
    member.revision += 1
    uow.record("member.turned_away", member.plan_id, subject_id=member.id)
    uow.flush()


def _changeable(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> Member:
    plan = uow.get(Plan, plan_id, lock=True)
    member = find_member(uow, plan_id, member_id, lock=True)
    uow.require_owner(plan)
    return member


def _check_somebody_owns(uow: UnitOfWork, plan_id: UUID) -> None:
    """Somebody who can sign in still owns the plan, without a last day, or nothing happens at all."""
    if all(one.ends_on is not None for one in owners_who_sign_in(uow, plan_id)):
        raise Conflict("Someone has to own this plan. Please make another owner first.", "last-steward")
