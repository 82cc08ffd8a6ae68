"""Row security, under the session: every read is narrowed, every change must have been asked for.

A page, an export or a feed that forgets about rights still shows only what its principal may see, and a verb that
forgets to ask cannot change anything. Ways of reading that cannot be narrowed are refused.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Alias, Column, ColumnElement, CompoundSelect, Join, Select, Table, and_, false, or_
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors
from sqlmodel import col

from planwiki.activity.models import AuditHead, Delivery
from planwiki.base.guarded import ForOwners, Guarded, InPlan, InSection, Journal, OfManagers, OfOne, changed_in
from planwiki.base.vocabulary import Permission
from planwiki.circle.models import Member
from planwiki.integrations.models import KeptAnswer
from planwiki.news.models import NewsBegun, NewsLetter, PutAside
from planwiki.outcomes.models import Action
from planwiki.people.models import (
    Account,
    Challenge,
    HostAdministrator,
    Login,
    MailedLink,
    Organisation,
    OutsideIdentity,
    Passkey,
    RecoveryCode,
    SignInTry,
)
from planwiki.plans.models import EasyText, ErasedPlan, Plan, Revision, Section
from planwiki.talk.models import CheckedMark, Contribution, Perspective

from .on_tablets import beside_one_on_a_tablet, lies_beside_the_words, of_whoever_is_there, opens_on_a_tablet
from .principal import Principal
from .seers import (
    ACCOUNT,
    AS_MEMBER,
    GUEST_LINK,
    NOW,
    TABLET_PLAN,
    TODAY,
    Who,
    on_the_tablet,
    the_account,
    the_seen_member,
)
from .special_rules import actions, checked_marks, contributions, easy_texts, members, perspectives
from .standing import Standing
from .table_rules import TableRules

SYSTEM, PRINCIPAL, ASKED, LENS, PARAMETERS = "system", "principal", "asked", "lens", "parameters"

# A row never moves to another id, plan or section, whoever asks: rights are asked about where it stands.
_PLACE = frozenset({"id", "plan_id", "section_id"})

# Rows of one account, outside plans: nobody else reads or changes them.
_OWN = (Login, KeptAnswer, Passkey, RecoveryCode, OutsideIdentity, HostAdministrator, NewsBegun, NewsLetter, PutAside)
# Kept for everybody or for nobody in particular: only the back door reads them.
_NOBODYS = (SignInTry, Challenge, MailedLink, Delivery, AuditHead, Organisation, ErasedPlan)


class UnscopedRead(RuntimeError):
    """A table was read in a way that cannot be narrowed."""


class UnaskedChange(RuntimeError):
    """A row was about to change and nobody had asked whether it may."""


class Rules(NamedTuple):
    """What every table shows to one kind of viewer: a plain one, one seeing as a member, a guest, one on a tablet."""

    plain: TableRules
    seen_as: TableRules
    guest: TableRules
    tablet: TableRules

    def of(self, principal: Principal) -> TableRules:
        if principal.guest_link_id is not None:
            return self.guest
        if principal.tablet_plan_id is not None:
            return self.tablet
        return self.plain if principal.as_member_id is None else self.seen_as


def rules_for(standing: Standing) -> Rules:
    """Seen as a member: only what both the viewer and that member may see."""
    return Rules(
        _seen_by(standing, the_account),
        _seen_by(standing, the_account, the_seen_member),
        TableRules(lambda table: _guest_rule(standing, table)),
        TableRules(lambda table: _tablet_rule(standing, table)),
    )


def _guest_rule(standing: Standing, table: Any) -> ColumnElement[bool]:
    """A guest reads the sections their link names, and whose plan it is. Nothing else is there for them."""
    if table is Section:
        return standing.shared_by_link(Section)
    return standing.link_lasts(Plan.id) if table is Plan else false()


def _tablet_rule(standing: Standing, table: Any) -> ColumnElement[bool]:
    """On a shared tablet: one plan without its journal; outside plans a name, and such tablets' sign-ins and answers.

    Never a diary, nor what a steward may not see: whoever set the tablet up has seen the pictures that open it.
    """
    if table is Section:
        return and_(_rule(standing, table, on_the_tablet), opens_on_a_tablet(Section))
    if issubclass(table, InSection):
        return and_(_rule(standing, table, on_the_tablet), beside_one_on_a_tablet(table))
    if issubclass(table, Journal):
        return false()
    if issubclass(table, Guarded):
        return _rule(standing, table, on_the_tablet)
    return of_whoever_is_there(table)


def _seen_by(standing: Standing, *seers: Who) -> TableRules:
    return TableRules(lambda table: and_(*(_rule(standing, table, who) for who in seers)))


def _rule(standing: Standing, table: Any, who: Who) -> ColumnElement[bool]:
    """What of this table the viewer may read. A table nobody thought of stops the start."""
    if not issubclass(table, Guarded):
        return _own_rows(table)
    if table in _SPECIAL:
        return _SPECIAL[table](standing, who)
    return _rule_by_kind(standing, table, who)


def _rule_by_kind(standing: Standing, table: Any, who: Who) -> ColumnElement[bool]:
    if issubclass(table, Journal):
        return _journal(standing, table, who)
    if issubclass(table, OfOne):
        return _of_one(standing, table, who)
    if issubclass(table, OfManagers):
        return standing.beside_section(Permission.MANAGE, table, who)
    if issubclass(table, InSection):
        return standing.beside_section(Permission.READ, table, who)
    if issubclass(table, ForOwners):
        return standing.in_plan(table.plan_id, who, owner=True)
    if issubclass(table, InPlan):
        return standing.in_plan(table.plan_id, who)
    raise UnscopedRead(f"Nobody said who may read {table.__name__}.")


def _own_rows(table: Any) -> ColumnElement[bool]:
    """Tables outside plans: everybody reads their own rows and no others."""
    if table is Account:
        return col(Account.id) == ACCOUNT
    if table in _OWN:
        return table.account_id == ACCOUNT
    if table in _NOBODYS:
        return false()
    raise UnscopedRead(f"Nobody said who may read {table.__name__}.")


def _journal(standing: Standing, table: Any, who: Who) -> ColumnElement[bool]:
    """For owners; and what happened to a section, only with the section: one may be closed to an owner."""
    seen = or_(table.section_id.is_(None), standing.beside_section(Permission.READ, table, who))
    return and_(standing.in_plan(table.plan_id, who, owner=True), seen)


def _of_one(standing: Standing, table: Any, who: Who) -> ColumnElement[bool]:
    """Their own, while they may write or read there; nothing on a shared tablet, nor to whoever looks as another."""
    if who is not the_account:
        return false()
    return and_(table.account_id == ACCOUNT, standing.beside_section(table.write_needs, table, who))


_SPECIAL: dict[type[Any], Any] = {
    Plan: lambda standing, who: standing.in_plan(Plan.id, who),
    Section: lambda standing, who: standing.on_section(Permission.READ, Section, who),
    Revision: lambda standing, who: standing.on_revision(Revision, who),
    Member: members,
    Action: actions,
    Contribution: contributions,
    CheckedMark: checked_marks,
    EasyText: easy_texts,
    Perspective: perspectives,
}


def scope(principal: Principal, now: datetime, today: date, lens: Any) -> dict[str, Any]:
    """What a session's `info` holds while it works for one principal."""
    given = {AS_MEMBER: principal.as_member_id, TABLET_PLAN: principal.tablet_plan_id}
    parameters = {ACCOUNT.key: principal.account_id, TODAY.key: today}
    parameters |= {parameter.key: value for parameter, value in given.items() if value is not None}
    if principal.guest_link_id is not None:
        parameters |= {GUEST_LINK.key: principal.guest_link_id, NOW.key: now}
    return {PRINCIPAL: principal, ASKED: set(), LENS: lens, PARAMETERS: parameters}


