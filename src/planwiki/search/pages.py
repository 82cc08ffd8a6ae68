"""Search, for people."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid
from planwiki.people.queries import my_account
from planwiki.plans.queries import plan_view
from planwiki.web.asking import PageDesk
from planwiki.web.forms import errors_of
from planwiki.web.looking import keep_found
from planwiki.web.rendering import page

from . import queries

router = APIRouter(include_in_schema=False)


@router.get("/search")
async def search(request: Request, desk: PageDesk, q: str | None = None, plan: UUID | None = None) -> Response:
    """Over all my plans, or one. A plan I do not stand in answers like one that never was."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        title = plan_view(uow, plan).title if plan else ""
        return {"viewer": my_account(uow), "plan_title": title} | _found(uow, q, plan)

    shown = await desk.read(ask)
    await keep_found(request, desk, [(hit.plan_id, hit.section_key) for hit in shown["hits"] or ()])
    return page(
        request, "search/index.html", 422 if shown["errors"] else 200, **shown, q=q or "", plan_id=plan, here="search"
    )


def _found(uow: UnitOfWork, q: str | None, plan_id: UUID | None) -> dict[str, Any]:
    if q is None:
        return {"hits": None, "errors": {}}
    try:
        return {"hits": queries.search(uow, q, plan_id=plan_id), "errors": {}}
    except Invalid as error:
        return {"hits": None, "errors": errors_of(error)}
