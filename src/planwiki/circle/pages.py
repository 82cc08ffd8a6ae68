"""The circle, for people: who is in it, one of them, adding, changing and removing."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Forbidden, Invalid, StepUpNeeded
from planwiki.base.language import _
from planwiki.base.vocabulary import OWNER_ROLES, InvitationStatus, Level, MemberStatus, Role
from planwiki.plans.queries import sections
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, by_need, drafted, errors_of, moment, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.problems import status_of
from planwiki.web.rendering import page

from . import basis_rules, commands, queries, steward_commands, undo_commands
from .invitation_commands import invitations
from .leaving_commands import to_hand_on
from .schemas import InvitationView, MemberDraft, MemberPatch, MemberView
from .sharing_queries import just_removed
from .unused_commands import unused_grants

router = APIRouter(include_in_schema=False)
CIRCLE, ADD, MEMBER = "/plans/{plan_id}/circle", "/plans/{plan_id}/circle/add", "/plans/{plan_id}/circle/{member_id}"
GROUPS = {
    "owners": (Role.PERSON, Role.STEWARD),
    "close": (Role.FAMILY, Role.FRIEND),
    "key_workers": (Role.KEY_WORKER,),
    "professionals": (Role.PROFESSIONAL,),
}
NEEDED = {
    "display_name": _("Please write their name."),
    "role": _("Please choose what they are in this plan."),
    "relationship": _("Please write who they are."),
}
_IN_FORM = ("display_name", "role", "relationship", "organisation", "ends_on", "closeness")
_BOXES = ("call_first", "knows_me_best", "is_key_worker")
_UNTICKED = dict.fromkeys(_BOXES, "")


@router.get(CIRCLE)
async def show_circle(
    request: Request, desk: PageDesk, plan_id: UUID, removed: UUID | None = None, at: str = ""
) -> Response:
    """Everybody by closeness; for owners also invitations, and for ten minutes the way back for one removed."""
    since = moment(at)

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = frame(uow, plan_id)
        owner = not shown["plan"].is_partial
        return shown | {
            "owner": owner,
            "groups": grouped(still_there(queries.members(uow, plan_id), owner=owner)),
            **_by_answer(invitations(uow, plan_id) if owner else []),
            "unused": len(unused_grants(uow, plan_id)) if owner else 0,
            "removed": just_removed(uow, plan_id, removed, since) if owner and removed and since else None,
        }

    return page(request, "circle/index.html", **await desk.read(ask), removed_id=removed, at=at)


def _by_answer(invited: list[InvitationView]) -> dict[str, list[InvitationView]]:
    waiting = [one for one in invited if one.status is InvitationStatus.PENDING]
    return {"waiting": waiting, "answered": [one for one in invited if one not in waiting]}


def still_there(members: list[MemberView], *, owner: bool) -> list[MemberView]:
    """Whose last day has passed is there for owners alone, as if they had been removed."""
    return [one for one in members if owner or not one.has_left]


def grouped(members: list[MemberView]) -> list[tuple[str, list[MemberView]]]:
    """By closeness; whoever is to be called first comes first."""
    members = sorted(members, key=lambda one: not one.call_first)
    groups = [(name, [one for one in members if one.role in roles]) for name, roles in GROUPS.items()]
    return [(name, people) for name, people in groups if people]


@router.get(ADD)
async def ask_whom_to_add(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    shown = await desk.read(lambda uow: owners_frame(uow, plan_id))
    return page(request, "circle/add.html", **shown, typed={})


@router.post(ADD)
async def add(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    typed = await typed_in(request)
    try:
        draft = drafted(MemberDraft, _member(typed))
        await desk.write(lambda uow: commands.add_member(uow, plan_id, draft))
    except Invalid as error:
        shown = await desk.read(lambda uow: owners_frame(uow, plan_id))
        return page(
            request, "circle/add.html", 422, **shown, typed=typed, errors=by_need(errors_of(error), typed, NEEDED)
        )
    return RedirectResponse(f"/plans/{plan_id}/circle", 303)


def owners_frame(uow: UnitOfWork, plan_id: UUID) -> dict[str, Any]:
    """What stands around a page that only owners open."""
    shown = frame(uow, plan_id)
    uow.permit_owner(plan_id)
    return shown


def _member(typed: Typed) -> dict[str, Any]:
    """What was typed about somebody; what was left empty is nothing."""
    said: dict[str, Any] = {name: typed.get(name) or None for name in ("organisation",)}
    said |= {name: typed.get(name, "") for name in ("display_name", "role", "relationship")}
    return said | {"call_first": typed.get("call_first") == "yes", "contact": {"phone": typed.get("phone") or None}}


@router.get(MEMBER)
async def show_member(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID, saved: str = "") -> Response:
    shown = await desk.read(lambda uow: _about(uow, plan_id, member_id))
    return page(request, "circle/member.html", **shown, typed=_as_typed(shown["member"]), saved=saved)


def _about(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> dict[str, Any]:
    shown = frame(uow, plan_id)
    owner = not shown["plan"].is_partial
    member = queries.member_view(uow, plan_id, member_id)
    person = owner and uow.me(plan_id).role is Role.PERSON
    return shown | {
        "member": member,
        "owner": owner,
        "why": member.role is Role.STEWARD and owner and (member.is_me or person),
        "limits": owner and (person or member.is_me or member.role not in OWNER_ROLES),
        "shared": _shared_with(uow, plan_id, member_id) if owner else [],
        "to_do": len(to_hand_on(uow, plan_id, member_id)) if owner else 0,
        "word": steward_commands.steward_word(uow, plan_id, member_id) if owner and member.account_id else None,
    }


def _shared_with(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> list[Any]:
    """Sections beside what they come to for this member, by the rule itself."""
    matrix = queries.access_matrix(uow, plan_id)
    levels = next(one.levels for one in matrix.subjects if one.id == member_id)
    return [(one, levels[one.key]) for one in sections(uow, plan_id) if levels[one.key] is not Level.NONE]


def _as_typed(member: MemberView) -> Typed:
    contact = member.contact.phone if member.contact else None
    return {
        "display_name": member.display_name,
        "role": member.role.value,
        "relationship": member.relationship,
        "organisation": member.organisation or "",
        "phone": contact or "",
        "ends_on": member.ends_on.isoformat() if member.ends_on else "",
        "closeness": str(member.closeness or ""),
        **{name: "yes" if getattr(member, name) else "" for name in _BOXES},
    } | (basis_rules.as_typed(member.basis) if member.role is Role.STEWARD else {})


@router.post(MEMBER)
async def change(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    typed = await typed_in(request)

    def change_what_differs(uow: UnitOfWork) -> None:
        now = queries.member_view(uow, plan_id, member_id)
        commands.change_member(uow, plan_id, member_id, drafted(MemberPatch, _differing(now, typed)))

    try:
        await desk.write(change_what_differs)
    except StepUpNeeded:
        raise
    except (Invalid, Conflict, Forbidden) as error:
        shown = await desk.read(lambda uow: _about(uow, plan_id, member_id))
        if not shown["owner"]:
            raise
        typed = _as_typed(shown["member"]) | _UNTICKED | typed
        status = status_of(error)
        return page(
            request,
            "circle/member.html",
            status,
            **shown,
            typed=typed,
            saved="",
            errors=by_need(errors_of(error), typed, NEEDED),
        )
    return RedirectResponse(f"/plans/{plan_id}/circle/{member_id}?saved=yes", 303)


def _differing(member: MemberView, typed: Typed) -> dict[str, Any]:
    """Only what somebody changed: the rest may be closed to them, and stays as it is."""
    before, after = _as_typed(member), _UNTICKED | typed
    changed = {name for name in before if name in after and after[name] != before[name]}
    said: dict[str, Any] = {name: after[name] or None for name in changed if name in _IN_FORM}
    said |= {name: after[name] == "yes" for name in changed & {*_BOXES}}
    for name in changed & {"display_name", "relationship"}:
        said[name] = after[name]
    if "phone" in changed:
        kept = member.contact.model_dump() if member.contact else {}
        said["contact"] = kept | {"phone": after["phone"] or None}
    return said | basis_rules.as_change(before, after)


@router.post(MEMBER + "/steward")
async def decide_too(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    """An owner's yes that somebody decides too, or their no."""
    answer = (await typed_in(request)).get("answer", "")
    if answer not in {"yes", "no"}:
        raise Forbidden(_("Please say yes or no."))

    def say(uow: UnitOfWork) -> MemberView:
        now = queries.member_view(uow, plan_id, member_id)
        role = Role.STEWARD if answer == "yes" else now.role
        return commands.change_member(uow, plan_id, member_id, drafted(MemberPatch, {"role": role.value}))

    await desk.write(say)
    return RedirectResponse(f"/plans/{plan_id}/circle/{member_id}?saved=yes", 303)


