"""Answering an invitation. Its secret stands in the link's own address and in the body of forms, and nowhere else."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.database import Database
from planwiki.base.errors import Conflict, Invalid, SlowDown
from planwiki.base.language import _
from planwiki.people.commands import add_account
from planwiki.people.schemas import AccountDraft, SignInDraft
from planwiki.people.throttle import count_try
from planwiki.web.asking import PageDesk, address_of, in_thread, settings_of
from planwiki.web.browser_login import begin, desk_for, keep, viewer_of
from planwiki.web.forms import Typed, by_need, drafted, errors_of, typed_in
from planwiki.web.rendering import page

from . import invitation_commands

router = APIRouter(include_in_schema=False)
NEEDED = {
    "display_name": _("Please write your name."),
    "email": _("Please write your e-mail address."),
    "password": _("Please choose a password."),
}


@router.get("/join/declined")
async def say_goodbye(request: Request) -> Response:
    return page(request, "circle/declined.html", viewer=await viewer_of(request))


@router.get("/join/{secret}")
async def show_invitation(request: Request, secret: str) -> Response:
    """Who invites, and what for. An invitation that has ended and one that never was answer alike."""
    return await _invitation(request, secret)


async def _invitation(request: Request, secret: str, status: int = 200, **shown: Any) -> Response:
    invitation = await in_thread(lambda database: invitation_commands.preview(database, secret), request)
    around = {"typed": {}, "wrong": "", "invitation": invitation, "token": secret, "viewer": await viewer_of(request)}
    return page(request, "circle/join.html", status, **(around | shown))


@router.post("/join")
async def join(request: Request, desk: PageDesk) -> Response:
    secret = (await typed_in(request)).get("token", "")
    plan_id, _member = await desk.write(lambda uow: invitation_commands.accept(uow, secret))
    return RedirectResponse(f"/plans/{plan_id}", 303)


@router.post("/join/decline")
async def decline(request: Request) -> Response:
    secret = (await typed_in(request)).get("token", "")
    await in_thread(lambda database: invitation_commands.decline(database, secret), request)
    return RedirectResponse("/join/declined", 303)


@router.post("/join/sign-in")
async def sign_in_to_join(request: Request) -> Response:
    """Somebody with an account signs in here, and comes back to the same invitation to say yes."""
    typed = await typed_in(request)
    secret = typed.get("token", "")
    try:
        draft = {"email": typed.get("known_email", ""), "password": typed.get("known_password", "")}
        login = await begin(request, drafted(SignInDraft, draft))
    except (Invalid, SlowDown) as error:
        return await _mend(request, secret, "sign-in", typed, error)
    return keep(request, RedirectResponse(f"/join/{secret}", 303), login)


@router.post("/join/new")
async def join_as_someone_new(request: Request) -> Response:
    """An account, signed in, and in the circle, with one press. Without an open invitation nobody makes one here."""
    typed = await typed_in(request)
    secret = typed.get("token", "")
    await in_thread(lambda database: invitation_commands.preview(database, secret), request)
    try:
        draft = drafted(AccountDraft, {name: typed.get(name, "") for name in ("display_name", "email", "password")})
        await in_thread(_account_maker(request, draft), request)
        login = await begin(request, SignInDraft(email=draft.email, password=draft.password or ""))
    except (Invalid, Conflict, SlowDown) as error:
        return await _mend(request, secret, "new", typed, error)
    plan_id, _member = await desk_for(request, login.token).write(lambda uow: invitation_commands.accept(uow, secret))
    return keep(request, RedirectResponse(f"/plans/{plan_id}", 303), login)


def _account_maker(request: Request, draft: AccountDraft) -> Any:
    """Counted like a try to sign in: nobody learns by many tries who has an account."""
    key, address = settings_of(request).secret_key, address_of(request)

    def make(database: Database) -> None:
        count_try(database, key, draft.email, address)
        add_account(database, draft)

    return make


async def _mend(
    request: Request, secret: str, wrong: str, typed: Typed, error: Invalid | Conflict | SlowDown
) -> Response:
    status = 429 if isinstance(error, SlowDown) else 422
    errors = by_need(errors_of(error, "email"), typed, NEEDED)
    if wrong == "sign-in":
        errors = {f"known_{name}": words for name, words in errors_of(error, "email").items()}
    answer = await _invitation(request, secret, status, wrong=wrong, typed=typed, errors=errors)
    if isinstance(error, SlowDown):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer
