"""The language in which people are answered, while one request lasts.

What nobody has translated is said as it stands in the code: in English. Words that are gathered before anybody asks,
such as a table of sentences, go through `_` so that they are found, and once more when they are said.
"""

from contextvars import ContextVar
from gettext import NullTranslations
from typing import NamedTuple


class Language(NamedTuple):
    """A tag for browsers, such as en-GB, and the words that were translated into it."""

    tag: str
    words: NullTranslations


ENGLISH = Language("en-GB", NullTranslations())
_spoken: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def speak(language: Language) -> None:
    """From now on in this request. Each request is a task of its own, so this ends with it."""
    _spoken.set(language)


def spoken() -> str:
    """The tag of the language of this request."""
    return _spoken.get().tag


def gettext(message: str) -> str:
    return _spoken.get().words.gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    return _spoken.get().words.ngettext(one, many, count)


_ = gettext
