"""Idempotency-Key on requests that make something: the same key and body make it once and answer alike for a day."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Header, Request, Response
from pydantic import BaseModel

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict
from planwiki.base.shapes import View
from planwiki.integrations.commands import Made, Once, do_once, made_before, permit_owner

from .asking import Desk, settings_of
from .conditional import bytes_of, tag_of
from .json_bodies import JSON

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Any text of your own, new for each thing to make. Repeat it to repeat the request safely.",
        min_length=1,
        max_length=255,
        pattern=r"^[!-~]+$",
        examples=["5f0c2c1e-plan"],
    ),
]
Making = Callable[[UnitOfWork], Made]
Permit = Callable[[UnitOfWork, UUID], None]


def made(view: View, location: str, plan_id: UUID) -> Made:
    body = bytes_of(view)
    return Made(body.decode(), tag_of(view, body), location, plan_id)


async def make(
    request: Request, desk: Desk, key: str | None, draft: BaseModel, work: Making, permit: Permit = permit_owner
) -> Response:
    """201 with what `work` made, once for each key. `permit` says who is told again, where it is not for owners."""
    if key is None:
        return _answer(await desk.write(work))
    return _answer(await done_once(desk, once_of(request, key, draft), work, permit))


async def made_earlier(
    request: Request, desk: Desk, key: str | None, draft: BaseModel, permit: Permit = permit_owner
) -> Response | None:
    """The answer that this request got before, where it comes again: before costly work is done."""
    if key is None:
        return None
    once = once_of(request, key, draft)
    made = await desk.read(lambda uow: made_before(uow, once, permit))
    return _answer(made) if made else None


def once_of(request: Request, key: str, draft: BaseModel) -> Once:
    secret = settings_of(request).secret_key
    return Once(key, _fingerprint(request, draft, secret), secret)


async def done_once(desk: Desk, once: Once, work: Making, permit: Permit = permit_owner) -> Made:
    try:
        return await desk.write(lambda uow: do_once(uow, once, work, permit))
    except Conflict as error:
        if error.code != "request-in-progress":
            raise
    # Another request with this key was first, and has ended by now: this one finds its answer.
    return await desk.write(lambda uow: do_once(uow, once, work, permit))


def _answer(made: Made) -> Response:
    headers = {"Location": made.location, "ETag": made.etag}
    if made.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(made.body, 201, headers, media_type=JSON)


def _fingerprint(request: Request, draft: BaseModel, secret: str) -> str:
    """Tells whether two requests are the same, and nothing of what they say."""
    said = f"{request.method} {request.url.path}\n{draft.model_dump_json(exclude_unset=True)}"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()
