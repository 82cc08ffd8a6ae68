"""Pages that belong to no room: the first one, help, leaving at once, and what a problem's name means."""

from fastapi import APIRouter, Request, Response
from starlette.responses import PlainTextResponse, RedirectResponse

from planwiki.base.errors import NotFound
from planwiki.base.language import _
from planwiki.circle.tablet_commands import shown_on

from .asking import in_thread
from .browser_login import forget, viewer_of
from .cookies import kept
from .problem_types import TYPES
from .problems import TITLES
from .rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/")
async def show_first_page(request: Request) -> Response:
    """My plans for somebody who is signed in, the pictures on a shared tablet; for all others, what this is."""
    if await viewer_of(request):
        return RedirectResponse("/plans", 303)
    if await _is_tablet(request):
        return RedirectResponse("/tablet", 303)
    return page(request, "web/home.html")


async def _is_tablet(request: Request) -> bool:
    device = kept(request, "tablet")
    try:
        return bool(device) and bool(await in_thread(lambda database: shown_on(database, device), request))
    except NotFound:
        return False


@router.get("/help")
async def show_help(request: Request) -> Response:
    return page(request, "web/help.html", viewer=await viewer_of(request), here="help")


@router.get("/leave")
async def show_something_else(request: Request) -> Response:
    """A page of nobody's. Whoever pressed here is signed out of this browser, so that "back" shows nothing either."""
    answer = page(request, "leave.html")
    if request.headers.get("sec-fetch-site") == "same-origin":  # Another site's link or picture signs nobody out.
        forget(request, answer)
        answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@router.get("/problems/{slug}")
async def explain_problem(request: Request, slug: str) -> Response:
    if slug not in TYPES:
        raise NotFound
    status, when = TYPES[slug]
    title, viewer = _(TITLES.get(status, TITLES[500])), await viewer_of(request)
    return page(request, "web/problem.html", slug=slug, number=status, title=title, when=when, viewer=viewer)


@router.get("/robots.txt")
async def keep_robots_out() -> Response:
    """Nothing here is for a search engine."""
    return PlainTextResponse("User-agent: *\nDisallow: /\n")
