"""How a route asks: one trip to a thread, in which one transaction finds the asker, does the work and commits.

A route is `async`, parses, and hands over one verb or question; the answer leaves only after the commit.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden, SignInNeeded
from planwiki.base.vocabulary import LoginKind
from planwiki.people.queries import holder_of
from planwiki.settings import Settings

Answer = TypeVar("Answer")
Question = Callable[[UnitOfWork], Answer]

# More threads would wait for each other and not for the database, and each keeps a connection with all it prepared.
# Whoever waits for the writer's place holds up no reader.
_READERS, _WRITERS = CapacityLimiter(6), CapacityLimiter(6)


class Desk:
    """Where one request asks. Whose cookie or token `secret` is, is found in the same transaction."""

    def __init__(self, database: Database, secret: str, kind: LoginKind, *, on_tablet: bool | None = False) -> None:
        """`on_tablet` is None where a shared tablet is as welcome as any browser."""
        self.database, self.secret, self.on_tablet = database, secret, on_tablet
        self.principal: Principal | None = None
        self.request_id: str | None = None
        self._who = holder_of(secret, kind)

    async def read(self, question: Question[Answer]) -> Answer:
        return await to_thread.run_sync(self._ask, question, False, limiter=_READERS)

    async def write(self, verb: Question[Answer]) -> Answer:
        """The same, holding the writer's place from the start. Committed before this returns."""
        return await to_thread.run_sync(self._ask, verb, True, limiter=_WRITERS)

    async def check(self) -> None:
        """Raises SignInNeeded when the secret is nobody's. `principal` stays: it says who was answered."""
        await to_thread.run_sync(self._check, limiter=_READERS)

    def _check(self) -> None:
        with self.database.unit_of_work(self._who, writes=False):
            pass

    def _ask(self, question: Question[Answer], writes: bool) -> Answer:
        with self.database.unit_of_work(self._who, writes=writes) as uow:
            self._stay_where_one_belongs(uow.principal)
            self.principal, uow.request_id = uow.principal, self.request_id
            return question(uow)

    def _stay_where_one_belongs(self, principal: Principal) -> None:
        """On a shared tablet its own few pages are open and nothing else; and those are open nowhere else."""
        if self.on_tablet is None:
            return
        if principal.tablet_plan_id is not None and not self.on_tablet:
            raise Forbidden("This is not open on a shared tablet.")
        if principal.tablet_plan_id is None and self.on_tablet:
            raise SignInNeeded("Please choose your pictures.")


async def in_thread(work: Callable[[Database], Answer], request: Request) -> Answer:
    """Work for nobody in particular yet (signing in, an invitation's preview), off the event loop."""
    return await to_thread.run_sync(work, database_of(request))


def database_of(request: Request) -> Database:
    return request.app.state.database


def settings_of(request: Request) -> Settings:
    return request.app.state.settings


def cookie_name(settings: Settings) -> str:
    """`__Host-` needs TLS; without it (one's own machine) a plain name does."""
    return "__Host-planwiki" if settings.secure else "planwiki"


def address_of(request: Request) -> str:
    """Where a request comes from, for throttles. A trusted proxy's word is put there by the server."""
    return request.client.host if request.client else ""


async def _api_desk(request: Request) -> Desk:
    """A bearer token and nothing else: the browser's cookie opens nothing here."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SignInNeeded("Please sign in.")
    return _seated(request, Desk(database_of(request), token.strip(), LoginKind.TOKEN))


async def _page_desk(request: Request) -> Desk:
    """The browser's cookie."""
    secret = request.cookies.get(cookie_name(settings_of(request)))
    if not secret:
        raise SignInNeeded("Please sign in.")
    return _seated(request, Desk(database_of(request), secret, LoginKind.BROWSER))


async def _tablet_desk(request: Request) -> Desk:
    """The cookie of a shared tablet that is open."""
    secret = request.cookies.get(cookie_name(settings_of(request)), "")
    return _seated(request, Desk(database_of(request), secret, LoginKind.BROWSER, on_tablet=True))


async def _either_desk(request: Request) -> Desk:
    """A browser's cookie, also of a shared tablet: for what a page of either shows inside it."""
    secret = request.cookies.get(cookie_name(settings_of(request)))
    if not secret:
        raise SignInNeeded("Please sign in.")
    return _seated(request, Desk(database_of(request), secret, LoginKind.BROWSER, on_tablet=None))


def _seated(request: Request, desk: Desk) -> Desk:
    """Where the answer's own looks are told from: see looking."""
    request.state.desk, desk.request_id = desk, request.state.request_id
    return desk


ApiDesk = Annotated[Desk, Depends(_api_desk)]
PageDesk = Annotated[Desk, Depends(_page_desk)]
TabletDesk = Annotated[Desk, Depends(_tablet_desk)]
EitherDesk = Annotated[Desk, Depends(_either_desk)]


def browser_login_lasts(settings: Settings) -> timedelta:
    return timedelta(hours=settings.login_hours)
