"""Guest links, for owners: what is open to whom, a new one shown this once, and stopping one in one press."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Gone, Invalid
from planwiki.base.language import _
from planwiki.plans.queries import sections
from planwiki.web.asking import PageDesk, settings_of
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.papers import letter_as_pdf, pdf_answer, qr_as_svg
from planwiki.web.rendering import day, page

from .letter_pages import guest_letter
from .pages import owners_frame
from .share_link_commands import end_share_link, guests_may_see, make_share_link, share_link_in_hand, share_links
from .share_link_schemas import ShareLinkDraft

router = APIRouter(include_in_schema=False)
ALL = "/plans/{plan_id}/share-links"
ONE = ALL + "/{link_id}"
_TICKED = "open-"


@router.get(ALL)
async def show_links(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = owners_frame(uow, plan_id)
        links, titles = share_links(uow, plan_id), {one.key: one.title for one in sections(uow, plan_id)}
        open_now = [one for one in links if one.status == "active"]
        return shown | {"open_now": open_now, "over": [one for one in links if one not in open_now], "titles": titles}

    return page(request, "circle/share_links.html", **await desk.read(ask))


@router.get(ALL + "/new")
async def ask_what_to_open(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    return page(request, "circle/share_link_new.html", **await desk.read(lambda uow: _form(uow, plan_id)), typed={})


def _form(uow: UnitOfWork, plan_id: UUID) -> dict[str, Any]:
    shown, allowed = owners_frame(uow, plan_id), guests_may_see(uow, plan_id)
    return shown | {"sections": [one for one in sections(uow, plan_id) if one.key in allowed]}


@router.post(ALL)
async def make(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """The address is in this answer and nowhere else, so there is no redirect."""
    typed, base_url = await typed_in(request), settings_of(request).base_url

    def add(uow: UnitOfWork) -> dict[str, Any]:
        made = make_share_link(uow, plan_id, drafted(ShareLinkDraft, _as_draft(typed)), base_url)
        return owners_frame(uow, plan_id) | {"link": made, "qr": qr_as_svg(made.url or "")}

    try:
        return page(request, "circle/share_link_made.html", **await desk.write(add))
    except Invalid as error:
        shown = await desk.read(lambda uow: _form(uow, plan_id))
        errors = _placed(errors_of(error), typed)
        return page(request, "circle/share_link_new.html", 422, **shown, typed=typed, errors=errors)


def _ticked(typed: Typed) -> list[str]:
    return [name.removeprefix(_TICKED) for name in typed if name.startswith(_TICKED)]


def _as_draft(typed: Typed) -> dict[str, Any]:
    said: dict[str, Any] = {"section_keys": _ticked(typed), "expires_in_hours": typed.get("expires_in_hours", "24")}
    return said | {name: typed.get(name) or None for name in ("purpose_note", "max_uses")}


def _placed(errors: dict[str, str], typed: Typed) -> dict[str, str]:
    """What does not fit about one section, or about ticking none, is said where they are ticked."""
    if not _ticked(typed):
        return {"sections": _("Please choose what it opens.")}
    return {"sections" if name.startswith("section_keys") else name: words for name, words in errors.items()}


@router.post(ONE + "/paper")
async def print_paper(request: Request, desk: PageDesk, plan_id: UUID, link_id: UUID) -> Response:
    """The square on paper, for whoever was just shown the link: its secret comes in the form, since we keep none."""
    secret, settings = (await typed_in(request)).get("token", ""), settings_of(request)

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        return owners_frame(uow, plan_id) | {"link": share_link_in_hand(uow, plan_id, link_id, secret)}

    shown = await desk.read(ask)
    if shown["link"] is None:
        raise Gone(_("This link has ended. Please make a new one."), "link-ended")
    ends = day(shown["link"].expires_at, ZoneInfo(settings.time_zone))
    address = settings.base_url.partition("://")[2] + "/shared"
    letter = guest_letter(shown["viewer"].display_name, f"{settings.base_url}/shared#{secret}", address, ends)
    return pdf_answer(letter_as_pdf(letter), "planwiki-link")


@router.post(ONE + "/end")
async def end(desk: PageDesk, plan_id: UUID, link_id: UUID) -> Response:
    await desk.write(lambda uow: end_share_link(uow, plan_id, link_id))
    return RedirectResponse(f"/plans/{plan_id}/share-links", 303)
