"""Below a section: saying something about it, and all that was said."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, NotFound
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import ContributionKind, Permission
from planwiki.plans.queries import section_view
from planwiki.plans.rules import own_voice
from planwiki.plans.section_pages import seen
from planwiki.plans.writing_pages import without_loss
from planwiki.web.asking import Desk, PageDesk
from planwiki.web.forms import Typed, by_need, drafted, errors_of, number_in, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page
from planwiki.web.voices import VOICE_FIELDS, VOICE_NEEDED, typed_voice, voice_in

from .commands import contribute_once
from .queries import contributions
from .schemas import Asked, ContributionDraft

router = APIRouter(include_in_schema=False)
SECTION = "/plans/{plan_id}/sections/{key}"
SAY = SECTION + "/say/{kind}"
KINDS = {
    "kind": ContributionKind.APPRECIATION,
    "question": ContributionKind.QUESTION,
    "comment": ContributionKind.COMMENT,
}
NEEDED = {"body_markdown": _("Please write something here."), **VOICE_NEEDED}
SHOWN = 20


@router.get(SAY)
async def ask_what_to_say(request: Request, desk: PageDesk, plan_id: UUID, key: Key, kind: str) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = _around(uow, plan_id, key, kind)
        typed = {"body_markdown": "", "based_on": str(shown["section"].revision)}
        return shown | {"typed": typed | typed_voice(own_voice(shown["role"]))}

    return page(request, "talk/say.html", **await desk.read(ask))


def _around(uow: UnitOfWork, plan_id: UUID, key: str, kind: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    if kind not in KINDS:
        raise NotFound
    uow.permit(Permission.COMMENT, section.id)
    uow.require_open(plan_id)
    shown = {"section": section, "role": uow.me(plan_id).role, "kind": kind}
    return frame(uow, plan_id) | shown | seen(uow, section)


@router.post(SAY)
async def say(request: Request, plan_id: UUID, key: Key, kind: str) -> Response:
    """Kept, or the same page with all that was typed."""
    sent = await typed_in(request)
    typed = {name: sent.get(name, "") for name in ("body_markdown", "based_on", *VOICE_FIELDS)}
    kept = typed if typed["body_markdown"].strip() else {}
    return await without_loss(request, kept, partial(_say, request, (plan_id, key, kind), typed))


async def _say(request: Request, place: tuple[UUID, str, str], typed: Typed, desk: Desk) -> Response:
    plan_id, key, kind = place

    def keep(uow: UnitOfWork) -> None:
        _around(uow, *place)
        contribute_once(uow, plan_id, drafted(ContributionDraft, _draft(uow, plan_id, key, kind, typed)))

    try:
        await desk.write(keep)
    except Invalid as error:
        shown = await desk.read(lambda uow: _around(uow, *place))
        errors = by_need(errors_of(error, "body_markdown"), typed, NEEDED)
        return page(request, "talk/say.html", 422, **shown, typed=typed, errors=errors)
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said={kind}#said-title", 303)


def _draft(uow: UnitOfWork, plan_id: UUID, key: str, kind: str, typed: Typed) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    read = number_in(typed["based_on"])
    revision = read if 0 < read <= section.revision else section.revision
    return {
        "kind": KINDS[kind],
        "target": {"type": "section", "section_key": key, "revision": revision},
        "body_markdown": typed["body_markdown"],
        "voice": voice_in(typed),
    }


@router.get(SECTION + "/said")
async def show_all(request: Request, desk: PageDesk, plan_id: UUID, key: Key, before: UUID | None = None) -> Response:
    """All that was said about a section, newest first."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        section = section_view(uow, plan_id, key)
        asked = Asked(section_key=section.key)
        found = contributions(uow, plan_id, asked, before=before, limit=SHOWN + 1)
        more = found[SHOWN - 1].id if len(found) > SHOWN else None
        return frame(uow, plan_id) | {"section": section, "said": found[:SHOWN], "more": more}

    return page(request, "talk/all.html", **await desk.read(ask))
