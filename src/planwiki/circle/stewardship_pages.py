"""Why somebody helps to decide, handing the plan over to the person, stopping all sharing, and what to think about."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid, NotFound
from planwiki.base.vocabulary import BasisKind, MemberStatus, Role
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.rendering import page

from . import commands, freeze_commands, hand_over_commands, task_commands
from .pages import owners_frame
from .queries import member_view, members
from .schemas import Basis, MemberPatch, StayDraft, TaskAnswerDraft

router = APIRouter(include_in_schema=False)
BASIS, TASKS = "/plans/{plan_id}/circle/{member_id}/basis", "/plans/{plan_id}/tasks"
HAND_OVER, SHARING = "/plans/{plan_id}/hand-over", "/plans/{plan_id}/sharing"
_DAYS = ("valid_from", "valid_until", "review_on")


@router.get(BASIS)
async def show_basis(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID, saved: str = "") -> Response:
    shown = await desk.read(lambda uow: _about(uow, plan_id, member_id))
    return page(request, "circle/basis.html", **shown, typed=_as_typed(shown["member"].basis), saved=saved)


def _about(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> dict[str, Any]:
    shown, member = owners_frame(uow, plan_id), member_view(uow, plan_id, member_id)
    if member.role is not Role.STEWARD:
        raise NotFound
    me = uow.me(plan_id)
    may_change = me.role is Role.PERSON or me.id == member.id
    kinds = [one for one in BasisKind if one is not BasisKind.SELF]
    return shown | {"member": member, "kinds": kinds, "may_change": may_change}


def _as_typed(basis: Basis | None) -> Typed:
    if basis is None:
        return dict.fromkeys(("kind", "scope", "proof_seen_by", *_DAYS), "")
    days = {name: day.isoformat() if (day := getattr(basis, name)) else "" for name in _DAYS}
    return {
        "kind": basis.kind.value,
        "scope": "\n".join(basis.scope),
        "proof_seen_by": basis.proof_seen_by or "",
        **days,
    }


@router.post(BASIS)
async def change_basis(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    typed = await typed_in(request)
    said: dict[str, Any] = {name: typed.get(name) or None for name in ("proof_seen_by", *_DAYS)}
    said["scope"] = [line.strip() for line in typed.get("scope", "").splitlines() if line.strip()]
    if typed.get("kind"):
        said["kind"] = typed["kind"]
    try:
        patch = drafted(MemberPatch, {"basis": said})
        await desk.write(lambda uow: commands.change_member(uow, plan_id, member_id, patch))
    except (Invalid, Conflict) as error:
        shown = await desk.read(lambda uow: _about(uow, plan_id, member_id))
        errors = {name.removeprefix("basis-"): words for name, words in errors_of(error).items()}
        status = 409 if isinstance(error, Conflict) else 422
        typed = _as_typed(None) | typed
        return page(request, "circle/basis.html", status, **shown, typed=typed, saved="", errors=errors)
    return RedirectResponse(f"/plans/{plan_id}/circle/{member_id}/basis?saved=yes", 303)


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
        joined = person is not None and person.status is not MemberStatus.CONTACT_ONLY
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
