"""The rule, once, as SQL: who stands in a plan, and what each may do with a section.

A viewer may do a permission on a section when they own the plan and the policy lets owners; or when a grant in
date gives a level to them or to their role and the policy lets that role, holding that level, do this with that
label; and in any case only when no grant in date withholds the section from them, and, until an owner has confirmed
who they are, only when the section is everyday. Every check, list, matrix and explanation asks through `_permitted`,
so that they cannot disagree.

Each question is a small SQL element that grows into the whole rule only while a statement is compiled: see decision 4.
"""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    Boolean,
    Integer,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.selectable import Exists

from planwiki.base.vocabulary import (
    GRANTABLE_LEVELS,
    MEMBER_ROLES,
    Label,
    Level,
    MemberStatus,
    Permission,
    Role,
    SectionStatus,
)
from planwiki.tables import METADATA

from .parts import exists_such as _exists
from .parts import is_known as _known
from .parts import is_one_of as _is
from .permission_bits import NOTHING, bits
from .policy import HISTORY_GRANT, Policy
from .seers import ACCOUNT, GUEST_LINK, NOW, TODAY, Who, Yes, the_account
from .sql_question import SqlQuestion

# What the rule asks of a member who stands.
_MEMBER = ("id", "role", "basis_valid_from", "basis_valid_until", "confirmed_at")

# The rule's own tables go by names of their own, so that they never meet those of the statement around them.
_ME, _PLAN = METADATA.tables["member"].alias("me"), METADATA.tables["plan"].alias("my_plan")
_GIVEN, _WITHHELD = (METADATA.tables["grant"].alias(name) for name in ("given", "withheld"))
_BESIDE = METADATA.tables["section"].alias("beside")
_LINK, _SHARED = METADATA.tables["share_link"].alias("my_link"), METADATA.tables["shared_section"].alias("shared")
_INVITED = METADATA.tables["invitation"].alias("my_invitation")
_MAKER = METADATA.tables["account"].alias("my_maker")
_ONE: Any = literal_column("1", Integer)  # Written in: a parameter would be named after whatever stands beside it.
_NEXT = METADATA.tables["revision"].alias("next_version")


def stands(member: Any) -> Yes:
    """The membership counts today."""
    return and_(
        _is(member.status, MemberStatus.ACTIVE),
        member.ended_at.is_(None),
        or_(member.ends_on.is_(None), member.ends_on >= TODAY),
    )


def owns(member: Any) -> Yes:
    """The person; or a steward whose basis is in date. Nobody owns before they were confirmed."""
    has_begun = or_(member.basis_valid_from.is_(None), member.basis_valid_from <= TODAY)
    goes_on = or_(member.basis_valid_until.is_(None), member.basis_valid_until >= TODAY)
    steward = and_(_is(member.role, Role.STEWARD), has_begun, goes_on)
    return and_(member.confirmed_at.is_not(None), or_(_is(member.role, Role.PERSON), steward))


def is_open(plan: Any) -> Yes:
    """Everybody in the circle finds the plan; a closed or frozen one is there for its owners alone."""
    return and_(plan.closed_at.is_(None), plan.frozen_at.is_(None))


def in_date(grant: Any) -> Yes:
    return and_(
        grant.ended_at.is_(None),
        or_(grant.from_on.is_(None), grant.from_on <= TODAY),
        or_(grant.expires_on.is_(None), grant.expires_on >= TODAY),
    )


def reaches(grant: Any, section: Any, member: Any) -> Yes:
    """The grant is in date, on this section, and to this member or everybody in their role."""
    to_them = or_(grant.member_id == member.id, grant.role == member.role)
    return and_(grant.section_id == section.id, in_date(grant), to_them)


