"""Who reads rows that follow their plan or section more narrowly than others do, as SQL."""

from sqlalchemy import ColumnElement, Integer, and_, exists, literal_column, or_
from sqlmodel import col

from planwiki.base.vocabulary import Permission
from planwiki.circle.models import Member
from planwiki.outcomes.models import Action
from planwiki.plans.models import EasyText
from planwiki.tables import METADATA
from planwiki.talk.models import CheckedMark, Contribution, Perspective

from .seers import Who
from .standing import Standing

_HERE = METADATA.tables["section"].alias("here")
_NO_VERSION: ColumnElement[int] = literal_column("-1", Integer)  # Nor is any the next one.


def members(standing: Standing, who: Who) -> ColumnElement[bool]:
    """The circle as it is, for whom it knows; those who have left are there for owners alone."""
    still_here = and_(col(Member.ended_at).is_(None), standing.meets(Member, who))
    return or_(still_here, standing.in_plan(Member.plan_id, who, owner=True))


def contributions(standing: Standing, who: Who) -> ColumnElement[bool]:
    """Under each label it was said and answered under. What was taken back is there for its author and for owners."""
    theirs = standing.is_account(Contribution.plan_id, Contribution.author_id, who)
    owners = standing.beside_section(Permission.MANAGE, Contribution, who)
    stays = or_(col(Contribution.withdrawn_at).is_(None), theirs, owners)
    return and_(standing.on_words(Contribution, who, Contribution.label, Contribution.answer_label), stays)


def checked_marks(standing: Standing, who: Who) -> ColumnElement[bool]:
    rule: ColumnElement[bool] = standing.on_words(CheckedMark, who, CheckedMark.label)
    return rule


def easy_texts(standing: Standing, who: Who) -> ColumnElement[bool]:
    """The newest as its section is read, under the label it was written with too; earlier ones as the history is."""
    is_newest = exists().where(_HERE.c.id == EasyText.section_id, _HERE.c.easy_number == EasyText.number)
    newest = and_(is_newest.correlate_except(_HERE), standing.on_words(EasyText, who, EasyText.label))
    return or_(newest, standing.on_revision(EasyText, who, _NO_VERSION))


def actions(standing: Standing, who: Who) -> ColumnElement[bool]:
    """As it stands, under the label it was written under; put away, for those who may change it. Earlier versions as
    the history is."""
    stays = or_(~col(Action.put_away), standing.beside_section(Permission.EDIT, Action, who))
    stands = and_(col(Action.replaced_at).is_(None), standing.on_words(Action, who, Action.label), stays)
    was = and_(col(Action.replaced_at).is_not(None), standing.on_revision(Action, who, _NO_VERSION))
    return or_(stands, was)


def perspectives(standing: Standing, who: Who) -> ColumnElement[bool]:
    """Under the label it was written with. What ended is there for its author and for owners."""
    theirs = standing.is_account(Perspective.plan_id, Perspective.author_id, who)
    owners = standing.beside_section(Permission.MANAGE, Perspective, who)
    stays = or_(col(Perspective.ended_at).is_(None), theirs, owners)
    return and_(standing.on_words(Perspective, who, Perspective.label), stays)
