"""Questions about actions. Rows are narrowed: whoever may not read a section finds nothing that is to be done there."""

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound
from planwiki.base.vocabulary import SectionStatus
from planwiki.circle.queries import members
from planwiki.plans.models import Section
from planwiki.plans.queries import check_plan

from . import rules, views
from .models import Action
from .schemas import ActionView, Asked

_SHOWN = (
    *(Action.action_id, Action.number, Action.what, Action.how, Action.who_member_id),
    *(Action.who_name, Action.due_on, Action.status, Action.progress_note, Action.completed_at, Action.put_away),
    *(Action.author_name, Action.begun_at, Action.created_at),
)


def actions(uow: UnitOfWork, plan_id: UUID, asked: Asked, *, after: UUID | None, limit: int) -> list[ActionView]:
    """In the order they were added, after the one with id `after`."""
    check_plan(uow, plan_id)
    people = _people(uow, plan_id)
    if asked.member_id is not None and asked.member_id not in people.here:
        return []
    question = _standing().where(Action.plan_id == plan_id, ~col(Action.put_away), *_conditions(asked, after))
    rows = uow.all(question.order_by(col(Action.action_id)).limit(limit))
    return [views.action_view(row, people) for row in rows]


def open_actions(uow: UnitOfWork, plan_id: UUID) -> list[ActionView]:
    """All that is to be done in a plan, soonest first."""
    return rules.in_order(one for one in all_actions(uow, plan_id) if one.is_open)


def all_actions(uow: UnitOfWork, plan_id: UUID) -> list[ActionView]:
    """Those of every section in use, in the order they were added."""
    return _views(uow, plan_id, uow.ask(_in_plan, plan_id=plan_id))


def _in_plan(_lens: Lens) -> Any:
    there = _standing().where(Action.plan_id == bindparam("plan_id"), ~col(Action.put_away))
    return there.order_by(col(Action.action_id))


def actions_in(uow: UnitOfWork, plan_id: UUID, section_id: UUID) -> list[ActionView]:
    """All in one section, what is open first; for those who may change it also what is put away, last."""
    found = _views(uow, plan_id, uow.ask(_beside, section_id=section_id))
    there = rules.in_order(one for one in found if not one.put_away)
    return [*there, *(one for one in found if one.put_away)]


def _beside(_lens: Lens) -> Any:
    """Those of a section that may itself be put away, for whoever may open it then."""
    return _of_section().where(Action.section_id == bindparam("section_id")).order_by(col(Action.action_id))


def action(uow: UnitOfWork, plan_id: UUID, action_id: UUID, *, put_away: bool = False) -> ActionView:
    """Raises NotFound when it is hidden, put away or missing; with `put_away` that may be, too."""
    row = uow.ask_one(_one, plan_id=plan_id, action_id=action_id)
    if row.put_away and not put_away:
        raise NotFound
    return _views(uow, plan_id, [row])[0]


def _one(_lens: Lens) -> Any:
    named = (Action.plan_id == bindparam("plan_id"), Action.action_id == bindparam("action_id"))
    return _of_section().where(*named)


def earlier(uow: UnitOfWork, plan_id: UUID, action_id: UUID) -> list[ActionView]:
    """The versions before, newest first, as far as the history is open to the viewer."""
    question = _versions().where(Action.plan_id == plan_id, Action.action_id == action_id)
    rows = uow.all(question.where(col(Action.replaced_at).is_not(None)).order_by(col(Action.number).desc()))
    return _views(uow, plan_id, rows)


def find_action(uow: UnitOfWork, plan_id: UUID, action_id: UUID) -> Action:
    """The version that stands, held until the end of the transaction."""
    question = select(Action).where(Action.plan_id == plan_id, Action.action_id == action_id)
    return cast(Action, uow.one(question.where(col(Action.replaced_at).is_(None)), lock=True))


def _versions() -> Any:
    place: Any = (col(Section.key).label("section_key"), col(Section.title).label("section_title"))
    return cast(Any, select)(*_SHOWN, *place).join(Section, col(Section.id) == Action.section_id)


def _of_section() -> Any:
    return _versions().where(col(Action.replaced_at).is_(None))


def _standing() -> Any:
    return _of_section().where(Section.status == SectionStatus.ACTIVE)


def _conditions(asked: Asked, after: UUID | None) -> Iterator[Any]:
    if after is not None:
        yield col(Action.action_id) > after
    if asked.status is not None:
        yield Action.status == asked.status
    if asked.due_before is not None:
        yield col(Action.due_on) < asked.due_before
    if asked.member_id is not None:
        yield Action.who_member_id == asked.member_id


def _views(uow: UnitOfWork, plan_id: UUID, rows: Sequence[Any]) -> list[ActionView]:
    if not rows:
        return []
    people = _people(uow, plan_id)
    return [views.action_view(row, people) for row in rows]


def _people(uow: UnitOfWork, plan_id: UUID) -> views.People:
    return views.People.of(members(uow, plan_id), owner=uow.owns(plan_id))
