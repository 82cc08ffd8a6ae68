"""Words kept for later: quietly while somebody writes, by a button without script; thrown away, and brought back.

The full words of a section and its easy ones are kept the same way, each below the page where they are written.
"""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.base.errors import PlanwikiError
from planwiki.base.text import Key
from planwiki.base.vocabulary import Face
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.browser_login import desk_for, secret_of
from planwiki.web.forms import Typed, check_came_once, typed_in
from planwiki.web.problems import status_of

from .draft_commands import bring_back, keep_draft, throw_away
from .easy_pages import easy_fields_in
from .writing_pages import fields_in, in_hand, kept_in_page

router = APIRouter(include_in_schema=False)
SECTION = "/plans/{plan_id}/sections/{key}"


class Written(NamedTuple):
    """One face of a section as it is written: where, the field that is always there, all of them, and where a kept
    one is told of."""

    face: Face
    below: str
    words: str
    fields: Callable[[Typed], Typed]
    kept: str


FULL = Written(Face.FULL, "", "body_markdown", fields_in, "?said=kept")
EASY = Written(Face.EASY, "/easy", "words-0", easy_fields_in, "?face=easy&said=easy-kept")


@router.post(f"{SECTION}/draft")
async def keep_for_later(request: Request, plan_id: UUID, key: Key) -> Response:
    return await _keep(request, plan_id, key, FULL)


@router.post(f"{SECTION}/easy/draft")
async def keep_easy_words_for_later(request: Request, plan_id: UUID, key: Key) -> Response:
    return await _keep(request, plan_id, key, EASY)


async def _keep(request: Request, plan_id: UUID, key: str, written: Written) -> Response:
    """A page that writes by itself asks for JSON and is told by the status alone."""
    quiet = request.headers.get("accept", "").startswith("application/json")
    sent = await typed_in(request)
    await check_came_once(request, written.words)
    typed = written.fields(sent)
    at = f"/plans/{plan_id}/sections/{key}"
    try:
        desk = desk_for(request, secret_of(request))
        await desk.write(lambda uow: keep_draft(uow, plan_id, key, in_hand(typed, written.face)))
    except PlanwikiError as error:
        if quiet:
            return Response(status_code=status_of(error))
        return kept_in_page(request, typed, error, save_at=f"{at}{written.below}/edit")
    return Response(status_code=204) if quiet else RedirectResponse(at + written.kept, 303)


@router.post(f"{SECTION}/draft/throw-away")
async def throw_words_away(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    return await _throw_away(desk, plan_id, key, FULL)


@router.post(f"{SECTION}/easy/draft/throw-away")
async def throw_easy_words_away(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    return await _throw_away(desk, plan_id, key, EASY)


async def _throw_away(desk: Desk, plan_id: UUID, key: str, written: Written) -> Response:
    await desk.write(lambda uow: throw_away(uow, plan_id, key, written.face))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}{written.below}/edit?said=thrown-away", 303)


@router.post(f"{SECTION}/draft/bring-back")
async def bring_words_back(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    return await _bring_back(desk, plan_id, key, FULL)


@router.post(f"{SECTION}/easy/draft/bring-back")
async def bring_easy_words_back(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    return await _bring_back(desk, plan_id, key, EASY)


async def _bring_back(desk: Desk, plan_id: UUID, key: str, written: Written) -> Response:
    await desk.write(lambda uow: bring_back(uow, plan_id, key, written.face))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}{written.below}/edit", 303)
