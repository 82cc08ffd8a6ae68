"""One thing that somebody said: to read, to answer once, to take back. A suggestion shows what it would change."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid, NotFound, Stale
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Decision
from planwiki.people.queries import writes_plain
from planwiki.plans.queries import section_view
from planwiki.plans.writing_pages import without_loss
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.forms import Typed, drafted, errors_of, number_in, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .commands import decide, withdraw
from .page_queries import change_in, joined_again
from .queries import contribution
from .schemas import ContributionView, DecisionRequest

router = APIRouter(include_in_schema=False)
ONE = "/plans/{plan_id}/sections/{key}/said/{contribution_id}"
NOTHING_TYPED = {"note": "", "edited_markdown": "", "joined": ""}
Place = tuple[UUID, str, UUID]


@router.get(ONE)
async def show_one(request: Request, desk: PageDesk, plan_id: UUID, key: Key, contribution_id: UUID) -> Response:
    shown = await desk.read(lambda uow: _around(uow, (plan_id, key, contribution_id)))
    return page(request, "talk/one.html", **shown, typed=NOTHING_TYPED)


def _around(uow: UnitOfWork, place: Place) -> dict[str, Any]:
    plan_id, key, _id = place
    section = section_view(uow, plan_id, key)
    said = _said_here(uow, place)
    shown = {"section": section, "said": said, "role": uow.me(plan_id).role, "plain": writes_plain(uow)}
    return frame(uow, plan_id) | shown | change_in(uow, said, section)


def _said_here(uow: UnitOfWork, place: Place) -> ContributionView:
    """It goes by its section's address alone."""
    plan_id, key, contribution_id = place
    said = contribution(uow, plan_id, contribution_id)
    if said.target.section_key != key:
        raise NotFound
    return said


@router.post(ONE + "/answer")
async def answer(request: Request, plan_id: UUID, key: Key, contribution_id: UUID) -> Response:
    """Answered; or the page again, with what was typed, where somebody was quicker."""
    sent, place = await typed_in(request), (plan_id, key, contribution_id)
    typed = {name: sent.get(name, "") for name in ("note", "edited_markdown", "joined", "based_on", "decision")}
    words = {f"words-{name}": typed[name] for name in ("edited_markdown", "note") if typed[name].strip()}
    return await without_loss(request, words and words | typed, partial(_answer, request, place, typed))


async def _answer(request: Request, place: Place, typed: Typed, desk: Desk) -> Response:
    plan_id, key, _id = place
    try:
        await desk.write(lambda uow: _decide(uow, place, typed))
    except (Conflict, Invalid) as error:
        status, stale = 409 if isinstance(error, Conflict) else 422, isinstance(error, Stale)
        shown = await desk.read(lambda uow: _around(uow, place) | (_joined(uow, place, typed) if stale else {}))
        return page(request, "talk/one.html", status, **shown, typed=typed, errors=_errors(error))
    said = {"accept": "accepted", "decline": "not-now"}.get(typed["decision"], "answered")
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said={said}", 303)


def _decide(uow: UnitOfWork, place: Place, typed: Typed) -> None:
    said = _said_here(uow, place)
    request: dict[str, Any] = {"decision": typed["decision"], "note": typed["note"].strip() or None}
    if typed["decision"] == Decision.ACCEPT and _was_edited(said, typed):
        request["edited_markdown"] = typed["edited_markdown"]
    decide(uow, place[0], place[2], drafted(DecisionRequest, request), based_on=number_in(typed["based_on"]))


def _was_edited(said: ContributionView, typed: Typed) -> bool:
    """A form sends line ends as it likes: only other words are another text."""
    proposed = (said.proposed_markdown or "").replace("\r\n", "\n")
    return bool(typed["joined"]) or typed["edited_markdown"] != proposed


def _joined(uow: UnitOfWork, place: Place, typed: Typed) -> dict[str, Any]:
    """Where the text moved on while somebody joined or changed the words, theirs are joined with it, not lost."""
    plan_id, key, _id = place
    return joined_again(uow, plan_id, key, typed["edited_markdown"], number_in(typed["based_on"]))


def _errors(error: Conflict | Invalid) -> dict[str, str]:
    if isinstance(error, Stale):
        return {"form": _("Someone saved this section just now. Look once more.")}
    return errors_of(error)


@router.post(ONE + "/take-back")
async def take_back(desk: PageDesk, plan_id: UUID, key: Key, contribution_id: UUID) -> Response:
    def take(uow: UnitOfWork) -> bool:
        said = _said_here(uow, (plan_id, key, contribution_id))
        withdraw(uow, plan_id, contribution_id)
        return said.is_mine

    mine = await desk.write(take)
    said = "taken-back" if mine else "removed"
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said={said}", 303)
