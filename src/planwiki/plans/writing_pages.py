"""Writing: the form, how it will look, saving, and joining two texts when two people wrote at once.

Whatever goes wrong, the words that were typed come back in the page. Nothing is joined until a person saves it.
"""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.as_read import changes_as_read
from planwiki.base.errors import Forbidden, Invalid, PlanwikiError, SignInNeeded, Stale
from planwiki.base.ids import as_id, new_id
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Face, Permission, Role
from planwiki.media.queries import media_of
from planwiki.media.reference_queries import rendered
from planwiki.media.rules import showing
from planwiki.people.queries import wants_no_hints, writes_plain
from planwiki.talk.suggest_pages import keep_as_suggestion, lead_to_suggesting
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.browser_login import desk_for, secret_of
from planwiki.web.forms import Typed, by_need, check_came_once, drafted, errors_of, number_in, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.problems import status_of
from planwiki.web.rendering import page
from planwiki.web.voices import VOICE_FIELDS, VOICE_NEEDED, is_as_it_began, typed_voice, typed_whose, voice_in

from .draft_commands import end_draft
from .draft_queries import my_draft, threw_away
from .draft_schemas import DraftView, WordsInHand
from .queries import join_texts, section_view
from .rules import asked_voice, joined_whose
from .schemas import SectionPatch, SectionView, Voice
from .section_commands import change_section
from .section_pages import seen

router = APIRouter(include_in_schema=False)
EDIT = "/plans/{plan_id}/sections/{key}/edit"
FIELDS = ("title", "title_before", "body_markdown", *VOICE_FIELDS, "change_note", "based_on")
OF_THE_PAGE = ("page", "came_from")  # Which opened page this is, and whose kept words it was opened with.
NEEDED = {"title": _("Please write a title."), **VOICE_NEEDED}


class Opened(NamedTuple):
    """What the page of writing begins with: words kept earlier to go on with or not, or what goes into the form."""

    shown: dict[str, Any]
    offered: DraftView | None
    typed: Typed


@router.get(EDIT)
async def ask_for_words(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, words: str = "", said: str = "", show: str = ""
) -> Response:
    """`words` is "mine" to go on with those kept earlier; `show` names a file to put below them."""
    try:
        opened = await desk.read(lambda uow: _opened(uow, plan_id, key, goes_on=words == "mine", show=as_id(show)))
    except Forbidden:
        return await lead_to_suggesting(desk, plan_id, key)
    if opened.offered is not None:
        text = opened.offered.words.get("body_markdown", "")
        look = Markup(await desk.read(lambda uow: rendered(uow, None, text)))  # noqa: S704 - the renderer makes it safe.
        saved_since = number_in(opened.offered.words.get("based_on", "")) != opened.shown["section"].revision
        offer = {"draft": opened.offered, "look": look, "lines": [], "saved_since": saved_since, "below": ""}
        return page(request, "plans/draft.html", **opened.shown, **offer)
    if words == "mine":
        return await _again(request, desk, (plan_id, key), opened.typed, unsaved=True)
    request.state.records = True
    return page(request, "plans/edit.html", **opened.shown, typed=opened.typed, preview="", said=said)


def _opened(uow: UnitOfWork, plan_id: UUID, key: str, *, goes_on: bool, show: UUID | None) -> Opened:
    opened = _begun(uow, plan_id, key, goes_on=goes_on)
    one = next((one for one in media_of(uow, plan_id, key) if one.id == show), None) if show else None
    if one is None:  # Not here, or not for these eyes: nothing tells which.
        return opened
    words = "" if one.decorative else one.words
    return opened._replace(
        typed=opened.typed | {"body_markdown": showing(opened.typed["body_markdown"], one.id, words)}
    )


def _begun(uow: UnitOfWork, plan_id: UUID, key: str, *, goes_on: bool) -> Opened:
    shown = _around(uow, plan_id, key)
    section, draft = shown["section"], my_draft(uow, shown["section"].id)
    typed = _as_typed(section, asked_voice(section.voice, shown["role"])) | {"page": str(new_id()), "came_from": ""}
    if draft is None:
        return Opened(shown | {"thrown_away": threw_away(uow, section.id)}, None, typed)
    if not goes_on:
        return Opened(shown, draft, typed)
    return Opened(shown, None, _going_on(uow, section, typed | draft.words | {"came_from": str(draft.page)}))


