"""Who does what by when: beside a section of outcomes, one by one, and all of it in a plan."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden, Invalid, NotFound, Stale
from planwiki.base.ids import as_id
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import ActionStatus, Permission
from planwiki.circle.pages import still_there
from planwiki.circle.queries import audiences, members
from planwiki.plans.queries import section_view
from planwiki.plans.section_pages import seen
from planwiki.plans.writing_pages import without_loss
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.forms import Typed, by_need, drafted, errors_of, number_in, typed_in
from planwiki.web.looking import keep_listed
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from . import commands, queries
from .rules import check_holds_actions
from .schemas import ActionDraft, ActionPatch, ActionView

router = APIRouter(include_in_schema=False)
PLAN, SECTION = "/plans/{plan_id}", "/plans/{plan_id}/sections/{key}"
ALL, NEW, ONE = f"{PLAN}/actions", f"{SECTION}/actions/new", f"{SECTION}/actions/{{action_id}}"
FIELDS = ("what", "who", "who_text", "due_on", "how", "status", "progress_note", "based_on")
WORDS = ("what", "who_text", "how", "progress_note")
NEEDED = {"what": _("Please write what is to be done.")}


@router.get(ALL)
async def show_all(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """All that is to be done in the sections the viewer may read, soonest first."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        return frame(uow, plan_id) | {"actions": queries.open_actions(uow, plan_id)}

    shown = await desk.read(ask)
    await keep_listed(request, desk, plan_id, (one.section_key for one in shown["actions"]))
    return page(request, "outcomes/all.html", **shown)


