"""Earlier versions of a section: in lines, one at a time, side by side; and putting one back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.as_read import changes_as_read
from planwiki.base.errors import Stale
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.talk.page_queries import marks_in_history
from planwiki.web.asking import PageDesk
from planwiki.web.forms import number_in, typed_in
from planwiki.web.history_sentences import what_changed
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .page_queries import history
from .queries import revision, section_view
from .schemas import RestoreRequest
from .section_commands import restore_revision

router = APIRouter(include_in_schema=False)
HISTORY = "/plans/{plan_id}/sections/{key}/history"
LARGEST = 2**31 - 1
Number = Annotated[int, Path(ge=1, le=LARGEST)]


@router.get(HISTORY)
async def show_history(
    request: Request,
    desk: PageDesk,
    plan_id: UUID,
    key: Key,
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = _around(uow, plan_id, key)
        lines, more = history(uow, plan_id, key, before)
        marks = marks_in_history(uow, shown["section"], [one.version.revision for one in lines])
        return shown | {"lines": [(one, what_changed(one)) for one in lines], "more": more, "marks": marks}

    return page(request, "plans/history.html", **await desk.read(ask))


def _around(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    return frame(uow, plan_id) | {"section": section_view(uow, plan_id, key)}


@router.get(HISTORY + "/compare")
async def compare(
    plan_id: UUID,
    key: Key,
    older: Annotated[int, Query(alias="from", ge=1, le=LARGEST)],
    newer: Annotated[int, Query(alias="to", ge=1, le=LARGEST)],
) -> Response:
    """Any two that somebody chose, the older one first."""
    older, newer = sorted((older, newer))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}/history/{older}/{newer}", 303)


@router.get(HISTORY + "/{number}")
async def show_version(request: Request, desk: PageDesk, plan_id: UUID, key: Key, number: Number) -> Response:
    shown = await desk.read(lambda uow: _version(uow, plan_id, key, number))
    return page(request, "plans/version.html", **shown)


def _version(uow: UnitOfWork, plan_id: UUID, key: str, number: int) -> dict[str, Any]:
    return _around(uow, plan_id, key) | {"version": revision(uow, plan_id, key, number)}


@router.get(HISTORY + "/{older}/{newer}")
async def show_difference(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, older: Number, newer: Number
) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        was, became = (revision(uow, plan_id, key, number) for number in (older, newer))
        hunks = changes_as_read(was.body_markdown, became.body_markdown)
        return _around(uow, plan_id, key) | {"was": was, "became": became, "hunks": hunks}

    return page(request, "plans/difference.html", **await desk.read(ask))


@router.post(HISTORY + "/{number}/put-back")
async def put_back(request: Request, desk: PageDesk, plan_id: UUID, key: Key, number: Number) -> Response:
    """The old words in the old voice, as a new version. Whoever saved meanwhile is not overwritten."""
    based_on = (await typed_in(request)).get("based_on", "")

    def restore(uow: UnitOfWork) -> None:
        voice = revision(uow, plan_id, key, number).voice
        restore_revision(uow, plan_id, key, number, RestoreRequest(voice=voice), based_on=number_in(based_on))

    try:
        await desk.write(restore)
    except Stale:
        shown = await desk.read(lambda uow: _version(uow, plan_id, key, number))
        sentence = _("Someone saved this section just now. Look once more, then put it back if you like.")
        return page(request, "plans/version.html", 409, **shown, errors={"form": sentence})
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=put-back", 303)
