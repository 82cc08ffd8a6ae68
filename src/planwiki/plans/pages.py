"""My plans, starting one, and the plan: tiles of the sections somebody may see."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid
from planwiki.base.ids import as_id
from planwiki.base.language import _
from planwiki.news.pages import keep_seen
from planwiki.news.queries import since_i_looked
from planwiki.people.queries import my_account
from planwiki.talk.page_queries import checked_now
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, by_need, drafted, errors_of, typed_in
from planwiki.web.news_sentences import lines
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .commands import start_plan
from .page_queries import tiles
from .queries import my_parts, sections
from .schemas import PlanDraft, PlanView
from .templating import templates

router = APIRouter(include_in_schema=False)
PLANS_SHOWN = 50
NEEDED = {
    "person-display_name": _("Please write whose plan it is."),
    "my_role": _("Please say what you are in this plan."),
    "template": _("Please choose what to start from."),
}


@router.get("/plans")
async def show_my_plans(request: Request, desk: PageDesk, after: UUID | None = None) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        mine = my_parts(uow, after=after, limit=PLANS_SHOWN + 1)
        more = mine[PLANS_SHOWN - 1].id if len(mine) > PLANS_SHOWN else None
        return {"viewer": my_account(uow), "plans": mine[:PLANS_SHOWN], "more": more}

    return page(request, "plans/mine.html", **await desk.read(ask), here="plans")


@router.get("/plans/start")
async def ask_about_plan(request: Request, desk: PageDesk) -> Response:
    first = {"template": next(iter(templates()))}
    return _start_form(request, await desk.read(my_account), typed=first)


@router.post("/plans/start")
async def start(request: Request, desk: PageDesk) -> Response:
    """The new plan, open at its first section."""
    typed = await typed_in(request)
    try:
        draft = drafted(PlanDraft, _plan(typed))
        plan = await desk.write(lambda uow: start_plan(uow, draft))
    except Invalid as error:
        errors = by_need(errors_of(error), typed, NEEDED)
        return _start_form(request, await desk.read(my_account), 422, typed=typed, errors=errors)
    return RedirectResponse(_first_to_write(plan), 303)


def _start_form(request: Request, viewer: Any, status: int = 200, **shown: Any) -> Response:
    return page(
        request, "plans/start.html", status, viewer=viewer, templates=templates().values(), here="plans", **shown
    )


def _plan(typed: Typed) -> dict[str, Any]:
    said: dict[str, Any] = {name: typed.get(name, "") for name in ("my_role", "template")}
    return said | {"person": {"display_name": typed.get("person-display_name", "")}}


def _first_to_write(plan: PlanView) -> str:
    return f"/plans/{plan.id}" + (f"/sections/{plan.section_keys[0]}/edit" if plan.section_keys else "")


@router.get("/plans/{plan_id}")
async def show_plan(
    request: Request, desk: PageDesk, plan_id: UUID, said: str = "", section: str = "", seen: str = ""
) -> Response:
    """`said` names what was just done, `section` what it was done to, `seen` a press that marked all as seen.

    Opened for the first time, all that is there counts as seen. That is the viewer's own bookkeeping alone.
    """

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        active = sections(uow, plan_id)
        shown = frame(uow, plan_id, active)
        put_away = [] if shown["plan"].is_partial else sections(uow, plan_id, archived=True)
        shown |= {"tiles": tiles(uow, plan_id, active), "put_away": put_away}
        news, to_mark = since_i_looked(uow, plan_id)
        return shown | {"checked": checked_now(uow, plan_id), "news": lines(news), "to_mark": to_mark}

    shown = await desk.read(ask)
    await keep_seen(desk, plan_id, shown.pop("to_mark"))
    undo = next((one for one in shown["put_away"] if said == "put-away" and one.key == section), None)
    at = f"/plans/{plan_id}"
    return page(
        request, "plans/show.html", **shown, at=at, said=said, just_put_away=undo, seen=as_id(seen), here="plans"
    )
