"""New for me: what is new in all my plans, and what waits for my answer."""

from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import PlanwikiError
from planwiki.base.ids import as_id, new_id
from planwiki.people.queries import my_account
from planwiki.plans.queries import my_parts
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.forms import typed_in
from planwiki.web.news_sentences import NewsLine, lines
from planwiki.web.rendering import page

from . import seen_commands
from .inbox_queries import PLANS, inbox
from .schemas import ToMark

router = APIRouter(include_in_schema=False)
SHOWN = 20


class Part(NamedTuple):
    """A page of a list, and the numbers of the pages before and after, where there are such."""

    lines: list[NewsLine]
    before: int | None
    after: int | None


async def keep_seen(desk: Desk, plan_id: UUID, seen: ToMark) -> None:
    """Called by pages that show a plan or section. A reader is shown it, whether or not this could be kept.

    So nothing is written where nothing is new: most readings stay readings.
    """
    if not seen.is_anything:
        return
    try:
        await desk.write(lambda uow: seen_commands.mark_seen(uow, plan_id, seen))
    except PlanwikiError:  # Another tab was quicker, or a share ended just now. Then it stays new, and no harm is done.
        return


@router.get("/news")
async def show_news(
    request: Request,
    desk: PageDesk,
    number: int = Query(1, alias="page", ge=1, le=1000),
    waiting: int = Query(1, ge=1, le=1000),
    aside: str = "",
    seen: str = "",
) -> Response:
    """`aside` names what was just put aside, `seen` the press that marked all as seen. Looking here marks nothing."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        found = inbox(uow)
        new, waits = (lines(one) for one in (found.new, found.waits))
        several = len({one.whose_plan for one in (*new, *waits)}) > 1
        return {
            "viewer": my_account(uow),
            "new": _part(new, number),
            "waits": _part(waits, waiting),
            "several": several,
        }

    shown = await desk.read(ask)
    return page(request, "news/index.html", **shown, aside=aside[:100], seen=as_id(seen), here="news")


def _part(found: list[NewsLine], number: int) -> Part:
    """The last page there is, where somebody asks for one beyond it."""
    last = max(1, -(-len(found) // SHOWN))
    here = min(number, last)
    before, after = (here - 1 if here > 1 else None), (here + 1 if here < last else None)
    return Part(found[(here - 1) * SHOWN : here * SHOWN], before, after)


@router.post("/news/seen")
async def mark_all_as_seen(request: Request, desk: PageDesk) -> Response:
    """All of one plan, or of all my plans. The page after it can undo this press."""
    press = new_id()
    plan = (await typed_in(request)).get("plan", "")
    plan_id = as_id(plan)

    def mark(uow: UnitOfWork) -> None:
        mine = [one.id for one in my_parts(uow, limit=PLANS)] if not plan else [plan_id] if plan_id else []
        for one in mine:
            seen_commands.mark_all_seen(uow, one, press)

    await desk.write(mark)
    return RedirectResponse(f"/plans/{plan_id}?seen={press}" if plan_id else f"/news?seen={press}", 303)


@router.post("/news/seen/undo")
async def unmark_all(request: Request, desk: PageDesk) -> Response:
    """One step back. Nothing happens for a press that is not the reader's own."""
    typed = await typed_in(request)
    plan_id = as_id(typed.get("plan", ""))
    await desk.write(lambda uow: seen_commands.unmark_all_seen(uow, as_id(typed.get("press", ""))))
    return RedirectResponse(f"/plans/{plan_id}" if plan_id else "/news", 303)


@router.post("/news/aside")
async def put_aside(request: Request, desk: PageDesk) -> Response:
    about = (await typed_in(request)).get("about", "")
    await desk.write(lambda uow: seen_commands.put_aside(uow, about))
    return RedirectResponse(f"/news?aside={about}", 303)


@router.post("/news/aside/undo")
async def take_back(request: Request, desk: PageDesk) -> Response:
    about = (await typed_in(request)).get("about", "")
    await desk.write(lambda uow: seen_commands.take_back(uow, about))
    return RedirectResponse("/news", 303)
