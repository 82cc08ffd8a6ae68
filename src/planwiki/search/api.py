"""Searching, for programs."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Query, Request, Response

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.web.api_routes import Id, api_router
from planwiki.web.asking import ApiDesk
from planwiki.web.lists import Page, Paged, Part, got_part
from planwiki.web.looking import keep_found

from . import queries
from .schemas import SearchHit

router = api_router("search")
Words = Annotated[str, Query(description="Words to look for, or how they begin.", max_length=200, examples=["dancing"])]
InPlan = Annotated[Id | None, Query(description="Only in this plan.")]
Kind = Annotated[
    Literal["section", "outcome", "action", "contribution", "media"] | None,
    Query(alias="type", description="Only of this kind. There are no outcomes of their own yet."),
]


@router.get("/v1/search", response_model=Page[SearchHit], summary="Search what I may read")
async def search(
    request: Request, desk: ApiDesk, q: Words, paging: Paged, plan_id: InPlan = None, kind: Kind = None
) -> Response:
    """Sections, actions, contributions and media that hold every word, best first.

    Nothing here tells of a section the caller may not read.
    """

    def ask(uow: UnitOfWork) -> Part[SearchHit]:
        hits = queries.search(uow, q, plan_id=plan_id, kinds=None if kind is None else [kind])
        return replace(paging, of=f"{paging.of}?{q}").part_of_all(uow, hits)

    part = await desk.read(ask)
    answer = got_part(request, part, SearchHit)
    if answer.status_code == 200:
        await keep_found(request, desk, [(hit.plan_id, hit.section_key) for hit in part.items])
    return answer
