"""Where the bytes lie: a folder of this machine. Named by ids alone, so that no name says a word of anybody.

Anything with these methods can take its place: see object_storage.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import UUID

from planwiki.base.ids import as_id, new_id

PIECE = 1 << 18
WHOLE = "whole"


class Storage(Protocol):
    """Keeps files by plan, id and name. Each method may raise OSError."""

    def keep(self, plan_id: UUID, media_id: UUID, folder: Path) -> None:
        """Every file of `folder`, on disk when this returns."""

    def read(self, plan_id: UUID, media_id: UUID, name: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to but not with `end`, in pieces. Opened before the first piece is asked for."""

    def size(self, plan_id: UUID, media_id: UUID, name: str) -> int:
        """How many bytes."""

    def erase(self, plan_id: UUID, media_id: UUID) -> None:
        """All files of it. Fine where there are none."""

    def everything(self) -> Iterator[tuple[UUID, UUID]]:
        """The (plan, id) of all that is kept, to find what no plan has any more."""

    def check(self) -> None:
        """Raises OSError when files cannot be kept just now."""


class DiskStorage:
    """A folder for each plan, and in it one for each file."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, plan_id: UUID, media_id: UUID, folder: Path) -> None:
        """Written beside, then put in place at once: there is never half of it."""
        to = self._folder(plan_id, media_id)
        beside = to.with_name(f".{new_id().hex}")
        beside.mkdir(parents=True)
        try:
            for file in folder.iterdir():
                _copy(file, beside / file.name)
            beside.rename(to)
            _settle(to.parent)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)
            raise

    def read(self, plan_id: UUID, media_id: UUID, name: str, start: int, end: int) -> Iterator[bytes]:
        """Closed too where nobody asks for a piece: they went away before it came."""
        pieces = _pieces(self._folder(plan_id, media_id) / name, start, end)
        next(pieces)
        return pieces

    def size(self, plan_id: UUID, media_id: UUID, name: str) -> int:
        return (self._folder(plan_id, media_id) / name).stat().st_size

    def erase(self, plan_id: UUID, media_id: UUID) -> None:
        shutil.rmtree(self._folder(plan_id, media_id), ignore_errors=True)

    def everything(self) -> Iterator[tuple[UUID, UUID]]:
        for folder in self._root.glob("*/*"):
            plan_id, media_id = as_id(folder.parent.name), as_id(folder.name)
            if plan_id and media_id:
                yield plan_id, media_id

    def check(self) -> None:
        """By writing: a disk that is full or read-only can still be read."""
        self._root.mkdir(parents=True, exist_ok=True)
        probe = self._root / f".{new_id().hex}"
        probe.write_bytes(b"x")
        probe.unlink()

    def _folder(self, plan_id: UUID, media_id: UUID) -> Path:
        return self._root / str(plan_id) / str(media_id)


def _pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    """The first is empty, and says that the file is open."""
    with path.open("rb") as file:
        file.seek(start)
        yield b""
        while start < end and (piece := file.read(min(PIECE, end - start))):
            start += len(piece)
            yield piece


def _copy(file: Path, to: Path) -> None:
    with file.open("rb") as source, to.open("wb") as made:
        shutil.copyfileobj(source, made, PIECE)
        made.flush()
        os.fsync(made.fileno())


def _settle(folder: Path) -> None:
    """The folder's own list of names is on disk too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
