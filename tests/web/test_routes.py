"""Every page and every operation can be reached: none stands behind another that takes its address first."""

import re

from starlette.routing import Match

from planwiki.app import create_app
from planwiki.settings import Settings

SAMPLES = {"key": "great-things", "section_key": "great-things", "number": "1", "older": "1", "newer": "2"}
AN_ID = "01943ad7-aab2-7002-a6d0-244f451eeb4c"


def test_no_route_hides_another() -> None:
    routes = [
        one
        for one in create_app(Settings(database_url="sqlite:///never-opened.sqlite3")).routes
        if getattr(one, "methods", None)
    ]
    hidden = []
    for place, route in enumerate(routes):
        address = re.sub(r"{(\w+)[^}]*}", lambda name: SAMPLES.get(name[1], AN_ID), route.path)
        earlier = (one for one in routes[:place] if one.methods & route.methods and one.path_regex.match(address))
        hidden += [(one.path, route.path) for one in earlier]
    assert len(routes) > 200
    assert not hidden


def test_each_is_found_without_trying_them_all() -> None:
    directory, *routes = create_app(Settings(database_url="sqlite:///never-opened.sqlite3")).routes
    for route in routes:
        for method in getattr(route, "methods", None) or ():
            address = re.sub(r"{(\w+)[^}]*}", lambda name: SAMPLES.get(name[1], AN_ID), route.path)
            match, found = directory.matches({"type": "http", "method": method, "path": address, "path_params": {}})
            assert (match, found.get("route")) == (Match.FULL, route), address
    for nowhere in ("", "*", "/", "//", "/nowhere/at/all"):
        assert directory.matches({"type": "http", "method": "OPTIONS", "path": nowhere})[0] is Match.NONE
