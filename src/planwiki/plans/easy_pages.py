"""Writing easy words: a sentence and a picture on each line. Each button sends the whole form; nothing needs script.

Nothing is saved until somebody presses Save. Until then the lines are kept for their writer alone, and whatever goes
wrong, those that were typed come back in the page.
"""

import re
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, PlanwikiError, Stale
from planwiki.base.ids import as_id, new_id
from planwiki.base.text import Key
from planwiki.base.vocabulary import Face, Permission
from planwiki.people.queries import wants_no_hints
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.browser_login import desk_for, secret_of
from planwiki.web.forms import Typed, by_need, check_came_once, drafted, errors_of, number_in, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.pictures import choice, groups
from planwiki.web.rendering import page
from planwiki.web.voices import VOICE_FIELDS, VOICE_NEEDED, typed_voice, voice_in

from . import easy_rules
from .draft_commands import end_draft
from .draft_queries import my_draft, threw_away
from .draft_schemas import DraftView
from .easy_commands import put_easy_back, save_easy
from .easy_queries import earlier_easy, newest_easy
from .easy_rules import Row
from .easy_schemas import EasyDraft, EasyView
from .queries import section_view
from .rules import offered_voice
from .section_pages import seen
from .writing_pages import OF_THE_PAGE, in_hand, kept_in_page

router = APIRouter(include_in_schema=False)
EASY = "/plans/{plan_id}/sections/{key}/easy"
_DO = re.compile(r"(\w+?)-(\d{1,3})(?:-([a-z0-9-]+))?")
_OF_LINE = re.compile(r"lines-(\d+)-.*")
_KEPT = (*VOICE_FIELDS, "explains", "based_on", *OF_THE_PAGE)
_TAKEN_OUT = ("out-words", "out-picture", "out-at")
_PICKING = frozenset({"pick", "find", "about", "more"})
Place = tuple[UUID, str]


class Form(NamedTuple):
    """The form as it was sent: its lines, all else that was typed, and what the pressed button does."""

    rows: list[Row]
    typed: Typed
    does: str = "save"
    at: int = 0
    name: str = ""


class Opened(NamedTuple):
    """What the page of writing begins with: lines kept earlier to go on with or not, or what goes into the form."""

    shown: dict[str, Any]
    offered: DraftView | None = None
    form: dict[str, Any] | None = None


@router.get(EASY + "/edit")
async def ask_for_easy_words(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, words: str = "", said: str = ""
) -> Response:
    """`words` is "mine" to go on with those kept earlier; `said` names what was just done."""
    opened = await desk.read(lambda uow: _opened(uow, (plan_id, key), goes_on=words == "mine"))
    if opened.offered is not None:
        now, kept = opened.shown["now"], opened.offered.words
        saved_since = as_id(kept.get("based_on", "")) != (now.id if now else None)
        offer: dict[str, Any] = {
            "draft": opened.offered,
            "look": "",
            "lines": easy_rules.filled(easy_rules.rows_in(kept)),
            "below": "/easy",
        }
        return page(request, "plans/draft.html", **opened.shown, **offer, saved_since=saved_since)
    around = {"focus": None, "theirs": None}
    return page(request, "plans/easy_edit.html", **(around | opened.shown | (opened.form or {}) | {"said": said}))


def _opened(uow: UnitOfWork, place: Place, *, goes_on: bool) -> Opened:
    shown = _around(uow, place)
    section, now = shown["section"], shown["now"]
    draft = my_draft(uow, section.id, Face.EASY)
    if draft is not None and not goes_on:
        return Opened(shown, draft)
    typed = {"explains": str(section.revision), "based_on": str(now.id) if now else ""}
    typed |= typed_voice(offered_voice(now.voice if now else None, shown["role"]))
    typed |= {"page": str(new_id()), "came_from": ""}
    if draft is not None:
        return Opened(shown, form=_going_on(draft, typed, now))
    rows = easy_rules.begun(easy_rules.rows_of(now.lines) if now else [])
    return Opened(shown, form={"rows": rows, "typed": typed, "thrown_away": threw_away(uow, section.id, Face.EASY)})


