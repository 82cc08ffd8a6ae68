"""One small page for whoever looks after this planwiki. It shows no plan, and changes nothing."""

from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.web.asking import PageDesk
from planwiki.web.rendering import page

from . import host_queries
from .host_schemas import HostView
from .queries import my_account
from .schemas import AccountView

router = APIRouter(include_in_schema=False)


@router.get("/host")
async def show_host(request: Request, desk: PageDesk) -> Response:
    def ask(uow: UnitOfWork) -> tuple[AccountView, HostView]:
        return my_account(uow), host_queries.overview(uow)

    viewer, host = await desk.read(ask)
    return page(request, "people/host.html", viewer=viewer, host=host)
