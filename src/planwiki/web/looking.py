"""Which answers are looks, and keeping each before it leaves. One place for every page and route of a plan.

Whatever stands under a plan's address and is read there is a look, unless it is named here as an owner's own paper:
a new page cannot forget to tell. A 304 shows nothing and is none. A reader's place is kept by the page alone while they
read: it is none either, not even where it was refused.
"""

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

# Owners' own papers about sharing, and pages that record by themselves. Who is refused one is told of all the same.
NO_LOOKS = frozenset(
    {
        *("access", "access-log", "as", "invitations", "looked", "see-as", "settings", "share-links"),
        *("hand-over",),
        *("sharing", "tablets", "tasks"),
    }
)
PAPERS = frozenset({"paper", "pdf"})  # What is printed is told section by section: see keep_printed.
# The same inside the circle, which everybody in it may read.
_OWNERS_CIRCLE = frozenset({"add", "came", "invite", "invitations", "leaving", "unused"})
_OWN_PLACE = ["place"]  # Where a reader stopped is theirs alone: below a section's address.
ASKED_AGAIN = "asked_again"  # Left there where nothing was refused: somebody is asked who they are.
PART_OF_PAGES = "part_of_pages"  # Left there where a small picture stands on many pages, and each of those is told.
OF_SECTION = "of_section"  # Left in a request's state by a route whose address does not name the section it shows.
_HISTORY = frozenset({"diff", "earlier", "history", "revisions"})
_SHOWN, _REFUSED = frozenset({200, 206}), frozenset({403, 404})


async def keep_look(scope: Scope, status: int) -> None:
    """Called when an answer is about to leave. A look is on disk before its words are sent."""
    desk: Desk | None = scope["state"].get("desk")
    if desk is None or desk.principal is None:
        return
    if status in _SHOWN and scope["method"] in {"GET", "HEAD"}:
        if scope["state"].get(PART_OF_PAGES):
            return
        look = look_of(scope, desk.principal, Outcome.ALLOWED)
        if look is not None:
            await scope["app"].state.looks.keep(look)
    elif status in _REFUSED and not scope["state"].get(ASKED_AGAIN):
        look = look_of(scope, desk.principal, Outcome.REFUSED)
        if look is not None:
            scope["app"].state.looks.note(look)


async def keep_found(request: Request, desk: Desk, found: Iterable[tuple[UUID, str | None]]) -> None:
    """Each section that a search shows a piece of is looked at by its finder. What was sought is kept nowhere.

    One entry for each section: told of the plan alone, it would tell an owner of a section that is closed to them.
    """
    await _keep_each(request, desk, "section.found", found)


async def keep_listed(request: Request, desk: Desk, plan_id: UUID, keys: Iterable[str | None]) -> None:
    """Each section whose words stand in a list is read, as if it had been asked for by itself."""
    await _keep_each(request, desk, "section.viewed", [(plan_id, key) for key in dict.fromkeys(keys) if key])


async def _keep_each(request: Request, desk: Desk, verb: str, shown: Iterable[tuple[UUID, str | None]]) -> None:
    principal = desk.principal
    if principal is not None:
        told = {"at": clock.now(), "request_id": request.state.request_id}
        looks = [Look(verb, plan_id, principal, section_key=key, **told) for plan_id, key in shown]
        await request.app.state.looks.keep(*looks)


async def keep_printed(request: Request, desk: Desk, plan_id: UUID, verb: str, keys: Iterable[str]) -> None:
    """Each section that stands on a paper, for the same reason. They are told to owners in one sentence."""
    await _keep_each(request, desk, verb, [(plan_id, key) for key in keys])


def look_of(scope: Scope, principal: Principal, outcome: Outcome) -> Look | None:
    """What this answer shows, as its address says; None where that is no look at a plan."""
    given = scope.get("path_params", {})
    plan_id = as_id(str(given.get("plan_id", "")))
    key = given.get("section_key", given.get("key", scope["state"].get(OF_SECTION)))
    if plan_id is None:
        return None
    parts = Request(scope).url.path.strip("/").split("/")
    rest, reads = parts[parts.index("plans") + 2 :], scope["method"] in {"GET", "HEAD"}
    if (reads and outcome is Outcome.ALLOWED and _is_no_look(rest)) or rest[2:] == _OWN_PLACE:
        return None
    verb = _verb(rest, key is not None, reads=reads)
    section_key = str(key) if key is not None else None
    request_id = scope["state"]["request_id"]
    return Look(verb, plan_id, principal, clock.now(), section_key, outcome=outcome, request_id=request_id)


def _is_no_look(rest: list[str]) -> bool:
    if rest[:1] == ["print"]:
        return rest[-1] in PAPERS
    return rest[:1] != [] and (rest[0] in NO_LOOKS or (rest[0] == "circle" and bool(_OWNERS_CIRCLE.intersection(rest))))


def _verb(rest: list[str], in_section: bool, *, reads: bool) -> str:
    thing = "section" if in_section else "plan"
    if not reads:
        return f"{thing}.changed"
    if rest[:1] in (["circle"], ["members"]):
        return "circle.viewed"
    if in_section and rest[:1] == ["media"]:
        return "media.viewed"
    if in_section and _HISTORY.intersection(rest[2:]):
        return "section.history_viewed"
    return "plan.pulled" if rest == ["document"] else f"{thing}.viewed"
