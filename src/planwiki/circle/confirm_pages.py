"""Is this Nan? An owner says whether the right one took an invitation. Until then only everyday sections open."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.language import _
from planwiki.web.asking import PageDesk
from planwiki.web.forms import typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .commands import confirm_member, end_member
from .confirm_queries import who_came

router = APIRouter(include_in_schema=False)
CAME = "/plans/{plan_id}/circle/{member_id}/came"


@router.get(CAME)
async def ask_who_came(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        return frame(uow, plan_id) | {"who": who_came(uow, plan_id, member_id), "came": []}

    return page(request, "circle/came.html", **await desk.read(ask))


@router.post(CAME)
async def answer(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    """Yes opens what was given. No ends it all with this press, and nobody tells them."""
    said = (await typed_in(request)).get("answer", "")
    verb = {"yes": confirm_member, "no": end_member}.get(said)
    if verb is None:
        raise Forbidden(_("Please say yes or no."))
    await desk.write(lambda uow: verb(uow, plan_id, member_id))
    there = f"/{member_id}?saved=yes" if said == "yes" else ""
    return RedirectResponse(f"/plans/{plan_id}/circle{there}", 303)
