"""How I see it: what is working and what is not, each beside the others."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, NotFound
from planwiki.base.ids import as_id
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Permission
from planwiki.plans.queries import section_view
from planwiki.plans.rules import own_voice
from planwiki.plans.section_pages import seen
from planwiki.plans.writing_pages import without_loss
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.forms import Typed, by_need, drafted, errors_of, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page
from planwiki.web.voices import VOICE_FIELDS, VOICE_NEEDED, typed_voice, voice_in

from .perspective_commands import bring_perspective_back, take_perspective_away, write_perspective
from .perspective_queries import earlier, how_people_see
from .perspective_rules import check_is_asked_here
from .perspective_schemas import PerspectiveDraft, PerspectiveView

router = APIRouter(include_in_schema=False)
VIEW = "/plans/{plan_id}/sections/{key}/how-i-see-it"
WORDS = ("working", "not_working")
NEEDED = {"working": _("Please write something in one of the two."), **VOICE_NEEDED}


@router.get(VIEW)
async def ask_how_i_see_it(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, begin: str = "", whose: str = ""
) -> Response:
    """`begin` is the viewer's own one to change; with `whose` they write somebody else's down."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = _around(uow, plan_id, key)
        mine = [one for one in how_people_see(uow, shown["section"]) if one.is_mine]
        return shown | {"typed": _as_typed(_begun(mine, begin, whose), shown["role"], whose)}

    return page(request, "talk/how_i_see_it.html", **await desk.read(ask))


def _around(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    check_is_asked_here(section.kind)
    uow.permit(Permission.COMMENT, section.id)
    uow.require_open(plan_id)
    return frame(uow, plan_id) | {"section": section, "role": uow.me(plan_id).role} | seen(uow, section)


def _begun(mine: list[PerspectiveView], begin: str, whose: str) -> PerspectiveView | None:
    if begin:
        found = next((one for one in mine if str(one.id) == begin), None)
        if found is None:
            raise NotFound
        return found
    return next((one for one in mine if one.voice.whose == whose), None)


def _as_typed(begun: PerspectiveView | None, role: Any, whose: str) -> Typed:
    if begun is None:
        others = {"voice-whose": whose, "voice-how": ""} if whose else {}  # How they gave the words, has to be said.
        return {"working": "", "not_working": "", "replaces": ""} | typed_voice(own_voice(role)) | others
    words = {"working": begun.working_markdown, "not_working": begun.not_working_markdown}
    return words | {"replaces": str(begun.id)} | typed_voice(begun.voice)


@router.post(VIEW)
async def say_how_i_see_it(request: Request, plan_id: UUID, key: Key) -> Response:
    """Kept, or the same page with all that was typed."""
    sent = await typed_in(request)
    typed = {name: sent.get(name, "") for name in (*WORDS, "replaces", *VOICE_FIELDS)}
    kept = {f"words-{name}": typed[name] for name in WORDS} | typed
    return await without_loss(request, kept, partial(_say_it, request, (plan_id, key), typed))


async def _say_it(request: Request, place: tuple[UUID, str], typed: Typed, desk: Desk) -> Response:
    plan_id, key = place
    try:
        draft = {name: typed[name] for name in WORDS} | {"voice": voice_in(typed)}
        made = drafted(PerspectiveDraft, draft | {"replaces": as_id(typed["replaces"])})
        await desk.write(lambda uow: write_perspective(uow, plan_id, key, made))
    except Invalid as error:
        shown = await desk.read(lambda uow: _around(uow, plan_id, key))
        errors = by_need(errors_of(error, "working"), typed, NEEDED)
        return page(request, "talk/how_i_see_it.html", 422, **shown, typed=typed, errors=errors)
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=seen#how-we-see-it", 303)


@router.post(VIEW + "/{id}/take-away")
async def take_away(desk: PageDesk, plan_id: UUID, key: Key, id: UUID) -> Response:
    await desk.write(lambda uow: take_perspective_away(uow, plan_id, key, id))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=seen-away&it={id}", 303)


@router.post(VIEW + "/{id}/bring-back")
async def bring_back(desk: PageDesk, plan_id: UUID, key: Key, id: UUID) -> Response:
    await desk.write(lambda uow: bring_perspective_back(uow, plan_id, key, id))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=seen-back#how-we-see-it", 303)


@router.get(VIEW + "/earlier")
async def show_earlier(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, before: UUID | None = None
) -> Response:
    """What was replaced, taken back or removed: one's own, and all of them for owners."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        section = section_view(uow, plan_id, key)
        check_is_asked_here(section.kind)
        found, more = earlier(uow, section, before)
        return frame(uow, plan_id) | {"section": section, "found": found, "more": more}

    return page(request, "talk/seen_earlier.html", **await desk.read(ask))
