"""What was erased, by id alone, in a file beside the database: a backup that is put back does not know of it.

One line for each plan that was erased and each file that somebody took away, only ever added to. Bytes that were swept
up are no erasure: a backup that has their rows is right. A line that a crash cut short is passed over.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import UUID

from planwiki.base import clock
from planwiki.base.errors import Invalid
from planwiki.base.ids import as_id

NAME = "erasures.txt"
Entry = TypeVar("Entry")


class Erasure(NamedTuple):
    """A whole plan, or one of its files."""

    plan_id: UUID
    media_id: UUID | None = None


class Ledger:
    """`folder` is the data folder, which outlives the database."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME

    def write(self, *erased: Erasure) -> None:
        """On disk when this returns. Several processes may write at once."""
        add_lines(self._file, map(_line, erased))

    def read(self) -> list[Erasure]:
        return [one for one in map(_read, lines_of(self._file)) if one is not None]


def add_lines(file: Path, lines: Iterable[str]) -> None:
    """Each on a line of its own, also where a crash left half of one before it."""
    words = "".join(f"\n{line}\n" for line in lines)
    if not words:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(opened, words.encode())
        os.fsync(opened)
    finally:
        os.close(opened)


def lines_of(file: Path) -> list[str]:
    return file.read_text("utf-8", "replace").splitlines() if file.exists() else []


def read_copy(file: Path) -> Iterator[Erasure]:
    """A copy that was kept elsewhere. Raises Invalid where it is something else."""
    return each_of_copy(file, _read)


def each_of_copy(file: Path, read: Callable[[str], Entry | None]) -> Iterator[Entry]:
    for line in filter(str.strip, file.read_text("utf-8", "replace").splitlines()):
        one = read(line)
        if one is None:
            raise Invalid(f"{file} holds a line that planwiki did not write.")
        yield one


def lines(erased: Iterable[Erasure]) -> Iterator[str]:
    """Each once, in the order in which they were erased first."""
    return map(_words, dict.fromkeys(erased))


def _words(one: Erasure) -> str:
    return f"plan {one.plan_id}" if one.media_id is None else f"file {one.plan_id} {one.media_id}"


def _line(one: Erasure) -> str:
    return f"{_words(one)} {clock.now():%Y-%m-%dT%H:%M:%SZ}"


def _read(line: str) -> Erasure | None:
    kind, plan, media = [*line.split(), "", "", ""][:3]
    plan_id, media_id = as_id(plan), as_id(media)
    if kind == "file" and plan_id and media_id:
        return Erasure(plan_id, media_id)
    return Erasure(plan_id) if kind == "plan" and plan_id else None
