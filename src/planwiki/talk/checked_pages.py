"""Checked with me: the person, or somebody with them, says that the words on the page are right."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, Stale
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Permission
from planwiki.plans.queries import section_view
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, by_need, drafted, errors_of, number_in, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .checked_commands import mark_checked, take_mark_back
from .schemas import CheckedDraft

router = APIRouter(include_in_schema=False)
CHECKED = "/plans/{plan_id}/sections/{key}/checked"
NEEDED = {"how": _("Please say how it was checked.")}


@router.get(CHECKED)
async def ask_how(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    shown = await desk.read(lambda uow: _around(uow, plan_id, key))
    return page(request, "talk/checked.html", **shown, typed={"how": "", "supported_by": ""})


def _around(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    uow.permit(Permission.EDIT, section.id)
    return frame(uow, plan_id) | {"section": section, "role": uow.me(plan_id).role}


@router.post(CHECKED)
async def mark(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    sent = await typed_in(request)
    typed = {name: sent.get(name, "") for name in ("how", "supported_by", "revision")}
    try:
        draft = drafted(CheckedDraft, _said(typed))
        await desk.write(lambda uow: mark_checked(uow, plan_id, key, draft))
    except (Invalid, Stale) as error:
        shown = await desk.read(lambda uow: _around(uow, plan_id, key))
        status = 422 if isinstance(error, Invalid) else 409
        return page(request, "talk/checked.html", status, **shown, typed=typed, errors=_errors(error, typed))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=checked", 303)


def _said(typed: Typed) -> dict[str, Any]:
    helper = typed["supported_by"].strip() or None
    return {"how": typed["how"] or None, "supported_by": helper, "revision": number_in(typed["revision"])}


def _errors(error: Invalid | Stale, typed: Typed) -> dict[str, str]:
    if isinstance(error, Stale):
        return {"form": _("Someone saved this section just now. Please read it once more.")}
    return by_need(errors_of(error), typed, NEEDED)


@router.post(CHECKED + "/undo")
async def take_back(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    await desk.write(lambda uow: take_mark_back(uow, plan_id, key))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=unchecked", 303)
