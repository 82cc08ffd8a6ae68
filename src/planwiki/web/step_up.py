"""Asking once more who is there, before something that shares wider. What was typed goes along and is not lost.

The page that asks carries every field of the form that was sent. Once the answer was right, one press sends that form
again, to the same address of ours.
"""

from typing import Any

from fastapi import Request, Response
from starlette.datastructures import UploadFile

from .browser_login import viewer_of
from .rendering import page
from .sites import our_own, passkeys_work

TO, WAS = "confirm-to", "was-"


async def ask_again_who(request: Request, status: int = 403, **shown: Any) -> Response:
    """The page that asks. `request` is the one that was held up, or the answer to an earlier asking."""
    typed = await _typed(request)
    was = _was(typed) if TO in typed else typed
    around = {"to": our_own(typed.get(TO, request.url.path)), "was": was, "passkeys": passkeys_work(request)}
    return page(request, "people/confirm.html", status, **(around | shown), viewer=await viewer_of(request))


async def go_on(request: Request) -> Response:
    """It was them: one press sends on what they had typed."""
    typed = await _typed(request)
    to, viewer = our_own(typed.get(TO, "")), await viewer_of(request)
    return page(request, "people/confirmed.html", to=to, was=_was(typed), viewer=viewer)


def _was(typed: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix(WAS): value for name, value in typed.items() if name.startswith(WAS)}


async def _typed(request: Request) -> dict[str, str]:
    if request.method in {"GET", "HEAD"}:
        return {}
    form = await request.form()
    return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}
