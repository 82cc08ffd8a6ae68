"""Who is looking, as SQL: which member they are, and what every statement is told of them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Date, Uuid, and_, bindparam

from planwiki.base.columns import Instant

Yes = ColumnElement[bool]
Who = Callable[[Any], Yes]

ACCOUNT = bindparam("authz_account", type_=Uuid())
AS_MEMBER = bindparam("authz_as_member", type_=Uuid())
TODAY = bindparam("authz_today", type_=Date())
NOW = bindparam("authz_now", type_=Instant())
GUEST_LINK = bindparam("authz_guest_link", type_=Uuid())
TABLET_PLAN = bindparam("authz_tablet_plan", type_=Uuid())


def the_account(member: Any) -> Yes:
    return member.account_id == ACCOUNT


def the_seen_member(member: Any) -> Yes:
    return member.id == AS_MEMBER


def on_the_tablet(member: Any) -> Yes:
    """The account, in the one plan that this tablet was set up for."""
    return and_(member.account_id == ACCOUNT, member.plan_id == TABLET_PLAN)
