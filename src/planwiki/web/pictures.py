"""Choosing a picture: by a word, or from a few that fit most sections."""

from planwiki.base.text import fold, words

from .rendering import Picture, pictures

MOST = 36
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


def offered_first(chosen: str | None) -> list[Picture]:
    """The one that is chosen now, and a few that fit most sections."""
    return [one for one in pictures() if one.name == chosen] + [
        one for one in pictures() if one.name in _FIRST and one.name != chosen
    ]


def found_by(asked: str) -> list[Picture]:
    """Pictures with a word that begins like each word asked for; the best fit first, at most MOST."""
    sought = words(asked)[:10]
    found = [one for one in pictures() if all(_begins(one, word) for word in sought)] if sought else []
    return sorted(found, key=lambda one: fold(one.label) != " ".join(sought))[:MOST]


def _begins(one: Picture, word: str) -> bool:
    return any(known.startswith(word) for known in words(f"{one.name} {one.label} {one.words}"))
