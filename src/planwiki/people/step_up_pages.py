"""Showing once more who is there: by password, or by a letter; see also passkey_pages and organisation_pages."""

from fastapi import APIRouter, Request, Response

from planwiki.base import ids
from planwiki.base.errors import Invalid, SlowDown
from planwiki.web import cookies
from planwiki.web.asking import PageDesk, in_thread, settings_of
from planwiki.web.browser_login import HELD
from planwiki.web.forms import drafted, errors_of, typed_in
from planwiki.web.step_up import AFTER, ask_again_who, go_on, go_on_with, keep_held

from . import held_commands, link_commands
from .link_pages import asker, sent
from .organisation_commands import check_domain
from .password_pages import password_shown
from .queries import my_account, whoever_asks
from .schemas import AskDraft

router = APIRouter(include_in_schema=False)


@router.post("/confirm")
async def confirm(request: Request, desk: PageDesk) -> Response:
    typed, who = await typed_in(request), await desk.read(whoever_asks)
    try:
        await in_thread(password_shown(request, who, typed, "confirm-password"), request)
    except (Invalid, SlowDown) as error:
        return await _again(request, error, "confirm-password")
    return await go_on(request)


@router.post("/confirm/letter")
async def confirm_by_letter(request: Request, desk: PageDesk) -> Response:
    """A letter to sign in by, to their own address; what they had typed waits here."""
    await typed_in(request)
    me, browser = await desk.read(my_account), ids.new_secret("pwb")
    try:
        draft = drafted(AskDraft, {"email": me.email})
        check_domain(settings_of(request).organisations, draft.email)
        await in_thread(lambda it: link_commands.ask_for_link(it, draft, **asker(request, browser)), request)
    except (Invalid, SlowDown) as error:
        return await _again(request, error, "letter")
    return await keep_held(request, sent(request, browser, AFTER), me)


@router.get(AFTER)
async def come_back(request: Request, desk: PageDesk) -> Response:
    """Shows what waited, to whoever typed it, where they typed it. Nothing is sent before they press."""
    me, ticket = await desk.read(my_account), cookies.kept(request, HELD)
    form = await in_thread(lambda database: held_commands.held(database, me.id, ticket), request)
    return go_on_with(request, form, me)


async def _again(request: Request, error: Invalid | SlowDown, field: str) -> Response:
    status = 429 if isinstance(error, SlowDown) else 422
    return await ask_again_who(request, status, errors=errors_of(error, field))
