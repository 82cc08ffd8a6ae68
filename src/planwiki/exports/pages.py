"""Printing: which paper, what goes on it, the page to print, and the same as a PDF. Nothing here changes anything."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.language import _
from planwiki.media.intake_pages import storage_of
from planwiki.web.asking import PageDesk, settings_of
from planwiki.web.looking import keep_printed
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from . import queries
from .as_pdf import as_pdf
from .rules import BANDS, LARGE, MOVED_ON, SHORT, YES, LayoutName, called, heard, is_easy, layout_named, layouts, said
from .views import PaperView

router = APIRouter(include_in_schema=False)
PRINT = "/plans/{plan_id}/print"
LAYOUT = PRINT + "/{layout}"


@router.get(PRINT)
async def choose_paper(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    return page(request, "exports/papers.html", **await desk.read(lambda uow: frame(uow, plan_id)), layouts=layouts())


@router.get(LAYOUT)
async def choose_parts(request: Request, desk: PageDesk, plan_id: UUID, layout: LayoutName) -> Response:
    """Filled in as it was chosen before, or as the paper begins."""
    asked = request.query_params
    shown = await desk.read(lambda uow: queries.offered(uow, plan_id, layout, asked))
    chosen = {"large": asked.get(LARGE) == YES, "in_easy_words": is_easy(layout, asked)}
    return page(request, "exports/choose.html", **shown, layout=layout_named(layout), colours=said(SHORT), **chosen)


@router.get(LAYOUT + "/paper")
async def show_paper(request: Request, desk: PageDesk, plan_id: UUID, layout: LayoutName) -> Response:
    """The page that a browser prints."""
    shown = await desk.read(lambda uow: _paper(uow, request, plan_id, layout))
    await _record(request, desk, shown["paper"])
    return page(
        request,
        "exports/paper.html",
        **shown,
        bands=said(BANDS),
        title=layout_named(layout).title,
        moved_on=_(MOVED_ON),
        called=called,
        heard=heard,
    )


@router.get(LAYOUT + "/pdf")
async def get_pdf(request: Request, desk: PageDesk, plan_id: UUID, layout: LayoutName) -> Response:
    """To take away, so whoever asks shows first that it is them. Its name is nobody's."""

    def ask(uow: UnitOfWork) -> PaperView:
        made: PaperView = _paper(uow, request, plan_id, layout)["paper"]
        uow.require_fresh()
        return made

    paper = await desk.read(ask)
    made = await to_thread.run_sync(as_pdf, paper, storage_of(request))
    await _record(request, desk, paper)
    headers = {
        "Content-Disposition": f'attachment; filename="{layout_named(layout).file}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(made, headers=headers, media_type="application/pdf")


def _paper(uow: UnitOfWork, request: Request, plan_id: UUID, layout: LayoutName) -> dict[str, Any]:
    return queries.paper(uow, plan_id, layout, request.query_params, ZoneInfo(settings_of(request).time_zone))


async def _record(request: Request, desk: PageDesk, paper: PaperView) -> None:
    verb = {
        LayoutName.PROFILE: "section.printed_profile",
        LayoutName.PASSPORT: "section.printed_passport",
        LayoutName.PLAN: "section.printed_plan",
        LayoutName.CARD: "section.printed_card",
    }[paper.layout]
    await keep_printed(request, desk, paper.plan.id, verb, [one.section.key for one in paper.parts])
