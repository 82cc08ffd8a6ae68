"""Every page and every operation can be reached: none stands behind another that takes its address first."""

import re

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
