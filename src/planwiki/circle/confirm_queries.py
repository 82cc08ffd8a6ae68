"""Who took an invitation, for the owners who are to say whether it is the right one."""

from uuid import UUID

from sqlmodel import select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound
from planwiki.base.vocabulary import OWNER_ROLES
from planwiki.people.models import Account

from .coming_schemas import CameView
from .models import Invitation, Member
from .owner_queries import owners_who_sign_in
from .place_commands import the_person
from .queries import find_member, member_view
from .views import waits


def who_came(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> CameView:
    """Their own name and address, while they wait and no longer. Owners ask."""
    member = find_member(uow, plan_id, member_id)
    uow.permit_owner(plan_id)
    if not waits(member):
        raise NotFound
    with uow.system("an owner is shown who took an invitation") as session:
        account = session.get_one(Account, member.account_id)
        name, email = account.display_name, account.email or account.waiting_email
        proven = account.email_confirmed_at is not None
    view, person = member_view(uow, plan_id, member_id), the_person(uow, member)
    return CameView(
        member=view,
        place=person.display_name if person is not None else None,
        account_name=name,
        account_email=email,
        email_is_proven=proven,
        may_say_yes=may_say_yes(uow, member),
    )


def may_say_yes(uow: UnitOfWork, member: Member) -> bool:
    """Whoever invited somebody to own the plan does not say yes to them, while another owner can. Owners ask."""
    if member.role not in OWNER_ROLES and the_person(uow, member) is None:
        return True
    me = uow.principal.account_id
    asked = select(Invitation.id).where(Invitation.member_id == member.id, Invitation.invited_by == me)
    others = [one for one in owners_who_sign_in(uow, member.plan_id) if one.account_id != me]
    return uow.first(asked) is None or not others
