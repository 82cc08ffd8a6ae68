"""Setting up a shared tablet, for owners; and all that is ever open on one."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, NotTaken, TooLarge
from planwiki.base.ids import new_id
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Face, LoginKind, SectionStatus
from planwiki.integrations.commands import Made, Once, made_before
from planwiki.media.commands import add_own_voice
from planwiki.media.intake_pages import added, asks_for_json, once_from, quota_of, sent, take
from planwiki.media.queries import may_add_voice, media_of
from planwiki.media.schemas import Kept, MediaDraft
from planwiki.people.commands import sign_out
from planwiki.plans.easy_queries import easy_now
from planwiki.plans.face_queries import pictures_in_order
from planwiki.plans.own_words_commands import add_own_words
from planwiki.plans.queries import plan_view, section_view, sections
from planwiki.plans.rules import reading_order
from planwiki.plans.schemas import OwnWordsDraft
from planwiki.web import cookies
from planwiki.web.asking import PageDesk, TabletDesk, in_thread
from planwiki.web.browser_login import forget, secret_of
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.idempotent import done_once
from planwiki.web.problems import status_of
from planwiki.web.rendering import page
from planwiki.web.uploads import Upload
from planwiki.web.voices import person_name

from . import tablet_commands, tablet_rules
from .pages import owners_frame
from .tablet_schemas import TabletDraft

router = APIRouter(include_in_schema=False)
ALL, ONE = "/plans/{plan_id}/tablets", "/plans/{plan_id}/tablets/{tablet_id}"
TABLET, YEAR = "tablet", 365 * 24 * 3600
CLOSED = '"cache", "storage"'  # Not cookies: the tablet's own stays.


@router.get(ALL)
async def show_tablets(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    return page(request, "circle/tablets.html", **await desk.read(lambda uow: _tablets(uow, plan_id)), typed={})


def _tablets(uow: UnitOfWork, plan_id: UUID) -> dict[str, Any]:
    return owners_frame(uow, plan_id) | {"tablets": tablet_commands.tablets(uow, plan_id)}


@router.post(ALL)
async def use_this_tablet(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """Shows the pictures this once. Whoever set it up is signed out here: the tablet is not theirs."""
    typed = await typed_in(request)
    try:
        draft = drafted(TabletDraft, {"name": typed.get("name", "")})
    except Invalid as error:
        shown = await desk.read(lambda uow: _tablets(uow, plan_id))
        return page(request, "circle/tablets.html", 422, **shown, typed=typed, errors=errors_of(error))

    def enrol(uow: UnitOfWork) -> tuple[dict[str, Any], Any]:
        made = tablet_commands.enrol(uow, plan_id, draft)
        return {"person": plan_view(uow, plan_id).person.display_name}, made

    shown, made = await desk.write(enrol)
    answer = page(request, "circle/tablet_ready.html", **shown, pictures=made.pictures)
    await in_thread(lambda database: sign_out(database, secret_of(request), LoginKind.BROWSER), request)
    forget(request, answer)
    cookies.keep(request, answer, TABLET, made.secret, YEAR)
    return answer


@router.post(ONE + "/unlock")
async def unlock(desk: PageDesk, plan_id: UUID, tablet_id: UUID) -> Response:
    await desk.write(lambda uow: tablet_commands.unlock(uow, plan_id, tablet_id))
    return RedirectResponse(f"/plans/{plan_id}/tablets", 303)


@router.post(ONE + "/end")
async def take_away(desk: PageDesk, plan_id: UUID, tablet_id: UUID) -> Response:
    await desk.write(lambda uow: tablet_commands.take_away(uow, plan_id, tablet_id))
    return RedirectResponse(f"/plans/{plan_id}/tablets", 303)


@router.get("/tablet")
async def show_pictures(request: Request) -> Response:
    """Closed. Whatever this browser was shown before is forgotten."""
    answer = await _pictures(request, [])
    forget(request, answer)
    answer.headers["Clear-Site-Data"] = CLOSED
    return answer


@router.post("/tablet")
async def choose_picture(request: Request) -> Response:
    """One more picture. After the fourth it opens, or it was wrong."""
    typed = await typed_in(request)
    chosen = [*filter(None, typed.get("chosen", "").split(",")), typed.get("picture", "")]
    if "again" in typed or len(chosen) > tablet_rules.SOUGHT or not set(chosen) <= set(tablet_rules.PICTURES):
        return await _pictures(request, [])
    if len(chosen) < tablet_rules.SOUGHT:
        return await _pictures(request, chosen)
    device = cookies.kept(request, TABLET)
    token = await in_thread(lambda database: tablet_commands.open_with(database, device, chosen), request)
    if token is None:
        return await _pictures(request, [], 422, wrong=True)
    answer = RedirectResponse("/tablet/plan", 303)
    cookies.keep(request, answer, "", token)
    return answer


async def _pictures(request: Request, chosen: list[str], status: int = 200, *, wrong: bool = False) -> Response:
    device = cookies.kept(request, TABLET)
    shown = await in_thread(lambda database: tablet_commands.shown_on(database, device), request)
    asked = {"chosen": chosen, "sought": tablet_rules.SOUGHT, "wrong": wrong}
    return page(request, "circle/tablet_closed.html", status, shown=shown, **asked)


@router.post("/tablet/close")
async def close(request: Request) -> Response:
    secret = secret_of(request)
    await in_thread(lambda database: sign_out(database, secret, LoginKind.BROWSER), request)
    answer = RedirectResponse("/tablet", 303)
    forget(request, answer)
    answer.headers["Clear-Site-Data"] = CLOSED
    return answer


@router.post("/tablet/stay")
async def stay(desk: TabletDesk) -> Response:
    """Somebody is writing: five more minutes."""
    await desk.write(tablet_commands.stay)
    return Response(status_code=204)


@router.get("/tablet/plan")
async def show_plan(request: Request, desk: TabletDesk) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        plan_id = tablet_commands.stay(uow)
        shown = [one for one in reading_order(sections(uow, plan_id)) if one.status is SectionStatus.ACTIVE]
        return {"title": plan_view(uow, plan_id).title, "sections": shown}

    return page(request, "circle/tablet_plan.html", **await desk.write(ask))


@router.get("/tablet/sections/{key}")
async def show_section(request: Request, desk: TabletDesk, key: Key, said: str = "", face: str = "") -> Response:
    """The easy words first, where there are any: who opens a plan with pictures may not read."""
    return await _section(request, desk, key, said=said, all_words=face == Face.FULL)


@router.post("/tablet/sections/{key}")
async def say_something(request: Request, desk: TabletDesk, key: Key) -> Response:
    typed = (await typed_in(request)).get("words", "")
    try:
        draft = drafted(OwnWordsDraft, {"words": typed.strip()})
        await desk.write(lambda uow: add_own_words(uow, tablet_commands.stay(uow), key, draft))
    except Invalid as error:
        errors = errors_of(error) if typed.strip() else {"words": _("Please write something first.")}
        return await _section(request, desk, key, 422, typed=typed, errors=errors)
    return RedirectResponse(f"/tablet/sections/{key}?face=full&said=yes", 303)


@router.post("/tablet/sections/{key}/voice")
async def add_voice(request: Request, desk: TabletDesk, key: Key) -> Response:
    """A recording, as the section's sound. Rights are asked before a byte of it is read, and again once it is here.

    Sent again by the same opened page, it is kept once.
    """
    plan_id = await desk.write(lambda uow: _may_speak(uow, key))
    try:
        return await _take_voice(request, desk, plan_id, key)
    except (Invalid, NotTaken, TooLarge) as error:
        errors = errors_of(error, "file")
        if asks_for_json(request):
            return JSONResponse({"errors": errors}, status_of(error))
        return await _section(request, desk, key, status_of(error), errors=errors)


async def _take_voice(request: Request, desk: TabletDesk, plan_id: UUID, key: str) -> Response:
    quota, said, typed = quota_of(request), MediaDraft(section_key=key, alt_text=_("My voice")), Typed()

    def read(fields: Typed) -> MediaDraft:
        typed.update(fields)
        return said

    def permit(uow: UnitOfWork, _: UUID) -> None:
        _may_speak(uow, key)

    def once(upload: Upload) -> Once:
        return once_from(request, typed.get("page", ""), sent(said, upload))

    async def earlier(_: MediaDraft, upload: Upload) -> Response | None:
        made = await desk.write(lambda uow: made_before(uow, once(upload), permit))
        return added(request, made) if made else None

    async def keep(draft: MediaDraft, upload: Upload, kept: Kept) -> Response:
        def add(uow: UnitOfWork) -> Made:
            one = add_own_voice(uow, tablet_commands.stay(uow), draft, kept, quota)
            return Made(json.dumps({"id": str(one.id)}), "", f"/tablet/sections/{key}?said=yes", plan_id)

        return added(request, await done_once(desk, once(upload), add, permit))

    return await take(request, plan_id, read, keep, earlier)


def _may_speak(uow: UnitOfWork, key: str) -> UUID:
    plan_id = tablet_commands.stay(uow)
    may_add_voice(uow, plan_id, key)
    return plan_id


async def _section(request: Request, desk: TabletDesk, key: str, status: int = 200, **shown: Any) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        plan_id = tablet_commands.stay(uow)
        plan = plan_view(uow, plan_id)
        section, media = section_view(uow, plan_id, key), media_of(uow, plan_id, key)
        shown = {"section": section, "media": media, "seen": pictures_in_order(section, media)}
        about = {"spoken_as": plan.language, "person": person_name(plan.person)}
        return shown | about | {"easy": easy_now(uow, section.id)}

    request.state.records = True
    around = {"typed": "", "said": "", "errors": {}, "all_words": False, "page": new_id()}
    return page(request, "circle/tablet_section.html", status, **await desk.write(ask), **(around | shown))
