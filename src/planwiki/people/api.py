"""Signing in, and who I am, for programs."""

from datetime import timedelta

from fastapi import Request, Response

from planwiki.authz.database import Database
from planwiki.base.vocabulary import LoginKind
from planwiki.web.api_routes import api_router
from planwiki.web.asking import ApiDesk, address_of, in_thread, settings_of
from planwiki.web.conditional import got
from planwiki.web.json_bodies import JSON
from planwiki.web.problem_types import problems

from . import commands, link_commands, me_queries, throttle
from .organisation_commands import check_domain
from .schemas import AccountCreate, LoginView, MeView, SignInDraft
from .second_step_commands import check_second

router = api_router("identity")


@router.post(
    "/v1/accounts",
    status_code=202,
    response_class=Response,  # There is nothing to say, so nothing that could differ.
    responses=problems("slow-down"),
    summary="Ask for an account",
)
async def create_account(request: Request, draft: AccountCreate) -> Response:
    """The answer is the same whether or not the address is known. A letter goes there; its link makes the account."""
    settings, address = settings_of(request), address_of(request)
    check_domain(settings.organisations, draft.email)
    asked = {"base_url": settings.base_url, "key": settings.secret_key, "address": address}

    def ask(database: Database) -> None:
        link_commands.ask_for_account(database, draft, browser="", **asked)

    await in_thread(ask, request)
    return Response(status_code=202)


@router.post(
    "/v1/login-sessions",
    response_model=LoginView,
    status_code=201,
    responses=problems("slow-down", "second-step-needed"),
    summary="Sign in",
)
async def create_login_session(request: Request, draft: SignInDraft) -> Response:
    """A bearer token for an e-mail address and password. The answer is the same for an unknown address."""
    settings = settings_of(request)
    check_domain(settings.organisations, draft.email)

    def sign_in(database: Database) -> LoginView:
        code, counted = draft.one_time_code, (settings.secret_key, f"code {draft.email}", address_of(request))
        if code:
            throttle.count_try(database, *counted, most=throttle.MOST_CODES)
        return commands.sign_in(
            database,
            draft,
            kind=LoginKind.TOKEN,
            lasts=timedelta(days=settings.token_days),
            key=settings.secret_key,
            address=address_of(request),
            second=(lambda session, account: check_second(database, session, account, code)) if code else None,
        )

    login = await in_thread(sign_in, request)
    return Response(login.model_dump_json(), 201, {"Location": "/v1/login-sessions/current"}, media_type=JSON)


@router.delete("/v1/login-sessions/current", status_code=204, summary="Sign out")
async def end_login_session(desk: ApiDesk) -> Response:
    """The token this came with works no more."""
    await desk.write(commands.sign_me_out)
    return Response(status_code=204)


@router.get("/v1/me", response_model=MeView, summary="Who am I?")
async def get_me(request: Request, desk: ApiDesk) -> Response:
    """The caller's account, and the plans whose circle they are in."""
    return got(request, await desk.read(me_queries.who_am_i))
