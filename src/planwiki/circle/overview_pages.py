"""Who sees what: everybody against every section, and why."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.text import Key
from planwiki.base.vocabulary import MEMBER_ROLES, Level, MemberStatus, Permission
from planwiki.plans.queries import section_view, sections
from planwiki.web.asking import PageDesk
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from .freeze_commands import freeze_view
from .pages import owners_frame
from .queries import access_matrix, explain, member_view, members

router = APIRouter(include_in_schema=False)
_ASKED = (Permission.READ, Permission.COMMENT, Permission.SUGGEST, Permission.EDIT)


@router.get("/plans/{plan_id}/sharing")
async def show_overview(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = owners_frame(uow, plan_id)
        subjects = access_matrix(uow, plan_id).subjects
        levels = {one.id: one.levels for one in subjects}
        people = [one for one in members(uow, plan_id) if one.status is not MemberStatus.CONTACT_ONLY]
        people.sort(key=lambda one: MEMBER_ROLES.index(one.role))
        return shown | {
            "frozen": freeze_view(uow, plan_id),
            "sections": sections(uow, plan_id),
            "guests": sum(one.type == "share_link" for one in subjects),
            "people": [(one, levels[one.id]) for one in people],
            "others": [one for one in people if not one.is_me and one.status is MemberStatus.ACTIVE],
        }

    return page(request, "circle/overview.html", **await desk.read(ask))


@router.get("/plans/{plan_id}/sharing/why")
async def say_why(request: Request, desk: PageDesk, plan_id: UUID, member: UUID, section: Key) -> Response:
    """The reason for what they hold, and for the next step they do not."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        reasons = [explain(uow, plan_id, member, section, one) for one in _ASKED]
        held = [one for one in reasons if one.allowed]
        told = held[-1:] + [one for one in reasons if not one.allowed][:1]
        levels = next(one.levels for one in access_matrix(uow, plan_id).subjects if one.id == member)
        return frame(uow, plan_id) | {
            "section": section_view(uow, plan_id, section),
            "member": member_view(uow, plan_id, member),
            "held": levels.get(section, Level.NONE),
            "reasons": [one.sentence for one in told],
            "until": held[-1].expires_on if held else None,
        }

    return page(request, "circle/why.html", **await desk.read(ask))