@router.get(NEW)
async def ask_for_action(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    shown = await desk.read(lambda uow: _around_new(uow, plan_id, key))
    return page(request, "outcomes/new.html", **shown, typed=dict.fromkeys(FIELDS, ""))


def _around_new(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    uow.permit(Permission.EDIT, section.id)
    check_holds_actions(section.kind)
    here = still_there(members(uow, plan_id), owner=False)
    return frame(uow, plan_id) | {"section": section, "people": here} | seen(uow, section)


@router.post(NEW)
async def add(request: Request, plan_id: UUID, key: Key) -> Response:
    """Kept, or the same page with all that was typed."""
    typed = await _typed(request)

    async def keep(desk: Desk) -> Response:
        try:
            draft = drafted(ActionDraft, _draft(typed) | {"section_key": key})
            said = await desk.write(lambda uow: _told(uow, plan_id, commands.add_action_once(uow, plan_id, key, draft)))
        except Invalid as error:
            shown = await desk.read(lambda uow: _around_new(uow, plan_id, key))
            return page(request, "outcomes/new.html", 422, **shown, typed=typed, errors=_errors(error, typed))
        return _back_to(plan_id, key, said)

    return await without_loss(request, _kept(typed), keep)


def _told(uow: UnitOfWork, plan_id: UUID, action: ActionView) -> str:
    """What to say once it is kept: also that whoever does it does not see it."""
    sees = {one.id for there in audiences(uow, plan_id, action.section_key).values() for one in there.members}
    return "action" if action.who_member_id is None or action.who_member_id in sees else "action-unseen"


@router.get(ONE)
async def show_one(request: Request, desk: PageDesk, plan_id: UUID, key: Key, action_id: UUID) -> Response:
    """One action with its earlier versions; for those who may change it, in a form."""
    shown = await desk.read(lambda uow: _around_one(uow, plan_id, key, action_id))
    return page(request, "outcomes/one.html", **shown, typed=_as_typed(shown["action"]), saved_since=False)


def _around_one(uow: UnitOfWork, plan_id: UUID, key: str, action_id: UUID) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    action = queries.action(uow, plan_id, action_id, put_away=True)
    if action.section_key != key:
        raise NotFound
    here = still_there(members(uow, plan_id), owner=False)
    shown = {"section": section, "action": action, "people": here, "earlier": queries.earlier(uow, plan_id, action_id)}
    return frame(uow, plan_id) | shown | seen(uow, section)


@router.post(ONE)
async def change(request: Request, plan_id: UUID, key: Key, action_id: UUID) -> Response:
    """Kept; or the same page with all that was typed, beside what somebody else saved meanwhile."""
    typed = await _typed(request)

    def keep(uow: UnitOfWork) -> str:
        uow.permit(Permission.EDIT, _around_one(uow, plan_id, key, action_id)["section"].id)
        patch = drafted(ActionPatch, _draft(typed) | {"status": typed["status"]})
        read = number_in(typed["based_on"]) or -1
        return _told(uow, plan_id, commands.change_action(uow, plan_id, action_id, patch, based_on=read))

    async def keep_or_show(desk: Desk) -> Response:
        try:
            return _back_to(plan_id, key, await desk.write(keep))
        except (Invalid, Stale) as error:
            shown = await desk.read(lambda uow: _around_one(uow, plan_id, key, action_id))
            return _shown_again(request, shown, typed, error)

    return await without_loss(request, _kept(typed), keep_or_show)


def _shown_again(request: Request, shown: dict[str, Any], typed: Typed, error: Invalid | Stale) -> Response:
    """Whoever reads what was saved meanwhile, and presses once more, means it."""
    if isinstance(error, Invalid):
        errors = _errors(error, typed)
        return page(request, "outcomes/one.html", 422, **shown, typed=typed, saved_since=False, errors=errors)
    typed = typed | {"based_on": str(shown["action"].revision)}
    return page(request, "outcomes/one.html", 409, **shown, typed=typed, saved_since=True)


@router.post(ONE + "/status")
async def say_how_far(request: Request, desk: PageDesk, plan_id: UUID, key: Key, action_id: UUID) -> Response:
    """Done, or not done yet, with one press."""
    status = (await typed_in(request)).get("status", "")
    if status not in set(ActionStatus):
        raise Forbidden(_("Please choose one of the answers."))
    patch = ActionPatch(status=ActionStatus(status))
    await desk.write(lambda uow: commands.change_action(uow, plan_id, action_id, patch))
    return _back_to(plan_id, key, "action-done" if status == ActionStatus.DONE else "action")


@router.post(ONE + "/put-away")
async def put_away(desk: PageDesk, plan_id: UUID, key: Key, action_id: UUID) -> Response:
    await desk.write(lambda uow: commands.put_action_away(uow, plan_id, action_id))
    return _back_to(plan_id, key, f"action-away&it={action_id}")


@router.post(ONE + "/bring-back")
async def bring_back(desk: PageDesk, plan_id: UUID, key: Key, action_id: UUID) -> Response:
    await desk.write(lambda uow: commands.bring_action_back(uow, plan_id, action_id))
    return _back_to(plan_id, key, "action-back")


def _back_to(plan_id: UUID, key: str, said: str) -> Response:
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said={said}#who-does-what", 303)


async def _typed(request: Request) -> Typed:
    sent = await typed_in(request)
    return {name: sent.get(name, "") for name in FIELDS}


def _kept(typed: Typed) -> Typed:
    """For the page that holds it: what is words is shown there."""
    return {f"words-{name}": typed[name] for name in WORDS if typed[name]} | typed


def _draft(typed: Typed) -> dict[str, Any]:
    """As it was typed; what was left empty is nothing."""
    said: dict[str, Any] = {name: typed[name] or None for name in ("due_on", "how", "progress_note", "who_text")}
    who = typed["who"]
    return said | {"what": typed["what"], "who_member_id": (as_id(who) or who) if who else None}


def _as_typed(action: ActionView) -> Typed:
    return {
        "what": action.what,
        "who": str(action.who_member_id or ""),
        "who_text": action.who_text or "",
        "due_on": action.due_on.isoformat() if action.due_on else "",
        "how": action.how or "",
        "status": action.status.value,
        "progress_note": action.progress_note or "",
        "based_on": str(action.revision),
    }


def _errors(error: Invalid, typed: Typed) -> dict[str, str]:
    found = by_need(errors_of(error, "what"), typed, NEEDED)
    return {"who" if name == "who_member_id" else name: words for name, words in found.items()}
