"""What each verb of the record amounts to, and how it is said to owners. No database, no web.

A verb without its row here fails a test: nothing is recorded that owners cannot read in plain words.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planwiki.base.language import _
from planwiki.base.vocabulary import Deed, Outcome, Role

from .schemas import AccessLogEntryView


class Said(NamedTuple):
    """What sort of thing a verb is, and its sentence; `tried` where somebody was not let."""

    deed: Deed
    done: str
    tried: str = ""


_STAYED_CLOSED = _("%(who)s tried to open %(what)s%(times)s. It stayed closed.")
_NOTHING_CHANGED = _("%(who)s tried to change %(what)s%(times)s. Nothing was changed.")
VERBS: dict[str, Said] = {
    "plan.viewed": Said(Deed.VIEW, _("%(who)s opened the plan%(times)s."), _STAYED_CLOSED),
    "circle.viewed": Said(Deed.VIEW, _("%(who)s looked at the circle%(times)s."), _STAYED_CLOSED),
    "plan.pulled": Said(Deed.EXPORT, _("%(who)s took a copy of what is open to them%(times)s."), _STAYED_CLOSED),
    "plan.seen_as": Said(Deed.VIEW, _("%(who)s saw the plan as %(whom)s sees it%(times)s."), _STAYED_CLOSED),
    "plan.changed": Said(Deed.UPDATE, _("%(who)s changed something%(times)s."), _NOTHING_CHANGED),
    "plan.started": Said(Deed.CREATE, _("%(who)s started the plan.")),
    "plan.updated": Said(Deed.UPDATE, _("%(who)s changed the plan's settings%(times)s.")),
    "plan.photo_changed": Said(Deed.UPDATE, _("%(who)s changed the photo of the plan%(times)s.")),
    "plan.closed": Said(Deed.UPDATE, _("%(who)s closed the plan.")),
    "plan.frozen": Said(Deed.REVOKE, _("%(who)s stopped all sharing.")),
    "plan.unfrozen": Said(Deed.GRANT, _("%(who)s started sharing again.")),
    "tablet.enrolled": Said(Deed.GRANT, _("%(who)s set up a shared tablet.")),
    "tablet.unlocked": Said(Deed.GRANT, _("%(who)s unlocked a shared tablet.")),
    "tablet.ended": Said(Deed.REVOKE, _("%(who)s took a shared tablet away.")),
    "task.answered": Said(Deed.UPDATE, _("%(who)s answered a question on “To think about”.")),
    "section.viewed": Said(Deed.VIEW, _("%(who)s read %(what)s%(times)s."), _STAYED_CLOSED),
    "section.history_viewed": Said(Deed.VIEW, _("%(who)s looked back at %(what)s%(times)s."), _STAYED_CLOSED),
    "section.found": Said(Deed.SEARCH, _("%(who)s found %(what)s by searching%(times)s.")),
    "section.printed_profile": Said(Deed.EXPORT, _("%(who)s printed the one page profile.")),
    "section.printed_passport": Said(Deed.EXPORT, _("%(who)s printed the hospital passport.")),
    "section.printed_plan": Said(Deed.EXPORT, _("%(who)s printed the plan, or parts of it.")),
    "section.printed_card": Said(Deed.EXPORT, _("%(who)s printed pocket cards.")),
    "section.changed": Said(Deed.UPDATE, _("%(who)s changed %(what)s%(times)s."), _NOTHING_CHANGED),
    "section.created": Said(Deed.CREATE, _("%(who)s added %(what)s.")),
    "section.updated": Said(Deed.UPDATE, _("%(who)s wrote in %(what)s%(times)s.")),
    "section.settings_changed": Said(Deed.UPDATE, _("%(who)s changed the settings of %(what)s%(times)s.")),
    "section.archived": Said(Deed.DELETE, _("%(who)s put %(what)s away.")),
    "section.brought_back": Said(Deed.UPDATE, _("%(who)s brought %(what)s back.")),
    "media.viewed": Said(
        Deed.VIEW, _("%(who)s looked at or listened to something in %(what)s%(times)s."), _STAYED_CLOSED
    ),
    "media.added": Said(Deed.CREATE, _("%(who)s added a picture, sound or paper to %(what)s%(times)s.")),
    "media.changed": Said(Deed.UPDATE, _("%(who)s changed words about a picture or sound in %(what)s%(times)s.")),
    "media.removed": Said(Deed.DELETE, _("%(who)s took a picture, sound or paper out of %(what)s%(times)s.")),
    "contribution.created": Said(Deed.CREATE, _("%(who)s said something about %(what)s%(times)s.")),
    "contribution.decided": Said(Deed.UPDATE, _("%(who)s answered what was said about %(what)s%(times)s.")),
    "contribution.withdrawn": Said(Deed.DELETE, _("%(who)s took back what they said about %(what)s%(times)s.")),
    "contribution.removed": Said(Deed.DELETE, _("%(who)s removed what was said about %(what)s%(times)s.")),
    "section.easy_saved": Said(Deed.UPDATE, _("%(who)s wrote easy words for %(what)s%(times)s.")),
    "perspective.written": Said(Deed.CREATE, _("%(who)s wrote how they see %(what)s%(times)s.")),
    "perspective.ended": Said(Deed.DELETE, _("%(who)s took away how someone sees %(what)s%(times)s.")),
    "perspective.brought_back": Said(Deed.UPDATE, _("%(who)s brought back how someone sees %(what)s%(times)s.")),
    "action.created": Said(Deed.CREATE, _("%(who)s added something to do in %(what)s%(times)s.")),
    "action.updated": Said(Deed.UPDATE, _("%(who)s changed something to do in %(what)s%(times)s.")),
    "action.put_away": Said(Deed.DELETE, _("%(who)s put away something to do in %(what)s%(times)s.")),
    "action.brought_back": Said(Deed.UPDATE, _("%(who)s brought back something to do in %(what)s%(times)s.")),
    "section.checked": Said(Deed.UPDATE, _("%(who)s marked %(what)s as checked%(times)s.")),
    "section.unchecked": Said(Deed.UPDATE, _("%(who)s took back the mark “checked” on %(what)s.")),
    "member.added": Said(Deed.CREATE, _("%(who)s added %(whom)s to the circle.")),
    "member.updated": Said(Deed.UPDATE, _("%(who)s changed the details of %(whom)s%(times)s.")),
    "member.steward_asked": Said(Deed.UPDATE, _("%(who)s asked that %(whom)s decides too.")),
    "member.lowered": Said(Deed.REVOKE, _("%(who)s ended that %(whom)s decides.")),
    "member.ended": Said(Deed.REVOKE, _("%(who)s took %(whom)s out of the circle.")),
    "member.joined": Said(Deed.GRANT, _("%(whom)s joined the circle. %(who)s had asked them.")),
    "member.confirmed": Said(Deed.GRANT, _("%(who)s said that the right one came: %(whom)s.")),
    "member.came_again": Said(Deed.REVOKE, _("%(who)s came in by a letter. Owners are asked once more who it is.")),
    "member.turned_away": Said(Deed.REVOKE, _("%(who)s turned %(whom)s away.")),
    "member.brought_back": Said(Deed.GRANT, _("%(who)s brought %(whom)s back into the circle.")),
    "grant.begun": Said(Deed.GRANT, _("%(who)s shared %(what)s with %(whom)s.")),
    "grant.withheld": Said(Deed.REVOKE, _("%(who)s keeps %(what)s closed to %(whom)s.")),
    "grant.ended": Said(Deed.REVOKE, _("%(who)s ended a share of %(what)s with %(whom)s.")),
    "share_link.made": Said(Deed.GRANT, _("%(who)s made a guest link (%(whom)s).")),
    "share_link.used": Said(Deed.VIEW, _("%(who)s read what a guest link opens (%(whom)s)%(times)s."), _STAYED_CLOSED),
    "share_link.ended": Said(Deed.REVOKE, _("%(who)s stopped a guest link (%(whom)s).")),
    "invitation.made": Said(Deed.GRANT, _("%(who)s invited %(whom)s.")),
    "invitation.sent_again": Said(Deed.GRANT, _("%(who)s sent an invitation again.")),
    "invitation.declined": Said(Deed.UPDATE, _("%(who)s said no to the invitation for %(whom)s.")),
    "invitation.withdrawn": Said(Deed.REVOKE, _("%(who)s took back an invitation.")),
}
_NARROWS_TOO = {"plan.closed", "section.archived", "section.settings_changed", "contribution.withdrawn"}
_NARROWS_TOO |= {
    "action.put_away",
    "contribution.removed",
    "perspective.ended",
    "member.updated",
    "invitation.declined",
}
# What closes something that was open, or may: after a backup was put back, it is open again.
NARROWING = frozenset(verb for verb, said in VERBS.items() if said.deed is Deed.REVOKE) | _NARROWS_TOO
EVERYONE = {
    Role.FAMILY: _("everyone in the family"),
    Role.FRIEND: _("all friends"),
    Role.KEY_WORKER: _("all key workers"),
    Role.PROFESSIONAL: _("all professionals"),
}
NO_NOTE = _("no note")
OUTSIDE, GUEST, SYSTEM = _("Someone outside the circle"), _("Someone with a link"), _("Planwiki itself")


class Line(NamedTuple):
    """One sentence of a day, with the name for the face beside it."""

    name: str
    sentence: str
    was_let: bool


class Day(NamedTuple):
    day: date
    lines: list[Line]


def verbs_of(deed: Deed) -> list[str]:
    return [verb for verb, said in VERBS.items() if said.deed is deed]


def deed_of(verb: str) -> Deed:
    return VERBS[verb].deed


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day where the family lives."""
    return datetime.combine(day, time(), zone)


