"""Imported before judges are forked: all they read, the application with its routes, and a world to copy."""

import gc
import tempfile
import warnings
from dataclasses import replace
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from hypothesis.errors import HypothesisSideeffectWarning
from hypothesis.internal.conjecture.providers import _get_local_constants
from tests import conftest, templates
from tests.rights import judge
from tests.templates import OnSqlite

from planwiki.app import close, create_app

for _name in ("playwright.sync_api", "tests.authz.small_worlds"):
    import_module(_name)
conftest.make_quick()
with tempfile.TemporaryDirectory(prefix="planwiki-ready-") as _folder:
    with OnSqlite(Path(_folder)).copy_of("world", conftest.fill) as _url:
        _app = create_app(conftest.settings_for(_url, Path(_folder)))
    _first = templates.facts["sqlite", "world"]
    _world = replace(_first, app=_app, database=_app.state.database, clients=[])
    for _path in ("", "/sections/wellness", "/sections/wellness/edit", "/sections/wellness/history", "/circle"):
        assert _world.browser("dee").get(_world.url(_path)).status_code == 200, _path
    _world.browser("dee").get("/every-route-is-tried-for-this")
    close(_app)
    conftest.apps.append(_app)
_get_local_constants()  # Hypothesis reads all our sources for numbers worth trying, in each fork else.
with warnings.catch_warnings(action="ignore", category=HypothesisSideeffectWarning):
    for _plugin in entry_points(group="pytest11"):
        _plugin.load()
judge.what_there_is()
gc.freeze()  # What is here stays: each fork's pytest looks many times through the rest, for what was forgotten.
