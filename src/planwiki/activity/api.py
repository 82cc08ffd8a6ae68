"""Who has looked, for programs: as JSON, or as a table for a spreadsheet."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Deed, KnownActor
from planwiki.web.api_routes import PlanId, api_router
from planwiki.web.asking import ApiDesk, settings_of
from planwiki.web.conditional import in_form, sent
from planwiki.web.json_bodies import JSON
from planwiki.web.lists import Page, Paged, Part, got_part
from planwiki.web.methods import best_form
from planwiki.web.problem_types import problems

from . import queries, rules
from .schemas import AccessLogEntryView

router = api_router("audit-trail")
CSV = "text/csv"
HEAD = ("id", "at", "actor_type", "actor_id", "actor", "organisation", "action", "resource", "section_key", "outcome")
FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {CSV: {"schema": {"type": "string"}, "example": ",".join(HEAD) + "\r\n"}}}
}
FromDate = Annotated[date | None, Query(description="The first day, where the family lives.", examples=["2026-06-01"])]
ToDate = Annotated[date | None, Query(description="The last day.", examples=["2026-06-30"])]
WhichActor = Annotated[KnownActor | None, Query(description="Only what this sort of actor did.")]
WhichAction = Annotated[Deed | None, Query(description="Only this sort of thing.")]


@router.get(
    "/v1/plans/{plan_id}/access-log",
    response_model=Page[AccessLogEntryView],
    responses={**FORMS, **problems("not-allowed")},
    summary="Who looked at or changed what",
)
async def list_access_log(
    request: Request,
    desk: ApiDesk,
    plan_id: PlanId,
    paging: Paged,
    from_date: FromDate = None,
    to_date: ToDate = None,
    actor_type: WhichActor = None,
    action: WhichAction = None,
) -> Response:
    """Newest first, refusals too. What happened to a section closed to this owner is left out. For owners."""
    zone = ZoneInfo(settings_of(request).time_zone)
    asked = queries.Asked(
        rules.begins(from_date, zone) if from_date else None,
        rules.begins(to_date + timedelta(days=1), zone) if to_date and to_date < date.max else None,
        actor_type,
        rules.verbs_of(action) if action else None,
    )

    def ask(uow: UnitOfWork, before: UUID | None, most: int) -> list[AccessLogEntryView]:
        return queries.access_log(uow, plan_id, asked, before=before, limit=most)

    part: Part[AccessLogEntryView] = await desk.read(lambda uow: paging.part(uow, ask, lambda one: one.id, UUID))
    answer = got_part(request, part, AccessLogEntryView)
    if best_form(request, [JSON, CSV]) == JSON:
        return answer
    table = sent(request, as_csv(part.items), in_form(answer.headers["etag"], "csv"), CSV)
    if "link" in answer.headers:
        table.headers["Link"] = answer.headers["link"]
    return table


def as_csv(entries: Sequence[AccessLogEntryView]) -> str:
    """RFC 4180, with names that a spreadsheet might take for a sum made harmless."""
    written = StringIO()
    table = csv.writer(written)
    table.writerow(HEAD)
    for one in entries:
        who, target = one.actor, one.resource
        at = one.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        row = (one.id, at, who.type, who.id, who.display_name, who.organisation, one.action, target.type)
        table.writerow([_harmless(cell) for cell in (*row, target.section_key, one.outcome)])
    return written.getvalue()


def _harmless(cell: object) -> str:
    """Spreadsheets run a cell that begins like a sum (OWASP, CSV injection); a quotation mark before it stops them."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "|", "%")) else text