class Standing:
    """The rule under one policy. `who` picks the member who is looking.

    Made once for a database: each question is a class of its own, and is compiled once while that class lives.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._question = cache(self._new_question)
        self.on_section = cache(self._ask_on_section)

    def permitted(self, permission: Permission, section: Any, member: Any) -> Any:
        """May this member, who stands, do this with this section? Both are entities."""
        question = self._question(self._permitted_columns, permission)
        return question(section.id, section.label, section.status, *(getattr(member, name) for name in _MEMBER))

    def held(self, section: Any, who: Who) -> Any:
        """All that the viewer may do with a section they read, as one number (see `permission_bits`)."""
        return self._question(self._held, who)(section.id, section.plan_id, section.label, section.status)

    def in_plan(self, plan_id: Any, who: Who, *, owner: bool = False) -> Any:
        """The viewer stands in this plan; with `owner`, as an owner. A closed or frozen one is for owners alone."""
        return self._question(self._in_plan, who, owner)(plan_id)

    def beside_section(self, permission: Permission, row: Any, who: Who) -> Any:
        """The same for a row that points at a section by `section_id` and names the same plan."""
        return self._question(self._beside_section, permission, who)(row.section_id, row.plan_id)

    def on_revision(self, row: Any, who: Who, number: Any = None) -> Any:
        """History of the section is open, under the label the words were written with: from the day the grant began,
        with the version that was current then. Whoever began to write from it finds it again.

        `number` says which version this is, where `row` does not: the text now is open whenever the grant began."""
        number = row.number if number is None else number
        return self._question(self._on_revision, who)(row.section_id, row.plan_id, number, row.label, row.created_at)

    def on_words(self, row: Any, who: Who, *labels: Any) -> Any:
        """The section may be read, under the label it has and under each that it had when these words were written."""
        return self._question(self._on_words, who)(row.section_id, row.plan_id, *labels)

    def is_account(self, plan_id: Any, account_id: Any, who: Who) -> Any:
        """The viewer stands in the plan with this account."""
        return self._question(self._is_account, who)(plan_id, account_id)

    def meets(self, member: Any, who: Who) -> Any:
        """The viewer stands in this member's plan and may know of them. Who waits meets whoever invited them."""
        return self._question(self._meets, who)(member.id, member.plan_id, member.account_id)

    def shared_by_link(self, section: Any) -> Any:
        """The guest link opens this section: it is named, the link lasts, and its maker may still share it."""
        question = self._question(self._shared_by_link)
        return question(section.id, section.plan_id, section.label, section.status)

    def link_lasts(self, plan_id: Any) -> Any:
        """The guest link belongs to this plan and has not ended; its maker still owns the plan, and may sign in."""
        return self._question(self._link_lasts)(plan_id)

    def _ask_on_section(self, permission: Permission, section: Any, who: Who) -> Any:
        """May the viewer do this with this section? `section` is an entity."""
        question = self._question(self._on_section, permission, who)
        return question(section.id, section.plan_id, section.label, section.status)

    def _new_question(self, rule: Callable[..., Yes], *known: Any) -> Callable[..., Any]:
        """An SQL element over some columns that is spelled out by `rule` when a statement is compiled."""

        class Question(SqlQuestion):
            inherit_cache = True
            type = Integer() if rule == self._held else Boolean()
            name = rule.__name__

        @compiles(Question)
        def _spell_out(element: Question, compiler: Any, **options: Any) -> str:
            return str(compiler.process(rule(*known, *element.clauses).self_group(), **options))

        return Question

    def _in_plan(self, who: Who, owner: bool, plan_id: Any) -> Exists:
        return self._somebody(plan_id, who, *([owns(_ME.c)] if owner else []))

    def _on_section(self, permission: Permission, who: Who, id: Any, plan_id: Any, label: Any, status: Any) -> Exists:
        section = SimpleNamespace(id=id, label=label, status=status)
        return self._somebody(plan_id, who, self._permitted(permission, section, _ME.c))

    def _held(self, who: Who, id: Any, plan_id: Any, label: Any, status: Any) -> Any:
        """`_permitted` for every permission at once. That nothing withholds the section was asked when it was read."""
        section = SimpleNamespace(id=id, label=label, status=status)
        owned = bits({one: self._cells(one, _ME.c.role, label, Level.MANAGE) for one in Permission})
        opened = bits({one: self._opens(one, _ME.c, label) for one in Permission}, each=func.max)
        given = select(func.coalesce(opened, NOTHING)).where(*self._gives(section, _ME.c)).correlate_except(_GIVEN)
        held = case((owns(_ME.c), owned), else_=NOTHING).bitwise_or(given.scalar_subquery())
        mine = select(case((self._uncovered(section, _ME.c), held), else_=NOTHING)).where(
            *self._stands_in(plan_id, who)
        )
        return func.coalesce(mine.correlate_except(_ME, _PLAN).scalar_subquery(), NOTHING)

    def _beside_section(self, permission: Permission, who: Who, section_id: Any, plan_id: Any) -> Exists:
        allowed = self._somebody(_BESIDE.c.plan_id, who, self._permitted(permission, _BESIDE.c, _ME.c))
        return _exists(_BESIDE, _BESIDE.c.id == section_id, _BESIDE.c.plan_id == plan_id, allowed)

    def _on_revision(self, who: Who, section_id: Any, plan_id: Any, number: Any, label: Any, created_at: Any) -> Exists:
        is_current = number == _BESIDE.c.revision
        owned = self._owned(Permission.HISTORY, _ME.c, label)
        old_enough = self._given(Permission.HISTORY, _BESIDE.c, _ME.c, label, version=(number, created_at))
        allowed = and_(self._permitted(Permission.HISTORY, _BESIDE.c, _ME.c), or_(is_current, owned, old_enough))
        somebody = self._somebody(_BESIDE.c.plan_id, who, allowed)
        return _exists(_BESIDE, _BESIDE.c.id == section_id, _BESIDE.c.plan_id == plan_id, somebody)

    def _on_words(self, who: Who, section_id: Any, plan_id: Any, *labels: Any) -> Exists:
        given = [self._given(Permission.READ, _BESIDE.c, _ME.c, one) for one in labels]
        owned = [self._owned(Permission.READ, _ME.c, one) for one in labels]
        then = [or_(*both) for both in zip(owned, given, strict=True)]
        somebody = self._somebody(_BESIDE.c.plan_id, who, self._permitted(Permission.READ, _BESIDE.c, _ME.c), *then)
        return _exists(_BESIDE, _BESIDE.c.id == section_id, _BESIDE.c.plan_id == plan_id, somebody)

    def _is_account(self, who: Who, plan_id: Any, account_id: Any) -> Exists:
        return self._somebody(plan_id, who, _ME.c.account_id == account_id)

    def _meets(self, who: Who, id: Any, plan_id: Any, account_id: Any) -> Exists:
        invited_me = _exists(_INVITED, _INVITED.c.member_id == _ME.c.id, _INVITED.c.invited_by == account_id)
        return self._somebody(plan_id, who, or_(_ME.c.confirmed_at.is_not(None), _ME.c.id == id, invited_me))

    def _shared_by_link(self, section_id: Any, plan_id: Any, label: Any, status: Any) -> Yes:
        named = _exists(_SHARED, _SHARED.c.link_id == GUEST_LINK, _SHARED.c.section_id == section_id)
        shareable = [one for one in Label if self.policy.allows(Role.GUEST, Level.READ, one, Permission.READ)]
        may_read = and_(_is(label, *shareable), _is(status, SectionStatus.ACTIVE))
        makers = self._on_section(Permission.MANAGE, the_account, section_id, plan_id, label, status)
        return and_(named, may_read, self._link_lasts(plan_id), makers)

    def _link_lasts(self, plan_id: Any) -> Yes:
        is_this = and_(_LINK.c.id == GUEST_LINK, _LINK.c.plan_id == plan_id, _LINK.c.created_by == ACCOUNT)
        lasts = and_(_LINK.c.ended_at.is_(None), _LINK.c.expires_at > NOW)
        still_theirs = and_(is_open(_PLAN.c), owns(_ME.c))
        may_sign_in = _exists(_MAKER, _MAKER.c.id == ACCOUNT, _MAKER.c.closed_at.is_(None))
        return and_(_exists(_LINK, is_this, lasts), may_sign_in, self._somebody(plan_id, the_account, still_theirs))

    def _permitted_columns(self, permission: Permission, section_id: Any, label: Any, status: Any, *member: Any) -> Yes:
        section = SimpleNamespace(id=section_id, label=label, status=status)
        return self._permitted(permission, section, SimpleNamespace(**dict(zip(_MEMBER, member, strict=True))))

    def _permitted(self, permission: Permission, section: Any, member: Any) -> Yes:
        """The rule itself."""
        given = self._given(permission, section, member, section.label)
        return and_(self._uncovered(section, member), or_(self._owned(permission, member, section.label), given))

    def _somebody(self, plan_id: Any, who: Who, *more: Yes) -> Exists:
        return _exists((_ME, _PLAN), *self._stands_in(plan_id, who), *more)

    def _stands_in(self, plan_id: Any, who: Who) -> tuple[Yes, Yes]:
        is_mine = and_(_ME.c.plan_id == plan_id, who(_ME.c), stands(_ME.c), _PLAN.c.id == _ME.c.plan_id)
        return is_mine, or_(is_open(_PLAN.c), owns(_ME.c))

    def _owned(self, permission: Permission, member: Any, label: Any) -> Yes:
        return and_(owns(member), self._cells(permission, member.role, label, Level.MANAGE))

    def _given(
        self, permission: Permission, section: Any, member: Any, label: Any, version: tuple[Any, Any] | None = None
    ) -> Yes:
        conditions = [*self._gives(section, member), self._opens(permission, member, label)]
        if version is not None:
            number, created_at = version
            since = _GIVEN.c.history_from <= created_at
            conditions.append(or_(_GIVEN.c.earlier_history, since, _was_current(section, member, number)))
        return _exists(_GIVEN, *conditions)

    def _gives(self, section: Any, member: Any) -> tuple[Yes, Yes]:
        return reaches(_GIVEN.c, section, member), ~_GIVEN.c.withheld

    def _opens(self, permission: Permission, member: Any, label: Any) -> Yes:
        opens = and_(_known(member, label), self._cells(permission, member.role, label, _GIVEN.c.level))
        if permission is Permission.HISTORY:
            says_so = and_(or_(_GIVEN.c.history, _GIVEN.c.earlier_history), _is(_GIVEN.c.level, *GRANTABLE_LEVELS))
            cells = and_(_known(member, label), self._cells(permission, member.role, label, HISTORY_GRANT))
            opens = or_(opens, and_(says_so, cells))
        return opens

    def _uncovered(self, section: Any, member: Any) -> Yes:
        """Nothing withholds it from them, and it is not archived away from all but owners."""
        withheld = _exists(_WITHHELD, reaches(_WITHHELD.c, section, member), _WITHHELD.c.withheld)
        return and_(~withheld, or_(_is(section.status, SectionStatus.ACTIVE), owns(member)))

    def _cells(self, permission: Permission, role: Any, label: Any, level: Any) -> Yes:
        """The policy's cells for this permission. `level` is a column, or one fixed level to look at."""
        fixed = isinstance(level, str)
        boxes = []
        for roles, levels, labels in self.policy.openings(permission):
            members = [one for one in roles if one in MEMBER_ROLES]
            # Owners alone hold manage, whatever level stands in a row.
            granted = [] if fixed else [one for one in GRANTABLE_LEVELS if one in levels]
            if members and (str(level) in levels if fixed else granted):
                at_level = [_is(level, *granted)] if granted else []
                boxes.append(and_(_is(role, *members), _is(label, *labels), *at_level))
        return or_(*boxes) if boxes else false()


def _was_current(section: Any, member: Any, number: Any) -> Yes:
    """The next version came when the grant had begun and the member was there: until then they could read this one."""
    followed = and_(_NEXT.c.section_id == section.id, _NEXT.c.number == number + _ONE)
    came_later = and_(_NEXT.c.created_at > _GIVEN.c.history_from, _NEXT.c.created_at > member.created_at)
    on_its_days = or_(_GIVEN.c.from_on.is_(None), _GIVEN.c.from_on <= func.date(_NEXT.c.created_at))
    return _exists(_NEXT, followed, came_later, on_its_days)
