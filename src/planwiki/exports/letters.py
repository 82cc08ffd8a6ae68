"""Words that fit the paper, and signs that can be drawn.

No letter is dropped in silence. A sign that no face has is drawn as one of our pictures, or named in words; where a
letter is missing altogether, a `?` stands for it, and the paper says so.
"""

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from planwiki.base.language import _
from planwiki.base.markdown_tree import Inline
from planwiki.web.rendering import STATIC, pictures

PICTURES, LETTERS = STATIC / "pictures", STATIC / "letters"
_LONG = re.compile(r"\S{24,}")
_PIECE = 16
_JOINERS = frozenset({"Cf", "Cc", "Mn", "Me", "Cs", "Co", "Cn"})
_FORBIDDEN = "\ufeff\ufffe"  # By PDF/UA.


@cache
def signs() -> dict[str, tuple[str, str]]:
    """The signs that one of our pictures shows: its file and what it is called."""
    kept = json.loads((PICTURES / "index.json").read_text("utf-8"))
    single = {name: one for name, one in kept.items() if "-" not in one["hexcode"]}
    return {chr(int(one["hexcode"], 16)): (f"{name}.svg", one["label"]) for name, one in single.items()}


class Letters:
    """What can be printed of some words. Gathers the pictures of signs, and whether a letter was lost."""

    def __init__(self, missing: frozenset[str]) -> None:
        self.missing, self.lost = missing, False
        self.shipped: dict[str, Path] = {}

    def shipped_picture(self, name: str) -> str:
        known = name if name in {one.name for one in pictures()} else "page"
        self.shipped[f"{known}.svg"] = PICTURES / f"{known}.svg"
        return f"{known}.svg"

    def signed(self, text: str) -> Inline:
        """Words, with signs that one of our pictures shows drawn in the line."""
        made, words = Inline(), ""
        for letter in text:
            if letter not in signs():
                words += letter
                continue
            file, label = signs()[letter]
            self.shipped[file] = PICTURES / file
            made += [self.plain(words), {"is": "sign", "file": file, "words": _(label)}]
            words = ""
        return [one for one in (*made, self.plain(words)) if one]

    def plain(self, text: str) -> str:
        """What can be printed of it, with places to break where a word is longer than a line."""
        said = "".join(self.letter(one) for one in text)
        return _LONG.sub(lambda long: "\u200b".join(_pieces(long[0])), said)

    def letter(self, letter: str) -> str:
        if letter in _FORBIDDEN:
            return ""
        if letter == "\n" or (letter not in self.missing and unicodedata.category(letter) not in {"Cc", "Cs"}):
            return letter
        if unicodedata.category(letter) in _JOINERS or "\U0001f3fb" <= letter <= "\U0001f3ff":
            return ""
        if unicodedata.category(letter).startswith(("S", "P", "Z")):
            return f"({unicodedata.name(letter, '?').lower()})"
        self.lost = True
        return "?"


def _pieces(word: str) -> Sequence[str]:
    return [word[at : at + _PIECE] for at in range(0, len(word), _PIECE)]