def _going_on(uow: UnitOfWork, section: SectionView, typed: Typed) -> Typed:
    """Where somebody saved since these words were begun, both texts stand on the page at once."""
    if number_in(typed["based_on"]) == section.revision:
        return typed
    try:
        return _joined(uow, section.plan_id, section.key, typed) or typed
    except Invalid:  # Not whole yet. Saving says what is missing, and joins then.
        return typed


def _around(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    uow.permit(Permission.EDIT, section.id)
    uow.require_open(plan_id)
    likes = {"plain": writes_plain(uow), "no_hints": wants_no_hints(uow)}
    return frame(uow, plan_id) | {"section": section, "role": uow.me(plan_id).role} | likes | seen(uow, section)


def _as_typed(section: SectionView, voice: Voice | None) -> Typed:
    return {
        "title": section.title,
        "title_before": section.title,
        "body_markdown": section.body_markdown,
        "change_note": "",
        "based_on": str(section.revision),
        **typed_voice(voice),
    }


def fields_in(sent: Typed) -> Typed:
    """What the form of writing holds, whatever else was sent. `mine` is there while two texts are being joined."""
    return {name: sent.get(name, "") for name in (*FIELDS, *OF_THE_PAGE)} | (
        {"mine": sent["mine"]} if "mine" in sent else {}
    )


def in_hand(typed: Typed, face: Face = Face.FULL) -> WordsInHand:
    words = {name: text.replace("\0", "") for name, text in typed.items() if name not in OF_THE_PAGE}
    of_the_page = {"page": as_id(typed["page"]) or new_id(), "came_from": as_id(typed["came_from"])}
    return WordsInHand(face=face, words=words, **of_the_page)


@router.post(EDIT)
async def save(request: Request, plan_id: UUID, key: Key) -> Response:
    """Saved, or the same page with all that was typed: to change, to join, or to send again after signing in."""
    sent = await typed_in(request)
    await check_came_once(request, "body_markdown")
    typed = fields_in(sent)
    desk = desk_for(request, secret_of(request))
    try:
        if "preview" in sent:
            return await _again(request, desk, (plan_id, key), typed, preview=True)
        return await _save_or_suggest(request, desk, (plan_id, key), typed)
    except Invalid as error:
        return await _to_mend(request, desk, (plan_id, key), typed, error)
    except PlanwikiError as error:
        return kept_in_page(request, typed, error)


async def _save_or_suggest(request: Request, desk: Desk, place: tuple[UUID, str], typed: Typed) -> Response:
    """What somebody may not save, though they may suggest, is kept as a suggestion: nothing typed is lost."""
    try:
        return await _save_or_join(request, desk, place, typed)
    except Forbidden:
        return await keep_as_suggestion(request, desk, place, typed)


async def _save_or_join(request: Request, desk: Desk, place: tuple[UUID, str], typed: Typed) -> Response:
    plan_id, key = place
    try:
        await desk.write(lambda uow: _save(uow, plan_id, key, typed))
    except Stale:
        joined = await desk.read(lambda uow: _joined(uow, plan_id, key, typed))
        if joined is not None:
            return await _again(request, desk, place, joined, 409)
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=saved", 303)


def _save(uow: UnitOfWork, plan_id: UUID, key: str, typed: Typed) -> None:
    now = section_view(uow, plan_id, key)
    change_section(uow, plan_id, key, _patch(typed, now), based_on=number_in(typed["based_on"]))
    end_draft(uow, plan_id, key, in_hand(typed))


def _untouched(typed: Typed, now: SectionView) -> dict[str, Any]:
    """A form makes every line end plain. Words that nobody touched keep those they came with."""
    plain = now.body_markdown.replace("\r\n", "\n").replace("\r", "\n")
    return {"body_markdown": now.body_markdown} if typed["body_markdown"] == plain else {}


def _patch(typed: Typed, now: SectionView) -> SectionPatch:
    """Saving words that nobody touched makes them nobody else's, unless somebody says so."""
    said: dict[str, Any] = {name: typed[name] for name in ("title", "body_markdown")} | _untouched(typed, now)
    same = (said["title"].strip(), said["body_markdown"]) == (now.title, now.body_markdown)
    voice = now.voice if same and is_as_it_began(typed) else None
    said["voice"] = voice or voice_in(typed, now.voice)
    return drafted(SectionPatch, said | {"change_note": typed["change_note"].strip() or None})


def _joined(uow: UnitOfWork, plan_id: UUID, key: str, typed: Typed) -> Typed | None:
    """What the page of a clash begins with; nothing when the same words were saved already, by a second press."""
    merged = join_texts(uow, plan_id, key, typed["body_markdown"], number_in(typed["based_on"]))
    now = merged.current
    title = now.title if typed["title"] == typed["title_before"] else typed["title"]
    voice = _patch(typed, now).voice
    if (now.body_markdown, now.title, now.voice) == (typed["body_markdown"], title, voice):
        return None
    joined = {"body_markdown": merged.joined, "mine": typed.get("mine", typed["body_markdown"])}
    again = typed | joined | {"title": title, "title_before": now.title, "based_on": str(now.revision)}
    of_both = merged.joined not in (now.body_markdown, typed["body_markdown"])
    return _in_both_voices(again, voice, now.voice, uow.me(plan_id).role) if of_both else again


def _in_both_voices(typed: Typed, mine: Voice | None, theirs: Voice | None, role: Role) -> Typed:
    """What I said of my own text may not be true of both."""
    if mine is None or theirs is None or mine.whose is theirs.whose:
        return typed
    return typed_whose(typed, joined_whose(theirs.whose, role) or "")


async def _to_mend(request: Request, desk: Desk, place: tuple[UUID, str], typed: Typed, error: Invalid) -> Response:
    try:
        return await _again(request, desk, place, typed, 422, by_need(errors_of(error, "body_markdown"), typed, NEEDED))
    except PlanwikiError as closed:
        return kept_in_page(request, typed, closed)


async def _again(
    request: Request,
    desk: Desk,
    place: tuple[UUID, str],
    typed: Typed,
    status: int = 200,
    errors: dict[str, str] | None = None,
    preview: bool = False,
    unsaved: bool = False,
) -> Response:
    """The form as it was sent; beside the other text while two texts are being joined."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = _around(uow, *place)
        clash = _beside(uow, shown["section"], typed) if "mine" in typed else {}
        words = rendered(uow, shown["section"].id, typed["body_markdown"]) if preview else ""
        look = Markup(words)  # noqa: S704 - the renderer makes it safe.
        return shown | clash | {"typed": typed, "preview": look, "errors": errors or {}, "unsaved": unsaved}

    shown = await desk.read(ask)
    request.state.records = True
    return page(request, "plans/clash.html" if "mine" in typed else "plans/edit.html", status, **shown)


def _beside(uow: UnitOfWork, section: SectionView, typed: Typed) -> dict[str, Any]:
    """My text as it looks, and what saving the joined text would change in theirs."""
    return {
        "mine": Markup(rendered(uow, section.id, typed["mine"])),  # noqa: S704 - the renderer makes it safe.
        "hunks": changes_as_read(section.body_markdown, typed["body_markdown"]),
    }


def kept_in_page(request: Request, typed: Typed, error: PlanwikiError, save_at: str = "") -> Response:
    """Not saved, and not lost: the words in a form that can be sent again. Says nothing that was not typed.

    `save_at`: they were to be kept for later, and can be saved there at once instead.
    """
    signed_out, sentence = isinstance(error, SignInNeeded), _(str(error))
    shown = {"typed": typed, "signed_out": signed_out, "sentence": sentence, "save_at": save_at}
    return page(request, "plans/kept.html", status_of(error), **shown)


async def without_loss(request: Request, kept: Typed, keep: Callable[[Desk], Awaitable[Response]]) -> Response:
    """Where they are signed out, or may no more, the page that says so holds what was typed: `kept`, empty where there
    is nothing to lose."""
    try:
        return await keep(desk_for(request, secret_of(request)))
    except PlanwikiError as error:
        if not kept:
            raise
        return kept_in_page(request, kept, error)


@router.post("/preview")
async def show_preview(request: Request) -> Response:
    """How words will look, while they are written. Never leads elsewhere: the page takes what comes as its preview."""
    text = (await typed_in(request)).get("body_markdown", "")
    try:
        return HTMLResponse(await desk_for(request, secret_of(request)).read(lambda uow: rendered(uow, None, text)))
    except SignInNeeded:
        return Response(status_code=401)