@router.post(MEMBER + "/pause")
async def pause(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    """Everything is closed to them until the pause ends."""
    typed = await typed_in(request)
    patch = drafted(MemberPatch, {"status": typed.get("status", MemberStatus.SUSPENDED)})
    await desk.write(lambda uow: commands.change_member(uow, plan_id, member_id, patch))
    return RedirectResponse(f"/plans/{plan_id}/circle/{member_id}?saved=yes", 303)


@router.post(MEMBER + "/remove")
async def remove(desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    """They are out of the circle with this press, and are not told."""

    def end(uow: UnitOfWork) -> datetime:
        commands.end_member(uow, plan_id, member_id)
        return uow.now

    at = await desk.write(end)
    said = urlencode({"removed": member_id, "at": at.isoformat()})
    return RedirectResponse(f"/plans/{plan_id}/circle?{said}", 303)


@router.post(MEMBER + "/bring-back")
async def bring_back(request: Request, desk: PageDesk, plan_id: UUID, member_id: UUID) -> Response:
    at = moment((await typed_in(request)).get("at", ""))
    if at is None:
        raise Forbidden(_("We cannot tell what to undo."))
    await desk.write(lambda uow: undo_commands.bring_member_back(uow, plan_id, member_id, at))
    return RedirectResponse(f"/plans/{plan_id}/circle", 303)
