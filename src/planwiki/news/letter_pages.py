"""How often a letter about news comes; and the link in it that ends them, for whoever holds it, without signing in."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.web.asking import PageDesk, in_thread, settings_of
from planwiki.web.browser_login import viewer_of
from planwiki.web.forms import drafted, typed_in
from planwiki.web.rendering import page

from .letter_commands import choose_letters, stop_letters, who_stops
from .schemas import LetterDraft

router = APIRouter(include_in_schema=False)
STOP = "/news/stop/{token}"


@router.post("/me/news")
async def choose(request: Request, desk: PageDesk) -> Response:
    how_often = (await typed_in(request)).get("how_often", "")
    zone = ZoneInfo(settings_of(request).time_zone)
    draft = drafted(LetterDraft, {"how_often": how_often})  # No form of ours sends another word.
    await desk.write(lambda uow: choose_letters(uow, draft, zone))
    return RedirectResponse("/me?saved=news", 303)


@router.get(STOP)
async def ask_to_stop(request: Request, token: str) -> Response:
    """Opening it ends nothing, since mail scanners open everything. The page has one button."""
    await in_thread(lambda database: who_stops(database, token), request)
    return page(request, "news/stop.html", token=token, stopped=False, viewer=await viewer_of(request))


@router.post(STOP)
async def stop(request: Request, token: str) -> Response:
    """The button of that page, and the one that mail programs show by themselves (RFC 8058): it must not lead on."""
    await in_thread(lambda database: stop_letters(database, token), request)
    return page(request, "news/stop.html", token=token, stopped=True, viewer=await viewer_of(request))