def narrow(state: ORMExecuteState) -> None:
    """Before every statement of a session: add each table's rule, or refuse."""
    info = state.session.info
    if SYSTEM in info:
        return
    if state.is_column_load:
        return
    state.statement = narrowed(state.statement, info[LENS].rules)
    given = cast(dict[str, Any], state.parameters or {})
    state.parameters = given | info[PARAMETERS]


def narrowed(statement: Any, rules: TableRules) -> Any:
    """The same question, of what such a viewer may see. Who that is, is given when it is asked."""
    if (
        not isinstance(statement, (Select, CompoundSelect))
        or statement._propagate_attrs.get("compile_state_plugin") != "orm"
    ):
        raise UnscopedRead("Only ORM selects can be narrowed.")
    if any(map(_is_bare, visitors.iterate(statement))):
        raise UnscopedRead("A table without its entity cannot be narrowed.")
    return statement.options(rules)


def _is_bare(element: Any) -> bool:
    """Is this part of a statement, or what it reads from, a table of ours that no entity stands for?"""
    if isinstance(element, Select):
        read_from = (*element._from_obj, *(joined[0] for joined in element._setup_joins))
        return any(map(_is_bare_table, read_from))
    return isinstance(element, Column) and "parententity" not in element._annotations and _is_bare_table(element.table)


