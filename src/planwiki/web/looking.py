"""Which answers are looks, and keeping each before it leaves. One place for every page and route of a plan.

Whatever stands under a plan's address and is read there is a look, unless it is named here as an owner's own paper:
a new page cannot forget to tell. A 304 shows nothing and is none.
"""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from starlette.requests import Request
from starlette.types import Scope

from planwiki.authz.looks import Look
from planwiki.authz.principal import Principal
from planwiki.base import clock
from planwiki.base.ids import as_id
from planwiki.base.vocabulary import Outcome

from .asking import Desk

# Owners' own papers about sharing, and pages that record by themselves.
NO_LOOKS = frozenset(
    {
        *("access", "access-log", "as", "circle", "invitations", "looked", "see-as", "settings", "share-links"),
        *("hand-over",),
        *("sharing", "tablets", "tasks"),
    }
)
PAPERS = frozenset({"paper", "pdf"})  # What is printed is told section by section: see keep_printed.
OF_SECTION = "of_section"  # Left in a request's state by a route whose address does not name the section it shows.
_HISTORY = frozenset({"diff", "history", "revisions"})
_SHOWN, _REFUSED = frozenset({200, 206}), frozenset({403, 404})


async def keep_look(scope: Scope, status: int) -> None:
    """Called when an answer is about to leave. A look is on disk before its words are sent."""
    desk: Desk | None = scope["state"].get("desk")
    if desk is None or desk.principal is None:
        return
    if status in _SHOWN and scope["method"] in {"GET", "HEAD"}:
        look = look_of(scope, desk.principal, Outcome.ALLOWED)
        if look is not None:
            await scope["app"].state.looks.keep(look)
    elif status in _REFUSED:
        look = look_of(scope, desk.principal, Outcome.REFUSED)
        if look is not None:
            scope["app"].state.looks.note(look)


async def keep_found(request: Request, desk: Desk, found: Iterable[tuple[UUID, str | None]]) -> None:
    """Each section that a search shows a piece of is looked at by its finder. What was sought is kept nowhere.

    One entry for each section: told of the plan alone, it would tell an owner of a section that is closed to them.
    """
    principal, kept = desk.principal, request.app.state.looks.keep
    if principal is not None:
        told = {"at": clock.now(), "request_id": request.state.request_id}
        looks = [Look("section.found", plan_id, principal, section_key=key, **told) for plan_id, key in found]
        await asyncio.gather(*map(kept, looks))


async def keep_printed(request: Request, desk: Desk, plan_id: UUID, verb: str, keys: Iterable[str]) -> None:
    """Each section that stands on a paper, for the same reason. They are told to owners in one sentence."""
    principal, kept = desk.principal, request.app.state.looks.keep
    if principal is not None:
        told = {"at": clock.now(), "request_id": request.state.request_id}
        looks = [Look(verb, plan_id, principal, section_key=key, **told) for key in keys]
        await asyncio.gather(*map(kept, looks))


def look_of(scope: Scope, principal: Principal, outcome: Outcome) -> Look | None:
    """What this answer shows, as its address says; None where that is no look at a plan."""
    given = scope.get("path_params", {})
    plan_id = as_id(str(given.get("plan_id", "")))
    key = given.get("section_key", given.get("key", scope["state"].get(OF_SECTION)))
    if plan_id is None:
        return None
    verb = _verb(Request(scope).url.path, key is not None, reads=scope["method"] in {"GET", "HEAD"})
    if verb is None:
        return None
    section_key = str(key) if key is not None else None
    request_id = scope["state"]["request_id"]
    return Look(verb, plan_id, principal, clock.now(), section_key, outcome=outcome, request_id=request_id)


def _verb(path: str, in_section: bool, *, reads: bool) -> str | None:
    parts = path.strip("/").split("/")
    rest = parts[parts.index("plans") + 2 :]
    thing = "section" if in_section else "plan"
    if not reads:
        return f"{thing}.changed"
    if rest and (rest[0] in NO_LOOKS or (rest[0] == "print" and rest[-1] in PAPERS)):
        return None
    if in_section and rest[:1] == ["media"]:
        return "media.viewed"
    if in_section and _HISTORY.intersection(rest[2:]):
        return "section.history_viewed"
    return "plan.pulled" if rest == ["document"] else f"{thing}.viewed"
