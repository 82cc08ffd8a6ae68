"""Signing in by a letter: asking for it, the button behind its link, and the code to type."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.base import ids
from planwiki.base.errors import Gone, Invalid, SlowDown
from planwiki.web import cookies
from planwiki.web.asking import PageDesk, address_of, browser_login_lasts, in_thread, settings_of
from planwiki.web.browser_login import enter, keep, viewer_of
from planwiki.web.forms import drafted, errors_of, typed_in
from planwiki.web.rendering import page
from planwiki.web.second_step import ASKED_NEXT
from planwiki.web.sites import HOME, our_own, passkeys_work

from . import link_commands
from .organisation_commands import check_domain
from .pages import me_page
from .queries import my_account, who_changes_sign_in
from .schemas import AccountCreate, AskDraft
from .waiting_commands import LASTS as WAITS
from .waiting_commands import wait_for

router = APIRouter(include_in_schema=False)
ASKED, JOINED = "asked", "joined"  # Secrets of a browser: where a letter was asked for, and where somebody joined.


@router.post("/sign-in/letter")
async def ask(request: Request) -> Response:
    """The same page and time for every address. The browser keeps a secret, so that it knows its own link again."""
    typed, browser = await typed_in(request), ids.new_secret("pwb")
    try:
        draft = drafted(AskDraft, {"email": typed.get("email", "")})
        check_domain(settings_of(request).organisations, draft.email)
        await in_thread(lambda it: link_commands.ask_for_link(it, draft, **asker(request, browser)), request)
    except (Invalid, SlowDown) as error:
        shown = {"next": our_own(typed.get("next", HOME)), "email": typed.get("email", ""), "signed_out": False}
        shown["passkeys"] = passkeys_work(request)
        answer = page(request, "people/sign_in.html", _status(error), **shown, errors=errors_of(error, "email"))
        return _wait(error, answer)
    return sent(request, browser, our_own(typed.get("next", HOME)))


@router.get("/new-account")
async def ask_for_account(request: Request) -> Response:
    return page(request, "people/new_account.html", typed={})


@router.post("/new-account")
async def make_account(request: Request) -> Response:
    typed, browser = await typed_in(request), ids.new_secret("pwb")
    try:
        draft = drafted(AccountCreate, {name: typed.get(name, "") for name in ("display_name", "email")})
        check_domain(settings_of(request).organisations, draft.email)
        await in_thread(lambda it: link_commands.ask_for_account(it, draft, **asker(request, browser)), request)
    except (Invalid, SlowDown) as error:
        answer = page(request, "people/new_account.html", _status(error), typed=typed, errors=errors_of(error, "email"))
        return _wait(error, answer)
    return sent(request, browser, HOME)


@router.post("/me/address")
async def change_address(request: Request, desk: PageDesk) -> Response:
    """The new address counts once a letter there was read; it may be somebody's already, and nobody is told so."""
    typed, browser = await typed_in(request), ids.new_secret("pwb")
    account_id, waits = await desk.read(lambda uow: (who_changes_sign_in(uow), my_account(uow).waiting_email))
    try:
        draft = drafted(AskDraft, {"email": typed.get("new_email", "")})
        check_domain(settings_of(request).organisations, draft.email)
        said, ask = asker(request, browser), wait_for if waits else link_commands.ask_for_address
        await in_thread(lambda it: ask(it, account_id, draft, **said), request)
    except (Invalid, SlowDown) as error:
        errors = {"new_email": next(iter(errors_of(error).values()))}
        return _wait(error, await me_page(request, desk, _status(error), errors=errors))
    if waits:
        return joined_here(request, RedirectResponse("/me?saved=waits#address", 303), browser)
    return sent(request, browser, "/me?saved=address")


def joined_here(request: Request, answer: Response, browser: str) -> Response:
    """The browser keeps a secret, as long as its letter works: whoever holds both is one person."""
    cookies.keep(request, answer, JOINED, browser, int(WAITS.total_seconds()))
    return answer


def asker(request: Request, browser: str) -> dict[str, str]:
    """What every asking for a letter needs to know."""
    settings, address = settings_of(request), address_of(request)
    return {"browser": browser, "base_url": settings.base_url, "key": settings.secret_key, "address": address}


def sent(request: Request, browser: str, go_on: str) -> Response:
    """Leads to where one waits for the letter. The browser keeps its secret, and where it goes on afterwards."""
    answer = RedirectResponse("/sign-in/letter", 303)
    for name, words in ((ASKED, browser), (ASKED_NEXT, go_on)):
        cookies.keep(request, answer, name, words, 900)
    return answer


@router.get("/sign-in/letter")
async def say_it_wassent(request: Request) -> Response:
    return _letter_page(request)


def _letter_page(request: Request, status: int = 200, **shown: Any) -> Response:
    mailbox, go_on = settings_of(request).shows_mailbox, our_own(cookies.kept(request, ASKED_NEXT))
    return page(request, "people/letter_sent.html", status, **({"mailbox": mailbox, "next": go_on} | shown))


@router.post("/sign-in/code")
async def use_code(request: Request) -> Response:
    code = (await typed_in(request)).get("code", "")
    joined = cookies.kept(request, JOINED)
    return await _enter(request, lambda it, ours, lasts: link_commands.use_code(it, code, ours, lasts, joined), "")


@router.get("/sign-in/link/{secret}")
async def open_link(request: Request, secret: str) -> Response:
    """Changes nothing, whoever opens it: the button does."""
    return await _link_page(request, secret)


async def _link_page(request: Request, secret: str, status: int = 200, **shown: Any) -> Response:
    asks = await in_thread(lambda it: link_commands.asks_password(it, secret), request)
    return page(request, "people/letter_link.html", status, secret=secret, asks_password=asks, **shown)


@router.post("/sign-in/link")
async def use_link(request: Request) -> Response:
    typed = await typed_in(request)
    secret, password, joined = typed.get("secret", ""), typed.get("password", ""), cookies.kept(request, JOINED)
    try:
        return await _enter(
            request, lambda it, ours, lasts: link_commands.use_link(it, secret, ours, lasts, password, joined), secret
        )
    except Invalid as error:
        return await _link_page(request, secret, 422, errors=errors_of(error))


async def _enter(request: Request, work: Any, secret: str) -> Response:
    browser, lasts = cookies.kept(request, ASKED), browser_login_lasts(settings_of(request))
    try:
        login = await enter(request, lambda database: work(database, browser, lasts))
    except (Invalid, Gone) as error:
        if error.code == link_commands.WRONG_PASSWORD:
            raise
        if isinstance(error, Gone) and not browser and await _is_in_by(request, secret):
            return RedirectResponse(HOME, 303)
        return _letter_page(request, 422, errors={"code": str(error)})
    answer = keep(request, RedirectResponse(our_own(cookies.kept(request, ASKED_NEXT)), 303), login)
    cookies.forget(request, answer, ASKED, ASKED_NEXT)
    return answer


async def _is_in_by(request: Request, secret: str) -> bool:
    """They pressed an old page once more, where they are signed in by that very letter."""
    viewer = await viewer_of(request)
    return viewer is not None and await in_thread(lambda it: link_commands.used_by(it, secret, viewer.id), request)


def _status(error: Invalid | SlowDown) -> int:
    return 429 if isinstance(error, SlowDown) else 422


def _wait(error: Exception, answer: Response) -> Response:
    if isinstance(error, SlowDown):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer
