"""How one kind of viewer sees. Nothing here says who is looking, so what is put together with a lens is kept.

Putting a question together, narrowing it and telling which one it is costs five times what asking it does. A kept
question goes through that once for each kind of viewer; the account and the day are given each time it is asked.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Select, bindparam, false, or_
from sqlmodel import col, select

from planwiki.base.vocabulary import Permission
from planwiki.circle.models import Member
from planwiki.plans.models import Plan, Section

from .permission_bits import NOTHING, READING, permissions_in
from .prepared import Prepared
from .principal import Principal
from .row_security import Rules, narrowed, rules_for
from .seers import Who, the_account, the_seen_member
from .standing import Standing, is_open, owns, stands
from .table_rules import TableRules

Permissions = frozenset[Permission]
Question = Callable[["Lens"], Select[Any]]


class Lenses:
    """One for each kind of viewer of one database."""

    def __init__(self, standing: Standing) -> None:
        self._rules, self.standing = rules_for(standing), standing
        self._made: dict[TableRules, Lens] = {}

    def of(self, principal: Principal) -> "Lens":
        rules = self._rules.of(principal)
        found = self._made.get(rules)
        return found or self._made.setdefault(rules, Lens(self.standing, rules, self._rules))


class Lens:
    """What a viewer of this kind may do, as SQL; and the questions that were asked through it before."""

    def __init__(self, standing: Standing, rules: TableRules, kinds: Rules) -> None:
        self.standing, self.rules = standing, rules
        self._guest, self._tablet, self._seen_as = (rules is one for one in (kinds.guest, kinds.tablet, kinds.seen_as))
        self._seers = self._who_all()
        self._kept: dict[tuple[Question, str], Prepared] = {}

    def kept(self, question: Question, dialect: Dialect) -> Prepared:
        """The question, narrowed. `question` is a function of a module: it knows the lens, and nobody who looks."""
        named = question, dialect.name
        found = self._kept.get(named)
        if found is None:
            found = self._kept.setdefault(named, Prepared(narrowed(question(self), self.rules), dialect))
        return found

    def allowed(self, permission: Permission) -> Any:
        """SQL: the viewer may do this with the section."""
        if self._guest:
            return self.standing.shared_by_link(Section) if permission is Permission.READ else false()
        if self._tablet and permission is not Permission.READ:
            return false()
        allowed = self.standing.on_section(permission, Section, the_account)
        return allowed & self.standing.on_section(permission, Section, the_seen_member) if self._seen_as else allowed

    def held(self) -> list[Any]:
        """Columns to end a question with: what each of those who have to be allowed may do with the section."""
        held = [self.standing.held(Section, who) for who in self._seers] or [NOTHING]
        return [one.label(f"held_{place}") for place, one in enumerate(held)]

    def permissions_of(self, row: Any) -> Permissions:
        """What a row that ends so lets the viewer do: what all those columns hold; and read, since they read it."""
        return permissions_in(READING | (row[-1] & row[-2] if self._seen_as else row[-1]))

    def readers(self, *shown: Any) -> Any:
        """A question that answers these columns for each section and each member who stands and may read it."""
        joined = cast(Any, select)(*shown).select_from(Section).join(Plan, Plan.id == Section.plan_id)
        joined = joined.join(Member, Member.plan_id == Plan.id)
        reads = self.standing.permitted(Permission.READ, Section, Member)
        return joined.where(stands(Member), or_(is_open(Plan), owns(Member)), reads)

    def owned(self) -> Any:
        """SQL: the viewer owns the plan."""
        owned = [self.standing.in_plan(Plan.id, who, owner=True) for who in self._seers]
        return owned[0] if len(owned) == 1 else owned[0] & owned[1] if owned else false()

    def is_me(self, member: Any) -> Any:
        """SQL: this member is the viewer."""
        return the_seen_member(member) if self._seen_as else the_account(member)

    def _who_all(self) -> tuple[Who, ...]:
        """Who all have to be allowed. Guests, and whoever holds a shared tablet, are allowed nothing but to read."""
        if self._guest or self._tablet:
            return ()
        return (the_account, the_seen_member) if self._seen_as else (the_account,)


@cache
def allowing(permission: Permission) -> Question:
    """Asks for a section with which the viewer may do this."""

    def section(lens: Lens) -> Any:
        return select(Section.id).where(Section.id == bindparam("section_id"), lens.allowed(permission))

    return section


def owned(lens: Lens) -> Any:
    """Asks for a plan that the viewer owns."""
    return select(Plan.id).where(Plan.id == bindparam("plan_id"), lens.owned())


def closed(_: Lens) -> Any:
    """Asks for a plan that the viewer may read, where it is closed."""
    return select(Plan.id).where(Plan.id == bindparam("plan_id"), col(Plan.closed_at).is_not(None))
