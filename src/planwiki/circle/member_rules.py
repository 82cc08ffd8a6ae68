"""What a change of one member comes to: more for them or less, and for how long. No database, no web."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from planwiki.base.errors import Forbidden, invalid
from planwiki.base.vocabulary import OWNER_ROLES, BasisKind, MemberStatus, Role

from .models import Member
from .schemas import MemberPatch

_LIMITS = frozenset({"role", "status", "ends_on", "basis"})


def touches_owning(member: Member, patch: MemberPatch) -> bool:
    """Would this touch what makes an owner an owner? Saying yes to one who waits is no touching."""
    touched = patch.model_fields_set & _LIMITS
    stays = touched == {"status"} and patch.status is member.status
    return member.role in OWNER_ROLES and bool(touched) and not stays


def makes_steward(member: Member, patch: MemberPatch) -> bool:
    """Would this make somebody a steward who is none?"""
    return patch.sent("role") and Role(patch.role) is Role.STEWARD and member.role is not Role.STEWARD


def opens_more(member: Member, patch: MemberPatch, *, owned: bool) -> bool:
    """Would this open anything that is closed to them now, or open it for longer? `owned`: they own the plan today."""
    return any(_openings(member, patch, owned=owned))


def _openings(member: Member, patch: MemberPatch, *, owned: bool) -> Iterator[bool]:
    role = Role(patch.role) if patch.sent("role") else member.role
    lowers_an_owner = owned and role not in OWNER_ROLES
    yield role is not member.role and not lowers_an_owner
    yield patch.sent("status") and patch.status is MemberStatus.ACTIVE and member.status is not MemberStatus.ACTIVE
    yield patch.sent("ends_on") and _is_later(patch.ends_on, member.ends_on)
    if role is Role.STEWARD:
        yield _is_later(_after(member, patch, "valid_until"), member.basis_valid_until)
        begins = _after(member, patch, "valid_from")
        yield member.basis_valid_from is not None and (begins is None or begins < member.basis_valid_from)


def _after(member: Member, patch: MemberPatch, name: str) -> Any:
    if not patch.sent("basis") or (patch.basis is not None and not patch.basis.sent(name)):
        return getattr(member, f"basis_{name}")
    return getattr(patch.basis, name, None)


def _is_later(day: date | None, than: date | None) -> bool:
    """None is the end of time."""
    return than is not None and (day is None or day > than)


def last_day(member: Member) -> date | None:
    """The last day they own the plan, where one was set."""
    days = [day for day in (member.ends_on, member.basis_valid_until) if day is not None]
    return min(days, default=None)


def check_not_own_limits(me: Member, member: Member, *, somebody_else: bool) -> None:
    """Nobody lifts what was set for them. The person may, and whoever has nobody beside them to ask."""
    if member.id == me.id and me.role is not Role.PERSON and somebody_else:
        raise Forbidden("You cannot make this longer for yourself. Somebody else who decides can.")


def keep_within(me: Member, member: Member, patch: MemberPatch | None = None) -> None:
    """A steward makes nobody a steward for longer than they are one. Raises Invalid for a later day that was sent."""
    until = last_day(me)
    if me.role is Role.PERSON or until is None or member.role is not Role.STEWARD or member.id == me.id:
        return
    theirs = last_day(member)
    if theirs is not None and theirs <= until:
        return
    if patch is not None and patch.basis is not None and patch.basis.valid_until is not None:
        raise invalid("basis/valid_until", "later-than-yours", "They cannot decide for longer than you.")
    member.basis_valid_until, member.basis_kind = until, member.basis_kind or BasisKind.DELEGATED
