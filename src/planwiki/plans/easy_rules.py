"""The lines of easy words while somebody writes them: what each button does to them. No database, no web."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planwiki.base.errors import FieldError, Invalid
from planwiki.base.language import _

from .easy_schemas import EasyLine

BEGIN_WITH = 3  # Empty lines on a page where nothing is written yet.

_LINE = re.compile(r"words-(\d{1,3})")


class Row(NamedTuple):
    """One line as it is typed: perhaps empty, perhaps too long."""

    words: str = ""
    picture: str = ""


def rows_in(sent: Mapping[str, str]) -> list[Row]:
    """The lines of a form, in their order: `words-0` with `picture-0`, and so on."""
    numbers = sorted(int(found[1]) for name in sent if (found := _LINE.fullmatch(name)))
    return [Row(sent[f"words-{number}"], sent.get(f"picture-{number}", "")) for number in numbers]


def fields_of(rows: Sequence[Row]) -> dict[str, str]:
    """The same lines as fields again."""
    return {f"{part}-{at}": getattr(row, part) for at, row in enumerate(rows) for part in ("words", "picture")}


def rows_of(lines: Iterable[EasyLine]) -> list[Row]:
    return [Row(line.words, line.picture or "") for line in lines]


def says_the_same(rows: Sequence[Row], lines: Iterable[EasyLine]) -> bool:
    """Would saving these lines change nothing that can be read?"""
    return [(row.words.strip(), row.picture) for row in filled(rows)] == [tuple(row) for row in rows_of(lines)]


def split(rows: Sequence[Row]) -> list[Row]:
    """A line for each line that was typed or pasted into one box. Its picture stays with the first."""
    apart: list[Row] = []
    for row in rows:
        first, *more = [line for line in row.words.splitlines() if line.strip()] or [""]
        apart += [Row(first, row.picture), *(Row(line) for line in more)]
    return apart


def begun(rows: Sequence[Row]) -> list[Row]:
    return list(rows) or [Row()] * BEGIN_WITH


def one_more(rows: Sequence[Row], at: int) -> list[Row]:
    return [*rows[:at], Row(), *rows[at:]]


def without(rows: Sequence[Row], at: int) -> list[Row]:
    return [*rows[:at], *rows[at + 1 :]]


def moved(rows: Sequence[Row], at: int, to: int) -> list[Row]:
    if not (0 <= at < len(rows) and 0 <= to < len(rows)):
        return list(rows)
    rest = without(rows, at)
    return [*rest[:to], rows[at], *rest[to:]]


def with_picture(rows: Sequence[Row], at: int, picture: str) -> list[Row]:
    return [row._replace(picture=picture) if place == at else row for place, row in enumerate(rows)]


def filled(rows: Sequence[Row]) -> list[Row]:
    """Without the lines that nobody wrote in."""
    return [row for row in rows if row.words.strip() or row.picture]


def check_words(rows: Sequence[Row]) -> None:
    """A picture alone says nothing to somebody who cannot see it."""
    alone = [place for place, row in enumerate(rows) if not row.words.strip()]
    if alone:
        message = _("Please write a few words beside this picture.")
        raise Invalid(message, *(FieldError(f"/lines/{place}/words", "too-short", message) for place in alone))
