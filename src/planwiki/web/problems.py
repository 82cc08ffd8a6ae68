"""What can go wrong, as HTTP: problem+json (RFC 9457) for programs, a kind page for people."""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from planwiki.authz.principal import Principal
from planwiki.base.errors import (
    BadCursor,
    Conflict,
    FieldError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    NotTaken,
    PlanwikiError,
    SecondStepNeeded,
    SignInNeeded,
    SlowDown,
    Stale,
    StepUpNeeded,
    TokenExpired,
    TooLarge,
    Unavailable,
)
from planwiki.base.language import _
from planwiki.people.schemas import AccountView

from .browser_login import viewer_of
from .field_errors import invalid_content
from .rendering import page
from .second_step import lead_on
from .step_up import ask_again_who

# Nearest class first: Stale is a Conflict.
STATUS: tuple[tuple[type[PlanwikiError], int], ...] = (
    (SignInNeeded, 401),
    (SecondStepNeeded, 422),
    (Forbidden, 403),
    (NotFound, 404),
    (Stale, 412),
    (Conflict, 409),
    (Gone, 410),
    (TooLarge, 413),
    (NotTaken, 415),
    (Invalid, 422),
    (BadCursor, 400),
    (SlowDown, 429),
    (Unavailable, 503),
)
TITLES = {
    400: _("We could not read that"),
    401: _("Please sign in"),
    403: _("That is not allowed"),
    404: _("Nothing here"),
    405: _("That cannot be done here"),
    406: _("We cannot answer in that form"),
    409: _("That no longer fits"),
    410: _("That has ended"),
    412: _("Someone saved before you"),
    413: _("That is too large"),
    415: _("We cannot read that form"),
    416: _("There is no such part"),
    422: _("Something needs a change"),
    428: _("Say which version you read"),
    429: _("Please wait a little"),
    500: _("Something went wrong on our side"),
    503: _("Planwiki is resting"),
}


class HttpProblem(PlanwikiError):
    """What only HTTP knows: a media type, a header, a malformed body."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message, code)
        self.status, self.more = status, more


_OURS = re.compile(r"https?://([^/]+)(/(?![/\\])[^#]*)")  # A machine, and a way on it that is no other's name.


def status_of(error: PlanwikiError) -> int:
    if isinstance(error, HttpProblem):
        return error.status
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def problem_response(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str,
    errors: Sequence[FieldError] = (),
    headers: dict[str, str] | None = None,
    **more: Any,
) -> Response:
    """One problem as problem+json. What was sent is never repeated."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": TITLES.get(status, TITLES[500]),
        "status": status,
        "detail": detail,
        "request_id": request_id,
        **(
            {"errors": [{"pointer": one.pointer, "code": one.code, "message": one.message} for one in errors]}
            if errors
            else {}
        ),
        **more,
    }
    return Response(json.dumps(body, ensure_ascii=False), status, headers, media_type="application/problem+json")


async def answer_error(request: Request, error: PlanwikiError) -> Response:
    """The one place where an error becomes an answer."""
    error = await _sign_in_first(request, error)
    status = status_of(error)
    if isinstance(error, SecondStepNeeded) and not for_programs(request):
        return await lead_on(request, error)
    if not for_programs(request):
        return await _page_for(request, status, error)
    errors = error.errors if isinstance(error, Invalid) else ()
    return problem_response(
        status,
        error.code,
        str(error),
        request_id=request.state.request_id,
        errors=errors,
        headers=_headers(error),
        **_more(error),
    )


def refused(request: Request, error: PlanwikiError) -> Response:
    """Told before anything of the request was read: who asks is not looked up."""
    status = status_of(error)
    if for_programs(request):
        return problem_response(status, error.code, str(error), request_id=request.state.request_id)
    return _error_page(request, status, error, None)


async def _sign_in_first(request: Request, error: PlanwikiError) -> PlanwikiError:
    """Whoever is nobody here is told that, and nothing about what they sent. Asks only where no question has yet."""
    desk = getattr(request.state, "desk", None)
    if desk is None or desk.principal or isinstance(error, SignInNeeded) or status_of(error) >= 500:
        return error
    try:
        await desk.check()
    except PlanwikiError as first:
        return first
    return error


def for_programs(request: Request) -> bool:
    """Programs ask under /v1 and for health; people ask for everything else."""
    path = request.url.path
    return path == "/v1" or path.startswith("/v1/") or path in {"/healthz", "/readyz", "/metrics"}


