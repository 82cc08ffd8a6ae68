"""What may be asked of an address, and in which forms it answers.

A 405 names every method of the address, OPTIONS answers with the same list, and a form we cannot give is a 406 before
anything is done. HEAD is there wherever GET is: the guards make it one.
"""

from collections.abc import Collection

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.responses import Response
from starlette.routing import Match

from .problems import HttpProblem, answer_error


def install(app: FastAPI) -> None:
    @app.exception_handler(405)
    async def _not_this_method(request: Request, error: Exception) -> Response:
        allow = {"Allow": ", ".join(sorted(allowed(request)))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        error = HttpProblem(405, "method-not-allowed", "That cannot be done here.", headers=allow)
        return await answer_error(request, error)


def allowed(request: Request) -> set[str]:
    """Every method that some route takes at this address."""
    methods = {"OPTIONS"}
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.matches(request.scope)[0] is not Match.NONE:
            methods |= route.methods
    return methods | ({"HEAD"} if "GET" in methods else set())


def best_form(request: Request, forms: Collection[str]) -> str:
    """The form to answer in: the one the asker likes best, ours first where they do not mind. Raises a 406 problem."""
    asked = request.headers.get("accept", "").strip() or "*/*"
    if asked == "*/*":
        return next(iter(forms))
    liked = wishes(asked)
    best = max(forms, key=lambda form: _liking(form, liked))
    if _liking(best, liked) <= 0:
        raise HttpProblem(406, "not-acceptable", f"Here we answer as {' or '.join(forms)}.")
    return best


def wishes(asked: str) -> dict[str, float]:
    """Each range of an Accept header or its like (RFC 9110, section 12.5) with its weight. What is none is 0."""
    weights = {}
    for one in asked.lower().split(","):
        kind, *parameters = (part.strip() for part in one.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        weights[kind] = float(weight) if weight.replace(".", "", 1).isdecimal() and weight.isascii() else 0.0
    return weights


def _liking(form: str, wishes: dict[str, float]) -> float:
    """The nearest range counts, not the kindest."""
    main = form.partition("/")[0]
    return next((wishes[kind] for kind in (form, f"{main}/*", "*/*") if kind in wishes), 0.0)
