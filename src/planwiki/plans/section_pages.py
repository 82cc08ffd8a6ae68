"""A section to read, and a new one."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid, PlanwikiError
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Face
from planwiki.circle.queries import audiences
from planwiki.media.queries import media_of
from planwiki.news.pages import keep_seen
from planwiki.news.queries import seen_by_opening
from planwiki.outcomes.queries import actions_in
from planwiki.talk.page_queries import said_about
from planwiki.talk.perspective_queries import perspectives
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.forms import Typed, by_need, drafted, errors_of, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.pictures import offered_first
from planwiki.web.rendering import page
from planwiki.web.sentences import who_can_see

from .face_commands import remember_face
from .face_queries import easy_before, faces, liked_face
from .page_queries import NOBODY, can_go_back_to, neighbours, others_in
from .place_queries import my_place
from .queries import section_view, sections
from .rules import key_from
from .schemas import SectionDraft, SectionView
from .section_commands import add_section
from .settings_pages import owners_frame

router = APIRouter(include_in_schema=False)
NEW, SECTION = "/plans/{plan_id}/sections/new", "/plans/{plan_id}/sections/{key}"
NEEDED = {"title": _("Please write what it is called.")}
NEW_WORDS = frozenset({"saved", "put-back", "accepted"})  # After these, the version before can come back.
OF_FULL_WORDS = NEW_WORDS | {"kept", "checked", "unchecked"}  # These are told where the full words stand.
FEW = 12  # Pictures to begin with; all the others are a page away.


@router.get(NEW)
async def ask_for_section(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    shown = await desk.read(lambda uow: owners_frame(uow, plan_id))
    return page(request, "plans/new_section.html", **shown, typed={}, offered=offered_first(None)[:FEW])


@router.post(NEW)
async def add(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """The new section, open for writing."""
    typed = await typed_in(request)
    try:
        section = await desk.write(lambda uow: _add(uow, plan_id, typed))
    except (Invalid, Conflict) as error:
        shown = await desk.read(lambda uow: owners_frame(uow, plan_id))
        errors = by_need(errors_of(error, "title"), typed, NEEDED)
        return page(
            request,
            "plans/new_section.html",
            422,
            **shown,
            typed=typed,
            offered=offered_first(None)[:FEW],
            errors=errors,
        )
    return RedirectResponse(f"/plans/{plan_id}/sections/{section.key}/edit", 303)


def _add(uow: UnitOfWork, plan_id: UUID, typed: Typed) -> SectionView:
    """Its address comes from its title."""
    there = [*sections(uow, plan_id), *sections(uow, plan_id, archived=True)]
    key = key_from(typed.get("title", ""), {one.key for one in there})
    said = {name: typed[name] for name in ("label", "kind", "picture") if typed.get(name)}
    return add_section(uow, plan_id, drafted(SectionDraft, said | {"key": key, "title": typed.get("title", "")}))


@router.get(SECTION)
async def show_section(
    request: Request,
    desk: PageDesk,
    plan_id: UUID,
    key: Key,
    said: str = "",
    face: str = "",
    chosen: str = "",
    it: UUID | None = None,
) -> Response:
    """`said` names what was just done, and `it` to what; `face` is the way to show it, `chosen` by a press of its own.

    The viewer has seen the section now, and which way of reading they chose is remembered: their own bookkeeping.
    """

    shown = await desk.read(lambda uow: _around(uow, (plan_id, key), said, face))
    await keep_seen(desk, plan_id, shown.pop("to_mark"))
    if chosen and face == shown["shown_face"] != shown["liked_face"]:
        await _remember(desk, shown["shown_face"])
    return page(request, "plans/section.html", **shown, at=f"/plans/{plan_id}", said=said, it=it)


def _around(uow: UnitOfWork, place: tuple[UUID, str], said: str, face: str) -> dict[str, Any]:
    plan_id, key = place
    section = section_view(uow, plan_id, key)
    before, after = neighbours(uow, section)
    back_to = can_go_back_to(uow, section) if said in NEW_WORDS else None
    media, easy_back_to = media_of(uow, plan_id, key), easy_before(uow, section) if said == "easy" else None
    liked = liked_face(uow) if said not in OF_FULL_WORDS else Face.FULL
    return (
        frame(uow, plan_id)
        | {"section": section, "before": before, "after": after, "media": media}
        | seen(uow, section)
        | {"back_to": back_to, "easy_back_to": easy_back_to, "place": my_place(uow, section.id)}
        | said_about(uow, section)
        | faces(uow, section, media, face, liked)
        | perspectives(uow, section)
        | {"actions": actions_in(uow, plan_id, section.id)}
        | {"to_mark": seen_by_opening(uow, plan_id, key)}
    )


async def _remember(desk: Desk, face: Face) -> None:
    """A reader is shown the section, whether or not this could be kept."""
    with suppress(PlanwikiError):
        await desk.write(lambda uow: remember_face(uow, face))


def seen(uow: UnitOfWork, section: SectionView) -> dict[str, Any]:
    """Who can see a section, in a sentence and as faces."""
    audience = audiences(uow, section.plan_id, section.key).get(section.id, NOBODY)
    return {"sentence": who_can_see(audience), "audience": others_in(audience)}
