"""Inviting somebody: asked, shown before it is done, and then a link that is shown this once."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid
from planwiki.base.vocabulary import Level, MemberStatus, Role
from planwiki.plans.queries import sections
from planwiki.web.asking import PageDesk, settings_of
from planwiki.web.forms import Typed, by_need, drafted, errors_of, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page
from planwiki.web.trying import try_out

from . import invitation_commands
from .pages import NEEDED, owners_frame
from .queries import members
from .schemas import InvitationDraft
from .sharing_schemas import NameDraft
from .trial_commands import as_if_joined

router = APIRouter(include_in_schema=False)
INVITE = "/plans/{plan_id}/circle/invite"


@router.get(INVITE)
async def ask_whom(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    return page(request, "circle/invite.html", **await desk.read(lambda uow: _form(uow, plan_id)), typed={})


@router.post(INVITE + "/change")
async def ask_again(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """Back from what was foretold, with everything as it was typed."""
    typed = await typed_in(request)
    return page(request, "circle/invite.html", **await desk.read(lambda uow: _form(uow, plan_id)), typed=typed)


def _form(uow: UnitOfWork, plan_id: UUID) -> dict[str, Any]:
    waits = [
        one for one in members(uow, plan_id) if one.role is Role.PERSON and one.status is MemberStatus.CONTACT_ONLY
    ]
    return owners_frame(uow, plan_id) | {"sections": sections(uow, plan_id), "person_waits": bool(waits)}


@router.post(INVITE + "/check")
async def foretell(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """What whoever takes the link will see, by the rule itself. Nothing is kept."""
    typed = await typed_in(request)

    def foretold(uow: UnitOfWork) -> dict[str, Any]:
        draft, shown = drafted(InvitationDraft, as_invitation(typed)), sections(uow, plan_id)
        levels = as_if_joined(uow, plan_id, draft)
        return frame(uow, plan_id) | {
            "draft": draft,
            "called": _name(typed),
            "opened": [(one, levels[one.key]) for one in shown if levels[one.key] is not Level.NONE],
            "closed": [one for one in shown if levels[one.key] is Level.NONE],
            "until": draft.grants[0].expires_on if draft.grants else None,
        }

    try:
        return page(request, "circle/invite_check.html", **await try_out(desk, foretold), typed=_told(typed))
    except (Invalid, Conflict) as error:
        return await _mend(request, desk, plan_id, typed, error)


@router.post(INVITE)
async def invite(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """The link is in this answer and nowhere else: no address, cookie or store holds it, so there is no redirect."""
    typed, base_url = await typed_in(request), settings_of(request).base_url

    def make(uow: UnitOfWork) -> dict[str, Any]:
        draft, name = drafted(InvitationDraft, as_invitation(typed)), _name(typed)
        made = invitation_commands.invite(uow, plan_id, draft, base_url, name)
        return frame(uow, plan_id) | {"invitation": made}

    try:
        return page(request, "circle/invited.html", **await desk.write(make))
    except (Invalid, Conflict) as error:
        return await _mend(request, desk, plan_id, typed, error)


@router.post("/plans/{plan_id}/circle/invitations/{invitation_id}/withdraw")
async def withdraw(desk: PageDesk, plan_id: UUID, invitation_id: UUID) -> Response:
    await desk.write(lambda uow: invitation_commands.withdraw(uow, plan_id, invitation_id))
    return RedirectResponse(f"/plans/{plan_id}/circle#invitations", 303)


def as_invitation(typed: Typed) -> dict[str, Any]:
    """What was typed, as a draft; what was left empty is nothing."""
    said: dict[str, Any] = {name: typed.get(name) or None for name in ("organisation", "email", "message")}
    said |= {name: typed.get(name, "") for name in ("role", "relationship")}
    levels = {name.removeprefix("level-"): level for name, level in typed.items() if name.startswith("level-")}
    until = typed.get("expires_on") or None
    grants = [{"section_key": key, "level": level, "expires_on": until} for key, level in levels.items()]
    said["grants"] = [one for one in grants if one["level"] != Level.NONE]
    return said | {"expires_in_days": typed.get("expires_in_days", "7")}


def _name(typed: Typed) -> str | None:
    return drafted(NameDraft, {"display_name": typed.get("display_name", "").strip() or None}).display_name


def _told(typed: Typed) -> Typed:
    """What the next form carries: no closed section needs a word."""
    return {name: value for name, value in typed.items() if value and value != Level.NONE}


async def _mend(request: Request, desk: PageDesk, plan_id: UUID, typed: Typed, error: Invalid | Conflict) -> Response:
    shown = await desk.read(lambda uow: _form(uow, plan_id))
    status = 409 if isinstance(error, Conflict) else 422
    return page(
        request,
        "circle/invite.html",
        status,
        **shown,
        typed=typed,
        errors=by_need(_placed(errors_of(error)), typed, NEEDED),
    )


def _placed(errors: dict[str, str]) -> dict[str, str]:
    """Every grant has the same last day, so it is said once, by its field; the rest by the list of sections."""
    placed: dict[str, str] = {}
    for name, words in errors.items():
        if name.endswith("expires_on"):
            placed["expires_on"] = words
        else:
            placed["grants" if name.startswith("grants") or name == "level" else name] = words
    return placed
