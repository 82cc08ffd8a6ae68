"""Questions about the circle: who is in it, what each was given, who can see what, and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, false, func, not_, or_
from sqlmodel import col, select

from planwiki.authz.lens import Lens, Permissions
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork, level_of
from planwiki.base.shapes import FaceView
from planwiki.base.vocabulary import Level, Permission, Role, SectionStatus
from planwiki.plans.models import Plan, Section
from planwiki.plans.queries import check_plan, find_section, sections

from . import views
from .audience_schemas import AudienceView
from .models import Grant, Member
from .schemas import (
    AccessMatrixView,
    ExplanationView,
    GrantsView,
    MemberView,
    SectionGrantsView,
    SubjectView,
)
from .share_link_queries import as_subjects, openings

EVERYBODY = 100_000
_FIRST = UUID(int=0)  # Before every id.
_VERBS = {
    Permission.READ: "see",
    Permission.COMMENT: "comment on",
    Permission.SUGGEST: "suggest changes to",
    Permission.EDIT: "change",
    Permission.HISTORY: "see earlier versions of",
    Permission.MANAGE: "share and manage",
}


def members(uow: UnitOfWork, plan_id: UUID, *, after: UUID | None = None, limit: int = EVERYBODY) -> list[MemberView]:
    """The circle as it stands, in the order they joined."""
    rows = uow.ask(_members, plan_id=plan_id, after=after or _FIRST, limit=limit)
    if not rows:
        check_plan(uow, plan_id)
    return [_view(uow, row) for row in rows]


def _view(uow: UnitOfWork, row: Any) -> MemberView:
    return views.member_view(row, owner=row.owner, is_me=_is_me(uow, row), today=uow.today)


def _members(lens: Lens) -> Any:
    there = select(Member, lens.owned().label("owner")).join(Plan, col(Plan.id) == Member.plan_id)
    there = there.where(Member.plan_id == bindparam("plan_id"), col(Member.ended_at).is_(None))
    return there.where(col(Member.id) > bindparam("after")).order_by(col(Member.id)).limit(bindparam("limit"))


def find_member(uow: UnitOfWork, plan_id: UUID, member_id: UUID, *, lock: bool = False) -> Member:
    question = select(Member).where(Member.id == member_id, Member.plan_id == plan_id, col(Member.ended_at).is_(None))
    return uow.one(question, lock=lock)


def member_view(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> MemberView:
    member = find_member(uow, plan_id, member_id)
    return views.member_view(member, owner=uow.owns(plan_id), is_me=_is_me(uow, member), today=uow.today)


def _is_me(uow: UnitOfWork, member: Any) -> bool:
    """Whoever looks as a member sees that member's own entry as their own."""
    seen = uow.principal.as_member_id
    return member.account_id == uow.principal.account_id if seen is None else member.id == seen


def whom_to_ask(people: Iterable[MemberView]) -> list[MemberView]:
    """The one who is marked for it; where nobody is, every key worker."""
    there = [one for one in people if one.here]
    return [one for one in there if one.is_key_worker] or [one for one in there if one.role is Role.KEY_WORKER]


def asked_or_waiting(uow: UnitOfWork, plan_id: UUID) -> list[MemberView]:
    """Those whom every page of a plan may name: whom to ask, and who waits to be confirmed."""
    return [_view(uow, row) for row in uow.ask(_asked_or_waiting, plan_id=plan_id)]


def _asked_or_waiting(lens: Lens) -> Any:
    there = select(Member, lens.owned().label("owner")).join(Plan, col(Plan.id) == Member.plan_id)
    there = there.where(Member.plan_id == bindparam("plan_id"), col(Member.ended_at).is_(None))
    waits = and_(col(Member.account_id).is_not(None), col(Member.confirmed_at).is_(None))
    return there.where(or_(col(Member.is_key_worker), col(Member.role) == Role.KEY_WORKER, waits)).order_by(
        col(Member.id)
    )


def open_grants(uow: UnitOfWork, section_id: UUID) -> list[Grant]:
    """Grants on a section that have not been ended, whatever their dates. Owners alone read any."""
    return uow.all(
        select(Grant).where(Grant.section_id == section_id, col(Grant.ended_at).is_(None)).order_by(col(Grant.id))
    )


