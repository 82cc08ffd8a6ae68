"""Sentences about people that several pages say: who can see a section, who can change it, what a change comes to."""

from collections.abc import Sequence
from gettext import NullTranslations

from planwiki.base.vocabulary import Level
from planwiki.circle.schemas import AudienceView

_shipped = NullTranslations()  # English, as it is written here, until there are other languages.
_, ngettext = _shipped.gettext, _shipped.ngettext

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
    if not others:
        return _("Only you can see this.")
    return f"{_('%(names)s can see this.') % {'names': some_names(others)}} {who_can_change(audience)}"


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
