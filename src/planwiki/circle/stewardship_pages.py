"""Handing the plan over to the person, stopping all sharing, and what owners may think about."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import MemberStatus, Role
from planwiki.web.asking import PageDesk
from planwiki.web.forms import drafted, typed_in
from planwiki.web.rendering import page

from . import freeze_commands, hand_over_commands, task_commands
from .pages import owners_frame
from .queries import members
from .schemas import StayDraft, TaskAnswerDraft

router = APIRouter(include_in_schema=False)
TASKS = "/plans/{plan_id}/tasks"
HAND_OVER, SHARING = "/plans/{plan_id}/hand-over", "/plans/{plan_id}/sharing"


@router.post(SHARING + "/freeze")
async def freeze(desk: PageDesk, plan_id: UUID) -> Response:
    """One press, and nobody but the owners sees anything."""
    await desk.write(lambda uow: freeze_commands.freeze_sharing(uow, plan_id))
    return RedirectResponse(f"/plans/{plan_id}/sharing", 303)


@router.post(SHARING + "/unfreeze")
async def unfreeze(desk: PageDesk, plan_id: UUID) -> Response:
    await desk.write(lambda uow: freeze_commands.unfreeze_sharing(uow, plan_id))
    return RedirectResponse(f"/plans/{plan_id}/sharing", 303)


@router.get(HAND_OVER)
async def show_handing_over(request: Request, desk: PageDesk, plan_id: UUID, saved: str = "") -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown, me = owners_frame(uow, plan_id), uow.me(plan_id)
        person = next((one for one in members(uow, plan_id) if one.role is Role.PERSON), None)
        joined = person is not None and person.status is not MemberStatus.CONTACT_ONLY and bool(person.confirmed)
        helping = hand_over_commands.stewards(uow, plan_id)
        return shown | {"joined": joined, "stewards": helping, "i_am_the_person": me.role is Role.PERSON}

    return page(request, "circle/hand_over.html", **await desk.read(ask), saved=saved)


@router.post(HAND_OVER)
async def decide_who_stays(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    typed = await typed_in(request)
    chosen = {name.removeprefix("member-"): value for name, value in typed.items() if name.startswith("member-")}
    draft = drafted(StayDraft, {"stays": {id: value == "stays" for id, value in chosen.items()}})
    await desk.write(lambda uow: hand_over_commands.decide_who_stays(uow, plan_id, draft))
    return RedirectResponse(f"/plans/{plan_id}/hand-over?saved=yes", 303)


@router.get(TASKS)
async def show_tasks(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        return owners_frame(uow, plan_id) | {"tasks": task_commands.tasks(uow, plan_id)}

    return page(request, "circle/tasks.html", **await desk.read(ask))


@router.post(TASKS)
async def answer(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    typed = await typed_in(request)
    draft = drafted(TaskAnswerDraft, {"about": typed.get("about", ""), "answer": typed.get("answer", "")})
    await desk.write(lambda uow: task_commands.answer_task(uow, plan_id, draft))
    return RedirectResponse(f"/plans/{plan_id}/tasks", 303)
