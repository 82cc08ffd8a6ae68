"""Signing in with an organisation: going there, coming back, and linking it on Me.

Going there is a link and not a form: `form-action` of our content security policy lets no form lead to another site,
and so it can stay. What the link leaves behind is a question that only this browser can answer.
"""

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.base import ids
from planwiki.base.errors import Conflict, Invalid, NotFound
from planwiki.settings import OrganisationLogin
from planwiki.web import cookies
from planwiki.web.asking import PageDesk, browser_login_lasts, in_thread, settings_of
from planwiki.web.browser_login import enter, keep, viewer_of
from planwiki.web.forms import errors_of
from planwiki.web.rendering import page
from planwiki.web.sites import HOME, our_own
from planwiki.web.step_up import AFTER, keep_held

from . import organisation_commands
from .pages import me_page
from .queries import my_account, who_changes_sign_in

router = APIRouter(include_in_schema=False)
BROWSER, BACK = "organisation", "/sign-in/organisation"


@router.get("/sign-in/with/{key}")
async def go_there(request: Request, key: str, next: str = HOME) -> Response:
    one, browser = _named(request, key), ids.new_secret("pwb")
    to, back = our_own(next), _back(request)
    address = await in_thread(lambda it: organisation_commands.begin(it, one, back, browser, to), request)
    return _away(request, RedirectResponse(address, 303), browser)


@router.post("/me/organisations/{key}")
async def link(request: Request, desk: PageDesk, key: str) -> Response:
    one, browser, back = _named(request, key), ids.new_secret("pwb"), _back(request)
    me = await desk.read(who_changes_sign_in)
    to = "/me?saved=organisation"
    address = await in_thread(lambda it: organisation_commands.begin(it, one, back, browser, to, me), request)
    viewer, name = await viewer_of(request), one.name
    shown = page(request, "people/go_to_organisation.html", organisation=name, address=address, viewer=viewer)
    return _away(request, shown, browser)


@router.post("/me/organisations/{key}/end")
async def unlink(request: Request, desk: PageDesk, key: str) -> Response:
    one = _named(request, key)
    try:
        await desk.write(lambda uow: organisation_commands.unlink(uow, one))
    except Conflict as error:
        return await me_page(request, desk, 409, errors=errors_of(error, "organisations"))
    return RedirectResponse("/me?saved=no-organisation", 303)


@router.post("/confirm/with/{key}")
async def show_who_again(request: Request, desk: PageDesk, key: str) -> Response:
    """Their organisation asks them, even where it knows them still; what they had typed waits here."""
    one, browser, back, me = _named(request, key), ids.new_secret("pwb"), _back(request), await desk.read(my_account)
    address = await in_thread(
        lambda it: organisation_commands.begin(it, one, back, browser, AFTER, again=True), request
    )
    shown = page(request, "people/go_to_organisation.html", organisation=one.name, address=address, viewer=me)
    return await keep_held(request, _away(request, shown, browser), me)


@router.get(BACK)
async def come_back(request: Request, state: str = "", code: str = "") -> Response:
    """A change on GET, as OpenID Connect has it: only for the browser that left, and only once."""
    browser, lasts = cookies.kept(request, BROWSER), browser_login_lasts(settings_of(request))
    asked = await in_thread(lambda it: organisation_commands.take(it, browser, state), request)
    one, back = _named(request, asked.key), _back(request)
    try:
        if not code:
            raise Invalid(organisation_commands.REFUSED)
        login = await enter(request, lambda it: organisation_commands.enter(it, one, back, asked, code, lasts))
    except Invalid as error:
        return page(request, "people/organisation_refused.html", 422, sentence=str(error), organisation=one.name)
    answer = keep(request, RedirectResponse(our_own(asked.go_on), 303), login)
    cookies.forget(request, answer, BROWSER)
    return answer


def _named(request: Request, key: str) -> OrganisationLogin:
    for one in settings_of(request).organisations:
        if one.key == key:
            return one
    raise NotFound


def _back(request: Request) -> str:
    return f"{settings_of(request).base_url}{BACK}"


def _away(request: Request, answer: Response, browser: str) -> Response:
    cookies.keep(request, answer, BROWSER, browser, 600)
    return answer
