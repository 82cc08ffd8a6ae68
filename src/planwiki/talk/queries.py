"""Questions about what people said. Rows are narrowed: whoever may not read a section finds nothing said about it."""

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import ContributionStatus, SectionStatus
from planwiki.plans.models import Revision, Section
from planwiki.plans.queries import check_plan, organisations

from . import views
from .models import Contribution
from .schemas import Asked, ContributionView

EVERYTHING = Asked()
Row = tuple[Contribution, str, int]


def contributions(
    uow: UnitOfWork, plan_id: UUID, asked: Asked = EVERYTHING, *, before: UUID | None = None, limit: int = 50
) -> list[ContributionView]:
    """Newest first, older than the one with id `before`. A section that is put away is asked for by its key."""
    check_plan(uow, plan_id)
    question = _said().where(Contribution.plan_id == plan_id, *_conditions(asked, before))
    return _views(uow, plan_id, uow.all(question.order_by(col(Contribution.id).desc()).limit(limit)))


def contribution(uow: UnitOfWork, plan_id: UUID, contribution_id: UUID) -> ContributionView:
    """Raises NotFound when it is hidden or missing."""
    rows = [uow.one(_said().where(Contribution.plan_id == plan_id, Contribution.id == contribution_id))]
    return _views(uow, plan_id, rows)[0]


def find_contribution(uow: UnitOfWork, plan_id: UUID, contribution_id: UUID) -> Contribution:
    """Held until the end of the transaction."""
    question = select(Contribution).where(Contribution.plan_id == plan_id, Contribution.id == contribution_id)
    return cast(Contribution, uow.one(question, lock=True))


def _said() -> Any:
    joined = select(Contribution, Section.key, Section.revision)
    return joined.join(Section, col(Section.id) == Contribution.section_id)


def _conditions(asked: Asked, before: UUID | None) -> Iterator[Any]:
    withdrawn = col(Contribution.withdrawn_at).is_not(None)
    if before is not None:
        yield col(Contribution.id) < before
    if asked.kind is not None:
        yield Contribution.kind == asked.kind
    yield Section.key == asked.section_key if asked.section_key else Section.status == SectionStatus.ACTIVE
    yield withdrawn if asked.status is ContributionStatus.WITHDRAWN else ~withdrawn
    if asked.status not in {None, ContributionStatus.WITHDRAWN}:
        yield Contribution.status == asked.status
    if asked.answered is not None:
        is_open = col(Contribution.status) == ContributionStatus.OPEN
        yield ~is_open if asked.answered else is_open


def _views(uow: UnitOfWork, plan_id: UUID, rows: Sequence[Row]) -> list[ContributionView]:
    if not rows:
        return []
    works_at = organisations(uow, plan_id)
    me, earlier = uow.me(plan_id).account_id, _open_versions(uow, [row for row, _, _ in rows])
    shown = []
    for row, key, current in rows:
        opens_base = row.base_revision == current or (row.section_id, row.base_revision) in earlier
        shown.append(views.contribution_view(row, views.Place(key, current, opens_base, works_at), me))
    return shown


def _open_versions(uow: UnitOfWork, rows: Sequence[Contribution]) -> set[tuple[UUID, int]]:
    """Those versions that suggestions began from, which the viewer may look back to."""
    of = [row for row in rows if row.proposed_markdown is not None]
    question = select(Revision.section_id, Revision.number).where(
        col(Revision.section_id).in_({row.section_id for row in of}),
        col(Revision.number).in_({row.base_revision for row in of}),
    )
    return {(section_id, number) for section_id, number in uow.all(question)} if of else set()
