"""Signing in and out, and Me."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.base.errors import Invalid, SlowDown
from planwiki.news.queries import my_letters
from planwiki.web.asking import PageDesk, settings_of
from planwiki.web.browser_login import begin, end, keep, viewer_of
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.rendering import page
from planwiki.web.sites import HOME, our_own, passkeys_work

from .commands import choose_hints, choose_writing, rename_me
from .queries import my_account, my_devices, my_issuers, my_passkeys
from .schemas import NameDraft, SignInDraft

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def ask_who(request: Request, next: str = HOME, out: str = "") -> Response:
    shown: dict[str, Any] = {"next": our_own(next), "email": "", "signed_out": bool(out)}
    shown["passkeys"] = passkeys_work(request)
    return page(request, "people/sign_in.html", **shown, viewer=await viewer_of(request))


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    typed = await typed_in(request)
    try:
        login = await begin(
            request, drafted(SignInDraft, {name: typed.get(name, "") for name in ("email", "password")})
        )
    except (Invalid, SlowDown) as error:
        return _try_again(request, typed, error)
    return keep(request, RedirectResponse(our_own(typed.get("next", HOME)), 303), login)


def _try_again(request: Request, typed: Typed, error: Invalid | SlowDown) -> Response:
    """What was typed is still there, but for the password. One sentence, whatever was wrong."""
    slow = isinstance(error, SlowDown)
    shown: dict[str, Any] = {
        "next": our_own(typed.get("next", HOME)),
        "email": typed.get("email", ""),
        "signed_out": False,
    }
    shown["passkeys"] = passkeys_work(request)
    answer = page(request, "people/sign_in.html", 429 if slow else 422, **shown, errors=errors_of(error, "email"))
    if isinstance(error, SlowDown):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    return await end(request, RedirectResponse("/sign-in?out=yes", 303))


@router.get("/me")
async def show_me(request: Request, desk: PageDesk, saved: str = "") -> Response:
    return await me_page(request, desk, saved=saved)


@router.post("/me/name")
async def change_name(request: Request, desk: PageDesk) -> Response:
    typed = await typed_in(request)
    try:
        draft = drafted(NameDraft, {"display_name": typed.get("display_name", "")})
        await desk.write(lambda uow: rename_me(uow, draft))
    except Invalid as error:
        return await me_page(request, desk, 422, display_name=typed.get("display_name", ""), errors=errors_of(error))
    return RedirectResponse("/me?saved=name", 303)


@router.post("/me/writing")
async def choose_how_to_write(request: Request, desk: PageDesk) -> Response:
    """Asked by the page of writing, which shows the choice at once."""
    plain = (await typed_in(request)).get("plain") == "yes"
    await desk.write(lambda uow: choose_writing(uow, plain=plain))
    return Response(status_code=204)


@router.post("/me/hints")
async def choose_whether_to_hint(request: Request, desk: PageDesk) -> Response:
    """Asked by the page of writing, which shows the choice at once."""
    off = (await typed_in(request)).get("off") == "yes"
    await desk.write(lambda uow: choose_hints(uow, off=off))
    return Response(status_code=204)


async def me_page(request: Request, desk: PageDesk, status: int = 200, **shown: Any) -> Response:
    account, devices, keys, issuers, how_often = await desk.read(
        lambda uow: (my_account(uow), my_devices(uow), my_passkeys(uow), my_issuers(uow), my_letters(uow))
    )
    around = {"saved": "", "display_name": account.display_name, "here": "me", "passkeys": passkeys_work(request)}
    known = {"account": account, "devices": devices, "keys": keys, "issuers": issuers, "viewer": account}
    known["how_often"] = how_often
    known |= {"sends": bool(settings_of(request).smtp_url), "mailbox": settings_of(request).shows_mailbox}
    return page(request, "people/me.html", status, **(around | shown | known))
