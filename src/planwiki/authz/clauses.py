"""Two small pieces of SQL that the rule is made of."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, exists, literal_column
from sqlalchemy.sql.selectable import Exists


def there_is(own: FromClause | Iterable[FromClause], *conditions: ColumnElement[bool]) -> Exists:
    """There is such a row. Every other table named inside belongs to the questions around it, never to this one."""
    tables = (own,) if isinstance(own, FromClause) else tuple(own)
    return exists().where(*conditions).correlate_except(*tables)


def is_word(column: Any, *words: StrEnum) -> ColumnElement[bool]:
    """The column holds one of these words of a closed set, written into the statement: they never vary."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return column.op("IN", is_comparison=True)(literal_column(f"({listed})"))
