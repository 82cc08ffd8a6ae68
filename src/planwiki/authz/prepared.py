"""A question as the database's driver is asked it.

SQLAlchemy puts it together, once. Asking goes straight to the driver: what SQLAlchemy does around each statement
(events, records of the execution) takes six times what SQLite needs to answer.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Select

Turn = Callable[[Any], Any]


class Prepared:
    """One question for one dialect. What varies comes with each asking, so that many may ask at once."""

    def __init__(self, question: Select[Any], dialect: Dialect) -> None:
        compiled: Any = question.compile(dialect=dialect)
        names: dict[str, Any] = {name: one for one, name in compiled.bind_names.items()}
        self._varying = [name for name, one in names.items() if one.required]
        self._is_given_lists = any(names[name].expanding for name in self._varying)
        # With a place for each value of a list that never varies.
        whole = compiled.construct_expanded_state(dict.fromkeys(self._varying))
        self._question, self._dialect, self._words = question, dialect, whole.statement
        self._writes = {name: _as_bound(one.type, dialect) for name, one in names.items()} | whole.processors
        self._always = {name: self._write(name, value) for name, value in whole.parameters.items()}
        self._columns = list(question.selected_columns)
        self._row = _row_of([str(column.key) for column in self._columns])
        self._reads: list[tuple[int, Turn]] | None = None

    def rows(self, connection: Connection, given: dict[str, Any]) -> list[Any]:
        """Tuples, each value under its column's name too. Raises what SQLAlchemy raises."""
        if self._is_given_lists:  # How many places a list takes is known only now.
            return list(connection.execute(self._question, given))
        try:
            return self._ask(connection, given)
        except self._dialect.loaded_dbapi.Error:  # SQLAlchemy knows what to make of it, and whether a connection ended.
            return list(connection.execute(self._question, given))

    def _ask(self, connection: Connection, given: dict[str, Any]) -> list[Any]:
        varying = {name: self._write(name, given[name]) for name in self._varying}
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._words, self._always | varying)
            found = cursor.fetchall()
            return self._read(found, cursor.description) if found else []
        finally:
            cursor.close()

    def _write(self, name: str, value: Any) -> Any:
        turn = self._writes.get(name)
        return turn(value) if turn else value

    def _read(self, found: Sequence[Any], told: Any) -> list[Any]:
        """The driver's rows as ours, column by column. `told` is what the driver says of each column."""
        if self._reads is None:
            turns = (_as_read(one.type, said[1], self._dialect) for one, said in zip(self._columns, told, strict=True))
            self._reads = [(place, turn) for place, turn in enumerate(turns) if turn]
        columns: list[Any] = list(zip(*found, strict=True))
        for place, turn in self._reads:
            columns[place] = map(turn, columns[place])
        return list(map(self._row._make, zip(*columns, strict=True)))


@cache
def prepared(question: Select[Any], dialect: Dialect) -> Prepared:
    """For a question of a module that is asked as it stands, by the back door."""
    return Prepared(question, dialect)


def _row_of(names: list[str]) -> Any:
    """Where two columns have one name, the first keeps it."""
    return namedtuple("Row", names, rename=True)


def _as_bound(type_: Any, dialect: Dialect) -> Turn | None:
    turn: Turn | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return turn


def _as_read(type_: Any, told: Any, dialect: Dialect) -> Turn | None:
    turn: Turn | None = type_.dialect_impl(dialect).result_processor(dialect, told)
    return turn
