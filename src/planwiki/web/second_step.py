"""Whoever passed the first step and has a second is led to the page that asks for it, however they signed in."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from planwiki.base.errors import SecondStepNeeded
from planwiki.people import second_step_commands

from . import cookies
from .asking import in_thread
from .sites import HOME, our_own

TICKET, NEXT, ASKED_NEXT = "second", "second-next", "asked-next"


async def lead_on(request: Request, error: SecondStepNeeded) -> Response:
    ticket = await in_thread(lambda it: second_step_commands.ask(it, error.account_id), request)
    go_on = (await request.form()).get("next") or cookies.kept(request, ASKED_NEXT) or HOME
    answer = RedirectResponse("/sign-in/second", 303)
    for name, words in ((TICKET, ticket), (NEXT, our_own(str(go_on)))):
        cookies.keep(request, answer, name, words, 300)
    return answer
