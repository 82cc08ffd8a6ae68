"""Who was given what, and who can see what, for programs."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound
from planwiki.base.text import Key
from planwiki.base.vocabulary import Permission
from planwiki.plans.queries import hold_plan
from planwiki.web.api_routes import Id, MemberId, PlanId, SectionKey, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.conditional import IfMatch, check, got, saved
from planwiki.web.problem_types import problems

from . import grant_commands, queries
from .link_reason_queries import explain_link
from .schemas import (
    AccessMatrixView,
    ExplanationView,
    GrantsDraft,
    GrantsView,
    SectionGrantsDraft,
    SectionGrantsView,
)

router = api_router("circle")
OF_MEMBER = "/v1/plans/{plan_id}/members/{member_id}/grants"
OF_SECTION = "/v1/plans/{plan_id}/sections/{section_key}/grants"
SubjectType = Annotated[Literal["member", "client", "share_link"], Query(description="What sort of reader.")]
SubjectId = Annotated[Id, Query(description="Which member, client or link.")]
AboutSection = Annotated[Key, Query(description="Which section.")]
Verb = Annotated[Permission, Query(description="What they would do.")]
GIVING = ("not-allowed", "sharing-frozen", "cannot-grant-more-than-you-hold")


@router.get(OF_MEMBER, response_model=GrantsView, responses=problems("not-allowed"), summary="What a member was given")
async def get_member_grants(request: Request, desk: ApiDesk, plan_id: PlanId, member_id: MemberId) -> Response:
    """Each grant by name, in the order of the sections. For owners."""
    return got(request, await desk.read(lambda uow: queries.member_grants(uow, plan_id, member_id)))


@router.put(
    OF_MEMBER, response_model=GrantsView, responses=problems(*GIVING), summary="Replace what a member was given"
)
async def replace_member_grants(
    desk: ApiDesk, plan_id: PlanId, member_id: MemberId, draft: GrantsDraft, if_match: IfMatch = None
) -> Response:
    """What is left out is taken away. A grant is never changed in place: one ends and another begins. For owners."""

    def replace(uow: UnitOfWork) -> GrantsView:
        hold_plan(uow, plan_id)
        check(if_match, queries.member_grants(uow, plan_id, member_id))
        return grant_commands.replace_member_grants(uow, plan_id, member_id, draft)

    return saved(await desk.write(replace))


@router.get(
    OF_SECTION, response_model=SectionGrantsView, responses=problems("not-allowed"), summary="Who a section is given to"
)
async def get_section_grants(request: Request, desk: ApiDesk, plan_id: PlanId, section_key: SectionKey) -> Response:
    """By role and by name. For owners."""
    return got(request, await desk.read(lambda uow: queries.section_grants(uow, plan_id, section_key)))


@router.put(
    OF_SECTION,
    response_model=SectionGrantsView,
    responses=problems(*GIVING),
    summary="Replace who a section is given to",
)
async def replace_section_grants(
    desk: ApiDesk, plan_id: PlanId, section_key: SectionKey, draft: SectionGrantsDraft, if_match: IfMatch = None
) -> Response:
    """All of it in one act; what is left out is taken away. For owners."""

    def replace(uow: UnitOfWork) -> SectionGrantsView:
        hold_plan(uow, plan_id)
        check(if_match, queries.section_grants(uow, plan_id, section_key))
        return grant_commands.replace_section_grants(uow, plan_id, section_key, draft)

    return saved(await desk.write(replace))


@router.get(
    "/v1/plans/{plan_id}/access",
    response_model=AccessMatrixView,
    responses=problems("not-allowed"),
    summary="Who can see what",
)
async def get_access(request: Request, desk: ApiDesk, plan_id: PlanId) -> Response:
    """Everybody in the circle against every section, by the rule itself. For owners."""
    return got(request, await desk.read(lambda uow: queries.access_matrix(uow, plan_id)))


@router.get(
    "/v1/plans/{plan_id}/access/explain",
    response_model=ExplanationView,
    responses=problems("not-allowed"),
    summary="Why somebody may, or may not",
)
async def explain_access(
    request: Request,
    desk: ApiDesk,
    plan_id: PlanId,
    subject_type: SubjectType,
    subject_id: SubjectId,
    section_key: AboutSection,
    verb: Verb,
) -> Response:
    """One sentence. There are no clients to ask about yet, so those are not found. For owners."""

    def ask(uow: UnitOfWork) -> ExplanationView:
        if subject_type == "share_link":
            return explain_link(uow, plan_id, subject_id, section_key, verb)
        if subject_type != "member":
            raise NotFound
        return queries.explain(uow, plan_id, subject_id, section_key, verb)

    return got(request, await desk.read(ask))
