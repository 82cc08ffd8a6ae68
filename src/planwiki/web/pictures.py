"""Choosing a picture: by a word, by what it is about, or from a few that fit most sections.

A search forgives: one or many ("buses" finds the bus), how a word ends ("swim" finds swimming), and a slip of the
finger ("hapy" finds happy). What fits best comes first; where no picture has all the words, those that have some come.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from planwiki.base.language import _
from planwiki.base.text import words

from .rendering import Picture, pictures

MOST = 24  # Of one page of pictures.
_FIRST = (
    *("star", "heart", "people", "family", "friends", "talking", "home-garden", "school", "work", "music", "food"),
    *(
        "health",
        "happy",
        "quiet",
        "sleep",
        "clothes",
        "money",
        "bus",
        "park",
        "dog",
        "book",
        "dreams",
        "target",
        "lock",
    ),
)
# What pictures are about, in the order to offer it: its name, its words, and a picture that stands for it.
_GROUPS = {
    "people": (_("People"), "people"),
    "feelings": (_("Feelings"), "happy"),
    "body": (_("Body and health"), "health"),
    "food": (_("Food and drink"), "food"),
    "home": (_("Home and clothes"), "house"),
    "school": (_("School and work"), "school"),
    "places": (_("Places"), "map"),
    "travel": (_("Getting about"), "bus"),
    "fun": (_("Fun"), "football"),
    "animals": (_("Animals"), "dog"),
    "weather": (_("Weather and outside"), "sun"),
    "talking": (_("Talking and telling"), "talking"),
    "time": (_("Time"), "clock"),
    "signs": (_("Signs"), "stop"),
}
_SMALL = frozenset(
    ["a", "an", "and", "at", "for", "i", "in", "is", "it", "me", "my", "of", "on", "or", "the", "to", "with"]
)
_ENDS = ("ies", "ing", "es", "ed", "s", "y", "e")
_SAME, _BEGINS, _NEAR = 3, 2, 1  # How well a word fits.


class Group(NamedTuple):
    """What some pictures are about."""

    name: str
    label: str
    picture: str


class Found(NamedTuple):
    """One page of pictures, and the number of the next page where there is one."""

    pictures: list[Picture]
    next: int | None


def groups() -> list[Group]:
    return [Group(name, _(label), picture) for name, (label, picture) in _GROUPS.items()]


def offered_first(chosen: str | None) -> list[Picture]:
    """The one that is chosen now, and a few that fit most sections."""
    return [one for one in pictures() if one.name == chosen] + [
        one for one in pictures() if one.name in _FIRST and one.name != chosen
    ]


def choice(asked: str, group: str, number: int, chosen: str | None = None) -> Found:
    """What a page of choosing shows: what a word finds, or what is about something, or a few to begin with."""
    if asked.strip():
        return _page(found_by(asked), number)
    about = [one for one in pictures() if one.group == group]
    return _page(about, number) if about else Found(offered_first(chosen), None)


def _page(found: Sequence[Picture], number: int) -> Found:
    number = max(number, 1)
    shown = list(found[(number - 1) * MOST : number * MOST])
    return Found(shown, number + 1 if len(found) > number * MOST else None)


def found_by(asked: str) -> list[Picture]:
    """Pictures that have all the words asked for, the best fit first; where there is none, those that have some."""
    sought = [word for word in words(asked)[:10] if word not in _SMALL] or words(asked)[:10]
    meant = [_meant(word) for word in sought]
    fits = [(one, [_fit(one, word) for word in meant]) for one in pictures()]
    found = [(one, fit) for one, fit in fits if all(fit)] or [(one, fit) for one, fit in fits if any(fit)]
    return [one for one, fit in sorted(found, key=lambda pair: -sum(pair[1]))] if sought else []


class _Meant(NamedTuple):
    word: str
    root: str
    near: frozenset[str]


def _meant(word: str) -> _Meant:
    """A word with its root. Where no picture has it, the known words that look most like it."""
    known, root = _known_words(), _root(word)
    if any(_root(one) == root or one.startswith(word) for one in known):
        return _Meant(word, root, frozenset())
    return _Meant(word, root, frozenset(get_close_matches(word, known, n=3, cutoff=0.8)))


def _fit(one: Picture, meant: _Meant) -> float:
    """The words it is called count for a little more than the other words to find it by."""
    called, other = _folded(one.label), _folded(f"{one.name} {one.words}")
    return max(_best(called, meant) * 1.5, _best(other, meant))


def _best(known: Sequence[str], meant: _Meant) -> float:
    """A picture that is called by this word alone fits best."""
    alone = 1 / len(known) if known else 0
    return max((step + alone for step in (_step(word, meant) for word in known) if step), default=0.0)


def _step(word: str, meant: _Meant) -> int:
    if word == meant.word or _root(word) == meant.root:
        return _SAME
    if word.startswith(meant.word) or (len(meant.root) > 3 and word.startswith(meant.root)):
        return _BEGINS
    return _NEAR if word in meant.near else 0


@cache
def _root(word: str) -> str:
    """A word without how it ends, roughly: enough to tell that `parties` and `party` belong together."""
    for end in _ENDS:
        if word.endswith(end) and len(word) - len(end) >= 3 and not (end == "s" and word.endswith("ss")):
            root = word[: -len(end)]
            return root[:-1] if end in {"ing", "ed"} and len(root) > 3 and root[-1] == root[-2] else root
    return word


def _known_words() -> set[str]:
    return {word for one in pictures() for word in _folded(f"{one.name} {one.label} {one.words}")}


@cache
def _folded(text: str) -> tuple[str, ...]:
    """Shipped words never change."""
    return tuple(words(text))
