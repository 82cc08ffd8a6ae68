"""Who does something, by when, and how far it is, in words: the same on pages and on paper."""

from collections.abc import Callable
from datetime import date

from planwiki.base.language import _
from planwiki.base.vocabulary import ActionStatus
from planwiki.outcomes.schemas import ActionView

HOW_FAR = {
    ActionStatus.PLANNED: _("Not started yet"),
    ActionStatus.IN_PROGRESS: _("Going on"),
    ActionStatus.DONE: _("Done"),
    ActionStatus.STOPPED: _("Stopped"),
}


def how_far(status: ActionStatus) -> str:
    return _(HOW_FAR[ActionStatus(status)])


def who_when(one: ActionView, day: Callable[[date], str]) -> str:
    """`Lee · by 3 June 2026 · Not started yet`"""
    said = [_who(one)]
    if one.due_on is not None:
        said.append(_("by %(day)s") % {"day": day(one.due_on)})
    done = f", {day(one.completed_at)}" if one.completed_at else ""
    return " · ".join([*said, how_far(one.status) + done])


def going(one: ActionView) -> list[str]:
    """How it is going, where somebody said so."""
    return [_("How it is going: %(words)s") % {"words": one.progress_note}] if one.progress_note else []


def _who(one: ActionView) -> str:
    if one.has_left:
        return _("%(name)s, who has left") % {"name": one.who_name}
    return (_("%(name)s (you)") % {"name": one.who_name}) if one.is_mine else (one.who_name or _("Nobody yet"))
