"""What stands around every page of a plan: the plan's name, whom to ask, and who is looking."""

from typing import Any
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.circle.queries import key_workers
from planwiki.people.queries import my_account
from planwiki.plans.queries import plan_view


def frame(uow: UnitOfWork, plan_id: UUID) -> dict[str, Any]:
    """For the layout: `plan`, `ask` (names of the key workers) and `viewer`. Raises NotFound when it is hidden."""
    asked = [one.display_name for one in key_workers(uow, plan_id)]
    return {"plan": plan_view(uow, plan_id), "ask": asked, "viewer": my_account(uow)}
