"""Text that comes in: what we take, and how it is folded into words to search for.

Refusals are kind sentences with a code, and never repeat what was sent. What is taken is kept as it came: a body is not
touched at all, line ends included; a single line loses the spaces around it and marks that turn its direction.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

LINE_LENGTH = 200
MESSAGE_LENGTH = 2_000
REMARK_LENGTH = 10_000
BODY_LENGTH = 100_000

# C0 controls but tab and line ends; halves of surrogate pairs; the two code points XML cannot hold (documents are XML).
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# In one line also no tabs and no line ends of any kind.
_NEVER_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Marks that turn the direction of words around them. Phones add them to copied numbers; a name could hide behind one.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Looks like nothing, though it is not white space: joiners, soft hyphens, fillers.
_UNSEEN = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Scripts that put no space between words (Thai to Lao, Burmese, Khmer, kana, Han): each sign is a word to search for.
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_UNSPACED = re.compile(f"[{UNSPACED}]")
_ASCII_WORD = re.compile("[0-9a-z]+")
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019\u02bc]s(?!\w)")
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u02bc](?=\w)")


def _line(text: str) -> str:
    text = _TURNING.sub("", text).strip()
    if len(text) > LINE_LENGTH:
        raise _too_long(LINE_LENGTH)
    if _UNSEEN.fullmatch(text):
        raise PydanticCustomError("too-short", "Please write something here.")
    if _NEVER_IN_A_LINE.search(text):
        raise PydanticCustomError("bad-characters", "This has to be one line. It holds a sign we cannot keep.")
    return text


def _at_most(length: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > length:
            raise _too_long(length)
        if _NEVER.search(text):
            raise PydanticCustomError("bad-characters", "The text holds a hidden sign that we cannot keep.")
        return text

    return check


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise PydanticCustomError("bad-key", "Use small letters a to z, digits and hyphens. At most 64.")
    return text


def _too_long(length: int) -> PydanticCustomError:
    return PydanticCustomError("too-long", "This is too long. Use at most {length} letters.", {"length": length})


def _said(**schema: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **schema})


Line = Annotated[str, AfterValidator(_line), _said(minLength=1, maxLength=LINE_LENGTH)]
"""A name or title: one line, 1 to 200 characters, without the spaces around it."""

Message = Annotated[str, AfterValidator(_at_most(MESSAGE_LENGTH)), _said(maxLength=MESSAGE_LENGTH)]
"""A few plain lines, at most 2,000 characters, kept to the byte."""

Remark = Annotated[str, AfterValidator(_at_most(REMARK_LENGTH)), _said(maxLength=REMARK_LENGTH)]
"""The Markdown of something said beside a text: at most 10,000 characters, kept to the byte."""

Body = Annotated[str, AfterValidator(_at_most(BODY_LENGTH)), _said(maxLength=BODY_LENGTH)]
"""The Markdown of a section: at most 100,000 characters, kept to the byte."""

Key = Annotated[str, AfterValidator(_key), _said(pattern=f"^{_KEY.pattern}$")]
"""A name that can stand in an address."""


def fold(text: str) -> str:
    """The same text for any spelling a searcher may use: small letters, no accents, no width or ligature variants.

    Marks that make another letter (nukta, virama, kana voicing, vowels of Thai and its neighbours) stay.
    """
    if text.isascii():
        return text.lower()
    # Folding case can undo the normal form and the other way round; the second turn settles it (Unicode 3.13, D146).
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", "".join(filter(_stays, unicodedata.normalize("NFKD", text))))


def _stays(character: str) -> bool:
    if character.isascii():
        return True
    mark = unicodedata.combining(character)
    return (mark in {0, 7, 8, 9} or 84 <= mark <= 132) and unicodedata.category(character) != "Cf"


def words(text: str) -> list[str]:
    """The words to search for, folded, in order: letters and digits; `Maya's` gives maya, `don't` gives dont."""
    text = fold(text)
    if "'" in text or not text.isascii():
        text = _APOSTROPHE.sub("", _POSSESSIVE.sub("", text))
    if text.isascii():  # The same, thirty times as fast.
        return _ASCII_WORD.findall(text)
    text = _UNSPACED.sub(r" \g<0> ", text)
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text).split()
