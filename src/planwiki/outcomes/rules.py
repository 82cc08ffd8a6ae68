"""What is always true of actions, whoever asks. No database, no web."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from planwiki.base.errors import Invalid, invalid
from planwiki.base.language import _
from planwiki.base.vocabulary import ActionStatus, SectionKind

from .schemas import ActionDraft, ActionPatch, ActionView

MOST = 200  # In one section, done ones too.
_PLAIN = ("what", "how", "due_on", "status", "progress_note")


def check_holds_actions(kind: SectionKind) -> None:
    if kind is not SectionKind.OUTCOMES:
        raise invalid("section_key", "not-of-outcomes", _("Actions stand in a part about outcomes."))


def check_room_for_one_more(there: int) -> None:
    if there >= MOST:
        words = _("There are %(most)s things to do here. Put some away first.") % {"most": MOST}
        raise Invalid(words, code="invalid-content")


def check_one_person(draft: ActionPatch) -> None:
    if draft.who_member_id is not None and draft.who_text is not None:
        raise invalid("who_text", "two-people", _("Choose one person, or write a name."))


def plain_changes(draft: ActionPatch) -> dict[str, Any]:
    """What is as it was sent, for the fields that were."""
    return {name: getattr(draft, name) for name in _PLAIN if draft.sent(name)}


def says_the_same(there: ActionView, draft: ActionDraft) -> bool:
    said = (draft.what, draft.how, draft.who_member_id, draft.who_text, draft.due_on)
    return (there.what, there.how, there.who_member_id, there.who_text, there.due_on) == said


def done_at(status: ActionStatus, before: datetime | None, now: datetime) -> datetime | None:
    """When it was done first; none where it is not done."""
    return (before or now) if status is ActionStatus.DONE else None


def in_order(found: Iterable[ActionView]) -> list[ActionView]:
    """What is open first, soonest first; then what is done, then what was stopped, newest first."""
    by_age = sorted(found, key=lambda one: one.created_at)
    still = sorted((one for one in by_age if one.is_open), key=lambda one: one.due_on or date.max)
    over = sorted((one for one in by_age if not one.is_open), key=lambda one: one.updated_at, reverse=True)
    return [*still, *sorted(over, key=lambda one: one.status is not ActionStatus.DONE)]