def by_day(entries: Iterable[AccessLogEntryView], zone: ZoneInfo) -> list[Day]:
    """Newest day first; the same thing done again the same day is said once."""
    newest_first = sorted(entries, key=lambda one: one.at, reverse=True)
    days = groupby(newest_first, key=lambda one: one.at.astimezone(zone).date())
    return [Day(day, _lines(list(of_day))) for day, of_day in days]


def _lines(entries: Sequence[AccessLogEntryView]) -> list[Line]:
    alike: dict[tuple[object, ...], list[AccessLogEntryView]] = {}
    for one in entries:
        target = (one.resource.section_key if "%(what)s" in VERBS[one.verb].done else None, one.whom)
        alike.setdefault((one.actor.id, one.actor.display_name, one.verb, one.outcome, *target), []).append(one)
    each = [(same[0], len(same)) for same in alike.values()]
    return [Line(one.actor.display_name, sentence(one, count), _was_let(one)) for one, count in each]


def sentence(entry: AccessLogEntryView, count: int = 1) -> str:
    """`Nan read Great things about me, twice.`"""
    said = VERBS[entry.verb]
    words = said.done if _was_let(entry) else (said.tried or _STAYED_CLOSED)
    who = _("You") if entry.is_me else entry.actor.display_name
    what = entry.section_title or _("a page of the plan")
    return _(words) % {"who": who, "what": what, "whom": entry.whom or _("someone"), "times": _times(count)}


def _was_let(entry: AccessLogEntryView) -> bool:
    return entry.outcome is Outcome.ALLOWED


def _times(count: int) -> str:
    if count == 1:
        return ""
    return _(", twice") if count == 2 else _(", %(count)s times") % {"count": count}
