"""Questions about news. Every word is read again as the reader, from rows that are narrowed to what they may see now.

Nothing is read from the record of what happened: what somebody may not see now is no news, and leaves no gap, date or
count. How far they saw each section is their own row; see models.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import and_, bindparam, func
from sqlmodel import col, select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import ContributionKind, NewsByMail, NewsKind, SectionStatus
from planwiki.circle.models import Member
from planwiki.media.models import Media
from planwiki.outcomes.models import Action
from planwiki.plans.models import Section
from planwiki.talk.models import CheckedMark, Contribution

from . import rules
from .models import NewsBegun, NewsLetter, PutAside, SeenSection
from .schemas import NewsView, SectionState, ToMark

MOST = 200  # Of each kind in one plan.


def states(uow: UnitOfWork, plan_id: UUID, key: str | None = None) -> list[SectionState]:
    """How far each section the viewer may read has come, and how far they saw it; or the one with this key."""
    rows = uow.ask(_states, plan_id=plan_id) if key is None else uow.ask(_state, plan_id=plan_id, key=key)
    return [_state_view(row) for row in rows]


def _states(lens: Lens) -> Any:  # noqa: ARG001 - the same for every kind of viewer
    newest = [
        select(func.max(at)).where(table.section_id == Section.id).scalar_subquery()
        for table, at in (
            (Contribution, Contribution.created_at),
            (Contribution, Contribution.decided_at),
            (CheckedMark, CheckedMark.created_at),
            (Media, Media.created_at),
            (Action, Action.created_at),
        )
    ]
    shown = (Section.id, Section.key, Section.title, Section.revision, Section.updated_at, Section.updated_by)
    question = cast(Any, select)(*shown, Section.updated_by_name, SeenSection.revision, SeenSection.until, *newest)
    question = question.outerjoin(SeenSection, SeenSection.section_id == Section.id)
    here = (Section.plan_id == bindparam("plan_id"), Section.status == SectionStatus.ACTIVE)
    return question.where(*here).order_by(col(Section.position), col(Section.id))


def _state(lens: Lens) -> Any:
    return _states(lens).where(Section.key == bindparam("key"))


def _state_view(row: Any) -> SectionState:
    section_id, key, title, revision, changed_at, changed_by, name, seen, until, *newest = row
    return SectionState(
        section_id=section_id,
        key=key,
        title=title,
        revision=revision,
        changed_at=changed_at,
        changed_by=changed_by,
        changed_by_name=name,
        newest=max((one for one in newest if one is not None), default=rules.BEFORE_ALL),
        seen_revision=seen,
        seen_until=until,
    )


def has_begun(uow: UnitOfWork, plan_id: UUID) -> bool:
    """Has the viewer opened this plan before?"""
    return bool(uow.ask(_begun, plan_id=plan_id))


def _begun(lens: Lens) -> Any:  # noqa: ARG001 - the same
    return select(NewsBegun.id).where(NewsBegun.plan_id == bindparam("plan_id"))


def seen_by_opening(uow: UnitOfWork, plan_id: UUID, key: str) -> ToMark:
    """What the viewer sees first as they open this section; all there is, where they never opened the plan before."""
    here = states(uow, plan_id, key)
    if any(one.seen_revision is None for one in here) and not has_begun(uow, plan_id):
        return ToMark(sections=states(uow, plan_id), begins=True)
    return ToMark(sections=[one for one in here if one.is_ahead])


def since_i_looked(uow: UnitOfWork, plan_id: UUID) -> tuple[list[NewsView], ToMark]:
    """What is new for the viewer in a plan, newest first. Somebody who opens it for the first time is told nothing:
    then all that is there counts as seen."""
    found = states(uow, plan_id)
    if not any(one.seen_revision is not None for one in found) and not has_begun(uow, plan_id):
        return [], ToMark(sections=found, begins=True)
    return without_put_aside(uow, plan_id, news_in(uow, plan_id, found)), ToMark(sections=[])


def news_in(uow: UnitOfWork, plan_id: UUID, found: list[SectionState]) -> list[NewsView]:
    """What is new in these sections of one plan, for somebody who has opened it before."""
    me, by_id = uow.principal.account_id, {one.section_id: one for one in found}
    news = [one for state in found for one in _of_text(state, plan_id, me)]
    if any(one.seen_until is not None and one.newest > one.seen_until for one in found):
        for rows, view in (
            (_said, _said_view),
            (_answers, _answer_view),
            (_checked, _checked_view),
            (_media, _media_view),
            (_actions, _action_view),
        ):
            there = [row for row in uow.ask(rows, plan_id=plan_id, me=me) if row.section_id in by_id]
            news += [view(row, _place(plan_id, by_id[row.section_id])) for row in there]
    return rules.in_order(news)


def _of_text(state: SectionState, plan_id: UUID, me: UUID) -> Iterator[NewsView]:
    """A section that is new to the viewer, or whose text somebody else saved last. When it was shared is not theirs to
    know."""
    if state.changed_by == me:
        return
    place, number = _place(plan_id, state), (state.section_id, state.revision)
    if state.seen_revision is None:
        yield NewsView(about=rules.about("shared", *number), kind=NewsKind.SHARED, **place)
    elif state.revision > state.seen_revision:
        said = {"at": state.changed_at, "who": state.changed_by_name}
        yield NewsView(about=rules.about("changed", *number), kind=NewsKind.CHANGED, **said, **place)


def _place(plan_id: UUID, state: SectionState) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "section_id": state.section_id,
        "section_key": state.key,
        "what": state.title,
    }


def _since(table: Any, at: Any, *shown: Any) -> Any:
    """Rows beside sections of the plan that came after the viewer saw them, newest first."""
    question = cast(Any, select)(table.id, table.section_id, at.label("at"), *shown)
    question = question.join(SeenSection, SeenSection.section_id == table.section_id)
    there = question.where(table.plan_id == bindparam("plan_id"), at > SeenSection.until)
    return there.order_by(at.desc(), table.id.desc()).limit(MOST)


def _said(lens: Lens) -> Any:  # noqa: ARG001 - the same
    shown = (Contribution.kind, Contribution.author_name)
    others = (Contribution.author_id != bindparam("me"), col(Contribution.withdrawn_at).is_(None))
    return _since(Contribution, col(Contribution.created_at), *shown).where(*others)


def _said_view(row: Any, place: dict[str, Any]) -> NewsView:
    return said_view(row.id, row.kind, row.author_name, row.at, place)


def said_view(id: UUID, kind: ContributionKind, who: str, at: datetime, place: dict[str, Any]) -> NewsView:
    """Something that somebody else said, whether it is new or waits for an answer."""
    return NewsView(about=rules.about("said", id), kind=NewsKind(kind.value), who=who, at=at, said_id=id, **place)


def _answers(lens: Lens) -> Any:  # noqa: ARG001 - the same
    shown = (Contribution.status, Contribution.decided_by_name)
    mine = (Contribution.author_id == bindparam("me"), Contribution.decided_by != bindparam("me"))
    there = _since(Contribution, col(Contribution.decided_at), *shown)
    return there.where(*mine, col(Contribution.withdrawn_at).is_(None))


def _answer_view(row: Any, place: dict[str, Any]) -> NewsView:
    kind, name = rules.ANSWERS[row.status], rules.about("answer", row.id)
    return NewsView(about=name, kind=kind, who=row.decided_by_name, at=row.at, said_id=row.id, **place)


def _checked(lens: Lens) -> Any:  # noqa: ARG001 - the same
    """Marks on the text as it stands."""
    there = _since(CheckedMark, col(CheckedMark.created_at), CheckedMark.author_name)
    there = there.join(Section, Section.id == CheckedMark.section_id).where(CheckedMark.revision == Section.revision)
    return there.where(CheckedMark.author_id != bindparam("me"), col(CheckedMark.ended_at).is_(None))


def _checked_view(row: Any, place: dict[str, Any]) -> NewsView:
    return NewsView(
        about=rules.about("checked", row.id), kind=NewsKind.CHECKED, who=row.author_name, at=row.at, **place
    )


def _media(lens: Lens) -> Any:  # noqa: ARG001 - the same
    return _since(Media, col(Media.created_at), Media.kind).where(Media.created_by != bindparam("me"))


def _media_view(row: Any, place: dict[str, Any]) -> NewsView:
    return NewsView(about=rules.about("media", row.id), kind=NewsKind(row.kind.value), at=row.at, **place)


def _actions(lens: Lens) -> Any:
    """What is to be done as it stands, and whether it is the viewer who does it."""
    there = _since(Action, col(Action.created_at), Action.author_name, col(Member.id).label("mine"))
    there = there.outerjoin(Member, and_(col(Member.id) == Action.who_member_id, lens.is_me(Member)))
    stands = (col(Action.replaced_at).is_(None), ~col(Action.put_away))
    return there.where(*stands, Action.author_id != bindparam("me"))


def _action_view(row: Any, place: dict[str, Any]) -> NewsView:
    kind = NewsKind.FOR_YOU if row.mine else NewsKind.ACTION
    return NewsView(about=rules.about("action", row.id), kind=kind, who=row.author_name, at=row.at, **place)


def without_put_aside(uow: UnitOfWork, plan_id: UUID, news: list[NewsView]) -> list[NewsView]:
    """For good where it is new; for a month where it waits for an answer."""
    if not news:
        return news
    aside = {row.about for row in uow.ask(_aside, plan_id=plan_id)}
    return [one for one in news if one.about not in aside]


def _aside(lens: Lens) -> Any:  # noqa: ARG001 - the same
    return select(PutAside.about).where(PutAside.plan_id == bindparam("plan_id"))


def put_aside_since(uow: UnitOfWork, plan_id: UUID, since: datetime) -> set[str]:
    there = select(PutAside.about).where(PutAside.plan_id == plan_id)
    return set(uow.all(there.where(col(PutAside.put_at) > since)))


def names_in(news: Iterable[NewsView]) -> set[str]:
    return {one.about for one in news}


def my_letters(uow: UnitOfWork) -> NewsByMail:
    """How often the viewer wants a letter: every week, where they never said."""
    row = uow.first(select(NewsLetter).where(NewsLetter.account_id == uow.principal.account_id))
    return row.how_often if row else NewsByMail.WEEKLY
