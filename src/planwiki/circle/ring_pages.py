"""The circle as rings: a drawing, and the same in lists for whoever does not see it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Role
from planwiki.web.asking import PageDesk
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .pages import still_there
from .queries import members
from .ring_rules import MIDDLE, RADIUS, RINGS, SIZE, around

router = APIRouter(include_in_schema=False)


@router.get("/plans/{plan_id}/circle/rings")
async def show_rings(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = frame(uow, plan_id)
        there = still_there(members(uow, plan_id), owner=not shown["plan"].is_partial)
        people = [one for one in there if one.role is not Role.PERSON]
        rings = {ring: [one for one in people if one.closeness == ring] for ring in RINGS}
        return shown | {
            "rings": rings,
            "places": [place for ring, there in rings.items() for place in around(there, ring)],
            "nowhere": [one for one in people if one.closeness is None],
        }

    return page(request, "circle/rings.html", **await desk.read(ask), size=SIZE, middle=MIDDLE, radius=RADIUS)
