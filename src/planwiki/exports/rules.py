"""What can be printed, and what each paper begins with. No database, no web."""

import html
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from planwiki.base.language import _
from planwiki.base.vocabulary import Label, MediaKind
from planwiki.media.schemas import MediaView
from planwiki.plans.rules import reading_order
from planwiki.plans.schemas import SectionView


class LayoutName(StrEnum):
    PROFILE = "profile"
    PASSPORT = "passport"
    PLAN = "plan"
    CARD = "card"


class Colour(StrEnum):
    """What to read first. Said in words and shown by a shape too, never by colour alone."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class Layout(NamedTuple):
    """A paper as it is offered: what it is called, what it is for, and the name of its file, which names nobody."""

    name: LayoutName
    title: str
    words: str
    picture: str
    heading: str
    file: str


LAYOUTS = (
    Layout(
        LayoutName.PROFILE,
        _("One page about me"),
        _("What people like, what matters, and how to help. For somebody new."),
        "star",
        _("One page about %(name)s"),
        "one-page-profile",
    ),
    Layout(
        LayoutName.PASSPORT,
        _("Hospital passport"),
        _("Red, amber and green: what to know first. For a stay away from home."),
        "hospital",
        _("%(name)s’s hospital passport"),
        "hospital-passport",
    ),
    Layout(
        LayoutName.PLAN,
        _("The plan, or parts of it"),
        _("The parts you choose, one after another. For a meeting."),
        "book",
        "%(title)s",
        "plan",
    ),
    Layout(
        LayoutName.CARD,
        _("Pocket cards"),
        _("As small as a bank card. For a pocket or a bag."),
        "me",
        "%(name)s",
        "pocket-cards",
    ),
)
BANDS = {
    Colour.RED: _("Red: things you must know about me"),
    Colour.AMBER: _("Amber: things that matter to me"),
    Colour.GREEN: _("Green: things I like and hope for"),
}
SHORT = {
    Colour.RED: _("Red: must know"),
    Colour.AMBER: _("Amber: matters"),
    Colour.GREEN: _("Green: likes and hopes"),
}
TAKE, COLOUR, CHOSEN, LARGE, YES = "take-", "colour-", "chosen", "large", "yes"
EASY = "easy"
MOVED_ON = _("The full words have changed since these were written.")
IN_EASY_WORDS = frozenset({LayoutName.PROFILE, LayoutName.PLAN})  # Where there is room for them.

# What a paper does not begin with: somebody has to choose it.
_CAREFUL = frozenset(
    {Label.INTIMATE, Label.RELATIONSHIPS, Label.MONEY, Label.DIARY, Label.FAMILY_BUSINESS, Label.WHEREABOUTS}
)
_AT_ONCE = frozenset({Label.HEALTH, Label.SAFETY})
# About Me headings and the keys of our templates, by what they tell. A key counts when it begins like one of these.
_LIKED = ("great-things", "what-people-like")
_MATTERS = ("what-is-most-important-to-me", "what-matters", "important-to-me", "most-important", "a-good-life")
_TALKS = ("how-i-communicate",)
_SUPPORT = ("how-and-when-to-support-me", "support-me", "how-to-support", "what-helps", "please-do")
_HOPES = ("dreams", *_LIKED, "also-worth-knowing", "friends-and-community", "work-and-learning")
_MUST_KNOW = (*_TALKS, "my-wellness", "how-and-when-to-support-me", "support-me", "how-to-support", "good-health")
_IN_PROFILE = (_LIKED, _MATTERS, (*_TALKS, *_SUPPORT))

# As the renderer writes it; what a value holds may be any sign but its own mark.
_PLAYER = re.compile(r'<(?P<tag>audio|video)(?P<told>(?:[^">]|"[^"]*")*)></(?P=tag)>')
_TOLD = re.compile(r'([a-z-]+)="([^"]*)"')


class Choice(NamedTuple):
    """Whether a section goes on the paper, and its colour there."""

    section: SectionView
    taken: bool
    colour: Colour


def layout_named(name: LayoutName) -> Layout:
    """In the language of the request."""
    return next(one for one in layouts() if one.name is name)


def layouts() -> list[Layout]:
    """Every paper, in the language of the request."""
    return [one._replace(title=_(one.title), words=_(one.words), heading=_(one.heading)) for one in LAYOUTS]


def said(words: Mapping[Colour, str]) -> dict[Colour, str]:
    return {colour: _(one) for colour, one in words.items()}


def is_easy(layout: LayoutName, asked: Mapping[str, str]) -> bool:
    """Is it asked for in easy words, and does this paper come in them?"""
    return layout in IN_EASY_WORDS and asked.get(EASY) == YES


def called(kind: MediaKind, words: str) -> str:
    """What stands on paper where something plays."""
    names = {MediaKind.SOUND: _("Sound: %(words)s"), MediaKind.VIDEO: _("Film: %(words)s")}
    return names.get(kind, "%(words)s") % {"words": words}


def heard(media: MediaView, name: str) -> str:
    """Stands before what is said in it. Of sound and film without words it tells just that: nobody hears paper."""
    plays = media.kind in {MediaKind.SOUND, MediaKind.VIDEO}
    if (media.transcript_markdown or "").strip():
        return (_("What is said in “%(name)s”:") if plays else _("More about “%(name)s”:")) % {"name": name}
    return _("What is said in “%(name)s” is not written down yet.") % {"name": name} if plays else ""


def without_players(shown: str, media: Iterable[MediaView]) -> str:
    """HTML of ours, with the name of each sound and film in its place in the line."""
    names = {one.address: one.words for one in media}

    def named(found: re.Match[str]) -> str:
        told = {name: html.unescape(value) for name, value in _TOLD.findall(found["told"])}
        kind = MediaKind.VIDEO if found["tag"] == "video" else MediaKind.SOUND
        words = told.get("aria-label") or names.get(told.get("src", ""), "")
        return f"<em>{html.escape(called(kind, words).strip())}</em>"

    return _PLAYER.sub(named, shown)


def choices(
    layout: LayoutName, sections: Sequence[SectionView], asked: Mapping[str, str], more: Collection[UUID] = ()
) -> list[Choice]:
    """Each section that has words, in the order of the paper, as it was chosen, or as the paper begins.

    `asked` may hold anything: what is not about one of `sections` counts for nothing. `more`: those with more
    than full words.
    """
    written = [one for one in reading_order(list(sections)) if one.body_markdown.strip() or one.id in more]
    anew = asked.get(CHOSEN) != YES
    made = [
        Choice(
            one,
            begins_with(layout, one) if anew else asked.get(f"{TAKE}{one.key}") == YES,
            _colour(asked.get(f"{COLOUR}{one.key}", ""), one),
        )
        for one in written
    ]
    return sorted(made, key=lambda one: _place(layout, one))


def begins_with(layout: LayoutName, section: SectionView) -> bool:
    """Does this paper hold this section before anybody chose?"""
    if layout is LayoutName.PLAN:
        return section.label is not Label.DIARY
    if section.label in _CAREFUL:
        return False
    if layout is LayoutName.PASSPORT:
        return _is_about(section, (*_MUST_KNOW, *_MATTERS, *_SUPPORT, *_HOPES)) or section.label in _AT_ONCE
    return _is_about(section, (*_TALKS, *_SUPPORT) if layout is LayoutName.CARD else sum(_IN_PROFILE, ()))


def colour_of(section: SectionView) -> Colour:
    """Where a hospital passport has it, before anybody chose."""
    if section.label in _AT_ONCE or _is_about(section, _MUST_KNOW):
        return Colour.RED
    return Colour.GREEN if _is_about(section, _HOPES) else Colour.AMBER


def _colour(asked: str, section: SectionView) -> Colour:
    return Colour(asked) if asked in set(Colour) else colour_of(section)


def _is_about(section: SectionView, told: Sequence[str]) -> bool:
    return section.mapping.prsb in told or section.key.startswith(tuple(told))


def _place(layout: LayoutName, one: Choice) -> int:
    """Sections of one place stay in reading order."""
    if layout is LayoutName.PASSPORT:
        return list(Colour).index(one.colour)
    if layout is LayoutName.PROFILE:
        return next((at for at, told in enumerate(_IN_PROFILE) if _is_about(one.section, told)), len(_IN_PROFILE))
    return 0
