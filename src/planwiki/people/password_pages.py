"""My password on Me, and whether a password that was typed is theirs."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.base.errors import Invalid, SlowDown
from planwiki.web.asking import PageDesk, address_of, in_thread, settings_of
from planwiki.web.forms import Typed, drafted, errors_of, typed_in

from .commands import change_password, confirm_by_password
from .pages import me_page
from .queries import my_account, whoever_asks
from .schemas import PasswordChange
from .second_step_commands import check_second

router = APIRouter(include_in_schema=False)


@router.post("/me/password")
async def change_my_password(request: Request, desk: PageDesk) -> Response:
    typed = await typed_in(request)
    who, me = await desk.read(lambda uow: (whoever_asks(uow), my_account(uow)))
    try:
        change = drafted(PasswordChange, {"new": typed.get("new", "")})
        if me.has_password:
            await in_thread(password_shown(request, who, typed, "current"), request)
        await desk.write(lambda uow: change_password(uow, change))
    except (Invalid, SlowDown) as error:
        status = 429 if isinstance(error, SlowDown) else 422
        return await me_page(request, desk, status, errors=errors_of(error, "current"))
    return RedirectResponse("/me?saved=password", 303)


def password_shown(request: Request, who: Principal, typed: Typed, field: str) -> Callable[[Database], None]:
    """Whether the password typed in that field is theirs, and the code beside it where they have a second step."""
    said = {"field": field, "key": settings_of(request).secret_key, "address": address_of(request)}
    password, code = typed.get(field, ""), typed.get(f"{field}-code", "")

    def check(database: Database) -> None:
        confirm_by_password(
            database, who, password, second=lambda session, mine: check_second(database, session, mine, code), **said
        )

    return check
