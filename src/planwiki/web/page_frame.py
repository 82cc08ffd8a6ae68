"""What stands around every page of a plan: the plan's name, whom to ask, and who is looking."""

from typing import Any
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.circle.queries import whom_to_ask
from planwiki.people.queries import my_account
from planwiki.plans.queries import header_of, plan_view
from planwiki.plans.schemas import SectionView


def frame(uow: UnitOfWork, plan_id: UUID, sections: list[SectionView] | None = None) -> dict[str, Any]:
    """For the layout: `plan`, `ask` (names of the key workers) and `viewer`. Raises NotFound when it is hidden.

    A page that has read all sections hands them on.
    """
    plan = plan_view(uow, plan_id) if sections is None else header_of(uow, plan_id, sections)
    return {"plan": plan, "ask": whom_to_ask(uow, plan_id), "viewer": my_account(uow)}
