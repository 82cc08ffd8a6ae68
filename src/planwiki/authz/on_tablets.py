"""What never opens or changes on a shared tablet: whoever set it up has seen the pictures that open it."""

from typing import Any

from sqlalchemy import and_, false, or_
from sqlmodel import col

from planwiki.base.guarded import InSection
from planwiki.base.vocabulary import Label, Role
from planwiki.integrations.models import KeptAnswer
from planwiki.people.models import Account, Login
from planwiki.search.models import SearchEntry
from planwiki.tables import METADATA

from .parts import exists_such, is_one_of
from .seers import ACCOUNT, TABLET_PLAN, Yes
from .standing import reaches

_TABLET, _KNOWER = METADATA.tables["tablet"].alias("a_tablet"), METADATA.tables["member"].alias("knower")
_WITHHELD, _BESIDE = METADATA.tables["grant"].alias("kept_closed"), METADATA.tables["section"].alias("beside")


def opens_on_a_tablet(section: Any) -> Yes:
    """No diary, and nothing kept closed to a steward or to whoever set a tablet up: they have seen its pictures."""
    of_theirs = (_TABLET.c.plan_id == _KNOWER.c.plan_id, _TABLET.c.enrolled_by == _KNOWER.c.account_id)
    set_one_up = exists_such(_TABLET, *of_theirs, _TABLET.c.ended_at.is_(None))
    knows = and_(_KNOWER.c.ended_at.is_(None), or_(is_one_of(_KNOWER.c.role, Role.STEWARD), set_one_up))
    here = and_(_KNOWER.c.plan_id == _WITHHELD.c.plan_id, _WITHHELD.c.withheld)
    kept_closed = exists_such((_WITHHELD, _KNOWER), here, reaches(_WITHHELD.c, section, _KNOWER.c), knows)
    return and_(section.label != Label.DIARY, ~kept_closed)


def beside_one_on_a_tablet(row: Any) -> Yes:
    """A row of such a section. What was said in a diary stays closed, whatever its label became."""
    labels = [getattr(row, name) for name in ("label", "answer_label") if hasattr(row, name)]
    no_diary = [or_(label.is_(None), label != Label.DIARY) for label in labels]
    return and_(exists_such(_BESIDE, _BESIDE.c.id == row.section_id, opens_on_a_tablet(_BESIDE.c)), *no_diary)


def of_whoever_is_there(table: Any) -> Yes:
    """Outside plans: a name, the sign-ins of such tablets, and what was answered about this one plan.

    By such an answer a recording that is sent twice is kept once.
    """
    if table is Account:
        return col(Account.id) == ACCOUNT
    if table is Login:
        return and_(col(Login.account_id) == ACCOUNT, col(Login.tablet_id).is_not(None))
    if table is KeptAnswer:
        return and_(col(KeptAnswer.account_id) == ACCOUNT, col(KeptAnswer.plan_id) == TABLET_PLAN)
    return false()


def lies_beside_the_words(row: Any) -> bool:
    """Of these rows one adds on a tablet, and changes none: only the words grow, and what search knows of them."""
    return isinstance(row, InSection) and not isinstance(row, SearchEntry)
