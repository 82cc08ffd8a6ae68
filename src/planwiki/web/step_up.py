"""Asking once more who is there, before something that shares wider. What was typed goes along and is not lost.

The page that asks carries every field of the form that was sent. Once the answer was right, one press sends that form
again, to the same address of ours. Where the answer comes by a letter or an organisation, the form waits: see
`people/held_commands`.
"""

from typing import Any

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from planwiki.people.held_commands import Held, hold
from planwiki.people.queries import my_account, my_issuers

from . import cookies
from .asking import in_thread, settings_of
from .browser_login import HELD, desk_for, secret_of
from .looking import ASKED_AGAIN
from .rendering import page
from .sites import our_own, passkeys_work

TO, WAS, READS, AFTER = "confirm-to", "was-", "confirm-reads", "/confirm/held"


async def ask_again_who(request: Request, status: int = 403, **shown: Any) -> Response:
    """The page that asks. `request` is the one that was held up, or the answer to an earlier asking."""
    held = await _held_up(request)
    setattr(request.state, ASKED_AGAIN, held.reads)
    viewer, issuers = await desk_for(request, secret_of(request)).read(lambda uow: (my_account(uow), my_issuers(uow)))
    known = [one for one in settings_of(request).organisations if one.issuer in issuers]
    ways = {"passkeys": passkeys_work(request), "known": known, "viewer": viewer}
    return page(request, "people/confirm.html", status, **(held._asdict() | ways | shown))


async def go_on(request: Request) -> Response:
    """It was them: one press sends on what they had typed."""
    return go_on_with(request, await _held_up(request), (await desk_for(request, secret_of(request)).read(my_account)))


def go_on_with(request: Request, form: Held, viewer: Any) -> Response:
    return page(request, "people/confirmed.html", to=our_own(form.to), was=form.was, reads=form.reads, viewer=viewer)


async def keep_held(request: Request, answer: Response, account: Any) -> Response:
    """The form waits for whoever holds this browser, until they come to AFTER."""
    form, before = await _held_up(request), cookies.kept(request, HELD)
    ticket = await in_thread(lambda database: hold(database, account.id, form, before), request)
    cookies.keep(request, answer, HELD, ticket, 900)
    return answer


async def _held_up(request: Request) -> Held:
    typed = await _typed(request)
    if TO not in typed:
        return Held(our_own(request.url.path), typed, reads=request.method in {"GET", "HEAD"})
    was = {name.removeprefix(WAS): words for name, words in typed.items() if name.startswith(WAS)}
    return Held(our_own(typed[TO]), was, reads=typed.get(READS) == "yes")


async def _typed(request: Request) -> dict[str, str]:
    if request.method in {"GET", "HEAD"}:
        return dict(request.query_params)
    form = await request.form()
    return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}
