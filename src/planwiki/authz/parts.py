"""Small parts of the rule, as SQL."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import FromClause, exists, literal_column, or_
from sqlalchemy.sql.selectable import Exists

from planwiki.base.vocabulary import Label

from .seers import Yes


def exists_such(own: FromClause | Iterable[FromClause], *conditions: Yes) -> Exists:
    """There is such a row. Every other table named inside belongs to the questions around it, never to this one."""
    tables = (own,) if isinstance(own, FromClause) else tuple(own)
    return exists().where(*conditions).correlate_except(*tables)


def is_one_of(column: Any, *words: StrEnum) -> Yes:
    """The column holds one of these words of a closed set, written into the statement: they never vary."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return column.op("IN", is_comparison=True)(literal_column(f"({listed})"))


def is_known(member: Any, label: Any) -> Yes:
    """An owner confirmed who came; before that, everyday sections alone open."""
    return or_(member.confirmed_at.is_not(None), is_one_of(label, Label.EVERYDAY))
