"""Lee is leaving: their last day, and who takes over each thing that only they do."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.rendering import page

from .coming_schemas import HandOverDraft
from .leaving_commands import hand_over, may_take_over, theirs_alone, to_hand_on
from .pages import owners_frame
from .queries import member_view, members

router = APIRouter(include_in_schema=False)
LEAVING = "/plans/{plan_id}/circle/{member_id}/leaving"


@router.get(LEAVING)
async def show_what_they_do(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    return page(request, "circle/leaving.html", **await desk.read(lambda uow: _shown(uow, plan_id, member_id, {})))


def _shown(uow: UnitOfWork, plan_id: UUID, member_id: UUID, typed: Typed) -> dict[str, Any]:
    shown = owners_frame(uow, plan_id)
    member = member_view(uow, plan_id, member_id)
    day = {"ends_on": member.ends_on.isoformat() if member.ends_on else ""}
    here = [one for one in members(uow, plan_id) if one.here and one.id != member_id]
    return shown | {
        "member": member,
        "asked_alone": [one.id for one in shown["ask"]] == [member_id],
        "others": here,
        "alone": theirs_alone(uow, plan_id, member_id),
        "to_do": to_hand_on(uow, plan_id, member_id),
        "takers": may_take_over(uow, plan_id, member_id),
        "typed": day | typed,
    }


@router.post(LEAVING)
async def hand_on(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    typed = await typed_in(request)
    try:
        draft = drafted(HandOverDraft, _as_draft(typed))
        await desk.write(lambda uow: hand_over(uow, plan_id, member_id, draft))
    except (Invalid, Conflict) as error:
        shown = await desk.read(lambda uow: _shown(uow, plan_id, member_id, typed))
        status = 409 if isinstance(error, Conflict) else 422
        return page(request, "circle/leaving.html", status, **shown, errors=_placed(errors_of(error)))
    return RedirectResponse(f"/plans/{plan_id}/circle/{member_id}?saved=yes", 303)


def _as_draft(typed: Typed) -> dict[str, Any]:
    given = {name.removeprefix("to-"): who for name, who in typed.items() if name.startswith("to-") and who}
    done_by = {name.removeprefix("do-"): who for name, who in typed.items() if name.startswith("do-") and who}
    said: dict[str, Any] = {"sections": given, "actions": done_by, "ask_first": typed.get("ask_first") or None}
    return said | ({"ends_on": typed["ends_on"] or None} if "ends_on" in typed else {})


def _placed(errors: dict[str, str]) -> dict[str, str]:
    """What went wrong with a section, or with something to do, stands beside who was chosen for it."""
    return {_place(name): words for name, words in errors.items()}


def _place(name: str) -> str:
    if name in {"ends_on", "ask_first", "form"}:
        return name
    if name.startswith(("do-", "actions-")):
        return f"do-{name.removeprefix('do-').removeprefix('actions-').removesuffix('-who_member_id')}"
    return f"to-{name.removeprefix('sections-').removesuffix('-level')}"
