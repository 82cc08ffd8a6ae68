"""Databases to test on, copied from one that was filled once: filling is slow, copying is not."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

# (kind of database, what it holds) -> what filling it answered.
facts: dict[tuple[str, str], Any] = {}
_folders: dict[tuple[str, str], Path] = {}  # What was kept beside: media, letters.
_databases: dict[str, str] = {}

_first: dict[str, Engine] = {}
compiled: LRUCache[Any, Any] = LRUCache(5000)

Fill = Callable[[str, str, Path], Any]


def open_engine(*address: Any, **options: Any) -> Engine:
    """SQLAlchemy's own, but what one test asked is not translated into SQL anew for the next: that took half the time.

    Translations are kept by dialect, so all engines of one kind of database get that of the first which was answered.
    """
    engine = create_engine(*address, **options)
    first = _first.get(engine.dialect.name)
    if first is None or not hasattr(first.dialect, "default_isolation_level"):  # It is known from the first answer on.
        _first[engine.dialect.name] = engine
    else:
        engine.dialect = first.dialect
    engine.update_execution_options(compiled_cache=compiled)
    return engine


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="planwiki-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _copy_folder(kind: str, wanted: str, folder: Path) -> None:
    shutil.copytree(_folders[kind, wanted], folder, dirs_exist_ok=True)


class OnSqlite:
    """Each database is a file in a folder of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def copy_of(self, wanted: str | None, fill: Fill) -> Iterator[str]:
        file = self.folder / "planwiki.sqlite3"
        if wanted is not None:
            if ("sqlite", wanted) not in facts:
                beside = _folders["sqlite", wanted] = _folder()
                facts["sqlite", wanted] = fill(wanted, f"sqlite:///{beside / file.name}", beside)
            _copy_folder("sqlite", wanted, self.folder)
        yield f"sqlite:///{file}"


class OnPostgresql:
    """Each database is one of the test process's own server."""

    def __init__(self, server: str, folder: Path) -> None:
        self.server, self.folder = server, folder

    @contextmanager
    def copy_of(self, wanted: str | None, fill: Fill) -> Iterator[str]:
        if wanted is not None and wanted not in _databases:
            name = self._create(None)
            beside = _folders["postgresql", wanted] = _folder()
            facts["postgresql", wanted] = fill(wanted, self._url(name), beside)
            _databases[wanted] = name
        if wanted is not None:
            _copy_folder("postgresql", wanted, self.folder)
        name = self._create(_databases[wanted] if wanted else None)
        yield self._url(name)
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, template: str | None) -> str:
        name = f"test_{uuid4().hex}"
        self._say(f"CREATE DATABASE {name}" + (f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""))
        return name

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def _url(self, name: str) -> str:
        return self.server.replace("/postgres?", f"/{name}?")
