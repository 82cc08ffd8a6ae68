"""One small page for whoever looks after this planwiki. It shows no plan, and changes nothing."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.web.asking import PageDesk, in_thread, settings_of
from planwiki.web.rendering import page

from . import host_queries
from .host_schemas import HostView
from .queries import my_account
from .schemas import AccountView

router = APIRouter(include_in_schema=False)


@router.get("/host")
async def show_host(request: Request, desk: PageDesk, before: UUID | None = None) -> Response:
    def ask(uow: UnitOfWork) -> tuple[AccountView, HostView]:
        return my_account(uow), host_queries.overview(uow, before)

    viewer, host = await desk.read(ask)
    health = await in_thread(lambda _: list(request.app.state.examine(settings_of(request))), request)
    return page(request, "people/host.html", viewer=viewer, host=host, health=health)
