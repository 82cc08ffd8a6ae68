"""Who the caller is, and where they stand."""

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.plans.queries import my_levels

from .queries import my_account
from .schemas import MeView, MyPlanRef


def who_am_i(uow: UnitOfWork) -> MeView:
    me = my_account(uow)
    plans = [MyPlanRef(plan_id=plan_id, level=level) for plan_id, level in my_levels(uow).items()]
    return MeView(type="account", id=me.id, display_name=me.display_name, scopes=[], plans=plans)
