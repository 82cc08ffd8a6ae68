"""Stopping all sharing in one act, and starting it again.

Any owner may stop it. Whoever stopped it starts it again, or the person; another owner only once that one has gone: so
nobody is stopped from protecting somebody by the one they protect from.
"""

from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.vocabulary import Role
from planwiki.plans.models import Plan

from .coming_schemas import FreezeView
from .models import Member


def freeze_sharing(uow: UnitOfWork, plan_id: UUID) -> None:
    """From now on nobody but the owners sees anything. What was shared is kept, and rests."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    if plan.frozen_at is None:
        plan.frozen_at, plan.frozen_by = uow.now, uow.principal.account_id
        uow.record("plan.frozen", plan_id)


def unfreeze_sharing(uow: UnitOfWork, plan_id: UUID) -> None:
    """Everybody sees again what they were given."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    if plan.frozen_at is None:
        return
    if not _may_end(uow, plan):
        raise Forbidden("Whoever stopped the sharing can start it again.")
    uow.require_fresh()
    plan.frozen_at, plan.frozen_by = None, None
    uow.record("plan.unfrozen", plan_id)


def freeze_view(uow: UnitOfWork, plan_id: UUID) -> FreezeView | None:
    """Who stopped it, when, and whether the asker may start it again; None while sharing goes on. Owners ask."""
    plan = uow.get(Plan, plan_id)
    uow.permit_owner(plan_id)
    if plan.frozen_at is None:
        return None
    who = _who_froze(uow, plan)
    return FreezeView(at=plan.frozen_at, by=who.display_name if who else "", may_end=_may_end(uow, plan))


def _may_end(uow: UnitOfWork, plan: Plan) -> bool:
    if plan.frozen_by == uow.principal.account_id or uow.me(plan.id).role is Role.PERSON:
        return True
    who = _who_froze(uow, plan)
    return who is None or not uow.is_owner(who)


def _who_froze(uow: UnitOfWork, plan: Plan) -> Member | None:
    """Nobody where the host put an older backup back: then any owner looks, and starts it again."""
    if plan.frozen_by is None:
        return None
    question = select(Member).where(Member.plan_id == plan.id, Member.account_id == plan.frozen_by)
    found: Member | None = uow.first(question.order_by(col(Member.ended_at).is_not(None), col(Member.id).desc()))
    return found
