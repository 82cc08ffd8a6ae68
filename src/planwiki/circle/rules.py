"""What is always true of a circle, whoever asks. No database, no web."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from planwiki.base.errors import Forbidden, invalid
from planwiki.base.vocabulary import GRANTABLE_LEVELS, OWNER_ROLES, Level, Role

from .models import Grant, Member
from .schemas import GrantDraft, MemberGrantDraft

UNDO_LASTS = timedelta(minutes=10)


def can_be_undone(now: datetime, at: datetime) -> bool:
    """What was shared or removed at `at` can be undone for a while, and not before it happened."""
    return at <= now < at + UNDO_LASTS


def check_grantable(level: Level) -> None:
    """Nobody grants more than a grant can hold: manage belongs to owners."""
    if level is not Level.NONE and level not in GRANTABLE_LEVELS:
        raise Forbidden("Only owners hold that. It cannot be given away.", "cannot-grant-more-than-you-hold")


def widens(terms: Mapping[str, Any], before: Grant | None) -> bool:
    """Does this give more than what it follows? Narrowing is never held up; widening asks who is there."""
    if terms["withheld"]:
        return False
    if before is None or before.withheld or terms["level"].rank > before.level.rank:
        return True
    opens_more = any(terms[name] and not getattr(before, name) for name in ("history", "earlier_history"))
    return opens_more or _later(terms["expires_on"], before.expires_on) or _later(before.from_on, terms["from_on"])


def _later(day: date | None, than: date | None) -> bool:
    """None is the end of time for a last day, and its beginning for a first day: either way the wider one."""
    return than is not None and (day is None or day > than)


def check_grant(draft: GrantDraft | MemberGrantDraft, today: date) -> None:
    """The level can be given and the dates make sense. What is withheld needs no level: it gives nothing."""
    check_grantable(draft.level)
    if not draft.withheld and not draft.sent("level"):
        raise invalid("level", "missing", "Please say what this should be.")
    if draft.expires_on is not None and draft.expires_on < (draft.from_on or today):
        raise invalid("expires_on", "ends-before-it-begins", "The last day comes before the first day.")


def check_may_lower(changer: Member, member: Member) -> None:
    """A steward cannot remove or lower another owner; the person may."""
    if member.role in OWNER_ROLES and member.id != changer.id and changer.role is not Role.PERSON:
        raise Forbidden("An owner cannot be changed by another owner.")
