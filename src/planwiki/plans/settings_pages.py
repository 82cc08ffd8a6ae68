"""The settings of a plan, the order of its sections, closing it and opening it again. For owners."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid
from planwiki.base.text import Key
from planwiki.base.vocabulary import PlanStatus
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .commands import change_plan, close_plan
from .page_queries import places
from .queries import section_view
from .schemas import PlanPatch, PlanView, SectionPatch
from .section_commands import change_section

router = APIRouter(include_in_schema=False)
PLAN = "/plans/{plan_id}"


def owners_frame(uow: UnitOfWork, plan_id: UUID) -> dict[str, Any]:
    """What stands around a page that only owners open."""
    shown = frame(uow, plan_id)
    uow.permit_owner(plan_id)
    return shown


@router.get(PLAN + "/settings")
async def show_settings(request: Request, desk: PageDesk, plan_id: UUID, saved: str = "") -> Response:
    shown = await desk.read(lambda uow: owners_frame(uow, plan_id))
    return page(request, "plans/settings.html", **shown, typed=_as_typed(shown["plan"]), saved=saved)


def _as_typed(plan: PlanView) -> Typed:
    person = plan.person
    return {
        "title": plan.title,
        "status": plan.status.value,
        "person-display_name": person.display_name,
        "person-preferred_name": person.preferred_name or "",
        "person-pronouns": person.pronouns or "",
        "person-date_of_birth": person.date_of_birth.isoformat() if person.date_of_birth else "",
        "person-communication": "\n".join(person.communication),
    }


@router.post(PLAN + "/settings")
async def change_settings(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    typed = await typed_in(request)

    def change(uow: UnitOfWork) -> None:
        before = _as_typed(owners_frame(uow, plan_id)["plan"])
        change_plan(uow, plan_id, drafted(PlanPatch, _patch(typed, before)))

    try:
        await desk.write(change)
    except Invalid as error:
        shown = await desk.read(lambda uow: owners_frame(uow, plan_id))
        typed, errors = _as_typed(shown["plan"]) | typed, _by_field(errors_of(error))
        return page(request, "plans/settings.html", 422, **shown, typed=typed, saved="", errors=errors)
    return RedirectResponse(f"/plans/{plan_id}/settings?saved=yes", 303)


def _patch(typed: Typed, before: Typed) -> dict[str, Any]:
    """Only what somebody changed; what was left empty is nothing. A closed plan keeps its status here."""
    changed = {name: typed[name] for name in before if name in typed and typed[name] != before[name]}
    said: dict[str, Any] = {name: changed[name] for name in ("title", "status") if name in changed}
    person = {name.partition("-")[2]: text for name, text in changed.items() if name.startswith("person-")}
    kept: dict[str, Any] = {
        name: text if name == "display_name" else text.strip() or None for name, text in person.items()
    }
    if "communication" in kept:
        kept["communication"] = [line for line in person["communication"].splitlines() if line.strip()]
    return said | ({"person": kept} if kept else {})


def _by_field(errors: dict[str, str]) -> dict[str, str]:
    """A line that does not fit is said of the box it stands in."""
    return {("person-communication" if "communication" in name else name): words for name, words in errors.items()}


@router.post(PLAN + "/photo")
async def choose_photo(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """A picture of the plan as the person's photo; without one, their letters again."""
    typed = await typed_in(request)
    patch = drafted(PlanPatch, {"person": {"photo_media_id": typed.get("media_id") or None}})
    await desk.write(lambda uow: change_plan(uow, plan_id, patch))
    return RedirectResponse(f"/plans/{plan_id}?said={'photo' if typed.get('media_id') else 'no-photo'}", 303)


@router.post(PLAN + "/close")
async def close(desk: PageDesk, plan_id: UUID) -> Response:
    await desk.write(lambda uow: close_plan(uow, plan_id))
    return RedirectResponse(f"/plans/{plan_id}?said=closed", 303)


@router.post(PLAN + "/open")
async def open_again(desk: PageDesk, plan_id: UUID) -> Response:
    patch = drafted(PlanPatch, {"status": PlanStatus.ACTIVE})
    await desk.write(lambda uow: change_plan(uow, plan_id, patch))
    return RedirectResponse(f"/plans/{plan_id}?said=opened", 303)


@router.get(PLAN + "/order")
async def show_order(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        return owners_frame(uow, plan_id) | {"places": places(uow, plan_id)}

    return page(request, "plans/order.html", **await desk.read(ask))


@router.post(PLAN + "/sections/{key}/move")
async def move(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    """To the place that the pressed button named: where its neighbour stands."""
    patch = drafted(SectionPatch, {"position": (await typed_in(request)).get("to", "")})

    def change(uow: UnitOfWork) -> None:
        change_section(uow, plan_id, key, patch, based_on=section_view(uow, plan_id, key).revision)

    await desk.write(change)
    return RedirectResponse(f"/plans/{plan_id}/order#{key}", 303)
