"""The second step: setting it up on Me, and the page that asks for the code."""

from typing import Any

import segno
from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from starlette.responses import RedirectResponse

from planwiki.base.errors import Gone, Invalid, SlowDown
from planwiki.web import cookies
from planwiki.web.asking import PageDesk, address_of, browser_login_lasts, settings_of
from planwiki.web.browser_login import enter, keep, viewer_of
from planwiki.web.forms import errors_of, typed_in
from planwiki.web.rendering import page
from planwiki.web.second_step import NEXT, TICKET
from planwiki.web.sites import our_own

from . import second_step_commands

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/second")
async def ask(request: Request) -> Response:
    return page(request, "people/second_step.html")


@router.post("/sign-in/second")
async def sign_in_twice(request: Request) -> Response:
    code, ticket = (await typed_in(request)).get("code", ""), cookies.kept(request, TICKET)
    settings = settings_of(request)
    said = {"key": settings.secret_key, "address": address_of(request)}
    lasts = browser_login_lasts(settings)
    try:
        login = await enter(
            request, lambda it: second_step_commands.sign_in_twice(it, ticket, code, lasts=lasts, **said)
        )
    except (Invalid, Gone, SlowDown) as error:
        return page(request, "people/second_step.html", _status(error), errors=errors_of(error, "code"))
    answer = keep(request, RedirectResponse(our_own(cookies.kept(request, NEXT)), 303), login)
    cookies.forget(request, answer, TICKET, NEXT)
    return answer


@router.post("/me/second-step")
async def set_up(request: Request, desk: PageDesk) -> Response:
    address, secret = await desk.write(lambda uow: second_step_commands.begin_app(uow, desk.database))
    return await _app_page(request, address, secret)


@router.post("/me/second-step/check")
async def check(request: Request, desk: PageDesk) -> Response:
    typed = await typed_in(request)
    try:
        codes = await desk.write(lambda uow: second_step_commands.finish_app(uow, desk.database, typed.get("code", "")))
    except Invalid as error:
        shown = errors_of(error)
        return await _app_page(request, typed.get("address", ""), typed.get("secret", ""), 422, shown)
    return page(request, "people/recovery_codes.html", codes=codes, viewer=await viewer_of(request))


@router.post("/me/second-step/end")
async def end(desk: PageDesk) -> Response:
    await desk.write(second_step_commands.end_app)
    return RedirectResponse("/me?saved=no-second-step#second-step", 303)


async def _app_page(
    request: Request, address: str, secret: str, status: int = 200, errors: dict[str, str] | None = None
) -> Response:
    """The QR code is drawn here: nothing is fetched, and nothing is kept."""
    drawn = segno.make(address or "-", error="m").svg_inline(scale=5, omitsize=True, svgclass="qr")
    shown: dict[str, Any] = {"qr": Markup(drawn), "secret": secret, "address": address}  # noqa: S704 - drawn by the library from bytes
    shown |= {"errors": errors or {}, "viewer": await viewer_of(request)}
    return page(request, "people/authenticator.html", status, **shown)


def _status(error: Exception) -> int:
    return 429 if isinstance(error, SlowDown) else 422
