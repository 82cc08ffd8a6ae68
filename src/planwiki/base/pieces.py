"""Cuts a text into lines, words or sentences. Joined again, the pieces are the text, to the byte."""

import re

from planwiki.base.text import UNSPACED

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

# A word keeps what belongs inside it: apostrophes, hyphens, marks, joined emoji. All other signs stand alone.
_SIGNS = (
    r"\s!-/:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f"
)
_WORD = rf"[^{_SIGNS}{UNSPACED}]+"
_WORDS = re.compile(rf"\r\n|\r|\n|[^\S\r\n]+|{_WORD}(?:['\u2019\-]{_WORD})*|.", re.DOTALL)

# A sentence ends with its line, with a full stop (and closing quote) before a space, or with a CJK full stop.
_BETWEEN_SENTENCES = re.compile(
    r"(\r\n|\r|\n|(?:(?<=[.!?\u2026])|(?<=[.!?\u2026][\"'\u2019\u201d)\]]))[^\S\r\n]+|(?<=[\u3002\uff01\uff1f]))"
)


def lines(text: str) -> list[str]:
    """Each with its line end."""
    return _LINES.findall(text)


def words(text: str) -> list[str]:
    """Words, runs of spaces, line ends and single signs."""
    return _WORDS.findall(text)


def sentences(text: str) -> list[str]:
    """Sentences (a heading or list item is one too); the spaces and line ends between them are pieces of their own."""
    return [piece for piece in _BETWEEN_SENTENCES.split(text) if piece]


def spaced_sentences(text: str) -> list[str]:
    """Sentences, each with the spaces or the line end after it."""
    joined: list[str] = []
    for piece in sentences(text):
        if joined and piece.isspace():
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined
