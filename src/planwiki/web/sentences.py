"""Sentences about people that several pages say: who can see a section, who can change it, what a change comes to."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from planwiki.base.language import _, ngettext
from planwiki.base.vocabulary import Level
from planwiki.circle.audience_schemas import AudienceView
from planwiki.circle.sharing_schemas import EffectView

from .rendering import day

MOST_NAMES = 3


def some_names(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """`Nan`, `Nan and Lee`, `Nan, Lee and Sam`, `Nan, Lee and 2 more`. At least one name."""
    if len(names) == 1:
        return names[0]
    if len(names) <= most:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    more = len(names) - most + 1
    said = ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more)
    return said % {"names": ", ".join(names[: most - 1]), "count": more}


def all_names(names: Sequence[str]) -> str:
    """Every name, where nobody may be left out: before a change is saved."""
    return some_names(names, most=len(names))


def who_can_see(audience: AudienceView) -> str:
    """`Nan, Lee and 1 more can see this. Only you can change it.` The viewer is not counted."""
    others = [one.display_name for one in audience.members if not one.is_me]
    guests = guests_can_see(audience)
    if not others:
        alone = _("In the circle, only you can see this.") if guests else _("Only you can see this.")
        return f"{alone} {guests}".strip()
    seen = _("%(names)s can see this.") % {"names": some_names(others)}
    return f"{seen} {who_can_change(audience)} {guests}".strip()


def guests_can_see(audience: AudienceView) -> str:
    """Told to owners alone, who alone are shown that there are guest links."""
    count = audience.guest_links
    said = ngettext("%(count)s guest link opens it, too.", "%(count)s guest links open it, too.", count)
    return said % {"count": count} if count else ""


def who_can_change(audience: AudienceView) -> str:
    """Needs the audience of one section, asked for by its key: then it holds how much each may do."""
    able = [one for one in audience.members if audience.levels[one.id].rank >= Level.EDIT.rank]
    others = [one.display_name for one in able if not one.is_me]
    me = len(others) < len(able)
    if not able:
        return _("Nobody can change it now.")
    if not others:
        return _("Only you can change it.")
    names = [_("You"), *others] if me else others
    return _("%(names)s can change it.") % {"names": some_names(names)}


def effect_sentences(effects: Sequence[EffectView]) -> list[str]:
    """What a change will do, by names, those who lose first."""
    said = []
    for words in (_then_nothing, _then_less_or_more, _then_something, _then_versions, _stays_closed, _begins_later):
        said += words(effects)
    return said


def _then_nothing(effects: Sequence[EffectView]) -> list[str]:
    lost = [one for one in effects if one.before.level is not Level.NONE and one.after.level is Level.NONE]
    return _about(lost, _("%(names)s will not see this any more."))


def _then_less_or_more(effects: Sequence[EffectView]) -> list[str]:
    words = {
        Level.READ: _("%(names)s will only see this."),
        Level.COMMENT: _("%(names)s will see this and can comment."),
        Level.SUGGEST: _("%(names)s will see this and can suggest changes."),
        Level.EDIT: _("%(names)s will see this and can change it."),
        Level.MANAGE: _("%(names)s will decide about this."),
    }
    moved = [
        one
        for one in effects
        if Level.NONE
        not in {
            one.before.level,
            one.after.level,
        }
    ]
    return _by_level([one for one in moved if one.before.level is not one.after.level], words)


def _then_something(effects: Sequence[EffectView]) -> list[str]:
    words = {
        Level.READ: _("%(names)s will now see this."),
        Level.COMMENT: _("%(names)s will now see this and can comment."),
        Level.SUGGEST: _("%(names)s will now see this and can suggest changes."),
        Level.EDIT: _("%(names)s will now see this and can change it."),
        Level.MANAGE: _("%(names)s will decide about this."),
    }
    return _by_level([one for one in effects if one.before.level is Level.NONE], words)


def _then_versions(effects: Sequence[EffectView]) -> list[str]:
    staying = [one for one in effects if one.after.level is not Level.NONE]
    gained = [one for one in staying if one.after.history and not one.before.history]
    lost = [one for one in staying if one.before.history and not one.after.history]
    return [
        *_about(gained, _("%(names)s will also see earlier versions.")),
        *_about(lost, _("%(names)s will not see earlier versions any more.")),
    ]


def _stays_closed(effects: Sequence[EffectView]) -> list[str]:
    both = [one for one in effects if one.before.level is one.after.level is Level.NONE]
    closed = [one for one in both if one.after.given and one.after.given.withheld]
    return _about(closed, _("This stays closed to %(names)s, even when their group may see it."))


def _begins_later(effects: Sequence[EffectView]) -> list[str]:
    """What was chosen counts from a day to come: until then, nothing of it shows in the levels."""
    chosen = [(one.after.given, one) for one in effects if one.after.given and not one.after.given.withheld]
    waits = [(given.from_on, one) for given, one in chosen if given.from_on and given.level is not one.after.level]
    words = _("What you chose for %(names)s begins on %(day)s.")
    return [words % {"names": one.after.member.display_name, "day": day(at, ZoneInfo("UTC"))} for at, one in waits]


def _by_level(effects: Sequence[EffectView], words: dict[Level, str]) -> list[str]:
    levels = [level for level in words if any(one.after.level is level for one in effects)]
    return [
        said for level in levels for said in _about([one for one in effects if one.after.level is level], words[level])
    ]


def _about(effects: Sequence[EffectView], words: str) -> list[str]:
    names = [one.after.member.display_name for one in effects]
    return [words % {"names": all_names(names)}] if names else []
