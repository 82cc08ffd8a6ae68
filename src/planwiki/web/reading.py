"""How a page looks to whoever asks for it: as their account says, or as this device does where nobody is signed in.

A shared tablet is a device: it looks the same whether it is open or closed.
"""

from typing import Any

from fastapi import Request, Response

from planwiki.people.reading_schemas import Reading, reading_from

from . import cookies

READING, YEAR = "reading", 365 * 24 * 3600


def reading_of(request: Request, viewer: Any = None) -> Reading:
    """`viewer` is whoever the page knows; one that knows nobody asks who was answered."""
    desk = getattr(request.state, "desk", None)
    who = viewer or (desk.principal if desk else None)
    if who is None or getattr(who, "tablet_plan_id", None) is not None:
        return on_device(request)
    return reading_from(who.reading)


def on_device(request: Request) -> Reading:
    return reading_from(cookies.kept(request, READING))


def has_device_choice(request: Request) -> bool:
    return bool(cookies.kept(request, READING))


def keep_on_device(request: Request, answer: Response, reading: Reading) -> None:
    """How pages look and nothing else: it names nobody. As it was at first, nothing is kept at all."""
    if reading.kept:
        cookies.keep(request, answer, READING, reading.kept, YEAR)
    else:
        cookies.forget(request, answer, READING)
