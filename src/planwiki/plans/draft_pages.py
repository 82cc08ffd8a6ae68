"""Words kept for later: quietly while somebody writes, by a button without script; thrown away, and brought back."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.base.errors import PlanwikiError
from planwiki.base.text import Key
from planwiki.web.asking import PageDesk
from planwiki.web.browser_login import desk_for, secret_of
from planwiki.web.forms import typed_in
from planwiki.web.problems import status_of

from .draft_commands import bring_back, keep_draft, throw_away
from .writing_pages import fields_in, in_hand, kept_in_page

router = APIRouter(include_in_schema=False)
SECTION = "/plans/{plan_id}/sections/{key}"


@router.post(f"{SECTION}/draft")
async def keep_for_later(request: Request, plan_id: UUID, key: Key) -> Response:
    """A page that writes by itself asks for JSON and is told by the status alone."""
    quiet = request.headers.get("accept", "").startswith("application/json")
    typed = fields_in(await typed_in(request))
    try:
        desk = desk_for(request, secret_of(request))
        await desk.write(lambda uow: keep_draft(uow, plan_id, key, in_hand(typed)))
    except PlanwikiError as error:
        if quiet:
            return Response(status_code=status_of(error))
        return kept_in_page(request, typed, error, save_at=f"/plans/{plan_id}/sections/{key}/edit")
    at = f"/plans/{plan_id}/sections/{key}?said=kept"
    return Response(status_code=204) if quiet else RedirectResponse(at, 303)


@router.post(f"{SECTION}/draft/throw-away")
async def throw_words_away(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    await desk.write(lambda uow: throw_away(uow, plan_id, key))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}/edit?said=thrown-away", 303)


@router.post(f"{SECTION}/draft/bring-back")
async def bring_words_back(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    await desk.write(lambda uow: bring_back(uow, plan_id, key))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}/edit", 303)
