"""Invitations, for programs: made by owners, answered by whoever holds the link."""

from uuid import UUID

from fastapi import Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.integrations.commands import Made
from planwiki.web.api_routes import InvitationId, PlanId, api_router
from planwiki.web.asking import ApiDesk, in_thread, settings_of
from planwiki.web.conditional import saved
from planwiki.web.idempotent import IdempotencyKey, made, make
from planwiki.web.json_bodies import JSON
from planwiki.web.lists import Page, Paged, got_part
from planwiki.web.problem_types import problems

from . import invitation_commands
from .schemas import InvitationDraft, InvitationPreview, InvitationToken, InvitationView, MemberView

router = api_router("circle")
ALL = "/v1/plans/{plan_id}/invitations"
ANSWERED = problems("already-decided", "invitation-ended")


@router.get(ALL, response_model=Page[InvitationView], responses=problems("not-allowed"), summary="Invitations")
async def list_invitations(request: Request, desk: ApiDesk, plan_id: PlanId, paging: Paged) -> Response:
    """Newest first, answered ones too; never their links. For owners."""

    def ask(uow: UnitOfWork, before: UUID | None, most: int) -> list[InvitationView]:
        return invitation_commands.invitations(uow, plan_id, before=before, limit=most)

    part = await desk.read(lambda uow: paging.part(uow, ask, lambda one: one.id, UUID))
    return got_part(request, part, InvitationView, kept=False)


@router.post(
    ALL,
    response_model=InvitationView,
    status_code=201,
    responses=problems("not-allowed", "cannot-grant-more-than-you-hold", "already-decided", "slow-down"),
    summary="Invite somebody",
)
async def create_invitation(
    request: Request, desk: ApiDesk, plan_id: PlanId, draft: InvitationDraft, key: IdempotencyKey = None
) -> Response:
    """`accept_url` is the link to hand over. It is shown this once. For owners."""

    def invite(uow: UnitOfWork) -> Made:
        invitation = invitation_commands.invite(uow, plan_id, draft, settings_of(request).base_url)
        return made(invitation, f"/v1/plans/{plan_id}/invitations", plan_id)  # It has no address of its own to read.

    return await make(request, desk, key, draft, invite)


@router.delete(
    f"{ALL}/{{invitation_id}}",
    status_code=204,
    responses=problems("not-allowed", "already-decided"),
    summary="Withdraw an invitation",
)
async def withdraw_invitation(desk: ApiDesk, plan_id: PlanId, invitation_id: InvitationId) -> Response:
    """The link works no more. For owners."""
    await desk.write(lambda uow: invitation_commands.withdraw(uow, plan_id, invitation_id))
    return Response(status_code=204)


@router.post(
    "/v1/invitations/preview",
    response_model=InvitationPreview,
    responses=problems("invitation-ended"),
    summary="Look at an invitation",
)
async def preview_invitation(request: Request, token: InvitationToken) -> Response:
    """Who invites, and to be what. The secret travels in the body. Needs no token of your own."""
    view = await in_thread(lambda database: invitation_commands.preview(database, token.token), request)
    return Response(view.model_dump_json(), media_type=JSON)


@router.post(
    "/v1/invitations/accept", response_model=MemberView, status_code=201, responses=ANSWERED, summary="Join the circle"
)
async def accept_invitation(request: Request, desk: ApiDesk, token: InvitationToken) -> Response:
    """The caller joins the circle, and is given what the invitation says."""
    base_url = settings_of(request).base_url
    plan_id, member = await desk.write(lambda uow: invitation_commands.accept(uow, token.token, base_url))
    return saved(member, location=f"/v1/plans/{plan_id}/members/{member.id}")


@router.post("/v1/invitations/decline", status_code=204, responses=ANSWERED, summary="Say no to an invitation")
async def decline_invitation(request: Request, token: InvitationToken) -> Response:
    """The link works no more. Needs no token of your own."""
    await in_thread(
        lambda database: invitation_commands.decline(database, token.token, request.state.request_id), request
    )
    return Response(status_code=204)