def _is_bare_table(source: Any) -> bool:
    if isinstance(source, Join):
        return _is_bare_table(source.left) or _is_bare_table(source.right)
    if "parententity" in getattr(source, "_annotations", {}):
        return False
    return isinstance(source, Table) or (isinstance(source, Alias) and _is_bare_table(source.element))


def check_asked(session: Session, *_: object) -> None:
    """Before every flush: each changed row's section or plan must have been asked for."""
    if SYSTEM in session.info:
        return
    asked: set[tuple[UUID, Permission]] = session.info[ASKED]
    _ask_for_new_sections(session, asked)
    for row in (*session.new, *session.dirty, *session.deleted):
        _check_whose(row, session.info[PRINCIPAL])
    if session.info[PRINCIPAL].tablet_plan_id and any(map(lies_beside_the_words, (*session.dirty, *session.deleted))):
        raise UnaskedChange("On a shared tablet one adds, and changes nothing that lies beside the words.")
    for row in session.new:
        if not isinstance(row, Journal) and _need(row, ()) not in asked:
            _refuse_unless_own(row, session.info[PRINCIPAL])
    for row in session.dirty:
        if changed := changed_in(row):
            _check_change(row, changed, asked, session.info[PRINCIPAL])
    for row in session.deleted:
        if getattr(row, "changeable", None) is not None or _need(row, getattr(row, "managed", ())) not in asked:
            _refuse_unless_own(row, session.info[PRINCIPAL])


def _check_whose(row: Any, principal: Principal) -> None:
    """However much somebody may do with a section, they write and keep a place for nobody else; nor on a tablet."""
    if isinstance(row, OfOne) and (row.account_id != principal.account_id or principal.tablet_plan_id):
        raise UnaskedChange(f"A {type(row).__name__} is one account's alone.")


def _ask_for_new_sections(session: Session, asked: set[tuple[UUID, Permission]]) -> None:
    """Whoever may add a section to a plan may fill it in the same breath."""
    for row in session.new:
        if isinstance(row, Section) and (row.plan_id, Permission.MANAGE) in asked:
            asked |= {(row.id, permission) for permission in Permission}


def _check_change(row: Any, changed: frozenset[str], asked: set[tuple[UUID, Permission]], principal: Principal) -> None:
    if isinstance(row, Guarded) and changed & _PLACE:  # A kept answer is told its plan once that is made.
        raise UnaskedChange(f"A {type(row).__name__} never moves.")
    allowed = getattr(row, "changeable", None)
    if allowed is not None and not changed <= allowed:
        raise UnaskedChange(f"{type(row).__name__} never changes: {', '.join(sorted(changed - allowed))}.")
    if _need(row, changed) not in asked:
        _refuse_unless_own(row, principal)


def _need(row: Any, changed: Iterable[str]) -> tuple[UUID | None, Permission]:
    """Which id has to have been asked about, and for which permission, before this row changes."""
    if isinstance(row, Plan):
        return row.id, Permission.MANAGE
    if isinstance(row, Section):
        return row.id, Permission.MANAGE if row.managed.intersection(changed) else row.write_needs
    if isinstance(row, InSection):
        return row.section_id, next((row.needs[name] for name in changed if name in row.needs), row.write_needs)
    return getattr(row, "plan_id", None), Permission.MANAGE


def _refuse_unless_own(row: Any, principal: Principal) -> None:
    owner = row.id if isinstance(row, Account) else row.account_id if isinstance(row, _OWN) else None
    if owner != principal.account_id or principal.guest_link_id or isinstance(row, HostAdministrator):
        raise UnaskedChange(f"Nobody asked before changing a {type(row).__name__}.")
