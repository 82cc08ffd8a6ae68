"""Shares that nobody uses: keep, end, or not now."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.language import _
from planwiki.base.vocabulary import TaskAnswer
from planwiki.web.asking import PageDesk
from planwiki.web.forms import typed_in
from planwiki.web.rendering import page

from .pages import owners_frame
from .unused_commands import answer_unused, unused_grants

router = APIRouter(include_in_schema=False)
UNUSED = "/plans/{plan_id}/circle/unused"


@router.get(UNUSED)
async def show_unused(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        return owners_frame(uow, plan_id) | {"unused": unused_grants(uow, plan_id)}

    return page(request, "circle/unused.html", **await desk.read(ask))


@router.post(UNUSED + "/{grant_id}")
async def answer(request: Request, desk: PageDesk, plan_id: UUID, grant_id: UUID) -> Response:
    said = (await typed_in(request)).get("answer", "")
    if said not in set(TaskAnswer):
        raise Forbidden(_("Please choose one of the answers."))
    await desk.write(lambda uow: answer_unused(uow, plan_id, grant_id, TaskAnswer(said)))
    return RedirectResponse(f"/plans/{plan_id}/circle/unused", 303)
