"""Guest links, for programs; and reading through one, for whoever holds it."""

from uuid import UUID

from fastapi import Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.errors import SignInNeeded
from planwiki.integrations.commands import Made
from planwiki.web.api_routes import LinkId, PlanId, api_router
from planwiki.web.asking import ApiDesk, in_thread, settings_of
from planwiki.web.idempotent import IdempotencyKey, made, make
from planwiki.web.json_bodies import JSON
from planwiki.web.lists import Page, Paged, got_part
from planwiki.web.problem_types import problems

from . import share_link_commands, shared_commands
from .share_link_schemas import SharedPackView, ShareLinkDraft, ShareLinkView

router = api_router("circle")
ALL = "/v1/plans/{plan_id}/share-links"


@router.get(ALL, response_model=Page[ShareLinkView], responses=problems("not-allowed"), summary="Guest links")
async def list_share_links(request: Request, desk: ApiDesk, plan_id: PlanId, paging: Paged) -> Response:
    """Newest first, ended ones too; never their addresses. For owners."""

    def ask(uow: UnitOfWork, before: UUID | None, most: int) -> list[ShareLinkView]:
        return share_link_commands.share_links(uow, plan_id, before=before, limit=most)

    part = await desk.read(lambda uow: paging.part(uow, ask, lambda one: one.id, UUID))
    return got_part(request, part, ShareLinkView, kept=False)


@router.post(
    ALL, response_model=ShareLinkView, status_code=201, responses=problems("not-allowed"), summary="Make a guest link"
)
async def create_share_link(
    request: Request, desk: ApiDesk, plan_id: PlanId, draft: ShareLinkDraft, key: IdempotencyKey = None
) -> Response:
    """Whoever holds `url` reads these sections until it ends. It is shown this once. For owners."""

    def add(uow: UnitOfWork) -> Made:
        link = share_link_commands.make_share_link(uow, plan_id, draft, settings_of(request).base_url)
        return made(link, f"/v1/plans/{plan_id}/share-links", plan_id)  # It has no address of its own to read.

    return await make(request, desk, key, draft, add)


@router.delete(f"{ALL}/{{link_id}}", status_code=204, responses=problems("not-allowed"), summary="Stop a guest link")
async def end_share_link(desk: ApiDesk, plan_id: PlanId, link_id: LinkId) -> Response:
    """It opens nothing from now on. For owners."""
    await desk.write(lambda uow: share_link_commands.end_share_link(uow, plan_id, link_id))
    return Response(status_code=204)


@router.get(
    "/v1/shared",
    response_model=SharedPackView,
    responses=problems("sign-in-needed", "link-ended"),
    summary="Read through a guest link",
)
async def get_shared(request: Request) -> Response:
    """The link's secret, from after the #, is the bearer token. Each use is counted, written down, and kept nowhere."""
    pack = await open_and_tell(request, guest_secret(request))
    return Response(pack.model_dump_json(by_alias=True), headers={"Cache-Control": "no-store"}, media_type=JSON)


def guest_secret(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise SignInNeeded("Please send the link's secret.")
    return secret.strip()


async def open_and_tell(request: Request, secret: str) -> SharedPackView:
    """The use is on disk, counted and chained, before the words leave. A HEAD shows no word, and uses nothing up."""
    shows = not request.state.head
    pack = await in_thread(lambda database: shared_commands.open_shared(database, secret, counts=shows), request)
    if shows:
        await request.app.state.looks.keep(shared_commands.used(pack, clock.now(), request.state.request_id))
    return pack
