"""All that somebody may do with a section, as one number with a bit for each permission: one column in place of six."""

import operator
from collections.abc import Callable, Mapping
from functools import cache, reduce
from typing import Any

from sqlalchemy import ColumnElement, case, literal_column

from planwiki.base.vocabulary import Permission

NOTHING: ColumnElement[int] = literal_column("0")
_BITS = {one: 1 << place for place, one in enumerate(Permission)}
READING = _BITS[Permission.READ]


@cache
def permissions_in(held: int) -> frozenset[Permission]:
    """The permissions that a number holds. There are few such numbers, and many rows."""
    return frozenset(one for one, bit in _BITS.items() if held & bit)


def _as_it_is(bit: Any) -> Any:
    return bit


def bits(answers: Mapping[Permission, ColumnElement[bool]], each: Callable[[Any], Any] = _as_it_is) -> Any:
    """SQL: the number with the bit of every permission whose answer is yes; `each` is done to every bit first."""
    found = [each(case((yes, literal_column(str(_BITS[one]))), else_=NOTHING)) for one, yes in answers.items()]
    return reduce(operator.add, found)
