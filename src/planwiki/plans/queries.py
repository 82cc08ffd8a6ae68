"""Questions about plans. Every read is narrowed before it runs, so what is shown is what may be seen."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork, level_of
from planwiki.base.diff import unified, word_diff
from planwiki.base.errors import NotFound
from planwiki.base.merge import merge
from planwiki.base.vocabulary import OWNER_ROLES, Level, Permission, PlanStatus, Role, SectionStatus
from planwiki.circle.models import Member

from . import views
from .models import Plan, Revision, Section
from .schemas import DiffView, HunkView, MergeView, MyPlanView, PartView, PlanView, RevisionView, SectionView

_IN_ORDER = (col(Section.position), col(Section.id))


def plan_view(uow: UnitOfWork, plan_id: UUID) -> PlanView:
    """The header. Raises NotFound when it is hidden or missing."""
    return header(uow, uow.get(Plan, plan_id), _outlines(uow, [plan_id])[plan_id])


class Outline(NamedTuple):
    """A section by its key alone, and what the viewer holds on it."""

    key: str
    my_level: Level


def header(
    uow: UnitOfWork, plan: Plan, shown: Sequence[SectionView | Outline], my_role: Role | None = None
) -> PlanView:
    """The header over sections the viewer has already read. Whoever knows the viewer's role spares a question."""
    owner = _owns(uow, plan.id, shown, my_role)
    level = Level.MANAGE if owner else _highest(shown)
    return views.plan_view(plan, owner=owner, keys=[one.key for one in shown], level=level)


def _highest(shown: Sequence[SectionView | Outline]) -> Level:
    return max((one.my_level for one in shown), key=lambda level: level.rank, default=Level.NONE)


def my_plans(
    uow: UnitOfWork,
    *,
    after: UUID | None = None,
    limit: int = 50,
    status: PlanStatus | None = None,
    updated_since: datetime | None = None,
) -> list[MyPlanView]:
    """Plans the viewer stands in, oldest first, after the one with id `after`."""
    question = _mine(uow, Plan).limit(limit)
    if after is not None:
        question = question.where(col(Plan.id) > after)
    if status is not None:
        question = question.where(Plan.status == status)
    if updated_since is not None:
        question = question.where(col(Plan.updated_at) >= updated_since)
    mine = uow.all(question)
    outlines = _outlines(uow, [plan.id for plan, _ in mine])
    return [MyPlanView(plan=header(uow, plan, outlines[plan.id], role), my_role=role) for plan, role in mine]


def my_parts(uow: UnitOfWork, *, after: UUID | None = None, limit: int = 50) -> list[PartView]:
    """The same plans by their names alone, without asking what the viewer may do in each."""
    question = _mine(uow, Plan).limit(limit)
    rows = uow.all(question.where(col(Plan.id) > after) if after is not None else question)
    return [views.part_view(plan, role) for plan, role in rows]


def my_levels(uow: UnitOfWork) -> dict[UUID, Level]:
    """Every plan the viewer stands in, oldest first, and the highest level they hold there."""
    mine = uow.all(_mine(uow, Plan.id))
    outlines = _outlines(uow, [id for id, _ in mine])
    return {id: Level.MANAGE if _owns(uow, id, outlines[id], role) else _highest(outlines[id]) for id, role in mine}


def _mine(uow: UnitOfWork, what: Any) -> Any:
    """(what, my role) for each plan the viewer stands in, oldest first: by their own places, not plan after plan.

    Owners are shown places that have ended too: their own old one, in another role, does not count.
    """
    mine = select(what, Member.role).join(Member, col(Member.plan_id) == Plan.id)
    return mine.where(uow.is_me(Member), col(Member.ended_at).is_(None)).order_by(col(Plan.id))


def _owns(uow: UnitOfWork, plan_id: UUID, shown: Sequence[SectionView | Outline], my_role: Role | None) -> bool:
    """Only owners manage a section, and only two roles own: mostly there is nothing to ask."""
    return _highest(shown) is Level.MANAGE or (my_role in {None, *OWNER_ROLES} and uow.owns(plan_id))


def _outlines(uow: UnitOfWork, plan_ids: list[UUID]) -> dict[UUID, list[Outline]]:
    """The sections of many plans without their texts."""
    where = (col(Section.plan_id).in_(plan_ids), Section.status == SectionStatus.ACTIVE)
    rows = uow.with_permissions(Section.plan_id, Section.key, where=where, order_by=_IN_ORDER)
    grouped = defaultdict[UUID, list[Outline]](list)
    for (plan_id, key), permissions in rows:
        grouped[plan_id].append(Outline(key, level_of(permissions)))
    return grouped


