"""What is signed in, for its owner to end."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import RedirectResponse

from planwiki.web.asking import PageDesk

from .commands import end_login, end_other_logins

router = APIRouter(include_in_schema=False)


@router.post("/me/devices/{login_id}/end")
async def end_one(desk: PageDesk, login_id: UUID) -> Response:
    await desk.write(lambda uow: end_login(uow, login_id))
    return RedirectResponse("/me?saved=device#devices", 303)


@router.post("/me/devices/end-others")
async def end_others(desk: PageDesk) -> Response:
    await desk.write(end_other_logins)
    return RedirectResponse("/me?saved=device#devices", 303)
