"""Questions about plans. Every read is narrowed before it runs, so what is shown is what may be seen."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import bindparam, func, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork, level_of
from planwiki.base.diff import unified, word_diff
from planwiki.base.errors import NotFound
from planwiki.base.merge import merge
from planwiki.base.vocabulary import OWNER_ROLES, Level, Permission, PlanStatus, Role, SectionStatus
from planwiki.circle.models import Member
from planwiki.media.reference_queries import ids_by_section, own_pictures, seen_pictures

from . import views
from .models import Plan, Revision, Section
from .schemas import DiffView, HunkView, MergeView, MyPlanView, PartView, PlanView, RevisionView, SectionView

_IN_ORDER = (col(Section.position), col(Section.id))


class Outline(NamedTuple):
    """A section by its key alone, and what the viewer holds on it."""

    key: str
    my_level: Level


def plan_view(uow: UnitOfWork, plan_id: UUID) -> PlanView:
    """The header. Raises NotFound when it is hidden or missing."""
    return header_of(uow, plan_id, [_outlined(uow, row) for row in uow.ask(_outline, plan_id=plan_id)])


def header_of(uow: UnitOfWork, plan_id: UUID, shown: Sequence[SectionView | Outline]) -> PlanView:
    """The header over sections the viewer has already read. Raises NotFound."""
    plan = uow.ask_one(_one_plan, plan_id=plan_id)
    return _header(plan, shown, seen_pictures(uow, [plan.person_photo_media_id]), owner=plan.owned)


def _one_plan(lens: Lens) -> Any:
    return select(Plan, lens.owned().label("owned")).where(Plan.id == bindparam("plan_id"))


def _header(plan: Any, shown: Sequence[SectionView | Outline], pictures: set[UUID], *, owner: bool) -> PlanView:
    level = Level.MANAGE if owner else _highest(shown)
    return views.plan_view(plan, owner=owner, keys=[one.key for one in shown], level=level, pictures=pictures)


def _highest(shown: Sequence[SectionView | Outline]) -> Level:
    return max({one.my_level for one in shown}, key=lambda level: level.rank, default=Level.NONE)


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
    pictures = seen_pictures(uow, [plan.person_photo_media_id for plan, _ in mine])
    return [
        MyPlanView(plan=_header(plan, shown, pictures, owner=_owns(uow, plan.id, shown, role)), my_role=role)
        for plan, role in mine
        for shown in [outlines[plan.id]]
    ]


def my_parts(uow: UnitOfWork, *, after: UUID | None = None, limit: int = 50) -> list[PartView]:
    """The same plans by their names alone, without asking what the viewer may do in each."""
    question = _mine(uow, Plan).limit(limit)
    rows = uow.all(question.where(col(Plan.id) > after) if after is not None else question)
    pictures = seen_pictures(uow, [plan.person_photo_media_id for plan, _ in rows])
    return [views.part_view(plan, role, pictures) for plan, role in rows]


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


def _owns(uow: UnitOfWork, plan_id: UUID, shown: Sequence[Outline], my_role: Role) -> bool:
    """Only owners manage a section, and only two roles own: mostly there is nothing to ask."""
    return _highest(shown) is Level.MANAGE or (my_role in OWNER_ROLES and uow.owns(plan_id))


def _outlines(uow: UnitOfWork, plan_ids: list[UUID]) -> dict[UUID, list[Outline]]:
    """The sections of many plans without their texts."""
    grouped = defaultdict[UUID, list[Outline]](list)
    for row in uow.ask(_many_outlines, plan_ids=plan_ids):
        grouped[row.plan_id].append(_outlined(uow, row))
    return grouped


def _outlined(uow: UnitOfWork, row: Any) -> Outline:
    return Outline(row.key, level_of(uow.permissions_of(row)))


def _outline(lens: Lens) -> Any:
    return _outlines_where(lens, Section.plan_id == bindparam("plan_id"))


def _many_outlines(lens: Lens) -> Any:
    return _outlines_where(lens, col(Section.plan_id).in_(bindparam("plan_ids", expanding=True)))


def _outlines_where(lens: Lens, where: Any) -> Any:
    question = cast(Any, select)(Section.plan_id, Section.key, *lens.held())
    return question.where(where, Section.status == SectionStatus.ACTIVE).order_by(*_IN_ORDER)


def sections(uow: UnitOfWork, plan_id: UUID, *, archived: bool = False) -> list[SectionView]:
    """The sections the viewer may read, in order, numbered as this viewer counts them."""
    status = SectionStatus.ARCHIVED if archived else SectionStatus.ACTIVE
    rows, media = uow.ask(_sections, plan_id=plan_id, status=status), ids_by_section(uow, plan_id)
    works_at, own = organisations(uow, plan_id), own_pictures(uow, rows)
    return [
        views.section_view(
            row,
            place,
            uow.permissions_of(row),
            media.get(row.id, []),
            works_at.get(row.updated_by),
            own.get(row.id),
        )
        for place, row in enumerate(rows, start=1)
    ]


def _sections(lens: Lens) -> Any:
    there = select(Section, *lens.held()).where(Section.plan_id == bindparam("plan_id"))
    return there.where(Section.status == bindparam("status")).order_by(*_IN_ORDER)


def section_view(uow: UnitOfWork, plan_id: UUID, key: str, *, lock: bool = False) -> SectionView:
    """One section with its current text. Raises NotFound when it is hidden or missing."""
    if lock:
        find_section(uow, plan_id, key, lock=True)
    return _shown(uow, uow.ask_one(_section_by_key, plan_id=plan_id, key=key))


def shown_section(uow: UnitOfWork, section: Section) -> SectionView:
    """A section the viewer has already read, as they are shown it."""
    return _shown(uow, uow.ask_one(_section_by_id, id=section.id))


def _shown(uow: UnitOfWork, row: Any) -> SectionView:
    media = ids_by_section(uow, row.plan_id).get(row.id, [])
    works_at, own = organisations(uow, row.plan_id).get(row.updated_by), own_pictures(uow, [row]).get(row.id)
    return views.section_view(row, row.place, uow.permissions_of(row), media, works_at, own)


def organisations(uow: UnitOfWork, plan_id: UUID) -> dict[UUID, str]:
    """Where those in the circle work, by account, as the circle shows it to everybody in it."""
    return dict(map(tuple, uow.ask(_organisations, plan_id=plan_id)))


def _organisations(_lens: Lens) -> Any:
    there = cast(Any, select)(Member.account_id, Member.organisation).where(Member.plan_id == bindparam("plan_id"))
    said = (col(Member.account_id).is_not(None), col(Member.organisation).is_not(None))
    return there.where(*said, col(Member.ended_at).is_(None))


def _section_by_key(lens: Lens) -> Any:
    return _one_section(lens, Section.plan_id == bindparam("plan_id"), Section.key == bindparam("key"))


def _section_by_id(lens: Lens) -> Any:
    return _one_section(lens, Section.id == bindparam("id"))


def _one_section(lens: Lens, *where: Any) -> Any:
    """With its place among the sections of its kind that the viewer may read, as they count them."""
    other = aliased(Section)
    beside = (other.plan_id == Section.plan_id, other.status == Section.status)
    is_before = tuple_(col(other.position), col(other.id)) <= tuple_(col(Section.position), col(Section.id))
    place = select(func.count()).select_from(other).where(*beside, is_before).scalar_subquery()
    return select(Section, place.label("place"), *lens.held()).where(*where)


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
    works_at = organisations(uow, plan_id)
    return [views.revision_view(row, works_at.get(row.author_id)) for row in uow.all(question)]


def revision(uow: UnitOfWork, plan_id: UUID, key: str, number: int) -> RevisionView:
    row = find_revision(uow, _with_history(uow, plan_id, key), number)
    return views.revision_view(row, organisations(uow, plan_id).get(row.author_id))


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