def sections(uow: UnitOfWork, plan_id: UUID, *, archived: bool = False) -> list[SectionView]:
    """The sections the viewer may read, in order, numbered as this viewer counts them."""
    status = SectionStatus.ARCHIVED if archived else SectionStatus.ACTIVE
    where = (Section.plan_id == plan_id, Section.status == status)
    return views.section_views(uow.with_permissions(Section, where=where, order_by=_IN_ORDER))


def section_view(uow: UnitOfWork, plan_id: UUID, key: str, *, lock: bool = False) -> SectionView:
    """One section with its current text. Raises NotFound when it is hidden or missing."""
    section = find_section(uow, plan_id, key, lock=lock)
    return shown_section(uow, section)


def shown_section(uow: UnitOfWork, section: Section) -> SectionView:
    """A section the viewer has already read, as they are shown it."""
    order = uow.all(
        select(Section.id)
        .where(Section.plan_id == section.plan_id, Section.status == section.status)
        .order_by(*_IN_ORDER)
    )
    permissions = uow.permissions(Section.id == section.id)
    return views.section_view(section, order.index(section.id) + 1, permissions[section.id])


def find_section(uow: UnitOfWork, plan_id: UUID, key: str, *, lock: bool = False) -> Section:
    question = select(Section).where(Section.plan_id == plan_id, Section.key == key).order_by(*_IN_ORDER)
    return uow.one(question, lock=lock)


def revisions(
    uow: UnitOfWork, plan_id: UUID, key: str, *, before: int | None = None, limit: int = 50
) -> list[RevisionView]:
    """History, newest first. Raises Forbidden for a reader to whom history is closed."""
    section = _with_history(uow, plan_id, key)
    question = (
        select(Revision).where(Revision.section_id == section.id).order_by(col(Revision.number).desc()).limit(limit)
    )
    if before is not None:
        question = question.where(Revision.number < before)
    return [views.revision_view(row) for row in uow.all(question)]


def revision(uow: UnitOfWork, plan_id: UUID, key: str, number: int) -> RevisionView:
    return views.revision_view(find_revision(uow, _with_history(uow, plan_id, key), number))


def find_revision(uow: UnitOfWork, section: Section, number: int) -> Revision:
    return uow.one(select(Revision).where(Revision.section_id == section.id, Revision.number == number))


def _with_history(uow: UnitOfWork, plan_id: UUID, key: str) -> Section:
    section = find_section(uow, plan_id, key)
    uow.permit(Permission.HISTORY, section.id)
    return section


def difference(
    uow: UnitOfWork, plan_id: UUID, key: str, older: int, newer: int | None = None, *, as_unified: bool = False
) -> DiffView:
    """Word by word between two versions the viewer may see; `newer` left out is the current one."""
    section = _with_history(uow, plan_id, key)
    new = newer if newer is not None else section.revision
    was, became = (find_revision(uow, section, number).body_markdown for number in (older, new))
    lines = unified(was, became, f"version {older}", f"version {new}") if as_unified else None
    return DiffView(from_=older, to=new, unified=lines, hunks=_hunks(was, became))


def _hunks(was: str, became: str) -> list[HunkView]:
    return [HunkView(op=hunk.op, text=hunk.text) for hunk in word_diff(was, became)]


def join_texts(uow: UnitOfWork, plan_id: UUID, key: str, mine: str, based_on: int) -> MergeView:
    """Both texts of a clash, and one that joins them, for a person to look at. Changes nothing."""
    current = section_view(uow, plan_id, key)
    base = uow.first(select(Revision).where(Revision.section_id == current.id, Revision.number == based_on))
    joined = merge(base.body_markdown if base else "", mine, current.body_markdown)
    return MergeView(
        current=current,
        mine=mine,
        joined=joined.text,
        clashes=joined.conflicts,
        changes=_hunks(current.body_markdown, joined.text),
    )


def newest_pair_counts(history: list[RevisionView]) -> list[tuple[RevisionView, RevisionView | None]]:
    """Each version beside the one before it that the viewer may see, newest first."""
    return [*pairwise(history), (history[-1], None)] if history else []


def check_plan(uow: UnitOfWork, plan_id: UUID) -> None:
    """Raises NotFound unless the viewer stands in the plan."""
    if uow.first(select(Plan.id).where(Plan.id == plan_id)) is None:
        raise NotFound


def hold_plan(uow: UnitOfWork, plan_id: UUID) -> None:
    """The same, and nobody else changes the plan or its circle until this transaction ends."""
    uow.get(Plan, plan_id, lock=True)
