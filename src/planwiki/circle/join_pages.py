"""Answering an invitation. Its secret stands in the link's own address and in the body of forms, and nowhere else."""

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.database import Database
from planwiki.base.errors import Conflict, Gone, Invalid, SlowDown
from planwiki.base.ids import new_secret
from planwiki.base.language import _
from planwiki.people.link_pages import joined_here
from planwiki.people.newcomer_commands import ONCE, begin_again, begin_as_new
from planwiki.people.organisation_commands import check_domain
from planwiki.people.schemas import LoginView, NewcomerDraft
from planwiki.people.throttle import count_try
from planwiki.web.asking import Desk, PageDesk, address_of, browser_login_lasts, in_thread, settings_of
from planwiki.web.browser_login import desk_for, keep, viewer_of
from planwiki.web.detours import and_back, to_sign_in
from planwiki.web.forms import Typed, by_need, drafted, errors_of, typed_in
from planwiki.web.rendering import page

from . import handing_commands, invitation_commands

router = APIRouter(include_in_schema=False)
WAITING = "invitation"
NEEDED = {"display_name": _("Please write your name."), "email": _("Please write your e-mail address.")}


@router.get("/join")
async def ask_for_code(request: Request) -> Response:
    return page(request, "circle/code.html", viewer=await viewer_of(request))


@router.post("/join/code")
async def open_by_code(request: Request) -> Response:
    """A code from a letter or a telephone call. Counted like a try to sign in; what it opens is the same page."""
    code, key, address = (await typed_in(request)).get("code", ""), settings_of(request).secret_key, address_of(request)
    try:
        ticket = await in_thread(lambda it: handing_commands.ticket_for(it, key, code, address), request)
    except (Gone, SlowDown) as error:
        status = 429 if isinstance(error, SlowDown) else 422
        shown = {"viewer": await viewer_of(request), "errors": errors_of(error, "code")}
        return _wait(error, page(request, "circle/code.html", status, **shown))
    return RedirectResponse(f"/join/{ticket}", 303)


@router.get("/join/declined")
async def say_goodbye(request: Request) -> Response:
    return page(request, "circle/declined.html", viewer=await viewer_of(request))


@router.post("/join/sign-in")
async def sign_in_first(request: Request) -> Response:
    return to_sign_in(request, WAITING, (await typed_in(request)).get("token", ""), "/join")


@router.get("/join/waiting")
async def come_back(request: Request) -> Response:
    return and_back(request, WAITING, "/join", "/join")


@router.get("/join/{secret}")
async def show_invitation(request: Request, secret: str) -> Response:
    """Who invites, and what for. An invitation that has ended and one that never was answer alike."""
    return await _invitation(request, secret)


async def _invitation(request: Request, secret: str, status: int = 200, **shown: Any) -> Response:
    invitation = await in_thread(lambda database: invitation_commands.preview(database, secret), request)
    around = {"typed": {}, "invitation": invitation, "token": secret, "viewer": await viewer_of(request)}
    around["once"] = shown.pop("once", "") or new_secret(ONCE)
    return page(request, "circle/join.html", status, **(around | shown))


@router.post("/join")
async def join(request: Request, desk: PageDesk) -> Response:
    return await _joined(request, desk, (await typed_in(request)).get("token", ""), "in")


async def _joined(request: Request, desk: Desk, secret: str, said: str) -> Response:
    """Whoever pressed twice is where they wanted to be. Only somebody new hears how to sign in next time."""
    base_url = settings_of(request).base_url
    try:
        plan_id, _member = await desk.write(lambda uow: invitation_commands.accept(uow, secret, base_url))
    except (Conflict, Gone):
        joined = await desk.read(lambda uow: handing_commands.where_joined(uow, secret))
        if joined is None:
            raise
        plan_id = joined
    return RedirectResponse(f"/plans/{plan_id}?said={said}", 303)


@router.post("/join/decline")
async def decline(request: Request) -> Response:
    secret = (await typed_in(request)).get("token", "")
    await in_thread(lambda database: invitation_commands.decline(database, secret, request.state.request_id), request)
    return RedirectResponse("/join/declined", 303)


@router.post("/join/new")
async def join_as_someone_new(request: Request) -> Response:
    """An account, signed in, and in the circle, with one press. Without an open invitation nobody makes one here."""
    typed = await typed_in(request)
    secret, once = typed.get("token", ""), typed.get("once", "")
    if (answer := await _came_before(request, secret, once)) is not None:
        return answer
    try:
        door = await in_thread(lambda database: invitation_commands.door(database, secret), request)
    except Gone:
        if (answer := await _came_before(request, secret, once)) is None:
            raise
        return answer  # Their first press was answered in this very moment.
    try:
        typed = typed | {"email": typed.get("email", "").strip() or door.mailed_to or ""}
        draft = drafted(NewcomerDraft, {name: typed.get(name, "") for name in NEEDED})
        login = await in_thread(_newcomer(request, draft, door, once), request)
    except (Invalid, Conflict, SlowDown) as error:
        return await _mend(request, secret, typed, error)
    return await _joined_as(request, secret, once, login)


async def _joined_as(request: Request, secret: str, once: str, login: LoginView) -> Response:
    """Signed in here. Where their address waits for its letter, this browser is known again when that was read."""
    waits = bool(login.account.waiting_email)
    answer = await _joined(request, desk_for(request, login.token), secret, "waits" if waits else "joined")
    return keep(request, joined_here(request, answer, once) if waits else answer, login)


async def _came_before(request: Request, secret: str, once: str) -> Response | None:
    """They pressed twice on this page."""
    lasts = browser_login_lasts(settings_of(request))
    again = await in_thread(lambda database: begin_again(database, once, lasts), request)
    if again is None:
        return None
    return await _joined_as(request, secret, once, again)


def _newcomer(request: Request, draft: NewcomerDraft, door: invitation_commands.Door, once: str) -> Any:
    """Counted like every letter to that address. Whether anybody has it is not asked here: see decision 20."""
    settings, address = settings_of(request), address_of(request)
    check_domain(settings.organisations, draft.email)

    def make(database: Database) -> LoginView:
        counted = count_try(database, settings.secret_key, f"link {draft.email}", address)
        proven, lasts = draft.email == door.mailed_to, browser_login_lasts(settings)
        said: dict[str, Any] = {"counted": counted, "once": once, "base_url": settings.base_url}
        come_in = partial(begin_as_new, database, draft, proven=proven, lasts=lasts, **said)
        try:
            return come_in()
        except Conflict as error:
            if error.code != "request-in-progress":  # Else their first press made the account in this very moment.
                raise
            return come_in()

    return make


async def _mend(request: Request, secret: str, typed: Typed, error: Invalid | Conflict | SlowDown) -> Response:
    status = 429 if isinstance(error, SlowDown) else 422
    errors = by_need(errors_of(error, "email"), typed, NEEDED)
    return _wait(error, await _invitation(request, secret, status, typed=typed, errors=errors))


def _wait(error: Exception, answer: Response) -> Response:
    if isinstance(error, SlowDown):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer
