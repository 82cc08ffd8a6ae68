"""Passkeys: added and removed on Me, used on the sign-in page and where somebody is asked again who they are."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.base.errors import Invalid, NotFound
from planwiki.web import cookies
from planwiki.web.asking import PageDesk, browser_login_lasts, in_thread, settings_of
from planwiki.web.browser_login import enter, keep
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.rendering import page
from planwiki.web.sites import HOME, our_own, passkeys_work, site_of
from planwiki.web.step_up import ask_again_who, go_on

from . import passkey_commands
from .pages import me_page
from .queries import who_changes_sign_in, whoever_asks
from .schemas import PasskeyDraft

router = APIRouter(include_in_schema=False)
TICKET = "question"


@router.post("/me/passkeys/ask")
async def ask_for_new(request: Request, desk: PageDesk) -> Response:
    account_id, site = await desk.read(who_changes_sign_in), site_of(request)
    return _asked(request, await in_thread(lambda it: passkey_commands.offer_new(it, account_id, site.domain), request))


@router.post("/sign-in/passkey/ask")
async def ask_for_use(request: Request) -> Response:
    site = site_of(request)
    return _asked(request, await in_thread(lambda it: passkey_commands.offer_use(it, site.domain), request))


def _asked(request: Request, offered: tuple[str, str]) -> Response:
    """The question for the browser's own dialogue. Only the browser that was asked holds the ticket."""
    if not passkeys_work(request):
        raise NotFound
    options, ticket = offered
    answer = Response(options, media_type="application/json")
    cookies.keep(request, answer, TICKET, ticket, 300)
    return answer


@router.post("/me/passkeys")
async def add(request: Request, desk: PageDesk) -> Response:
    typed, ticket, site = await typed_in(request), cookies.kept(request, TICKET), site_of(request)
    try:
        draft = drafted(PasskeyDraft, {name: typed.get(name, "") for name in ("name", "credential")})
        await desk.write(lambda uow: passkey_commands.add(uow, ticket, draft, *site))
    except Invalid as error:
        return await me_page(request, desk, 422, errors=errors_of(error, "passkey-name"))
    return _forget(request, RedirectResponse("/me?saved=passkey#passkeys", 303))


@router.post("/me/passkeys/{passkey_id}/remove")
async def remove(desk: PageDesk, passkey_id: UUID) -> Response:
    await desk.write(lambda uow: passkey_commands.remove(uow, passkey_id))
    return RedirectResponse("/me?saved=no-passkey#passkeys", 303)


@router.post("/sign-in/passkey")
async def sign_in(request: Request) -> Response:
    typed, ticket, site = await typed_in(request), cookies.kept(request, TICKET), site_of(request)
    settings, go_on_to = settings_of(request), our_own(typed.get("next", HOME))
    answer, said = typed.get("credential", ""), {"domain": site.domain, "origin": site.origin}
    lasts, organisations = browser_login_lasts(settings), settings.organisations
    try:
        login = await enter(
            request,
            lambda it: passkey_commands.sign_in_by_key(
                it, ticket, answer, lasts=lasts, organisations=organisations, **said
            ),
        )
    except Invalid as error:
        return _sign_in_again(request, typed, error)
    return _forget(request, keep(request, RedirectResponse(go_on_to, 303), login))


def _sign_in_again(request: Request, typed: Typed, error: Invalid) -> Response:
    shown = {"next": our_own(typed.get("next", HOME)), "email": "", "signed_out": False}
    errors = errors_of(error, "passkey")
    return page(request, "people/sign_in.html", 422, **shown, passkeys=passkeys_work(request), errors=errors)


@router.post("/confirm/passkey")
async def confirm(request: Request, desk: PageDesk) -> Response:
    typed, ticket, site = await typed_in(request), cookies.kept(request, TICKET), site_of(request)
    who, answer = await desk.read(whoever_asks), typed.get("credential", "")
    said = {"domain": site.domain, "origin": site.origin}
    try:
        await in_thread(lambda it: passkey_commands.confirm_by_key(it, who, ticket, answer, **said), request)
    except Invalid as error:
        return await ask_again_who(request, 422, errors=errors_of(error, "passkey"))
    return _forget(request, await go_on(request))


def _forget(request: Request, answer: Response) -> Response:
    cookies.forget(request, answer, TICKET)
    return answer
