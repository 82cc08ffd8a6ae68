"""The letter to an address that waits for it. Opening it changes nothing, whoever opens it: the buttons do."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.database import Database
from planwiki.base.errors import Conflict, Gone
from planwiki.people.link_commands import used_by
from planwiki.people.link_pages import JOINED
from planwiki.people.schemas import LoginView
from planwiki.web import cookies
from planwiki.web.asking import PageDesk, browser_login_lasts, in_thread, settings_of
from planwiki.web.browser_login import enter, keep, viewer_of
from planwiki.web.detours import and_back, to_sign_in
from planwiki.web.forms import typed_in
from planwiki.web.rendering import page
from planwiki.web.sites import HOME

from . import moving_commands
from .arriving_queries import arrival

router = APIRouter(include_in_schema=False)
LETTER = "letter"


@router.get("/joined/waiting")
async def come_back(request: Request) -> Response:
    return and_back(request, LETTER, "/joined", HOME)


@router.get("/joined/{secret}")
async def open_letter(request: Request, secret: str) -> Response:
    return await _letter(request, secret)


async def _letter(request: Request, secret: str, status: int = 200) -> Response:
    viewer, browser = await viewer_of(request), cookies.kept(request, JOINED)
    try:
        found = await in_thread(lambda it: arrival(it, secret, browser, viewer.id if viewer else None), request)
    except Gone:
        if viewer is not None and await in_thread(lambda it: used_by(it, secret, viewer.id), request):
            return RedirectResponse(HOME, 303)  # They pressed it a moment ago.
        raise
    return page(request, "circle/joined.html", status, secret=secret, viewer=viewer, it=found)


@router.post("/joined/take")
async def take(request: Request) -> Response:
    """It is my address: nobody has it. Signs in here."""
    work = partial(moving_commands.take_address, base_url=settings_of(request).base_url)
    return await _enter(request, work, "/me?saved=address")


@router.post("/joined/back")
async def go_back(request: Request) -> Response:
    """Signs in again as who joined here."""
    return await _enter(request, moving_commands.go_back, "/me#address")


async def _enter(request: Request, work: Callable[..., LoginView], go_on: str) -> Response:
    secret, browser = (await typed_in(request)).get("secret", ""), cookies.kept(request, JOINED)
    viewer, lasts = await viewer_of(request), browser_login_lasts(settings_of(request))

    def sign_in(database: Database) -> LoginView:
        return work(database, secret, browser, viewer.id if viewer else None, lasts)

    return await _or_look_again(request, secret, lambda: _go_on(request, sign_in, go_on))


async def _go_on(request: Request, sign_in: Callable[[Database], LoginView], go_on: str) -> Response:
    return keep(request, RedirectResponse(go_on, 303), await enter(request, sign_in))


@router.post("/joined/sign-in")
async def sign_in_first(request: Request) -> Response:
    return to_sign_in(request, LETTER, (await typed_in(request)).get("secret", ""), "/joined")


@router.post("/joined/bring")
async def bring(request: Request, desk: PageDesk) -> Response:
    """It was me: what I was given goes over to the account that has this address."""
    secret, base_url = (await typed_in(request)).get("secret", ""), settings_of(request).base_url

    async def work() -> Response:
        plan_id = await desk.write(lambda uow: moving_commands.bring_here(uow, secret, base_url))
        return RedirectResponse(f"/plans/{plan_id}?said=brought", 303)

    return await _or_look_again(request, secret, work)


async def _or_look_again(request: Request, secret: str, work: Callable[[], Any]) -> Response:
    """What stood in the way is on the page of the letter. Whoever pressed twice is where they wanted to be."""
    try:
        answer: Response = await work()
    except (Conflict, Gone) as error:
        return await _letter(request, secret, 410 if isinstance(error, Gone) else 409)
    return answer
