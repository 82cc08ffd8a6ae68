"""Finds the route of an address at once: trying three hundred in turn takes longer than most of them take to answer."""

from collections import defaultdict
from collections.abc import Iterable

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

Shape = tuple[int, str]


class Directory(BaseRoute):
    """Stands before all routes, and answers with the first that takes both address and method. Where none does, the
    others are tried as ever: what is wrong with the request is told by them."""

    methods = None

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._by_shape: dict[Shape, list[Route]] = defaultdict(list)
        for route in routes:
            if isinstance(route, Route):
                self._by_shape[_shape(route.path)].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"]
        for route in self._by_shape.get(_shape(path), ()):
            if route.path_regex.match(path):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    return match, {**found, "route": route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)


def _shape(path: str) -> Shape:
    """How many parts, and the first: no first part of ours holds a parameter."""
    return path.count("/"), path[1:].partition("/")[0]
