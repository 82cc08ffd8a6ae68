"""Giving and taking away. A grant is never changed in place: one ends, another begins."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid, NotFound, invalid, pointing_into
from planwiki.base.vocabulary import OWNER_ROLES, Level, MemberStatus, Permission, Role
from planwiki.plans.models import Plan, Section
from planwiki.plans.queries import find_section
from planwiki.plans.rules import check_not_frozen

from . import rules
from .models import Grant, Member
from .queries import find_member, member_grants, open_grants, section_grants
from .schemas import GrantDraft, GrantsDraft, GrantsView, MemberGrantDraft, SectionGrantsDraft, SectionGrantsView

Terms = dict[str, Any]
_TERMS = ("level", "withheld", "history", "earlier_history", "from_on", "expires_on")


def replace_section_grants(uow: UnitOfWork, plan_id: UUID, key: str, draft: SectionGrantsDraft) -> SectionGrantsView:
    """Everything this section is given to, in one act; what is left out is taken away."""
    uow.get(Plan, plan_id, lock=True)
    section = find_section(uow, plan_id, key)
    uow.require(Permission.MANAGE, section)
    current = open_grants(uow, section.id)
    standing, wanted = {_subject(one): _terms_of(one) for one in current}, dict[UUID | Role, Terms]()
    for role, level in draft.roles.items():
        rules.check_grantable(level)
        wanted[Role(role)] = _terms(level)
    for place, one in enumerate(draft.members):
        member = _member_in(uow, plan_id, one, place)
        if member.id in wanted:
            raise _twice(f"members/{place}/member_id")
        wanted[member.id] = _terms_of(one)
        if wanted[member.id] != standing.get(member.id):  # What stays as it is asks nobody.
            with pointing_into(f"members/{place}"):
                rules.check_grant(one, uow.today)
                _check_may_set(uow, section, member, wanted[member.id])
    for role in draft.roles:
        _check_ceiling(uow, Role(role), section, wanted[Role(role)], f"roles/{role}")
    _settle(uow, section, current, wanted)
    uow.flush()
    return section_grants(uow, plan_id, key)


def replace_member_grants(uow: UnitOfWork, plan_id: UUID, member_id: UUID, draft: GrantsDraft) -> GrantsView:
    """Everything a member is given by name, in one act, on the sections the owner manages."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    member = find_member(uow, plan_id, member_id)
    wanted = sections_named(uow, plan_id, draft.items, "items")
    for place, (section, one) in enumerate(wanted.values()):
        with pointing_into(f"items/{place}"):
            rules.check_grant(one, uow.today)
            _check_may_set(uow, section, member, _terms_of(one))
    current = uow.all(select(Grant).where(Grant.member_id == member.id, col(Grant.ended_at).is_(None)))
    touched = {section_id: section for section_id, (section, _) in wanted.items()}
    for grant in current:
        touched.setdefault(grant.section_id, uow.get(Section, grant.section_id))
    for section_id, section in touched.items():
        uow.require(Permission.MANAGE, section)
        there = [grant for grant in current if grant.section_id == section_id]
        terms: dict[UUID | Role, Terms] = {member.id: _terms_of(wanted[section_id][1])} if section_id in wanted else {}
        _settle(uow, section, there, terms)
    uow.flush()
    return member_grants(uow, plan_id, member_id)


def give(uow: UnitOfWork, plan_id: UUID, key: str, draft: MemberGrantDraft) -> None:
    """One member's grant on one section, leaving all others as they are."""
    section = find_section(uow, plan_id, key)
    uow.require(Permission.MANAGE, section)
    member = find_member(uow, plan_id, draft.member_id)
    rules.check_grant(draft, uow.today)
    _check_may_set(uow, section, member, _terms_of(draft))
    _settle(
        uow,
        section,
        [one for one in open_grants(uow, section.id) if one.member_id == member.id],
        {member.id: _terms_of(draft)},
    )


def give_role(uow: UnitOfWork, plan_id: UUID, key: str, role: Role, level: Level) -> None:
    """One level for everybody in a role on one section, leaving all others as they are."""
    section = find_section(uow, plan_id, key)
    uow.require(Permission.MANAGE, section)
    rules.check_grantable(level)
    _check_ceiling(uow, role, section, _terms(level))
    _settle(uow, section, [one for one in open_grants(uow, section.id) if one.role is role], {role: _terms(level)})


def stop_sharing(uow: UnitOfWork, plan_id: UUID, key: str, member_id: UUID) -> None:
    """One act closes the section to one member, whatever they or their role were given."""
    section, member = find_section(uow, plan_id, key), find_member(uow, plan_id, member_id)
    still_open = any(grant.role is member.role for grant in open_grants(uow, section.id))
    give(uow, plan_id, key, MemberGrantDraft(member_id=member_id, level=Level.NONE, withheld=still_open))


def end_grants_of(uow: UnitOfWork, member: Member) -> None:
    """Ends what the owner can see was given to a member by name, on sections the owner manages."""
    for grant in uow.all(select(Grant).where(Grant.member_id == member.id, col(Grant.ended_at).is_(None))):
        end_grant(uow, grant)


def end_grant(uow: UnitOfWork, grant: Grant) -> None:
    """Takes one grant away."""
    uow.require(Permission.MANAGE, uow.get(Section, grant.section_id))
    _end(uow, grant)


def begin_again(uow: UnitOfWork, grant: Grant) -> None:
    """Gives again what was ended, with earlier versions open as they were. Asks all that giving asks."""
    section = uow.get(Section, grant.section_id)
    uow.require(Permission.MANAGE, section)
    terms = _terms_of(grant)
    subject = _subject(grant)
    if isinstance(subject, Role):
        _check_ceiling(uow, subject, section, terms)
    else:
        _check_may_set(uow, section, uow.get(Member, subject), terms)
    _begin(uow, section, subject, terms, grant)


