"""What stands around every page of a plan: the plan's name, whom to ask, who is looking, and who waits for a word."""

from typing import Any
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.circle.queries import asked_or_waiting, whom_to_ask
from planwiki.people.queries import my_account
from planwiki.plans.queries import header_of, plan_view
from planwiki.plans.schemas import SectionView


def frame(uow: UnitOfWork, plan_id: UUID, sections: list[SectionView] | None = None) -> dict[str, Any]:
    """For the layout: `plan`, `ask` (whom to ask), `came` (for owners: who took an invitation and waits to be
    confirmed), `i_wait` (the viewer is such a one) and `viewer`. Raises NotFound when it is hidden.

    A page that has read all sections hands them on.
    """
    plan = plan_view(uow, plan_id) if sections is None else header_of(uow, plan_id, sections)
    people = asked_or_waiting(uow, plan_id)
    waiting = [one for one in people if one.confirmed is False]
    return {
        "plan": plan,
        "ask": whom_to_ask(people),
        "came": [one for one in waiting if not one.is_me],
        "i_wait": any(one.is_me for one in waiting),
        "viewer": my_account(uow),
    }
