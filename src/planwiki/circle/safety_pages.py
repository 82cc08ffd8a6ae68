"""Tell someone: who is there for somebody who is worried. It stands outside every plan, and leaves no entry."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden, NotFound, SignInNeeded
from planwiki.people.queries import my_account
from planwiki.web.asking import settings_of
from planwiki.web.browser_login import desk_for, secret_of
from planwiki.web.rendering import page

from .safety_queries import trusted

router = APIRouter(include_in_schema=False)
NOBODY: dict[str, Any] = {"viewer": None, "trusted": []}


@router.get("/tell-someone")
async def show_whom_to_tell(request: Request, plan: UUID | None = None) -> Response:
    """For everybody, signed in or not. A plan one does not stand in names nobody, like one that never was."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        viewer = my_account(uow)
        try:
            return {"viewer": viewer, "trusted": trusted(uow, plan) if plan else []}
        except NotFound:
            return {"viewer": viewer, "trusted": []}

    try:
        shown = await desk_for(request, secret_of(request)).read(ask) if secret_of(request) else NOBODY
    except (SignInNeeded, Forbidden):
        shown = NOBODY
    return page(request, "circle/tell.html", **shown, contact=settings_of(request).safety_contact, private=True)
