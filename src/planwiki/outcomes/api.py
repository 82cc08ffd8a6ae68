"""Who does what by when, for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import ActionStatus
from planwiki.integrations.commands import Made
from planwiki.web.api_routes import ActionId, Id, PlanId, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.conditional import Fields, IfMatch, check, got, saved
from planwiki.web.idempotent import IdempotencyKey, made, make
from planwiki.web.lists import Page, Paged, got_listed
from planwiki.web.looking import OF_SECTION
from planwiki.web.problem_types import problems

from . import commands, queries
from .schemas import ActionDraft, ActionPatch, ActionView, Asked

router = api_router("outcomes")
ALL = "/v1/plans/{plan_id}/actions"
ONE = f"{ALL}/{{action_id}}"
Status = Annotated[ActionStatus | None, Query(description="Only these.")]
DueBefore = Annotated[date | None, Query(description="Only what is to be done before this day.")]
Whose = Annotated[Id | None, Query(description="Only what this member of the circle does.")]


@router.get(ALL, response_model=Page[ActionView], summary="Who does what by when")
async def list_actions(
    request: Request,
    desk: ApiDesk,
    plan_id: PlanId,
    paging: Paged,
    status: Status = None,
    due_before: DueBefore = None,
    member_id: Whose = None,
    fields: Fields = None,
) -> Response:
    """In the sections the caller may read, in the order they were added. Each is a look at its section."""
    asked = Asked(status=status, due_before=due_before, member_id=member_id)

    def ask(uow: UnitOfWork, after: UUID | None, most: int) -> list[ActionView]:
        return queries.actions(uow, plan_id, asked, after=after, limit=most)

    part = await desk.read(lambda uow: paging.part(uow, ask, lambda one: one.id, UUID))
    return await got_listed(request, desk, plan_id, part, ActionView, lambda one: one.section_key, fields)


@router.post(
    ALL, response_model=ActionView, status_code=201, responses=problems("not-allowed"), summary="Add an action"
)
async def create_action(
    request: Request, desk: ApiDesk, plan_id: PlanId, draft: ActionDraft, key: IdempotencyKey = None
) -> Response:
    """Needs edit on the section of outcomes it stands in."""

    def add(uow: UnitOfWork) -> Made:
        action = commands.add_action(uow, plan_id, draft)
        return made(action, f"/v1/plans/{plan_id}/actions/{action.id}", plan_id)

    def permit(uow: UnitOfWork, _: UUID) -> None:
        commands.permit_to_add_action(uow, plan_id, draft)

    return await make(request, desk, key, draft, add, permit=permit)


@router.get(ONE, response_model=ActionView, summary="One action")
async def get_action(request: Request, desk: ApiDesk, plan_id: PlanId, action_id: ActionId) -> Response:
    """As it stands now."""
    one = await desk.read(lambda uow: queries.action(uow, plan_id, action_id))
    setattr(request.state, OF_SECTION, one.section_key)
    return got(request, one)


@router.patch(ONE, response_model=ActionView, responses=problems("not-allowed"), summary="Change an action")
async def change_action(
    desk: ApiDesk, plan_id: PlanId, action_id: ActionId, patch: ActionPatch, if_match: IfMatch = None
) -> Response:
    """Changes what is sent and leaves the rest (RFC 7396). Needs edit on its section; the earlier words are kept."""

    def change(uow: UnitOfWork) -> ActionView:
        now = commands.action_to_change(uow, plan_id, action_id)
        check(if_match, now)
        return commands.change_action(uow, plan_id, action_id, patch, based_on=now.revision)

    return saved(await desk.write(change))


@router.delete(ONE, status_code=204, responses=problems("not-allowed"), summary="Put an action away")
async def archive_action(desk: ApiDesk, plan_id: PlanId, action_id: ActionId, if_match: IfMatch = None) -> Response:
    """It is missing from now on; its versions are kept. Needs edit on its section."""

    def put_away(uow: UnitOfWork) -> None:
        check(if_match, commands.action_to_change(uow, plan_id, action_id))
        commands.put_action_away(uow, plan_id, action_id)

    await desk.write(put_away)
    return Response(status_code=204)
