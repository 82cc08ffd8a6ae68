"""Imported before judges are forked: all they read, the application with its routes, and a world to copy."""

import tempfile
from importlib import import_module
from pathlib import Path

import schemathesis  # noqa: F401 - pytest would read it anew in each fork
from fastapi.testclient import TestClient
from tests import conftest
from tests.templates import OnSqlite

from planwiki.app import close, create_app

import_module("playwright.sync_api")
conftest.make_quick()
with tempfile.TemporaryDirectory(prefix="planwiki-ready-") as _folder:
    with OnSqlite(Path(_folder)).copy_of("world", conftest.fill) as _url:
        _app = create_app(conftest.settings_for(_url, Path(_folder)))
    TestClient(_app).get("/every-route-is-tried-for-this")
    close(_app)
    conftest.apps.append(_app)
