"""Adding a picture, sound, video or paper to a section; what is said about each; and taking one away."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid, NotTaken, PlanwikiError, TooLarge
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import MediaKind, Permission
from planwiki.plans.queries import section_view
from planwiki.plans.schemas import SectionView
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.json_bodies import JSON
from planwiki.web.looking import OF_SECTION
from planwiki.web.methods import wishes
from planwiki.web.page_frame import frame
from planwiki.web.problems import status_of
from planwiki.web.rendering import page

from . import commands, queries
from .intake_pages import erase, quota_of, storage_of, take
from .schemas import Kept, MediaDraft, MediaPatch, MediaView

router = APIRouter(include_in_schema=False)
ALL, ONE = "/plans/{plan_id}/sections/{key}/media", "/plans/{plan_id}/media/{media_id}"
_WORDS = ("alt_text", "caption", "transcript_markdown")
_BOXES = ("decorative", "people_shown_agreed")


@router.get(ALL)
async def show_media(request: Request, desk: PageDesk, plan_id: UUID, key: Key, said: str = "") -> Response:
    """For a script that asks for JSON, the list alone: what the words of this section may show."""
    request.state.records = True
    shown = await desk.read(lambda uow: _around(uow, plan_id, key))
    if _asks_for_json(request):
        return JSONResponse({"items": [_told(one) for one in shown["media"]]})
    return page(request, "media/index.html", **shown, typed={}, said=said)


def _around(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    uow.permit(Permission.EDIT, section.id)
    return frame(uow, plan_id) | {"section": section, "media": queries.media_of(uow, plan_id, key)}


@router.post(ALL)
async def add(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    """Back to the list; for a script that asks for JSON, what was kept and where a page shows it from."""
    await desk.read(lambda uow: queries.may_add_here(uow, plan_id, key))
    typed: Typed = {}
    quota = quota_of(request)

    async def keep(draft: MediaDraft, kept: Kept) -> Response:
        one = await desk.write(lambda uow: commands.add_media(uow, plan_id, draft, kept, quota))
        return _added(request, one)

    def read(fields: Typed) -> MediaDraft:
        typed.update(fields)
        return drafted(MediaDraft, _said(fields) | {"section_key": key})

    try:
        return await take(request, plan_id, read, keep)
    except (Invalid, NotTaken, TooLarge) as error:
        return await _to_mend(request, desk, (plan_id, key), typed, error)


def _added(request: Request, one: MediaView) -> Response:
    if _asks_for_json(request):
        return JSONResponse(_told(one), 201)
    return RedirectResponse(f"/plans/{one.plan_id}/sections/{one.section_key}/media?said=added", 303)


def _told(one: MediaView) -> dict[str, str]:
    """`alt` is what stands in for it, empty when it is only for looks; `words` is what to call it in a list."""
    at = f"{one.address}/large" if one.kind is MediaKind.PICTURE else one.address
    alt = "" if one.decorative else one.alt_text or ""
    return {"id": str(one.id), "kind": one.kind.value, "alt": alt, "words": one.words, "address": at}


def _asks_for_json(request: Request) -> bool:
    return wishes(request.headers.get("accept", "")).get(JSON, 0) > 0


async def _to_mend(
    request: Request, desk: PageDesk, place: tuple[UUID, str], typed: Typed, error: PlanwikiError
) -> Response:
    errors = errors_of(error, "file")
    if _asks_for_json(request):
        return JSONResponse({"errors": errors}, status_of(error))
    request.state.records = True
    shown = await desk.read(lambda uow: _around(uow, *place))
    return page(request, "media/index.html", status_of(error), **shown, typed=typed, said="", errors=errors)


def _said(fields: Typed) -> dict[str, Any]:
    """What the form says. An empty box says nothing."""
    words = {name: fields[name].strip() or None for name in _WORDS if name in fields}
    return words | {name: fields.get(name) == "yes" for name in _BOXES}


@router.get(ONE + "/change")
async def ask_for_words(request: Request, desk: PageDesk, plan_id: UUID, media_id: UUID) -> Response:
    shown = await desk.read(lambda uow: _one(uow, plan_id, media_id))
    _tell(request, shown)
    return page(request, "media/change.html", **shown, typed=_as_typed(shown["one"]))


def _one(uow: UnitOfWork, plan_id: UUID, media_id: UUID) -> dict[str, Any]:
    one = queries.one_media(uow, plan_id, media_id)
    uow.permit(Permission.EDIT, one.section_id)
    return frame(uow, plan_id) | {"one": one, "section": section_view(uow, plan_id, one.section_key)}


def _tell(request: Request, shown: dict[str, Any]) -> None:
    section: SectionView = shown["section"]
    setattr(request.state, OF_SECTION, section.key)


def _as_typed(one: MediaView) -> Typed:
    words = {name: getattr(one, name) or "" for name in _WORDS}
    return words | {name: "yes" if getattr(one, name) else "" for name in _BOXES}


@router.post(ONE + "/change")
async def change(request: Request, desk: PageDesk, plan_id: UUID, media_id: UUID) -> Response:
    typed = await typed_in(request)
    try:
        patch = drafted(MediaPatch, _said(typed))
        one = await desk.write(lambda uow: commands.change_media(uow, plan_id, media_id, patch))
    except Invalid as error:
        shown = await desk.read(lambda uow: _one(uow, plan_id, media_id))
        return page(request, "media/change.html", 422, **shown, typed=typed, errors=errors_of(error, "alt_text"))
    return RedirectResponse(f"/plans/{plan_id}/sections/{one.section_key}/media?said=changed", 303)


@router.get(ONE + "/remove")
async def ask_whether(request: Request, desk: PageDesk, plan_id: UUID, media_id: UUID) -> Response:
    """There is no way back, so the page says what will happen first."""
    shown = await desk.read(lambda uow: _one(uow, plan_id, media_id))
    _tell(request, shown)
    return page(request, "media/remove.html", **shown, still_shown="")


@router.post(ONE + "/remove")
async def remove(request: Request, desk: PageDesk, plan_id: UUID, media_id: UUID) -> Response:
    def take_away(uow: UnitOfWork) -> MediaView:
        one = queries.one_media(uow, plan_id, media_id)
        commands.remove_media(uow, plan_id, media_id)
        return one

    try:
        one = await desk.write(take_away)
    except Conflict as error:
        shown = await desk.read(lambda uow: _one(uow, plan_id, media_id))
        return page(request, "media/remove.html", 409, **shown, still_shown=_(str(error)))
    await erase(storage_of(request), plan_id, media_id)
    return RedirectResponse(f"/plans/{plan_id}/sections/{one.section_key}/media?said=removed", 303)