def _member_in(uow: UnitOfWork, plan_id: UUID, draft: MemberGrantDraft, place: int) -> Member:
    try:
        return find_member(uow, plan_id, draft.member_id)
    except NotFound:
        raise invalid(f"members/{place}/member_id", "unknown-member", "That person is not in this circle.") from None


def sections_named(
    uow: UnitOfWork, plan_id: UUID, drafts: Iterable[GrantDraft], field: str
) -> dict[UUID, tuple[Section, GrantDraft]]:
    """Each draft beside the section it names. Raises Invalid, pointing into `field`, for one that the owner cannot see,
    and for one that was named before: nobody should guess which of two counts.
    """
    found: dict[UUID, tuple[Section, GrantDraft]] = {}
    for place, one in enumerate(drafts):
        section = uow.first(select(Section).where(Section.plan_id == plan_id, Section.key == one.section_key))
        if section is None:
            raise invalid(
                f"{field}/{place}/section_key", "unknown-section", "There is no such section that you can see."
            )
        if section.id in found:
            raise _twice(f"{field}/{place}/section_key")
        found[section.id] = (section, one)
    return found


def _twice(field: str) -> Invalid:
    return invalid(field, "named-twice", "This is here twice. Please say once what it should be.")


def check_may_offer(uow: UnitOfWork, section: Section, role: Role, given: GrantDraft) -> None:
    """The same for somebody who has yet to come in this role. Raises Invalid or Forbidden."""
    rules.check_grant(given, uow.today)
    to_come = Member(
        plan_id=section.plan_id, display_name="", role=role, status=MemberStatus.ACTIVE, created_at=uow.now
    )
    _check_may_set(uow, section, to_come, _terms_of(given))


def _check_may_set(uow: UnitOfWork, section: Section, member: Member, terms: Terms) -> None:
    """Owners are not lowered by a steward; nothing is given that the policy keeps closed."""
    if terms["withheld"] and member.role in OWNER_ROLES:
        rules.check_may_lower(uow.me(section.plan_id), member)
        if member.role is Role.PERSON:
            raise invalid("withheld", "owner", "Nothing in this plan can be closed to the person it is about.")
    _check_ceiling(uow, member.role, section, terms)


def _check_ceiling(uow: UnitOfWork, role: Role, section: Section, terms: Terms, field: str = "level") -> None:
    if not uow.allows(role, terms["level"], section.label):
        raise invalid(field, "closed-by-policy", "This kind of section never opens to them.")


def _terms(level: Level) -> Terms:
    return {
        "level": level,
        "withheld": False,
        "history": False,
        "earlier_history": False,
        "from_on": None,
        "expires_on": None,
    }


def _terms_of(given: GrantDraft | MemberGrantDraft | Grant) -> Terms:
    """What is withheld gives nothing, whatever level stands beside it."""
    terms = {name: getattr(given, name) for name in _TERMS}
    return terms | {"level": Level.NONE} if given.withheld else terms


def _settle(uow: UnitOfWork, section: Section, current: Iterable[Grant], wanted: dict[UUID | Role, Terms]) -> None:
    """Ends what is no longer wanted as it stands and adds what is new. What stays the same is left alone."""
    standing = {_subject(grant): grant for grant in current}
    for subject, grant in standing.items():
        if wanted.get(subject) != _terms_of(grant):
            _check_may_reopen(uow, grant)
            _end(uow, grant)
    for subject, terms in wanted.items():
        before = standing.get(subject)
        if (terms["level"] is not Level.NONE or terms["withheld"]) and (before is None or before.ended_at is not None):
            _begin(uow, section, subject, terms, before)


def _check_may_reopen(uow: UnitOfWork, grant: Grant) -> None:
    """What the person keeps closed to an owner stays closed until the person opens it."""
    if grant.withheld:
        uow.require_fresh()
    if grant.withheld and grant.member_id is not None:
        rules.check_may_lower(uow.me(grant.plan_id), uow.get(Member, grant.member_id))


def _subject(grant: Grant) -> UUID | Role:
    """To whom it was given: the database holds that there is exactly one."""
    subject = grant.member_id or grant.role
    assert subject is not None  # noqa: S101 - for the type checker; a constraint of the table says the same
    return subject


def _end(uow: UnitOfWork, grant: Grant) -> None:
    grant.ended_at, grant.ended_by = uow.now, uow.principal.account_id
    uow.record("grant.ended", grant.plan_id, section_id=grant.section_id, subject_id=grant.id)


def _begin(uow: UnitOfWork, section: Section, subject: UUID | Role, terms: Terms, before: Grant | None) -> None:
    if rules.widens(terms, before):
        uow.require_fresh()
    grant = Grant(
        plan_id=section.plan_id,
        section_id=section.id,
        member_id=None if isinstance(subject, Role) else subject,
        role=subject if isinstance(subject, Role) else None,
        history_from=_history_from(uow.now, before),
        created_at=uow.now,
        created_by=uow.principal.account_id,
        **terms,
    )
    if not grant.withheld:
        check_not_frozen(uow.get(Plan, section.plan_id))
    uow.add(grant)
    verb = "grant.withheld" if grant.withheld else "grant.begun"
    uow.record(verb, section.plan_id, section_id=section.id, subject_id=grant.id)


def _history_from(now: datetime, before: Grant | None) -> datetime:
    """A grant that follows one with history goes on from the same day; others begin now."""
    had_history = before is not None and (before.history or before.level is Level.EDIT)
    return before.history_from if before is not None and had_history else now