def _going_on(draft: DraftView, fresh: Typed, now: EasyView | None) -> dict[str, Any]:
    """Where somebody saved since these lines were begun, theirs stand beside them; nothing is lost by saving then.

    The full words as they are now are on the page: it says so where they have changed since.
    """
    kept = fresh | draft.words | {"came_from": str(draft.page)}
    theirs = now if kept["based_on"] != fresh["based_on"] else None
    typed = kept | {name: fresh[name] for name in ("based_on", "explains")}
    return {
        "theirs": theirs,
        "changed": kept["explains"] != fresh["explains"],
        "rows": easy_rules.begun(easy_rules.rows_in(kept)),
        "typed": typed,
        "unsaved": True,
    }


def _around(uow: UnitOfWork, place: Place) -> dict[str, Any]:
    section = section_view(uow, *place)
    uow.permit(Permission.EDIT, section.id)
    uow.require_open(place[0])
    shown = {"section": section, "role": uow.me(place[0]).role, "now": newest_easy(uow, section.id)}
    shown["no_hints"] = wants_no_hints(uow)
    around = {"out": None, "unsaved": False, "changed": False, "thrown_away": False, "said": ""}
    return frame(uow, place[0]) | shown | seen(uow, section) | around


@router.post(EASY + "/edit")
async def write_easy_words(request: Request, plan_id: UUID, key: Key) -> Response:
    sent = await typed_in(request)
    await check_came_once(request, "words-0")
    form = _form_in(sent)
    desk, place = desk_for(request, secret_of(request)), (plan_id, key)
    try:
        if form.does in _PICKING:
            return await _pick(request, desk, place, form)
        if form.does != "save":
            return await _again(request, desk, place, _done(form))
        return await _save(request, desk, place, form)
    except PlanwikiError as error:
        return kept_in_page(request, _as_fields(form), error)


def _form_in(sent: Typed) -> Form:
    rows = easy_rules.rows_in(sent)
    names = (*_KEPT, "q", "about", "part", *_TAKEN_OUT)
    found = _DO.fullmatch(sent.get("do", ""))
    does, at, name = (found[1], int(found[2]), found[3] or "") if found else ("save", 0, "")
    at = len(easy_rules.split(rows[:at]))  # Where the line stands now: one before it may have become many.
    return Form(easy_rules.split(rows), {one: sent.get(one, "") for one in names}, does, at, name)


def easy_fields_in(sent: Typed) -> Typed:
    """What the form of easy words holds, whatever else was sent."""
    return _as_fields(_form_in(sent))


def _as_fields(form: Form) -> Typed:
    """The same form again, ready to be saved."""
    return easy_rules.fields_of(form.rows) | {name: form.typed[name] for name in _KEPT}


def _done(form: Form) -> Form:
    """What the pressed button does to the lines; `at` is then the line to go on with."""
    rows, at = form.rows, form.at
    if form.does == "add":
        return form._replace(rows=easy_rules.one_more(rows, min(at, len(rows))))
    if form.does in {"up", "down"}:
        to = at + (-1 if form.does == "up" else 1)
        return form._replace(rows=easy_rules.moved(rows, at, to), at=to)
    if form.does == "use":
        return form._replace(rows=easy_rules.with_picture(rows, at, form.name))
    if form.does == "out" and at < len(rows):
        taken = dict(zip(_TAKEN_OUT, (*rows[at], str(at)), strict=True))
        return form._replace(rows=easy_rules.without(rows, at) or [Row()], typed=form.typed | taken)
    if form.does == "back":
        back = Row(form.typed["out-words"], form.typed["out-picture"])
        return form._replace(rows=[*rows[:at], back, *rows[at:]])
    return form


