"""The circle, for programs: its members."""

from uuid import UUID

from fastapi import Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.integrations.commands import Made
from planwiki.plans.queries import hold_plan
from planwiki.web.api_routes import MemberId, PlanId, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.conditional import IfMatch, check, got, saved
from planwiki.web.idempotent import IdempotencyKey, made, make
from planwiki.web.lists import Page, Paged, got_part
from planwiki.web.problem_types import problems

from . import commands, grant_api, invitation_api, queries, share_link_api
from .schemas import MemberDraft, MemberPatch, MemberView

router = api_router("circle")
ALL, ONE = "/v1/plans/{plan_id}/members", "/v1/plans/{plan_id}/members/{member_id}"


@router.get(ALL, response_model=Page[MemberView], summary="The circle")
async def list_members(request: Request, desk: ApiDesk, plan_id: PlanId, paging: Paged) -> Response:
    """Everybody in the circle, in the order they joined. How to reach them is for owners and for themselves."""

    def ask(uow: UnitOfWork, after: UUID | None, most: int) -> list[MemberView]:
        return queries.members(uow, plan_id, after=after, limit=most)

    part = await desk.read(lambda uow: paging.part(uow, ask, lambda member: member.id, UUID))
    return got_part(request, part, MemberView)


@router.post(
    ALL, response_model=MemberView, status_code=201, responses=problems("not-allowed"), summary="Add somebody by name"
)
async def create_member(
    request: Request, desk: ApiDesk, plan_id: PlanId, draft: MemberDraft, key: IdempotencyKey = None
) -> Response:
    """Somebody in the person's life who has no account. They see nothing until they join by invitation. For owners."""

    def add(uow: UnitOfWork) -> Made:
        member = commands.add_member(uow, plan_id, draft)
        return made(member, f"/v1/plans/{plan_id}/members/{member.id}", plan_id)

    return await make(request, desk, key, draft, add)


@router.get(ONE, response_model=MemberView, summary="One member")
async def get_member(request: Request, desk: ApiDesk, plan_id: PlanId, member_id: MemberId) -> Response:
    """One of the circle, as this caller may see them."""
    return got(request, await desk.read(lambda uow: queries.member_view(uow, plan_id, member_id)))


@router.patch(
    ONE,
    response_model=MemberView,
    responses=problems("not-allowed", "last-steward", "illegal-status-change", "sharing-frozen"),
    summary="Change a member",
)
async def change_member(
    desk: ApiDesk, plan_id: PlanId, member_id: MemberId, patch: MemberPatch, if_match: IfMatch = None
) -> Response:
    """Changes what is sent and leaves the rest (RFC 7396). Somebody has to own the plan. For owners.

    `status` active says yes to one who waits. Nothing opens while sharing is stopped. Nobody lifts their own limits.
    `role` steward counts once two owners have said so, where two sign in, or the person: until then `steward_asked` is
    true.
    """

    def change(uow: UnitOfWork) -> MemberView:
        check(if_match, _held(uow, plan_id, member_id))
        return commands.change_member(uow, plan_id, member_id, patch)

    return saved(await desk.write(change))


@router.delete(
    ONE,
    status_code=204,
    responses=problems("not-allowed", "last-steward", "illegal-status-change"),
    summary="Remove a member",
)
async def remove_member(desk: ApiDesk, plan_id: PlanId, member_id: MemberId, if_match: IfMatch = None) -> Response:
    """Their access ends with this act, and nobody tells them. For owners."""

    def remove(uow: UnitOfWork) -> None:
        check(if_match, _held(uow, plan_id, member_id))
        commands.end_member(uow, plan_id, member_id)

    await desk.write(remove)
    return Response(status_code=204)


def _held(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> MemberView:
    """The member as they stand, held until the change is kept. Only an owner goes on to be told of versions."""
    hold_plan(uow, plan_id)
    member = queries.member_view(uow, plan_id, member_id)
    uow.permit_owner(plan_id)
    return member


for part in (grant_api, invitation_api, share_link_api):
    router.routes.extend(part.router.routes)
