"""New for me: across all plans of one reader, what is new, and what waits for their answer."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import (
    ContributionKind,
    ContributionStatus,
    NewsKind,
    Permission,
    SectionStatus,
)
from planwiki.circle.queries import asked_or_waiting
from planwiki.circle.task_commands import tasks
from planwiki.plans.models import Section
from planwiki.plans.queries import my_parts
from planwiki.plans.schemas import PartView
from planwiki.talk.models import Contribution

from . import rules
from .queries import MOST, has_begun, names_in, news_in, put_aside_since, said_view, states, without_put_aside
from .schemas import InboxView, NewsView

PLANS = 500
_ASKS = (ContributionKind.SUGGESTION, ContributionKind.QUESTION)


def inbox(uow: UnitOfWork) -> InboxView:
    """What waits for an answer is not told a second time as new."""
    parts = my_parts(uow, limit=PLANS)
    waits = [one for part in parts for one in waiting(uow, part.id, _name_of(part))]
    waits_too = names_in(waits)
    new = [one for one in news(uow, parts) if one.about not in waits_too]
    return InboxView(new=rules.in_order(new), waits=rules.in_order(waits))


def news(uow: UnitOfWork, parts: list[PartView] | None = None) -> list[NewsView]:
    """All that is new for the viewer, plan after plan."""
    parts = my_parts(uow, limit=PLANS) if parts is None else parts
    return [one for part in parts for one in _new_in(uow, part)]


def _name_of(part: PartView) -> str:
    return part.person.preferred_name or part.person.display_name


def _new_in(uow: UnitOfWork, part: PartView) -> list[NewsView]:
    """Nothing in a plan that was never opened: there all would be new."""
    if not has_begun(uow, part.id):
        return []
    found = without_put_aside(uow, part.id, news_in(uow, part.id, states(uow, part.id)))
    return _named(found, _name_of(part))


def _named(found: Iterable[NewsView], whose_plan: str) -> list[NewsView]:
    return [one.model_copy(update={"whose_plan": whose_plan}) for one in found]


def waiting(uow: UnitOfWork, plan_id: UUID, whose_plan: str = "") -> list[NewsView]:
    """Suggestions and questions the viewer may answer; who came and waits for their word; what owners may think about.

    What was put aside comes back after a month.
    """
    found = [*_to_answer(uow, plan_id), *_who_came(uow, plan_id), *_to_think(uow, plan_id)]
    aside = put_aside_since(uow, plan_id, uow.now - rules.RESTS) if found else set()
    return _named((one for one in found if one.about not in aside), whose_plan)


def _to_answer(uow: UnitOfWork, plan_id: UUID) -> list[NewsView]:
    rows = uow.ask(_open_questions, plan_id=plan_id, me=uow.principal.account_id)
    mine = [row for row in rows if Permission.EDIT in uow.permissions_of(row)]
    return [said_view(row.id, row.kind, row.author_name, row.created_at, _place(plan_id, row)) for row in mine]


def _open_questions(lens: Lens) -> Any:
    shown = (Contribution.id, Contribution.kind, Contribution.author_name, Contribution.created_at)
    question = cast(Any, select)(*shown, Contribution.section_id, Section.key, Section.title, *lens.held())
    question = question.join(Section, Section.id == Contribution.section_id)
    here = (Contribution.plan_id == bindparam("plan_id"), Section.status == SectionStatus.ACTIVE)
    is_open = (Contribution.status == ContributionStatus.OPEN, col(Contribution.withdrawn_at).is_(None))
    asked = (col(Contribution.kind).in_(_ASKS), Contribution.author_id != bindparam("me"))
    return question.where(*here, *is_open, *asked).order_by(col(Contribution.id).desc()).limit(MOST)


def _place(plan_id: UUID, row: Any) -> dict[str, Any]:
    return {"plan_id": plan_id, "section_id": row.section_id, "section_key": row.key, "what": row.title}


def _who_came(uow: UnitOfWork, plan_id: UUID) -> list[NewsView]:
    """For owners, who alone are shown that somebody waits."""
    came = [one for one in asked_or_waiting(uow, plan_id) if one.confirmed is False and not one.is_me]
    return [
        NewsView(
            about=rules.about("came", one.id),
            kind=NewsKind.CAME,
            plan_id=plan_id,
            who=one.display_name,
            member_id=one.id,
        )
        for one in came
    ]


def _to_think(uow: UnitOfWork, plan_id: UUID) -> list[NewsView]:
    if not uow.owns(plan_id):
        return []
    return [
        NewsView(
            about=rules.about("think", plan_id) + f"-{one.about}"[:60],
            kind=NewsKind.TO_THINK,
            plan_id=plan_id,
            what=one.title,
        )
        for one in tasks(uow, plan_id)
    ]
