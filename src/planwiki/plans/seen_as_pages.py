"""The plan exactly as somebody else sees it, to read only. Each look is recorded, so these pages write."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.circle.queries import member_view, seen_as
from planwiki.media.queries import media_of
from planwiki.outcomes.queries import actions_in
from planwiki.talk.page_queries import checked_now, said_about
from planwiki.talk.perspective_queries import perspectives
from planwiki.web.asking import PageDesk
from planwiki.web.forms import typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .face_queries import faces
from .page_queries import neighbours, tiles
from .queries import section_view, sections
from .section_pages import seen

router = APIRouter(include_in_schema=False)
PLAN = "/plans/{plan_id}"
AS = PLAN + "/as/{member_id}"


@router.post(PLAN + "/see-as")
async def choose(request: Request, plan_id: UUID) -> Response:
    try:
        member_id = UUID((await typed_in(request)).get("member", ""))
    except ValueError:
        raise Forbidden(_("We cannot tell whom you mean.")) from None
    return RedirectResponse(f"/plans/{plan_id}/as/{member_id}", 303)


@router.get(AS)
async def show_plan(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        with seen_as(uow, plan_id, member_id) as them:
            shown = {"tiles": tiles(them, plan_id, sections(them, plan_id)), "checked": checked_now(them, plan_id)}
            return _named(them, plan_id, member_id) | shown

    shown = await desk.write(ask)
    here = f"/plans/{plan_id}/as/{member_id}"
    return page(request, "plans/show.html", **shown, at=here, said="", put_away=[], just_put_away=None)


def _named(them: UnitOfWork, plan_id: UUID, member_id: UUID) -> dict[str, Any]:
    return frame(them, plan_id) | {"seen_as": member_view(them, plan_id, member_id).display_name}


@router.get(AS + "/sections/{key}")
async def show_section(
    request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID, key: Key, face: str = ""
) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        with seen_as(uow, plan_id, member_id) as them:
            section = section_view(them, plan_id, key)
            before, after = neighbours(them, section)
            shown = _named(them, plan_id, member_id) | seen(them, section) | said_about(them, section)
            media, nothing = media_of(them, plan_id, key), {"back_to": None, "easy_back_to": None, "it": None}
            shown |= {"media": media} | faces(them, section, media, face) | perspectives(them, section)
            shown |= {"actions": actions_in(them, plan_id, section.id)}
            return shown | {"section": section, "before": before, "after": after} | nothing

    return page(request, "plans/section.html", **await desk.write(ask), at=f"/plans/{plan_id}/as/{member_id}", said="")