def member_grants(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> GrantsView:
    """What a member is given by name, in the order of the sections."""
    check_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    member = find_member(uow, plan_id, member_id)
    question = select(Grant, Section.key).join(Section, col(Section.id) == Grant.section_id)
    question = question.where(Grant.member_id == member.id, col(Grant.ended_at).is_(None))
    rows = uow.all(question.order_by(col(Section.position), col(Section.id)))
    return GrantsView(items=[views.grant_view(grant, key) for grant, key in rows])


def section_grants(uow: UnitOfWork, plan_id: UUID, key: str) -> SectionGrantsView:
    """Everything a section is given to, by role and by name."""
    section = find_section(uow, plan_id, key)
    uow.permit(Permission.MANAGE, section.id)
    rows = open_grants(uow, section.id)
    return SectionGrantsView(
        roles={grant.role: grant.level for grant in rows if grant.role is not None},
        members=[views.member_grant_view(grant, grant.member_id) for grant in rows if grant.member_id is not None],
    )


def access_matrix(uow: UnitOfWork, plan_id: UUID) -> AccessMatrixView:
    """Everybody in the circle against every section the owner may read, by the rule itself."""
    check_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    shown = sections(uow, plan_id)
    cells = _cells(uow, plan_id)
    people = members(uow, plan_id)
    subjects = [
        SubjectView(
            type="member",
            id=one.id,
            name=one.display_name,
            organisation=one.organisation,
            role=one.role,
            levels={section.key: level_of(cells.get((section.id, one.id), frozenset())) for section in shown},
        )
        for one in people
    ]
    makers = {one.account_id: one.id for one in people}

    def manages(section_id: UUID, account_id: UUID | None) -> bool:
        return Permission.MANAGE in cells.get((section_id, makers.get(account_id)), frozenset())

    links = as_subjects(openings(uow, plan_id, manages), {section.id: section.key for section in shown})
    return AccessMatrixView(section_keys=[section.key for section in shown], subjects=[*subjects, *links])


def _cells(uow: UnitOfWork, plan_id: UUID) -> dict[tuple[UUID, UUID | None], Permissions]:
    rows = uow.access(Section.plan_id == plan_id, Section.status == SectionStatus.ACTIVE)
    return {(section, member): permissions for section, member, permissions in rows}


def audiences(uow: UnitOfWork, plan_id: UUID, *keys: str) -> dict[UUID, AudienceView]:
    """Who can see each section the viewer reads (all, or those with these keys), and how much each may do."""
    where = [Section.plan_id == plan_id] + ([col(Section.key).in_(keys)] if keys else [])
    ladder = (Permission.READ, Permission.COMMENT, Permission.SUGGEST, Permission.EDIT, Permission.MANAGE)
    levels: dict[UUID, dict[UUID, Level]] = defaultdict(dict)
    for section, member, permissions in uow.access(*where, of=ladder if keys else ladder[:1]):
        if permissions:
            levels[section][member] = level_of(permissions)
    people = {one.id: one for one in members(uow, plan_id)}
    guests = _guest_links(uow, plan_id, people, levels) if keys else {}
    return {
        section: AudienceView(
            members=[people[one] for one in people if one in given],
            levels=given,
            guest_links=guests.get(section, 0),
        )
        for section, given in levels.items()
    }


def others_who_see(uow: UnitOfWork, plan_id: UUID) -> dict[str, list[FaceView]]:
    """By section key: the faces of all but the viewer who can see it, in the order they joined."""
    found, face = defaultdict[str, list[FaceView]](list), cache(lambda name, mine: FaceView(name=name, is_person=mine))
    for key, name, role, confirmed_at in uow.ask(_readers, plan_id=plan_id):
        found[key].append(face(name, role is Role.PERSON and confirmed_at is not None))
    return found


def face_of(member: MemberView) -> FaceView:
    """Whoever took the person's place and waits for an owner's yes may be anybody: they get no photo."""
    is_person = member.role is Role.PERSON and member.confirmed is not False
    return FaceView(name=member.display_name, is_person=is_person)


def _readers(lens: Lens) -> Any:
    shown = (Section.key, Member.display_name, Member.role, Member.confirmed_at)
    question = lens.readers(*shown).where(Section.plan_id == bindparam("plan_id"))
    active = question.where(Section.status == SectionStatus.ACTIVE, col(Member.ended_at).is_(None))
    return active.where(not_(func.coalesce(lens.is_me(Member), false()))).order_by(col(Member.id))


def _guest_links(
    uow: UnitOfWork, plan_id: UUID, people: dict[UUID, MemberView], levels: dict[UUID, dict[UUID, Level]]
) -> dict[UUID, int]:
    """How many guest links open each section. None for whoever does not own the plan: they are shown no link."""
    makers: dict[UUID | None, UUID] = {one.account_id: one.id for one in people.values()}

    def manages(section_id: UUID, account_id: UUID | None) -> bool:
        member = makers.get(account_id)
        return member is not None and levels.get(section_id, {}).get(member) is Level.MANAGE

    found = openings(uow, plan_id, manages)
    return {section: sum(section in one.section_ids for one in found) for section in levels}


def explain(uow: UnitOfWork, plan_id: UUID, member_id: UUID, key: str, verb: Permission) -> ExplanationView:
    """Why a member may or may not do something with a section, in one sentence. Owners ask."""
    check_plan(uow, plan_id)
    uow.permit_owner(plan_id)
    section, member = find_section(uow, plan_id, key), find_member(uow, plan_id, member_id)
    rows = uow.access(Section.id == section.id, Member.id == member.id)
    permissions = rows[0][2] if rows else frozenset()
    rule, grant = _reason(uow, section, member, verb, permissions, stands=bool(rows))
    allowed = verb in permissions
    can = f"{member.display_name} {'can' if allowed else 'cannot'} {_VERBS[verb]} this"
    expires = (grant.expires_on if grant else None) if allowed else None
    return ExplanationView(allowed=allowed, sentence=f"{can}{_BECAUSE[rule]}", rule=rule, expires_on=expires)


_BECAUSE = {
    "owner": ", because they own this plan.",
    "grant_by_name": ", because it was shared with them by name.",
    "grant_by_role": ", because it was shared with everyone in their role.",
    "withheld": ", because it is kept closed to them.",
    "archived": ", because the section was put away.",
    "ceiling": ", because this kind of section never opens to them.",
    "no_grant": ", because nobody has shared that much with them.",
    "not_in_circle": ", because they cannot sign in to this plan now.",
}


def _reason(
    uow: UnitOfWork, section: Section, member: Member, verb: Permission, permissions: Permissions, *, stands: bool
) -> tuple[str, Grant | None]:
    if not stands:
        return "not_in_circle", None
    reaching = uow.reaching(section.id, member.id)
    if any(grant.withheld for grant in reaching):
        return "withheld", None
    owner = uow.is_owner(member)
    if verb in permissions:
        return _why_yes(uow, section, member, verb, reaching, owner=owner)
    if section.status is SectionStatus.ARCHIVED and not owner:
        return "archived", None
    closed = owner or any(not uow.allows(member.role, grant.level, section.label) for grant in reaching)
    return ("ceiling" if closed else "no_grant"), None


def _why_yes(
    uow: UnitOfWork, section: Section, member: Member, verb: Permission, reaching: list[Grant], *, owner: bool
) -> tuple[str, Grant | None]:
    """The grant that opens it and lasts longest; by name before by role."""
    if owner:
        return "owner", None
    opening = [grant for grant in reaching if uow.opens(member.role, grant, section.label, verb)]
    lasting = max(opening, key=lambda grant: (grant.expires_on or date.max, grant.member_id is not None))
    return ("grant_by_name" if lasting.member_id is not None else "grant_by_role"), lasting


@contextmanager
def seen_as(uow: UnitOfWork, plan_id: UUID, member_id: UUID) -> Iterator[UnitOfWork]:
    """The plan as one member sees it, never more than the asker may see. Owners ask; each look is recorded."""
    plan = uow.get(Plan, plan_id)
    uow.permit_owner(plan.id)
    member = find_member(uow, plan_id, member_id)
    uow.record("plan.seen_as", plan.id, subject_id=member.id)
    me = uow.principal
    with uow.on_behalf_of(Principal(me.account_id, me.display_name, member.id, me.login_id)) as as_member:
        yield as_member
