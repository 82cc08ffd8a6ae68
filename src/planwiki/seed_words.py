"""Made-up texts for benchmarks, of the length and shape people write, from words that mean nothing much.

A text is a few pieces in a row. Each piece was laid out once, and never touches one that Markdown would join it to:
so the pieces' HTML in a row is the HTML of the pieces in a row, and millions of texts cost next to nothing.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from planwiki.base.markdown import plain, render
from planwiki.plans.rules import searchable

_EVERYDAY = (
    "and the to with when my is like good day music quiet friends walk home help people morning school time slowly "
    "food sea garden bus sing warm laugh dog picture words please enjoy important always sometimes before after"
)
EVERYDAY = tuple(_EVERYDAY.split())
RARE, PIECES = 4_000, 300


class Text(NamedTuple):
    """Markdown, the same as safe HTML, and its words as the search index keeps them."""

    markdown: str
    html: str
    words: str


class Writer:
    """Writes texts of about a thousand characters."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._rare = [_invented(chance) for _ in range(RARE)]
        self._headings = self._pieces(lambda: f"### {self._sentence(3)}")
        self._paragraphs = self._pieces(lambda: " ".join(self._sentence(12) for _ in range(5)))
        self._lists = self._pieces(lambda: "\n".join(f"* {self._sentence(6)}" for _ in range(4)))
        self._quotes = self._pieces(lambda: f"> **{self._sentence(4)}** {self._sentence(10)}")

    def text(self) -> Text:
        kinds = (self._paragraphs, self._lists, self._headings, self._paragraphs, self._quotes)
        pieces = [kind[int(self._chance.random() * PIECES)] for kind in kinds]
        return Text(
            "\n\n".join(piece.markdown for piece in pieces),
            "".join(piece.html for piece in pieces),
            " ".join(piece.words for piece in pieces),
        )

    def title(self) -> str:
        return self._sentence(3).rstrip(".")

    def _pieces(self, write: Callable[[], str]) -> list[Text]:
        return [_laid_out(write()) for _ in range(PIECES)]

    def _sentence(self, length: int) -> str:
        """Half everyday words; of the rare ones, some are much rarer than others."""
        words = [self._chance.choice(EVERYDAY) for _ in range(length)]
        for place in range(0, length, 2):
            words[place] = self._rare[int(RARE * self._chance.random() ** 3)]
        return f"{' '.join(words).capitalize()}."


def _laid_out(markdown: str) -> Text:
    return Text(markdown, render(markdown), searchable("", plain(markdown)))


def _invented(chance: Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))