async def _again(request: Request, desk: Desk, place: Place, form: Form, status: int = 200, **more: Any) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = _around(uow, place)
        if form.does == "theirs" and shown["now"]:
            theirs = easy_rules.rows_of(shown["now"].lines)
            shown["rows"] = [*form.rows, *(row for row in theirs if row not in form.rows)]
        return shown

    shown: dict[str, Any] = {"rows": easy_rules.begun(form.rows), "theirs": None} | await desk.read(ask)
    out = form.typed if form.does == "out" else None
    shown |= {"typed": form.typed, "focus": form.at, "out": out, "unsaved": True} | more
    return page(request, "plans/easy_edit.html", status, **shown)


async def _pick(request: Request, desk: Desk, place: Place, form: Form) -> Response:
    """Pictures to choose from for one line. The lines wait in the form."""
    asked = form.typed["q"] if form.does in {"find", "more"} else ""
    about = form.name if form.does == "about" else form.typed["about"] if form.does == "more" else ""
    part = number_in(form.typed["part"]) if form.does == "more" else 1
    found = choice(asked, about, part, form.rows[form.at].picture if form.at < len(form.rows) else None)
    shown = await desk.read(lambda uow: _around(uow, place))
    shown |= {"typed": _as_fields(form), "at": form.at, "q": asked, "about": about, "found": found, "groups": groups()}
    return page(request, "plans/easy_picture.html", **shown, line=_words_at(form))


def _words_at(form: Form) -> str:
    return form.rows[form.at].words if form.at < len(form.rows) else ""


async def _save(request: Request, desk: Desk, place: Place, form: Form) -> Response:
    form = form._replace(rows=easy_rules.filled(form.rows))
    try:
        await desk.write(lambda uow: _keep(uow, place, form))
    except Stale:
        return await _beside_theirs(request, desk, place, form)
    except Invalid as error:
        errors = by_need(errors_of(error, "lines"), form.typed, VOICE_NEEDED)
        errors = {_OF_LINE.sub(r"words-\1", name): words for name, words in errors.items()}
        return await _again(request, desk, place, form._replace(at=-1), 422, errors=errors)
    return RedirectResponse(f"/plans/{place[0]}/sections/{place[1]}?face=easy&said=easy", 303)


def _keep(uow: UnitOfWork, place: Place, form: Form) -> None:
    now = newest_easy(uow, section_view(uow, *place).id)
    easy_rules.check_words(form.rows)
    draft = {
        "lines": [{"words": row.words, "picture": row.picture or None} for row in form.rows],
        "voice": voice_in(form.typed, now.voice if now else None),
        "explains": number_in(form.typed["explains"]),
        "based_on": as_id(form.typed["based_on"]),
    }
    save_easy(uow, *place, drafted(EasyDraft, draft))
    end_draft(uow, *place, in_hand(_as_fields(form), Face.EASY))


async def _beside_theirs(request: Request, desk: Desk, place: Place, form: Form) -> Response:
    """Somebody saved meanwhile: both stay on the page, and saving again takes the place of theirs."""
    now = (await desk.read(lambda uow: _around(uow, place)))["now"]
    typed = form.typed | {"based_on": str(now.id) if now else ""}
    return await _again(request, desk, place, form._replace(typed=typed, at=-1), 409, theirs=now)


@router.get(EASY + "/earlier")
async def show_earlier(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, before: UUID | None = None
) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        section = section_view(uow, plan_id, key)
        found, more = earlier_easy(uow, plan_id, key, before)
        now: EasyView | None = newest_easy(uow, section.id)
        return frame(uow, plan_id) | {"section": section, "found": found, "more": more, "now": now}

    return page(request, "plans/easy_earlier.html", **await desk.read(ask))


@router.post(EASY + "/{easy_id}/put-back")
async def put_back(request: Request, desk: PageDesk, plan_id: UUID, key: Key, easy_id: UUID) -> Response:
    based_on = as_id((await typed_in(request)).get("based_on", ""))
    try:
        await desk.write(lambda uow: put_easy_back(uow, plan_id, key, easy_id, based_on))
    except Stale:  # Somebody saved meanwhile: look at all of them once more.
        return RedirectResponse(f"/plans/{plan_id}/sections/{key}/easy/earlier", 303)
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?face=easy&said=easy-back", 303)
