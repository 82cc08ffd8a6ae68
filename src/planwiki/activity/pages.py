"""Who has looked, for owners, in plain sentences."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.web.asking import PageDesk, settings_of
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page

from . import queries, rules
from .schemas import AccessLogEntryView

router = APIRouter(include_in_schema=False)
MOST = 300


@router.get("/plans/{plan_id}/looked")
async def show_who_looked(
    request: Request, desk: PageDesk, plan_id: UUID, who: UUID | None = None, before: UUID | None = None
) -> Response:
    """By day. `who` is one of the circle; `before` an entry to go on from."""
    zone = ZoneInfo(settings_of(request).time_zone)

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = frame(uow, plan_id)
        uow.permit_owner(plan_id)
        people = queries.actors(uow, plan_id)
        chosen = next((one for one in people if one.member_id == who), None)
        asked = queries.Asked(account_id=chosen.account_id if chosen else None)
        entries = queries.access_log(uow, plan_id, asked, before=before, limit=MOST + 1)
        entries, older = whole_days(entries, zone)
        return shown | {"people": people, "chosen": chosen, "days": rules.by_day(entries, zone), "older": older}

    return page(request, "activity/looked.html", **await desk.read(ask))


def whole_days(entries: list[AccessLogEntryView], zone: ZoneInfo) -> tuple[list[AccessLogEntryView], UUID | None]:
    """As many whole days as fit, and the entry to go on from. One day that does not fit is cut."""
    if len(entries) <= MOST:
        return entries, None
    last = entries[-1].at.astimezone(zone).date()
    whole = [one for one in entries if one.at.astimezone(zone).date() != last] or entries[:MOST]
    return whole, whole[-1].id
