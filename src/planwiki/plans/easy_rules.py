"""The lines of easy words while somebody writes them: what each button does to them. No database, no web."""

from collections.abc import Sequence
from typing import NamedTuple

from planwiki.base.errors import FieldError, Invalid
from planwiki.base.language import _

BEGIN_WITH = 3  # Empty lines on a page where nothing is written yet.


class Row(NamedTuple):
    """One line as it is typed: perhaps empty, perhaps too long."""

    words: str = ""
    picture: str = ""


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
