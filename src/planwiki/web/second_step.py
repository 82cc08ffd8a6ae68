"""Whoever passed the first step and has a second is led to the page that asks for it, however they signed in."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from planwiki.base.errors import SecondStepNeeded
from planwiki.people import second_step_commands

from .asking import in_thread, settings_of
from .sites import HOME, our_own

TICKET, NEXT = "planwiki-second", "planwiki-second-next"


async def lead_on(request: Request, error: SecondStepNeeded) -> Response:
    ticket = await in_thread(lambda it: second_step_commands.ask(it, error.account_id), request)
    typed, secure = await request.form(), settings_of(request).secure
    go_on = request.cookies.get("planwiki-asked-next", str(typed.get("next", HOME)))
    answer = RedirectResponse("/sign-in/second", 303)
    for name, value in ((TICKET, ticket), (NEXT, our_own(go_on))):
        answer.set_cookie(name, value, 300, path="/sign-in", secure=secure, httponly=True, samesite="lax")
    return answer
