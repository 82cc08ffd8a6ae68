"""Whether planwiki lives, is ready and how it fares; and the first address that a program asks."""

import hmac
from functools import cache
from importlib.metadata import version
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import Header, Request, Response
from pydantic import Field

from planwiki.authz.database import Database
from planwiki.base.errors import Forbidden, SignInNeeded, Unavailable
from planwiki.base.shapes import View
from planwiki.base.text import BODY_LENGTH
from planwiki.media import rules as media_rules
from planwiki.plans.rules import MOST_SECTIONS

from . import lists, metrics
from .api_routes import api_router
from .asking import in_thread, settings_of
from .conditional import got
from .guards import MOST_BYTES
from .problem_types import problems

router = api_router("meta")
TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": "# HELP planwiki_answers_total …\n"}}}
}
Bearer = Annotated[str, Header(include_in_schema=False)]


class Health(View):
    """How planwiki is."""

    status: Literal["ok"] = Field(description="ok, or else the answer is a problem.")
    checks: dict[str, Literal["ok"]] = Field(description="What was looked at.", examples=[{"database": "ok"}])


class ServiceDocument(View):
    """What is here, for a program that comes for the first time."""

    name: str = Field(description="What this is.", examples=["planwiki"])
    version: str = Field(description="Which version.", examples=["0.1.0"])
    limits: dict[str, int] = Field(description="The largest sizes we take.", examples=[{"page_limit": 200}])
    links: dict[str, str] = Field(description="Where to go on.", examples=[{"me": "/v1/me"}])


@router.get("/healthz", response_model=Health, summary="Liveness")
async def is_alive() -> Response:
    """This process answers. Nothing else is asked."""
    return _health()


@router.get("/readyz", response_model=Health, responses=problems("not-ready"), summary="Readiness")
async def is_ready(request: Request) -> Response:
    """The database answers, files can be kept and the policy is loaded, so that requests can be answered safely."""
    await in_thread(_check, request)
    await to_thread.run_sync(_check_storage, request.app.state.storage)
    return _health("database", "storage", "policy")


@router.get("/metrics", responses={**TEXT, **problems("sign-in-needed", "not-allowed")}, summary="Metrics")
async def show_metrics(request: Request, authorization: Bearer = "") -> Response:
    """For Prometheus, with the token that the host has set. No personal data."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SignInNeeded("Please send the host's metrics token.")
    right = settings_of(request).metrics_token.encode()
    if not right or not hmac.compare_digest(token.strip().encode(), right):
        raise Forbidden("That is not the host's metrics token.")
    return Response(metrics.exposition(), media_type=metrics.MEDIA_TYPE)


@router.get("/v1", response_model=ServiceDocument, summary="Service document")
async def show_service(request: Request) -> Response:
    """Version, limits and where to go on. Needs no token."""
    return got(request, service_document(settings_of(request).media_quota_mb))


@cache
def service_document(media_quota_mb: int) -> ServiceDocument:
    names = ("me", "plans", "templates", "search", "login-sessions")
    return ServiceDocument(
        name="planwiki",
        version=version("planwiki"),
        limits={
            "page_limit": lists.MOST,
            "body_bytes": MOST_BYTES,
            "section_characters": BODY_LENGTH,
            "sections_in_a_plan": MOST_SECTIONS,
            "media_bytes": media_rules.MOST,
            "video_bytes": media_rules.MOST_VIDEO,
            "picture_pixels": media_rules.MOST_PIXELS,
            "media_bytes_in_a_plan": media_quota_mb * media_rules.MEGABYTE,
        },
        links={"self": "/v1"} | {name.replace("-", "_"): f"/v1/{name}" for name in names},
    )


def _health(*checks: str) -> Response:
    made = Health(status="ok", checks=dict.fromkeys(checks, "ok"))
    return Response(made.model_dump_json(), media_type="application/json")


def _check(database: Database) -> None:
    """The policy was loaded before anything could ask: without one there is no database at all."""
    database.check()


def _check_storage(storage: Any) -> None:
    try:
        storage.check()
    except OSError as error:
        raise Unavailable("Planwiki cannot keep files just now. Please try again soon.") from error
