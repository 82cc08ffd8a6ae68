"""A question as the database's driver is asked it.

SQLAlchemy puts it together, once. Asking goes straight to the driver: what SQLAlchemy does around each statement
(events, records of the execution) takes six times what SQLite needs to answer.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Select

Turn = Callable[[Any], Any]
MOST_LENGTHS = 50  # For which the words of a question with a list are kept.


class Asking(NamedTuple):
    """The words for lists of certain lengths; what stands in them always; and the places of each list's values."""

    words: str
    always: dict[str, Any]
    places: Mapping[str, Sequence[str]]


class Prepared:
    """One question for one dialect. What varies comes with each asking, so that many may ask at once."""

    def __init__(self, question: Select[Any], dialect: Dialect) -> None:
        self._question, self._dialect = question, dialect
        self._compiled: Any = question.compile(dialect=dialect)
        names: dict[str, Any] = {name: one for one, name in self._compiled.bind_names.items()}
        self._writes = {name: _as_bound(one.type, dialect) for name, one in names.items()}
        self._single = [name for name, one in names.items() if one.required and not one.expanding]
        self._lists = [name for name, one in names.items() if one.required and one.expanding]
        self._askings: dict[tuple[int, ...], Asking] = {}
        self._columns = list(question.selected_columns)
        self._row = _row_of([str(column.key) for column in self._columns])
        self._reads: list[tuple[int, Turn]] | None = None

    def rows(self, connection: Connection, given: dict[str, Any]) -> list[Any]:
        """Tuples, each value under its column's name too. Raises what SQLAlchemy raises."""
        try:
            return self._ask(connection, given)
        except self._dialect.loaded_dbapi.Error:  # SQLAlchemy knows what to make of it, and whether a connection ended.
            return list(connection.execute(self._question, given))

    def _ask(self, connection: Connection, given: dict[str, Any]) -> list[Any]:
        asking = self._asking(tuple(len(given[name]) for name in self._lists))
        said = asking.always | {name: self._write(name, given[name]) for name in self._single}
        for name in self._lists:
            said |= zip(asking.places[name], (self._write(name, one) for one in given[name]), strict=True)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(asking.words, said)
            found = cursor.fetchall()
            return self._read(found, cursor.description) if found else []
        finally:
            cursor.close()

    def _asking(self, lengths: tuple[int, ...]) -> Asking:
        found = self._askings.get(lengths)
        if found is None:
            lists = {name: [None] * length for name, length in zip(self._lists, lengths, strict=True)}
            whole = self._compiled.construct_expanded_state(dict.fromkeys(self._single) | lists)
            writes = self._writes | whole.processors
            always = {name: _written(writes.get(name), one) for name, one in whole.parameters.items()}
            if len(self._askings) >= MOST_LENGTHS:  # Anybody can name another number of things each time.
                self._askings.clear()
            found = self._askings[lengths] = Asking(whole.statement, always, whole.parameter_expansion)
        return found

    def _write(self, name: str, value: Any) -> Any:
        return _written(self._writes.get(name), value)

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


def _written(turn: Turn | None, value: Any) -> Any:
    return turn(value) if turn else value


def _as_bound(type_: Any, dialect: Dialect) -> Turn | None:
    turn: Turn | None = type_.dialect_impl(dialect).bind_processor(dialect)
    return turn


def _as_read(type_: Any, told: Any, dialect: Dialect) -> Turn | None:
    turn: Turn | None = type_.dialect_impl(dialect).result_processor(dialect, told)
    return turn
