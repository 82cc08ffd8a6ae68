"""Suggesting other words, where somebody may not change them: the same form as for writing, kept as a suggestion."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, PlanwikiError, SignInNeeded
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Permission
from planwiki.media.reference_queries import rendered
from planwiki.people.queries import wants_no_hints, writes_plain
from planwiki.plans.queries import section_view
from planwiki.plans.rules import offered_voice
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.browser_login import desk_for, secret_of
from planwiki.web.forms import Typed, by_need, check_came_once, drafted, errors_of, number_in, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.problems import status_of
from planwiki.web.rendering import page
from planwiki.web.voices import VOICE_FIELDS, VOICE_NEEDED, typed_voice, voice_in

from .commands import contribute_once
from .schemas import ContributionDraft

router = APIRouter(include_in_schema=False)
SUGGEST = "/plans/{plan_id}/sections/{key}/suggest"
FIELDS = ("body_markdown", *VOICE_FIELDS, "change_note", "based_on", "title", "title_before")


@router.get(SUGGEST)
async def ask_for_suggestion(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = _around(uow, plan_id, key)
        section = shown["section"]
        typed = {"body_markdown": section.body_markdown, "change_note": "", "based_on": str(section.revision)}
        return shown | {"typed": typed | typed_voice(offered_voice(section.voice, shown["role"]))}

    return page(request, "talk/suggest.html", **await desk.read(ask), preview="")


def _around(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    uow.permit(Permission.SUGGEST, section.id)
    uow.require_open(plan_id)
    mine = {"role": uow.me(plan_id).role, "no_hints": wants_no_hints(uow), "plain": writes_plain(uow)}
    return frame(uow, plan_id) | {"section": section} | mine


@router.post(SUGGEST)
async def suggest(request: Request, plan_id: UUID, key: Key) -> Response:
    """Kept, or the same page with all that was typed."""
    sent = await typed_in(request)
    await check_came_once(request, "body_markdown")
    typed = {name: sent.get(name, "") for name in FIELDS}
    desk = desk_for(request, secret_of(request))
    try:
        if "preview" in sent:
            return await _again(request, desk, (plan_id, key), typed, preview=True)
        return await keep_as_suggestion(request, desk, (plan_id, key), typed)
    except PlanwikiError as error:
        signed_out = isinstance(error, SignInNeeded)
        shown = {"typed": typed, "signed_out": signed_out, "sentence": _(str(error)), "save_at": ""}
        return page(request, "plans/kept.html", status_of(error), **shown)


async def lead_to_suggesting(desk: Desk, plan_id: UUID, key: str) -> Response:
    """For whoever wanted to write and may suggest. Raises Forbidden for all others."""
    await desk.read(lambda uow: _around(uow, plan_id, key))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}/suggest", 303)


async def keep_as_suggestion(request: Request, desk: Desk, place: tuple[UUID, str], typed: Typed) -> Response:
    """The words as a suggestion, or the form again. Raises Forbidden for whoever may not suggest."""
    plan_id, key = place
    try:
        draft = partial(drafted, ContributionDraft)
        await desk.write(lambda uow: contribute_once(uow, plan_id, draft(_draft(uow, place, typed))))
    except Invalid as error:
        errors = by_need(errors_of(error, "body_markdown"), typed, VOICE_NEEDED)
        if "proposed_markdown" in errors:
            errors["body_markdown"] = errors.pop("proposed_markdown")
        return await _again(request, desk, place, typed, 422, errors)
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=suggested", 303)


def _draft(uow: UnitOfWork, place: tuple[UUID, str], typed: Typed) -> dict[str, Any]:
    section = section_view(uow, *place)
    based_on = number_in(typed["based_on"])
    target = {"type": "section", "section_key": section.key}
    if 0 < based_on <= section.revision:
        target |= {"revision": based_on}  # type: ignore[dict-item]  # a number among the words that a form sends
    return {
        "kind": "suggestion",
        "target": target,
        "body_markdown": _why(typed),
        "proposed_markdown": typed["body_markdown"],
        "voice": voice_in(typed, section.voice),
    }


def _why(typed: Typed) -> str:
    """What they said of it. A suggestion holds no title: a new one that was typed is told in words."""
    said = [typed["change_note"].strip()]
    if typed.get("title", "").strip() != typed.get("title_before", "").strip():
        said.append(_("The title could be: “%(title)s”.") % {"title": typed["title"].strip()})
    return "\n\n".join(filter(None, said))


async def _again(
    request: Request,
    desk: Desk,
    place: tuple[UUID, str],
    typed: Typed,
    status: int = 200,
    errors: dict[str, str] | None = None,
    preview: bool = False,
) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = _around(uow, *place)
        words = rendered(uow, shown["section"].id, typed["body_markdown"]) if preview else ""
        return shown | {"preview": Markup(words)}  # noqa: S704 - the renderer makes it safe.

    shown = await desk.read(ask)
    return page(request, "talk/suggest.html", status, **shown, typed=typed, errors=errors or {})
