"""The bytes themselves: every request, and every range of it, asks first whether the section may be read."""

import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound, Unavailable
from planwiki.base.language import _
from planwiki.base.vocabulary import MediaKind
from planwiki.web.asking import Desk, EitherDesk
from planwiki.web.conditional import holds
from planwiki.web.looking import OF_SECTION, PART_OF_PAGES
from planwiki.web.problems import HttpProblem

from .intake_pages import storage_of
from .queries import one_media, stands_for_something
from .schemas import MediaView
from .storage import WHOLE

router = APIRouter(include_in_schema=False)
CONTENT = "/plans/{plan_id}/media/{media_id}"
SMALL, SMALLER = "small", "image/webp"
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))", re.ASCII)


@router.get(CONTENT)
async def show_whole(request: Request, desk: EitherDesk, plan_id: UUID, media_id: UUID) -> Response:
    return await content(request, desk, plan_id, media_id)


@router.get(CONTENT + "/{size}")
async def show_smaller(
    request: Request, desk: EitherDesk, plan_id: UUID, media_id: UUID, size: Literal["small", "large"]
) -> Response:
    return await content(request, desk, plan_id, media_id, size)


async def content(request: Request, desk: Desk, plan_id: UUID, media_id: UUID, name: str = WHOLE) -> Response:
    """200, 206 for a range, 304, or 416. Raises NotFound alike for what is hidden and what is not there."""

    def ask(uow: UnitOfWork) -> tuple[MediaView, bool]:
        found = one_media(uow, plan_id, media_id)
        return found, name == SMALL and stands_for_something(uow, plan_id, media_id)

    one, on_pages = await desk.read(ask)
    setattr(request.state, PART_OF_PAGES, on_pages)
    if name != WHOLE and one.kind is not MediaKind.PICTURE:
        raise NotFound
    setattr(request.state, OF_SECTION, one.section_key)
    request.state.sandboxed = True
    headers = {"ETag": f'"{one.sha256[:32]}{"" if name == WHOLE else "." + name}"', "Accept-Ranges": "bytes"}
    if holds(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    try:
        return await _sent(request, one, name, headers)
    except OSError as error:
        raise Unavailable(_("We cannot show this just now. Please try again soon.")) from error


async def _sent(request: Request, one: MediaView, name: str, headers: dict[str, str]) -> Response:
    storage, place = storage_of(request), (one.plan_id, one.id, name)
    size = one.size if name == WHOLE else await to_thread.run_sync(storage.size, *place)
    part = _part(request, size, headers["ETag"])
    start, end = part or (0, size)
    headers |= {"Content-Length": str(end - start), "Content-Disposition": _named(one)}
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if name != WHOLE:
        headers["Content-Disposition"] = "inline"
    pieces: Iterator[bytes] = await to_thread.run_sync(storage.read, *place, start, end)
    kind = one.content_type if name == WHOLE else SMALLER
    return StreamingResponse(pieces, 206 if part else 200, headers, media_type=kind)


def _part(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """The range that is asked for (RFC 9110, section 14), where it is one we understand. Raises a 416 problem."""
    asked = request.headers.get("range", "").strip()
    found, on = _RANGE.fullmatch(asked), request.headers.get("if-range")
    if found is None or (on is not None and on != tag):
        return None  # Several ranges at once, and other units, are answered with the whole.
    first, last, suffix = found.groups()
    if last and int(last) < int(first):
        return None  # Such a range is no range.
    start = max(0, size - int(suffix)) if suffix else int(first)
    end = min(size, int(last) + 1) if last else size
    if start >= size or end <= start:
        there = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        raise HttpProblem(416, "no-such-range", "There is no such part of this file.", headers=there)
    return start, end


def _named(one: MediaView) -> str:
    """A paper is only ever taken away; the rest is shown where it is asked for."""
    way = "attachment" if one.kind is MediaKind.PAPER else "inline"
    return f"{way}; filename*=UTF-8''{quote(one.filename, safe='')}"
