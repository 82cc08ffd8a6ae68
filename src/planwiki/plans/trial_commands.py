"""What a change of a section's settings would come to for the circle: it is made for real, and asked about. Whoever
calls this must forget the transaction afterwards (`web/trying.py` does)."""

from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.circle.sharing_queries import sharing
from planwiki.circle.sharing_schemas import EffectView

from .queries import section_view
from .schemas import SectionPatch
from .section_commands import change_section


def as_if_changed(uow: UnitOfWork, plan_id: UUID, key: str, patch: SectionPatch) -> list[EffectView]:
    """Everybody for whom something would be different."""
    before = {one.member.id: one for one in sharing(uow, plan_id, key).people}
    change_section(uow, plan_id, key, patch, based_on=section_view(uow, plan_id, key).revision)
    after = sharing(uow, plan_id, key).people
    found = [EffectView(before=before[one.member.id], after=one) for one in after]
    return [one for one in found if one.before != one.after]
