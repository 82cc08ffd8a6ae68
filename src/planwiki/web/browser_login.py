"""The browser's sign-in: the cookie that holds its secret, who that is, and how it begins and ends."""

from collections.abc import Callable

from fastapi import Request, Response

from planwiki.authz.database import Database
from planwiki.base.errors import Forbidden, SignInNeeded
from planwiki.base.vocabulary import LoginKind
from planwiki.people import commands
from planwiki.people.held_commands import let_go
from planwiki.people.organisation_commands import check_domain
from planwiki.people.queries import my_account
from planwiki.people.schemas import AccountView, LoginView, SignInDraft

from . import cookies
from .asking import Desk, address_of, browser_login_lasts, database_of, in_thread, settings_of
from .devices import device_of
from .reading import READING

HELD = "held"


def secret_of(request: Request) -> str:
    return cookies.kept(request)


def desk_for(request: Request, secret: str) -> Desk:
    desk = Desk(database_of(request), secret, LoginKind.BROWSER)
    desk.request_id = request.state.request_id
    return desk


async def viewer_of(request: Request) -> AccountView | None:
    """Who is signed in here, where nobody has to be."""
    if not secret_of(request):
        return None
    try:
        return await desk_for(request, secret_of(request)).read(my_account)
    except (SignInNeeded, Forbidden):  # On a shared tablet nobody is signed in to what is outside of it.
        return None


async def begin(request: Request, draft: SignInDraft) -> LoginView:
    """A new secret at each sign-in; what this browser held before ends with it."""
    settings = settings_of(request)
    check_domain(settings.organisations, draft.email)

    def sign_in(database: Database) -> LoginView:
        return commands.sign_in(
            database,
            draft,
            kind=LoginKind.BROWSER,
            lasts=browser_login_lasts(settings),
            key=settings.secret_key,
            address=address_of(request),
        )

    return await enter(request, sign_in)


async def enter(request: Request, sign_in: Callable[[Database], LoginView]) -> LoginView:
    """However somebody signs in: what this browser held before ends with it."""
    old, device = secret_of(request), device_of(request.headers.get("user-agent", ""))

    def work(database: Database) -> LoginView:
        login = sign_in(database)
        commands.name_device(database, login.token, device)
        if old:
            commands.sign_out(database, old, LoginKind.BROWSER)
        return login

    return await in_thread(work, request)


def keep(request: Request, answer: Response, login: LoginView) -> Response:
    """The browser keeps the secret of its sign-in, as long as that lasts."""
    seconds = int(browser_login_lasts(settings_of(request)).total_seconds())
    cookies.keep(request, answer, "", login.token, seconds)
    return answer


async def end(request: Request, answer: Response) -> Response:
    """The secret opens nothing any more, and the browser forgets all it kept of us, but for how its pages look."""
    secret = secret_of(request)
    if secret:
        await in_thread(lambda database: commands.sign_out(database, secret, LoginKind.BROWSER), request)
    await in_thread(lambda database: let_go(database, cookies.kept(request, HELD)), request)
    cookies.forget_all(request, answer, but=READING)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def forget(request: Request, answer: Response) -> None:
    """This browser is nobody's any more."""
    cookies.forget(request, answer, "")
