"""Keeping a reader's place. A page tells it by itself while somebody reads; there is no page that shows it."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from planwiki.base.text import Key
from planwiki.web.asking import PageDesk
from planwiki.web.forms import drafted, typed_in

from .place_commands import keep_place
from .place_schemas import ReadingPlaceDraft

router = APIRouter(include_in_schema=False)


@router.post("/plans/{plan_id}/sections/{key}/place")
async def keep_where_somebody_is(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    said = {name: value for name, value in (await typed_in(request)).items() if value}
    draft = drafted(ReadingPlaceDraft, said)
    await desk.write(lambda uow: keep_place(uow, plan_id, key, draft))
    return Response(status_code=204)
