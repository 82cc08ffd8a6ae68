"""How pages look: for an account where somebody is signed in, and for this device where nobody is."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.base.errors import Invalid
from planwiki.base.language import _
from planwiki.web.browser_login import desk_for, secret_of, viewer_of
from planwiki.web.forms import Typed, drafted, typed_in
from planwiki.web.reading import has_device_choice, keep_on_device, on_device, reading_of
from planwiki.web.rendering import page
from planwiki.web.sites import our_own

from .reading_commands import choose_reading
from .reading_schemas import Reading, reading_from
from .schemas import AccountView

router = APIRouter(include_in_schema=False)
HERE = "/reading"
NOT_OURS = _("Please choose one of these.")


@router.get(HERE)
async def ask_how_pages_look(request: Request, saved: str = "", was: str = "", back: str = "") -> Response:
    """`was` is how it was before, for undoing; `back` is where somebody came from."""
    viewer = await viewer_of(request)
    shown: dict[str, Any] = {
        "saved": saved,
        "was": reading_from(was),
        "back": our_own(back) if back else _came_from(request),
    }
    return _page(request, viewer, reading_of(request, viewer).model_dump(), **shown)


@router.post(HERE)
async def choose_how_pages_look(request: Request) -> Response:
    """What was not sent is as it is at first."""
    typed, viewer = await typed_in(request), await viewer_of(request)
    before, back = reading_of(request, viewer), typed.get("back", "")
    chosen = {name: typed[name] for name in Reading.model_fields if name in typed}
    try:
        reading = drafted(Reading, chosen)
    except Invalid as error:
        errors = {one.pointer.strip("/"): _(NOT_OURS) for one in error.errors}
        shown = before.model_dump() | {name: word for name, word in chosen.items() if name not in errors}
        return _page(request, viewer, shown, 422, back=our_own(back) if back else "", errors=errors)
    answer = RedirectResponse(f"{HERE}?{urlencode({'saved': 'yes', 'was': before.kept, 'back': back})}", 303)
    if viewer:
        await desk_for(request, secret_of(request)).write(lambda uow: choose_reading(uow, reading))
    if not viewer or _for_device(request, typed):
        keep_on_device(request, answer, reading)
    elif "asked_device" in typed:
        keep_on_device(request, answer, Reading())
    return answer


def _for_device(request: Request, typed: Typed) -> bool:
    """Also before anybody signs in here. A press that does not ask about it leaves it as it was chosen."""
    return "device" in typed if "asked_device" in typed else has_device_choice(request)


def _came_from(request: Request) -> str:
    """The page of ours that led here. Browsers tell it to the same site alone."""
    parts = urlsplit(request.headers.get("referer", ""))
    if not parts.path or parts.path == HERE or parts.netloc != request.headers.get("host"):
        return ""
    return our_own(parts.path + (f"?{parts.query}" if parts.query else ""))


def _page(
    request: Request, viewer: AccountView | None, chosen: dict[str, Any], status: int = 200, **shown: Any
) -> Response:
    around = {"saved": "", "was": Reading(), "back": "", "on_device": on_device(request).kept != ""}
    return page(request, "people/reading.html", status, viewer=viewer, chosen=chosen, **(around | shown))
