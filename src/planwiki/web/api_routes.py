"""What every route for programs shares: it says 406 and 415 before anything else, and reads JSON strictly."""

import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from .asking import ApiDesk
from .json_bodies import JSON, strictly
from .methods import best_form

Answering = Callable[[Request], Coroutine[Any, Any, Response]]
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_DESK = get_args(ApiDesk)[1].dependency
LARGEST_NUMBER = 2**31 - 1
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ApiRoute(APIRoute):
    def get_route_handler(self) -> Answering:
        answer, forms, secured = super().get_route_handler(), forms_of(self), needs_token(self)
        shape: Any = self.body_field.field_info.annotation if self.body_field else None

        async def checked(request: Request) -> Response:
            if secured:
                await _DESK(request)  # A token first: whoever sends none is told nothing of what they sent.
            if forms:
                best_form(request, forms)
            return await answer(await strictly(request, shape) if shape else request)

        return checked


def needs_token(route: Any) -> bool:
    return any(one.call is _DESK for one in route.dependant.dependencies)


def forms_of(route: Any) -> list[str]:
    """The media types a route answers in when all goes well, ours first; none where there is nothing to choose."""
    named = route.responses.get(200, {}).get("content", {})
    if route.status_code == 204 or "*/*" in named:
        return []  # A file is of the kind it is, whatever form is asked for (RFC 9110, section 12.4.1).
    return [JSON, *named]


def api_router(tag: str) -> APIRouter:
    return APIRouter(route_class=ApiRoute, tags=[tag], generate_unique_id_function=lambda route: route.name)


def _as_written(value: object) -> object:
    """One thing has one address: only small letters and hyphens, as we write ids."""
    if isinstance(value, str) and not _ID.fullmatch(value):
        raise ValueError("not an id")
    return value


def _in_digits(value: object) -> object:
    """The same for numbers: no sign, no point, no zero before."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise PydanticCustomError("int_parsing", "not a number")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("too far away") from None


Id = Annotated[UUID, BeforeValidator(_as_written)]
PlanId = Annotated[Id, Path(description="The plan.")]
MemberId = Annotated[Id, Path(description="The member of the circle.")]
LinkId = Annotated[Id, Path(description="The guest link.")]
ActionId = Annotated[Id, Path(description="The action.")]
ContributionId = Annotated[Id, Path(description="What somebody said.")]
InvitationId = Annotated[Id, Path(description="The invitation.")]
SectionKey = Annotated[str, Path(description="The section's key.", pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Whole = Annotated[int, BeforeValidator(_in_digits)]
Number = Annotated[Whole, Path(description="The number of a version, from 1.", ge=1, le=LARGEST_NUMBER)]
Since = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Version = Annotated[Whole, Query(ge=1, le=LARGEST_NUMBER)]
