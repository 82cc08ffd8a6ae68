"""Keeps a copy of a test's database and puts it back, as a host does with a backup."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from planwiki.authz.database import Database
from planwiki.cli import main
from planwiki.settings import Settings


class Backup:
    """Made when it is made. `put_back` takes the place of whatever is there."""

    def __init__(self, database: Database, url: str, folder: Path) -> None:
        self._database, self._url, self.file = database, url, folder / "backup.sqlite3"
        database.close()
        if self._is_a_file:
            with closing(sqlite3.connect(self._its_file)) as connection:
                connection.execute("VACUUM INTO ?", (str(self.file),))
        else:
            self._copy(self._name, f"{self._name}_backup")

    def put_back(self) -> None:
        self._database.close()
        if self._is_a_file:
            for beside in ("-wal", "-shm"):
                self._its_file.with_name(self._its_file.name + beside).unlink(missing_ok=True)
            shutil.move(self.file, self._its_file)
        else:
            self._say(f"DROP DATABASE {self._name} WITH (FORCE)")
            self._copy(f"{self._name}_backup", self._name)
            self._say(f"DROP DATABASE {self._name}_backup")

    @property
    def _is_a_file(self) -> bool:
        return self._url.startswith("sqlite")

    @property
    def _its_file(self) -> Path:
        return Path(self._url.removeprefix("sqlite:///"))

    @property
    def _name(self) -> str:
        return make_url(self._url).database or ""

    def _copy(self, name: str, to: str) -> None:
        self._say(f"CREATE DATABASE {to} TEMPLATE {name}")

    def _say(self, statement: str) -> None:
        with psycopg.connect(self._url.replace(f"/{self._name}?", "/postgres?"), autocommit=True) as connection:
            connection.execute(statement)


def command_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs it. Answers what it printed, and whether it went well."""
    for name in ("database_url", "secret_key", "data_dir", "base_url"):
        monkeypatch.setenv(f"PLANWIKI_{name.upper()}", str(getattr(settings, name)))

    def ran(*words: str) -> tuple[str, bool]:
        found = CliRunner().invoke(main, words)
        return found.output, found.exit_code == 0

    return ran
