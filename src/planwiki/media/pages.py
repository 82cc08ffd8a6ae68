"""Adding a picture, sound, video or paper to a section; what is said about each; and taking one away."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid, NotTaken, PlanwikiError, Stale, TooLarge
from planwiki.base.ids import new_id
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import How, MediaKind, Permission, Role
from planwiki.integrations.commands import Made, Once, made_before
from planwiki.plans.queries import plan_view, section_view
from planwiki.plans.rules import own_voice
from planwiki.plans.schemas import SectionView, Voice
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, drafted, errors_of, number_in, typed_in
from planwiki.web.idempotent import done_once
from planwiki.web.looking import OF_SECTION
from planwiki.web.page_frame import frame
from planwiki.web.problems import status_of
from planwiki.web.rendering import page
from planwiki.web.uploads import Upload
from planwiki.web.voices import VOICE_FIELDS, person_name, typed_voice, voice_in, whose_words

from . import commands, queries
from .intake_pages import added, asks_for_json, forget, once_from, quota_of, sent, take
from .schemas import Kept, MediaDraft, MediaPatch, MediaView

router = APIRouter(include_in_schema=False)
ALL, ONE = "/plans/{plan_id}/sections/{key}/media", "/plans/{plan_id}/media/{media_id}"
_WORDS = ("alt_text", "caption", "transcript_markdown")
_BOXES = ("decorative", "people_shown_agreed")
_WAS = "was-"  # Before the name of a field: what it held when the form was opened.
_SPOKEN = (MediaKind.SOUND, MediaKind.VIDEO)  # Whose words it holds, the form asks of these alone.


@router.get(ALL)
async def show_media(request: Request, desk: PageDesk, plan_id: UUID, key: Key, said: str = "") -> Response:
    """For a script that asks for JSON, the list alone: what the words of this section may show."""
    request.state.records = True
    shown = await desk.read(lambda uow: _around(uow, plan_id, key))
    if asks_for_json(request):
        name = person_name(shown["plan"].person)
        return JSONResponse({"items": [_told(one, name) for one in shown["media"]]})
    mine = own_voice(Role.PERSON) if shown["role"] is Role.PERSON else None
    return page(request, "media/index.html", **shown, typed=typed_voice(mine), said=said, page=new_id())


def _around(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    uow.permit(Permission.EDIT, section.id)
    around = {"section": section, "media": queries.media_of(uow, plan_id, key), "role": uow.me(plan_id).role}
    return frame(uow, plan_id) | around


@router.post(ALL)
async def add(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    """Back to the list; for a script that asks for JSON, what was kept and where a page shows it from."""
    await desk.read(lambda uow: queries.may_add_here(uow, plan_id, key))
    typed: Typed = {}
    quota = quota_of(request)

    def permit(uow: UnitOfWork, _: UUID) -> None:
        queries.may_add_here(uow, plan_id, key)

    def once(draft: MediaDraft, upload: Upload) -> Once:
        return once_from(request, typed.get("page", ""), sent(draft, upload))

    async def earlier(draft: MediaDraft, upload: Upload) -> Response | None:
        made = await desk.read(lambda uow: made_before(uow, once(draft, upload), permit))
        return added(request, made) if made else None

    async def keep(draft: MediaDraft, upload: Upload, kept: Kept) -> Response:
        def make(uow: UnitOfWork) -> Made:
            return _made(uow, commands.add_media(uow, plan_id, _fitting(draft, kept), kept, quota))

        return added(request, await done_once(desk, once(draft, upload), make, permit))

    def read(fields: Typed) -> MediaDraft:
        typed.update(fields)
        return drafted(MediaDraft, _said(fields) | {"section_key": key})

    try:
        return await take(request, plan_id, read, keep, earlier)
    except (Invalid, NotTaken, TooLarge) as error:
        return await _to_mend(request, desk, (plan_id, key), typed, error)


def _fitting(draft: MediaDraft, kept: Kept) -> MediaDraft:
    """Without script the whole form is there for every file: of a picture or a paper its voice was not asked."""
    return draft if kept.kind in _SPOKEN else draft.model_copy(update={"voice": None})


def _made(uow: UnitOfWork, one: MediaView) -> Made:
    name = person_name(plan_view(uow, one.plan_id).person)
    page = f"/plans/{one.plan_id}/sections/{one.section_key}/media?said=added"
    return Made(json.dumps(_told(one, name)), "", page, one.plan_id)


def _told(one: MediaView, name: str) -> dict[str, str]:
    """`alt` is what stands in for it, empty when it is only for looks; `words` is what to call it in a list.

    `whose` says whose words it holds, in the name of the person, where somebody said so.
    """
    at = f"{one.address}/large" if one.kind is MediaKind.PICTURE else one.address
    alt = "" if one.decorative else one.alt_text or ""
    told = {"id": str(one.id), "kind": one.kind.value, "alt": alt, "words": one.words, "address": at}
    return told | {"whose": whose_words(one.voice, name)}


async def _to_mend(
    request: Request, desk: PageDesk, place: tuple[UUID, str], typed: Typed, error: PlanwikiError
) -> Response:
    errors = errors_of(error, "file")
    if asks_for_json(request):
        return JSONResponse({"errors": errors}, status_of(error))
    request.state.records = True
    shown = await desk.read(lambda uow: _around(uow, *place))
    shown |= {"typed": typed_voice(None) | typed, "said": "", "page": new_id(), "errors": errors}
    return page(request, "media/index.html", status_of(error), **shown)


def _said(fields: Typed, before: Voice | None = None) -> dict[str, Any]:
    """What the form says. An empty box says nothing. `before` is the voice it had."""
    words = {name: fields[name].strip() or None for name in _WORDS if name in fields}
    if "called" in fields:  # What is no picture is called something.
        words["alt_text"] = words.get("alt_text") or fields["called"].strip() or None
    voice = {"voice": _voice(fields, before)} if "voice-whose" in fields else {}
    return words | voice | {name: fields.get(name) == "yes" for name in _BOXES}


def _voice(fields: Typed, before: Voice | None) -> dict[str, Any] | None:
    """None where nobody said whose words they are."""
    voice = voice_in(fields, before)
    return voice | {"how": voice["how"] or How.OWN_WORDS} if voice["whose"] else None


@router.get(ONE + "/change")
async def ask_for_words(request: Request, desk: PageDesk, plan_id: UUID, media_id: UUID) -> Response:
    shown = await desk.read(lambda uow: _one(uow, plan_id, media_id))
    _tell(request, shown)
    now = _as_typed(shown["one"])
    return page(request, "media/change.html", **shown, typed=now, was=now, theirs={}, clashed=False)


def _one(uow: UnitOfWork, plan_id: UUID, media_id: UUID) -> dict[str, Any]:
    one = queries.one_media(uow, plan_id, media_id)
    uow.permit(Permission.EDIT, one.section_id)
    around = {"one": one, "section": section_view(uow, plan_id, one.section_key), "role": uow.me(plan_id).role}
    return frame(uow, plan_id) | around


def _tell(request: Request, shown: dict[str, Any]) -> None:
    section: SectionView = shown["section"]
    setattr(request.state, OF_SECTION, section.key)


def _as_typed(one: MediaView) -> Typed:
    words = {name: getattr(one, name) or "" for name in _WORDS} | {"called": one.alt_text or ""}
    words |= typed_voice(one.voice)
    return words | {name: "yes" if getattr(one, name) else "" for name in _BOXES} | {"based_on": str(one.revision)}


@router.post(ONE + "/change")
async def change(request: Request, desk: PageDesk, plan_id: UUID, media_id: UUID) -> Response:
    """Where somebody else changed it since the form was opened, both texts are shown, and nothing is saved yet."""
    typed = await typed_in(request)
    based_on = number_in(typed.get("based_on", ""))

    def save(uow: UnitOfWork) -> MediaView:
        before = queries.one_media(uow, plan_id, media_id, lock=True).voice
        patch = drafted(MediaPatch, _said(typed, before))
        return commands.change_media(uow, plan_id, media_id, patch, based_on)

    try:
        one = await desk.write(save)
    except Invalid as error:
        return await _again(request, desk, (plan_id, media_id), typed, errors_of(error, "alt_text"))
    except Stale:
        return await _again(request, desk, (plan_id, media_id), typed)
    return RedirectResponse(f"/plans/{plan_id}/sections/{one.section_key}/media?said=changed", 303)


async def _again(
    request: Request, desk: PageDesk, place: tuple[UUID, UUID], typed: Typed, errors: dict[str, str] | None = None
) -> Response:
    """The form with what was typed. Without `errors` it clashed: with what is there now, where that differs.

    What this person left as it was when they opened the form is shown as it is now: they never meant to change it back.
    """
    shown = await desk.read(lambda uow: _one(uow, *place))
    now = _as_typed(shown["one"])
    was = {name.removeprefix(_WAS): value for name, value in typed.items() if name.startswith(_WAS)}
    if errors:
        again = {"typed": typed_voice(None) | typed, "was": was, "theirs": {}, "clashed": False, "errors": errors}
        return page(request, "media/change.html", 422, **shown, **again)
    typed |= _left_alone(typed, was, now)
    said, typed = _said(typed), typed_voice(None) | typed
    theirs: dict[str, Any] = {name: now[name] for name in _WORDS if name in said and now[name] != (said[name] or "")}
    if "voice" in said and any(now[name] != typed[name] for name in VOICE_FIELDS[:-1]):
        theirs["voice"] = shown["one"].voice
    boxes = _BOXES if shown["one"].kind is MediaKind.PICTURE else _BOXES[1:]  # As the form asks.
    theirs |= {name: bool(now[name]) for name in boxes if bool(now[name]) is not said[name]}
    typed |= {"based_on": now["based_on"]}
    return page(request, "media/change.html", 409, **shown, typed=typed, was=now, theirs=theirs, clashed=True)


def _left_alone(typed: Typed, was: Typed, now: Typed) -> Typed:
    """As it is now, of all that stands as it stood when the form was opened. Whose words it holds counts as one."""
    together = [(name,) for name in (*_WORDS, *_BOXES, "called")] + [VOICE_FIELDS]
    kept = [names for names in together if all(_same(typed, was, name) for name in names if name != VOICE_FIELDS[-1])]
    return {name: now[name] for names in kept for name in names if name in typed or name in _BOXES}


def _same(typed: Typed, was: Typed, name: str) -> bool:
    return name in was and typed.get(name, "").strip() == was[name].strip()


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
    await forget(request, plan_id, media_id)
    return RedirectResponse(f"/plans/{plan_id}/sections/{one.section_key}/media?said=removed", 303)