def _headers(error: PlanwikiError) -> dict[str, str]:
    headers = dict(error.more.get("headers", {})) if isinstance(error, HttpProblem) else {}
    if isinstance(error, SignInNeeded):
        ended = (
            ', error="invalid_token", error_description="It has expired."' if isinstance(error, TokenExpired) else ""
        )
        headers["WWW-Authenticate"] = f'Bearer realm="planwiki"{ended}'
    if isinstance(error, SlowDown):
        headers["Retry-After"] = str(error.retry_after)
        headers["RateLimit-Policy"] = f'"tries";q={error.most};w={error.within}'
        headers["RateLimit"] = f'"tries";r=0;t={error.retry_after}'
    return headers


def _more(error: PlanwikiError) -> dict[str, Any]:
    if isinstance(error, HttpProblem):
        return {name: value for name, value in error.more.items() if name not in {"headers"}}
    if isinstance(error, Stale):
        versions = {"base_revision": error.base_revision, "current_revision": error.current_revision}
        return ({"merge": versions} if error.current_revision else {}) | (
            {"current_etag": error.current_etag} if error.current_etag else {}
        )
    return {}


async def _page_for(request: Request, status: int, error: PlanwikiError) -> Response:
    if status == 401 and request.url.path.startswith("/tablet/"):
        return RedirectResponse("/tablet", 303)
    if status == 401 and request.method in {"GET", "HEAD"}:
        return RedirectResponse(f"/sign-in?next={_safe_next(request)}", 303)
    if status == 401:
        return RedirectResponse("/sign-in", 303)
    if isinstance(error, StepUpNeeded):
        return await ask_again_who(request)
    return _error_page(request, status, error, await _viewer(request, status))


def _error_page(
    request: Request, status: int, error: PlanwikiError, viewer: AccountView | Principal | None
) -> Response:
    title, way = _(TITLES.get(status, TITLES[500])), _way_back(request, status)
    headers = {name: value for name, value in _headers(error).items() if name == "Retry-After"}
    shown = page(request, "error.html", status=status, title=title, sentence=_(str(error)), viewer=viewer, **way)
    shown.headers.update(headers)
    return shown


def _way_back(request: Request, status: int) -> dict[str, str]:
    """Whoever pressed something goes back to the page where they did, if it is one of ours."""
    at = _OURS.match(request.headers.get("referer", ""))
    if request.method in {"GET", "HEAD"} or status == 404 or at is None or at[1] != request.headers.get("host"):
        return {}
    return {"href": at[2], "next": _("Go back")}


async def _viewer(request: Request, status: int) -> AccountView | Principal | None:
    """Who is signed in, for the frame around the error. Where the fault is ours, the database is not asked again."""
    if status >= 500:
        desk = getattr(request.state, "desk", None)
        return desk.principal if desk else None
    try:
        return await viewer_of(request)
    except Exception:
        return None  # Whatever it is, the first error is the one to tell.


def _safe_next(request: Request) -> str:
    return quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""), safe="")


def install(app: FastAPI) -> None:
    """Every error the application raises passes through here."""

    @app.exception_handler(PlanwikiError)
    async def _on_purpose(request: Request, error: PlanwikiError) -> Response:
        return await answer_error(request, error)

    @app.exception_handler(RequestValidationError)
    async def _does_not_fit(request: Request, error: RequestValidationError) -> Response:
        return await answer_error(request, as_problem(error))

    @app.exception_handler(HTTPException)
    async def _from_the_router(request: Request, error: HTTPException) -> Response:
        return await answer_error(request, _from_http(error))


async def server_error(request: Request) -> Response:
    """Something nobody foresaw. The transaction was given up, so nothing was changed."""
    fault = HttpProblem(500, "server-error", "That is our fault, not yours. Nothing was changed.")
    return await answer_error(request, fault)


def as_problem(error: RequestValidationError) -> PlanwikiError:
    """Malformed is 400, an id that is none is as good as missing, all else names its fields and never the input."""
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return HttpProblem(400, "malformed", "That is not JSON we can read.")
    if any(one["loc"][:1] == ("path",) for one in found):
        return NotFound()
    return invalid_content(found, skip=1)


def _from_http(error: HTTPException) -> PlanwikiError:
    if error.status_code == 404:
        return NotFound()
    if error.status_code == 405:
        return HttpProblem(405, "method-not-allowed", "That cannot be done here.", headers=dict(error.headers or {}))
    if error.status_code == 400:
        return HttpProblem(400, "malformed", "We could not read that.")
    if error.status_code == 413:
        return HttpProblem(413, "too-large", "That is more than planwiki takes at once.")
    return HttpProblem(error.status_code, "error", TITLES.get(error.status_code, TITLES[500]))
