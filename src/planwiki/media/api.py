"""Pictures, sound, video and papers, for programs."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.ids import as_id
from planwiki.base.vocabulary import Permission
from planwiki.integrations.commands import Made
from planwiki.web.api_routes import Id, PlanId, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.conditional import ANSWERED_WITH, IfMatch, check, got, saved
from planwiki.web.forms import drafted
from planwiki.web.idempotent import IdempotencyKey, Permit, made, made_earlier, make
from planwiki.web.lists import Page, Paged, Part, got_listed
from planwiki.web.looking import OF_SECTION
from planwiki.web.problem_types import problems
from planwiki.web.uploads import Upload

from . import commands, queries
from .content_pages import content
from .intake_pages import forget, quota_of, sent, take
from .schemas import Kept, MediaDraft, MediaPatch, MediaView

router = api_router("media")
ALL, ONE = "/v1/plans/{plan_id}/media", "/v1/plans/{plan_id}/media/{media_id}"
MediaId = Annotated[Id, Path(description="The picture, sound, video or paper.")]
OfSection = Annotated[
    str | None,
    Query(description="Only what belongs to this section.", max_length=64, examples=["what-matters"]),
]
_FIELDS = MediaDraft.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]
FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "section_key"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "The bytes."},
                    **{name: {key: one[key] for key in one if key != "title"} for name, one in _FIELDS.items()},
                },
            },
            "example": {"file": "(bytes)", "section_key": "what-matters", "alt_text": "Maya dancing in the hall"},
        }
    },
}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}, "example": "(bytes)"}}},
    206: {
        "description": "The part that Range names.",
        "content": {"*/*": {"schema": {"type": "string", "format": "binary"}, "example": "(bytes)"}},
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}},
    },
}
ON_UPLOAD = ("not-allowed", "malformed", "too-large", "unsupported-media-type", "invalid-content", "alt-text-needed")


@router.get(ALL, response_model=Page[MediaView], summary="Pictures, sound, video and papers I may see")
async def list_media(
    request: Request, desk: ApiDesk, plan_id: PlanId, paging: Paged, section_key: OfSection = None
) -> Response:
    """Oldest first: those of the sections the caller may read."""

    def ask(uow: UnitOfWork) -> Part[MediaView]:
        def some(uow: UnitOfWork, after: str | None, most: int) -> list[MediaView]:
            return queries.media_of(uow, plan_id, section_key, after=as_id(after or ""), limit=most)

        return paging.part(uow, some, lambda one: str(one.id), str)

    part = await desk.read(ask)
    return await got_listed(request, desk, plan_id, part, MediaView, lambda one: one.section_key)


@router.post(
    ALL,
    response_model=MediaView,
    status_code=201,
    responses=problems(*ON_UPLOAD),
    openapi_extra={"requestBody": FORM},
    summary="Add a picture, sound, video or paper",
)
async def add_media(request: Request, desk: ApiDesk, plan_id: PlanId, key: IdempotencyKey = None) -> Response:
    """Send a form with the file. Needs edit on the section.

    JPEG, PNG, WebP and HEIC are drawn anew; MP4, MOV, WebM, MP3, M4A, WAV and OGG are packed anew; PDF is kept.
    What else was in the file, such as where a photo was taken, is gone. A picture needs `alt_text`, or `decorative`.
    """
    await desk.read(lambda uow: queries.may_add_somewhere(uow, plan_id))
    quota = quota_of(request)

    def again(draft: MediaDraft) -> Permit:
        return lambda uow, _: queries.may_add_here(uow, plan_id, draft.section_key)

    async def earlier(draft: MediaDraft, upload: Upload) -> Response | None:
        return await made_earlier(request, desk, key, sent(draft, upload), again(draft))

    async def keep(draft: MediaDraft, upload: Upload, kept: Kept) -> Response:
        def add(uow: UnitOfWork) -> Made:
            one = commands.add_media(uow, plan_id, draft, kept, quota)
            return made(one, f"/v1/plans/{plan_id}/media/{one.id}", plan_id)

        return await make(request, desk, key, sent(draft, upload), add, again(draft))

    return await take(request, plan_id, lambda fields: drafted(MediaDraft, fields), keep, earlier)


@router.get(ONE, response_model=MediaView, summary="One picture, sound, video or paper")
async def get_media(request: Request, desk: ApiDesk, plan_id: PlanId, media_id: MediaId) -> Response:
    """What is said about it, and where its bytes are."""
    one = await desk.read(lambda uow: queries.one_media(uow, plan_id, media_id))
    setattr(request.state, OF_SECTION, one.section_key)
    return got(request, one)


@router.patch(
    ONE,
    response_model=MediaView,
    responses=problems("not-allowed", "alt-text-needed"),
    summary="Change what is said about it",
)
async def change_media(
    desk: ApiDesk, plan_id: PlanId, media_id: MediaId, patch: MediaPatch, if_match: IfMatch = None
) -> Response:
    """Changes what is sent and leaves the rest (RFC 7396). Another `section_key` moves it.

    Whoever may read that section may get its bytes from then on, and nobody else. Needs edit on both sections.
    """

    def change(uow: UnitOfWork) -> MediaView:
        one = queries.one_media(uow, plan_id, media_id, lock=True)
        uow.permit(Permission.EDIT, one.section_id)
        check(if_match, one)
        return commands.change_media(uow, plan_id, media_id, patch)

    return saved(await desk.write(change))


@router.delete(ONE, status_code=204, responses=problems("not-allowed", "media-in-use"), summary="Delete it")
async def remove_media(
    request: Request, desk: ApiDesk, plan_id: PlanId, media_id: MediaId, if_match: IfMatch = None
) -> Response:
    """The bytes and all that was said about them. There is no way back. Not while the section's text shows it."""

    def remove(uow: UnitOfWork) -> None:
        one = queries.one_media(uow, plan_id, media_id, lock=True)
        uow.permit(Permission.EDIT, one.section_id)
        check(if_match, one)
        commands.remove_media(uow, plan_id, media_id)

    await desk.write(remove)
    await forget(request, plan_id, media_id)
    return Response(status_code=204)


@router.get(ONE + "/content", responses=BYTES | problems("no-such-range"), summary="The bytes")
async def get_media_content(request: Request, desk: ApiDesk, plan_id: PlanId, media_id: MediaId) -> Response:
    """With Range, a part of them. The caller's right to the section is asked at every request."""
    answer = await content(request, desk, plan_id, media_id)
    answer.headers.update(ANSWERED_WITH)
    return answer
