"""Ideas for sharing, from the template a plan began from. They share nothing: owners choose."""

from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Level, Role

from .models import Plan
from .schemas import SectionView
from .templating import templates


def offers(uow: UnitOfWork, plan_id: UUID, section: SectionView) -> dict[Role, Level]:
    """What the template would give each role on this section, where a grant could give it today."""
    begun = templates().get(uow.get(Plan, plan_id).template)
    known = {one.key: one.offers for one in begun.sections} if begun else {}
    found = known.get(section.key, {})
    return {role: level for role, level in found.items() if uow.allows(role, level, section.label)}
