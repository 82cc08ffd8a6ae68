"""Showing once more who is there: by password, or by passkey (see passkey_pages)."""

from fastapi import APIRouter, Request, Response

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.base.errors import Invalid, SlowDown
from planwiki.web.asking import PageDesk, address_of, in_thread, settings_of
from planwiki.web.forms import errors_of, typed_in
from planwiki.web.step_up import ask_again_who, go_on

from .commands import confirm_by_password
from .queries import whoever_asks

router = APIRouter(include_in_schema=False)


@router.post("/confirm")
async def confirm(request: Request, desk: PageDesk) -> Response:
    password = (await typed_in(request)).get("confirm-password", "")
    principal = await desk.read(whoever_asks)
    key, address = settings_of(request).secret_key, address_of(request)

    def check(database: Database, who: Principal = principal) -> None:
        confirm_by_password(database, who, password, key=key, address=address)

    try:
        await in_thread(check, request)
    except (Invalid, SlowDown) as error:
        status = 429 if isinstance(error, SlowDown) else 422
        return await ask_again_who(request, status, errors=errors_of(error, "confirm-password"))
    return await go_on(request)
