"""Sections and their versions, for programs."""

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Permission
from planwiki.integrations.commands import Made
from planwiki.web.api_routes import Number, PlanId, SectionKey, Version, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.conditional import Fields, IfMatch, bytes_of, check, got, in_form, saved, sent, tag_of
from planwiki.web.idempotent import IdempotencyKey, made, make
from planwiki.web.json_bodies import JSON
from planwiki.web.lists import Page, Paged, Part, got_listed, got_part
from planwiki.web.methods import best_form
from planwiki.web.problem_types import problems

from . import queries, section_commands
from .schemas import DiffView, RestoreRequest, RevisionView, SectionDraft, SectionPatch, SectionView

router = api_router("sections")
MARKDOWN, HTML = "text/markdown", "text/html"
FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            MARKDOWN: {"schema": {"type": "string"}, "example": "I love **dancing**."},
            HTML: {"schema": {"type": "string"}, "example": "<p>I love <strong>dancing</strong>.</p>\n"},
        }
    }
}
ALL, ONE = "/v1/plans/{plan_id}/sections", "/v1/plans/{plan_id}/sections/{section_key}"
From = Annotated[Version, Query(alias="from", description="The version to start from.")]
To = Annotated[Version, Query(alias="to", description="The version to end at.")]
Format = Annotated[Literal["words", "unified"], Query(description="unified adds the same as a unified diff.")]


@router.get(ALL, response_model=Page[SectionView], summary="Sections I may read")
async def list_sections(
    request: Request, desk: ApiDesk, plan_id: PlanId, paging: Paged, fields: Fields = None
) -> Response:
    """In order, numbered as this caller counts them. Archived sections go by their key alone. Each is a look at it."""

    def ask(uow: UnitOfWork) -> Part[SectionView]:
        queries.check_plan(uow, plan_id)
        return paging.part_of_all(uow, queries.sections(uow, plan_id))

    part = await desk.read(ask)
    return await got_listed(request, desk, plan_id, part, SectionView, lambda one: one.key, fields)


@router.post(
    ALL,
    response_model=SectionView,
    status_code=201,
    responses=problems("not-allowed", "key-exists", "voice-needed"),
    summary="Add a section",
)
async def create_section(
    request: Request, desk: ApiDesk, plan_id: PlanId, draft: SectionDraft, key: IdempotencyKey = None
) -> Response:
    """A new section that the owners alone see until they share it. For owners."""

    def add(uow: UnitOfWork) -> Made:
        section = section_commands.add_section(uow, plan_id, draft)
        return made(section, f"/v1/plans/{plan_id}/sections/{section.key}", plan_id)

    return await make(request, desk, key, draft, add)


@router.get(
    ONE,
    response_model=SectionView,
    responses=FORMS,
    summary="One section with its current text",
)
async def get_section(
    request: Request, desk: ApiDesk, plan_id: PlanId, section_key: SectionKey, fields: Fields = None
) -> Response:
    """As JSON; as `text/markdown`, the text exactly as it was saved; or as `text/html`, the same as safe HTML."""
    form = best_form(request, (JSON, MARKDOWN, HTML))
    section = await desk.read(lambda uow: queries.section_view(uow, plan_id, section_key))
    if form == JSON:
        return got(request, section, fields)
    text, name = (section.body_markdown, "md") if form == MARKDOWN else (section.body_html, "html")
    return sent(request, text, in_form(tag_of(section, bytes_of(section)), name), form)


@router.patch(
    ONE,
    response_model=SectionView,
    responses=problems("not-allowed", "voice-needed", "sharing-frozen"),
    summary="Change a section",
)
async def change_section(
    desk: ApiDesk, plan_id: PlanId, section_key: SectionKey, patch: SectionPatch, if_match: IfMatch = None
) -> Response:
    """Changes what is sent and leaves the rest (RFC 7396); all of it or nothing.

    A title or text makes a new version: it needs edit and `voice`. Everything else is a setting, makes no version, and
    is for owners. When somebody saved since, the 412 says which version is there now.
    """

    def change(uow: UnitOfWork) -> SectionView:
        section = queries.section_view(uow, plan_id, section_key, lock=True)
        uow.permit(Permission.EDIT, section.id)
        check(if_match, section)
        return section_commands.change_section(uow, plan_id, section_key, patch, based_on=section.revision)

    return saved(await desk.write(change))


@router.delete(ONE, status_code=204, responses=problems("not-allowed"), summary="Archive a section")
async def archive_section(
    desk: ApiDesk, plan_id: PlanId, section_key: SectionKey, if_match: IfMatch = None
) -> Response:
    """Takes it away from all but owners. Its versions are kept; `status: active` brings it back. For owners."""

    def archive(uow: UnitOfWork) -> None:
        section = queries.section_view(uow, plan_id, section_key, lock=True)
        uow.permit(Permission.MANAGE, section.id)
        check(if_match, section)
        section_commands.archive_section(uow, plan_id, section_key)

    await desk.write(archive)
    return Response(status_code=204)


@router.get(f"{ONE}/revisions", response_model=Page[RevisionView], responses=problems("not-allowed"), summary="History")
async def list_revisions(
    request: Request, desk: ApiDesk, plan_id: PlanId, section_key: SectionKey, paging: Paged
) -> Response:
    """The versions the caller may see, newest first. Needs edit, or a grant that says history."""

    def ask(uow: UnitOfWork, before: int | None, most: int) -> list[RevisionView]:
        return queries.revisions(uow, plan_id, section_key, before=before, limit=most)

    part = await desk.read(lambda uow: paging.part(uow, ask, lambda one: one.revision, int))
    return got_part(request, part, RevisionView)


@router.get(
    f"{ONE}/revisions/{{revision}}",
    response_model=RevisionView,
    responses=problems("not-allowed"),
    summary="One version",
)
async def get_revision(
    request: Request, desk: ApiDesk, plan_id: PlanId, section_key: SectionKey, revision: Number
) -> Response:
    """A saved version, which never changes."""
    return got(request, await desk.read(lambda uow: queries.revision(uow, plan_id, section_key, revision)))


@router.post(
    f"{ONE}/revisions/{{revision}}/restore",
    response_model=SectionView,
    responses=problems("not-allowed"),
    summary="Put an earlier text back",
)
async def restore_revision(
    desk: ApiDesk,
    plan_id: PlanId,
    section_key: SectionKey,
    revision: Number,
    wish: RestoreRequest,
    if_match: IfMatch = None,
) -> Response:
    """An earlier text becomes a new version. Grants, label and settings stay as they are. If-Match is the section's."""

    def restore(uow: UnitOfWork) -> SectionView:
        section = queries.section_view(uow, plan_id, section_key, lock=True)
        uow.permit(Permission.EDIT, section.id)
        check(if_match, section)
        return section_commands.restore_revision(uow, plan_id, section_key, revision, wish, based_on=section.revision)

    return saved(await desk.write(restore))


@router.get(f"{ONE}/diff", response_model=DiffView, responses=problems("not-allowed"), summary="Words that differ")
async def get_difference(
    request: Request,
    desk: ApiDesk,
    plan_id: PlanId,
    section_key: SectionKey,
    older: From,
    newer: To,
    form: Annotated[Format, Query(alias="format")] = "words",
) -> Response:
    """Word by word between any two versions the caller may see."""
    as_unified = form == "unified"
    return got(
        request,
        await desk.read(lambda uow: queries.difference(uow, plan_id, section_key, older, newer, as_unified=as_unified)),
    )
