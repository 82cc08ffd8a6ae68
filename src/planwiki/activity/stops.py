"""What was stopped, by ids and verbs alone, in a file beside the database: a backup that is put back opens it again.

A stop is whatever closed something in a plan (a share, a place in the circle, a link), or a way of signing in that was
taken away or changed. The worker writes each down soon after it happened. Lines are only ever added; one that a crash
cut short is passed over.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from planwiki.base.ids import as_id

from .ledger import add_lines, each_of_copy, lines_of

NAME = "stops.txt"
NOBODY = "-"


class PlanStop(NamedTuple):
    """An entry of a plan's record, known by its id."""

    plan_id: UUID
    entry_id: UUID
    verb: str
    subject_id: UUID | None = None
    actor_id: UUID | None = None


class AccountStop(NamedTuple):
    """When somebody's way of signing in was last taken away or changed."""

    account_id: UUID
    at: datetime


Stop = PlanStop | AccountStop


class StopBook:
    """`folder` is the data folder, which outlives the database."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME

    def write(self, *stops: Stop) -> None:
        """On disk when this returns. Several processes may write at once."""
        add_lines(self._file, map(words_of, stops))

    def read(self) -> list[Stop]:
        return [one for one in map(_read, lines_of(self._file)) if one is not None]


def read_copy(file: Path) -> Iterator[Stop]:
    """A copy that was kept elsewhere. Raises Invalid where it is something else."""
    return each_of_copy(file, _read)


def lines(stops: Iterable[Stop]) -> Iterator[str]:
    """Each once, in the order in which they were written first."""
    return map(words_of, dict.fromkeys(stops))


def words_of(one: Stop) -> str:
    if isinstance(one, AccountStop):
        return f"account {one.account_id} {one.at.astimezone(UTC).isoformat()} ."
    who = (one.subject_id or NOBODY, one.actor_id or NOBODY)
    return f"plan {one.plan_id} {one.entry_id} {one.verb} {who[0]} {who[1]} ."


def _read(line: str) -> Stop | None:
    match line.split():
        case ["account", account, at, "."]:
            return _account(as_id(account), at)
        case ["plan", plan, entry, verb, subject, actor, "."]:
            plan_id, entry_id = as_id(plan), as_id(entry)
            if plan_id and entry_id:
                return PlanStop(plan_id, entry_id, verb, as_id(subject), as_id(actor))
    return None


def _account(account_id: UUID | None, at: str) -> Stop | None:
    try:
        return AccountStop(account_id, datetime.fromisoformat(at)) if account_id else None
    except ValueError:
        return None
