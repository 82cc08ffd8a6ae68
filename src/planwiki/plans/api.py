"""Plans, for programs."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import PlanStatus
from planwiki.integrations.commands import Made
from planwiki.web.api_routes import Id, PlanId, Since, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.conditional import Fields, IfMatch, check, got, got_except, saved
from planwiki.web.idempotent import IdempotencyKey, made, make
from planwiki.web.lists import Page, Paged, got_part
from planwiki.web.problem_types import problems

from . import commands, document_queries, queries
from .document_schemas import PlanDocument, TemplateList
from .schemas import PlanDraft, PlanPatch, PlanView

router = api_router("plans")
Status = Annotated[PlanStatus | None, Query(description="Only plans that stand so.")]
UpdatedSince = Annotated[Since | None, Query(description="Only plans whose header changed at or after this.")]
Keys = Annotated[
    str | None, Query(description="Keys of sections with commas between; left out: all.", max_length=20_000)
]
AsMember = Annotated[Id | None, Query(description="As this member sees it. Owners alone; each look is recorded.")]


@router.get("/v1/templates", response_model=TemplateList, tags=["meta"], summary="What a plan can start from")
async def list_templates(request: Request) -> Response:
    """Every template with its sections, their questions, and where each stands in other forms. Needs no token."""
    return got(request, document_queries.template_list())


@router.get("/v1/plans", response_model=Page[PlanView], summary="Plans I can see")
async def list_plans(
    request: Request,
    desk: ApiDesk,
    paging: Paged,
    fields: Fields = None,
    status: Status = None,
    updated_since: UpdatedSince = None,
) -> Response:
    """The plans whose circle the caller is in, oldest first. A closed plan is there for its owners alone."""

    def ask(uow: UnitOfWork, after: UUID | None, most: int) -> list[PlanView]:
        found = queries.my_plans(uow, after=after, limit=most, status=status, updated_since=updated_since)
        return [one.plan for one in found]

    part = await desk.read(lambda uow: paging.part(uow, ask, lambda plan: plan.id, UUID))
    return got_part(request, part, PlanView, fields)


@router.post("/v1/plans", response_model=PlanView, status_code=201, summary="Start a plan")
async def create_plan(request: Request, desk: ApiDesk, draft: PlanDraft, key: IdempotencyKey = None) -> Response:
    """A new plan with the sections of a template. Nobody but its owners sees it until they share it."""

    def start(uow: UnitOfWork) -> Made:
        plan = commands.start_plan(uow, draft)
        return made(plan, f"/v1/plans/{plan.id}", plan.id)

    return await make(request, desk, key, draft, start)


@router.get("/v1/plans/{plan_id}", response_model=PlanView, summary="One plan's header")
async def get_plan(request: Request, desk: ApiDesk, plan_id: PlanId, fields: Fields = None) -> Response:
    """Whose plan it is, how it stands, and the keys of the sections the caller may read."""
    return got(request, await desk.read(lambda uow: queries.plan_view(uow, plan_id)), fields)


@router.patch(
    "/v1/plans/{plan_id}", response_model=PlanView, responses=problems("not-allowed"), summary="Change a plan's header"
)
async def change_plan(desk: ApiDesk, plan_id: PlanId, patch: PlanPatch, if_match: IfMatch = None) -> Response:
    """Changes what is sent and leaves the rest (RFC 7396). For owners. A status opens a closed plan again."""

    def change(uow: UnitOfWork) -> PlanView:
        check(if_match, _held(uow, plan_id))
        return commands.change_plan(uow, plan_id, patch)

    return saved(await desk.write(change))


@router.delete("/v1/plans/{plan_id}", status_code=204, responses=problems("not-allowed"), summary="Close a plan")
async def close_plan(desk: ApiDesk, plan_id: PlanId, if_match: IfMatch = None) -> Response:
    """Takes the plan away from everybody but its owners, who may open it again. For owners."""

    def close(uow: UnitOfWork) -> None:
        check(if_match, _held(uow, plan_id))
        commands.close_plan(uow, plan_id)

    await desk.write(close)
    return Response(status_code=204)


@router.get(
    "/v1/plans/{plan_id}/document",
    response_model=PlanDocument,
    responses=problems("not-allowed"),
    summary="Everything the caller may see, in one",
)
async def get_document(
    request: Request, desk: ApiDesk, plan_id: PlanId, sections: Keys = None, as_member: AsMember = None
) -> Response:
    """The integrators' endpoint: the plan, its sections and its circle, as the single calls would give them.

    A key in `sections` that is not there for the caller is passed over. The ETag leaves `generated_at` out, so
    `If-None-Match` answers 304 for as long as nothing the caller sees has changed.
    """
    keys = set(sections.split(",")) if sections is not None else None
    if as_member is None:
        document = await desk.read(lambda uow: document_queries.document(uow, plan_id, keys))
    else:
        document = await desk.write(lambda uow: document_queries.document_as(uow, plan_id, as_member, keys))
    return got_except(request, document, "generated_at")


def _held(uow: UnitOfWork, plan_id: UUID) -> PlanView:
    """The plan as it stands, held until the change is kept. Only an owner goes on to be told of versions."""
    queries.hold_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    return queries.plan_view(uow, plan_id)
