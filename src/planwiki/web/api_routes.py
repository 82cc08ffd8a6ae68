"""What every route for programs shares: it says 406 and 415 before anything else, and reads JSON strictly."""

import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from .json_bodies import JSON, strictly
from .methods import best_form

Answering = Callable[[Request], Coroutine[Any, Any, Response]]
LARGEST_NUMBER = 2**31 - 1
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ApiRoute(APIRoute):
    def get_route_handler(self) -> Answering:
        answer, forms = super().get_route_handler(), forms_of(self)
        shape: Any = self.body_field.field_info.annotation if self.body_field else None

        async def checked(request: Request) -> Response:
            if forms:
                best_form(request, forms)
            return await answer(await strictly(request, shape) if shape else request)

        return checked


def forms_of(route: Any) -> list[str]:
    """The media types a route answers in when all goes well, ours first."""
    if route.status_code == 204:
        return []
    return [JSON, *route.responses.get(200, {}).get("content", {})]


def api_router(tag: str) -> APIRouter:
    return APIRouter(route_class=ApiRoute, tags=[tag], generate_unique_id_function=lambda route: route.name)


def _as_written(value: object) -> object:
    """One thing has one address: only small letters and hyphens, as we write ids."""
    if isinstance(value, str) and not _ID.fullmatch(value):
        raise ValueError("not an id")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("too far away") from None


Id = Annotated[UUID, BeforeValidator(_as_written)]
PlanId = Annotated[Id, Path(description="The plan.")]
MemberId = Annotated[Id, Path(description="The member of the circle.")]
InvitationId = Annotated[Id, Path(description="The invitation.")]
SectionKey = Annotated[str, Path(description="The section's key.", pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Number = Annotated[int, Path(description="The number of a version, from 1.", ge=1, le=LARGEST_NUMBER)]
Since = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Version = Annotated[int, Query(ge=1, le=LARGEST_NUMBER)]
