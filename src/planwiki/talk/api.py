"""What people say about sections, for programs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import ContributionKind, ContributionStatus
from planwiki.integrations.commands import Made
from planwiki.web.api_routes import ContributionId, PlanId, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.conditional import got, saved
from planwiki.web.idempotent import IdempotencyKey, made, make
from planwiki.web.lists import Page, Paged, got_listed
from planwiki.web.looking import OF_SECTION
from planwiki.web.problem_types import problems

from . import commands, queries
from .schemas import Asked, ContributionDraft, ContributionView, DecisionRequest

router = api_router("contributions")
ALL = "/v1/plans/{plan_id}/contributions"
ONE = f"{ALL}/{{contribution_id}}"
Kind = Annotated[ContributionKind | None, Query(description="Only these.")]
Status = Annotated[ContributionStatus | None, Query(description="Only these. Left out: all that were not taken back.")]
KeyAsked = Annotated[
    str | None, Query(description="Only about this section.", pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", max_length=64)
]


@router.get(ALL, response_model=Page[ContributionView], summary="What people said")
async def list_contributions(
    request: Request,
    desk: ApiDesk,
    plan_id: PlanId,
    paging: Paged,
    kind: Kind = None,
    status: Status = None,
    section_key: KeyAsked = None,
) -> Response:
    """About the sections the caller may read, newest first."""
    asked = Asked(kind=kind, status=status, section_key=section_key)

    def ask(uow: UnitOfWork, before: UUID | None, most: int) -> list[ContributionView]:
        return queries.contributions(uow, plan_id, asked, before=before, limit=most)

    part = await desk.read(lambda uow: paging.part(uow, ask, lambda one: one.id, UUID))
    return await got_listed(request, desk, plan_id, part, ContributionView, lambda one: one.target.section_key)


@router.post(
    ALL,
    response_model=ContributionView,
    status_code=201,
    responses=problems("not-allowed", "voice-needed"),
    summary="Say something",
)
async def create_contribution(
    request: Request, desk: ApiDesk, plan_id: PlanId, draft: ContributionDraft, key: IdempotencyKey = None
) -> Response:
    """A comment, question or appreciation needs comment on the section; a suggestion needs suggest. Always `voice`."""

    def add(uow: UnitOfWork) -> Made:
        said = commands.contribute(uow, plan_id, draft)
        return made(said, f"/v1/plans/{plan_id}/contributions/{said.id}", plan_id)

    def permit(uow: UnitOfWork, _: UUID) -> None:
        commands.permit_to_contribute(uow, plan_id, draft)

    return await make(request, desk, key, draft, add, permit=permit)


@router.get(ONE, response_model=ContributionView, summary="One thing that was said")
async def get_contribution(
    request: Request, desk: ApiDesk, plan_id: PlanId, contribution_id: ContributionId
) -> Response:
    """What was taken back is there for whoever said it and for owners."""
    one = await desk.read(lambda uow: queries.contribution(uow, plan_id, contribution_id))
    setattr(request.state, OF_SECTION, one.target.section_key)
    return got(request, one)


@router.delete(ONE, status_code=204, responses=problems("not-allowed"), summary="Take it back")
async def withdraw_contribution(desk: ApiDesk, plan_id: PlanId, contribution_id: ContributionId) -> Response:
    """Its author takes back what nobody has answered; an owner removes anything. The status is then `withdrawn`."""
    await desk.write(lambda uow: commands.withdraw(uow, plan_id, contribution_id))
    return Response(status_code=204)


@router.post(
    f"{ONE}/decision",
    response_model=ContributionView,
    responses=problems("not-allowed", "already-decided", "section-moved-on"),
    summary="Answer it",
)
async def decide_contribution(
    desk: ApiDesk, plan_id: PlanId, contribution_id: ContributionId, decision: DecisionRequest
) -> Response:
    """Once, by somebody who may edit the section. Accepting a suggestion makes a version in the suggester's voice.

    When somebody saved since the suggestion's `revision`, join both texts and send them as `edited_markdown`.
    """
    return saved(await desk.write(lambda uow: commands.decide(uow, plan_id, contribution_id, decision)))
