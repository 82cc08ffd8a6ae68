"""What is always true of a circle, whoever asks. No database, no web."""

from datetime import date, datetime, timedelta

from planwiki.base.errors import Conflict, Forbidden, invalid
from planwiki.base.vocabulary import GRANTABLE_LEVELS, OWNER_ROLES, Level, Role
from planwiki.plans.models import Plan

from .models import Member
from .schemas import GrantDraft, MemberGrantDraft

UNDO_LASTS = timedelta(minutes=10)


def can_be_undone(now: datetime, at: datetime) -> bool:
    """What was shared or removed at `at` can be undone for a while, and not before it happened."""
    return at <= now < at + UNDO_LASTS


def check_grantable(level: Level) -> None:
    """Nobody grants more than a grant can hold: manage belongs to owners."""
    if level is not Level.NONE and level not in GRANTABLE_LEVELS:
        raise Forbidden("Only owners hold that. It cannot be given away.", "cannot-grant-more-than-you-hold")


def check_grant(draft: GrantDraft | MemberGrantDraft, today: date) -> None:
    """The level can be given and the dates make sense."""
    check_grantable(draft.level)
    if draft.withheld and draft.level is not Level.NONE:
        raise invalid("level", "withheld-gives-nothing", "Either give something, or keep it closed. Not both.")
    if draft.expires_on is not None and draft.expires_on < (draft.from_on or today):
        raise invalid("expires_on", "ends-before-it-begins", "The last day comes before the first day.")


def check_may_lower(changer: Member, member: Member) -> None:
    """A steward cannot remove or lower another owner; the person may."""
    if member.role in OWNER_ROLES and member.id != changer.id and changer.role is not Role.PERSON:
        raise Forbidden("An owner cannot be changed by another owner.")


def check_not_frozen(plan: Plan) -> None:
    """While sharing is stopped, nothing new is given to anybody."""
    if plan.frozen_at is not None:
        raise Conflict("Sharing is stopped just now. Start it again first.", "sharing-frozen")
