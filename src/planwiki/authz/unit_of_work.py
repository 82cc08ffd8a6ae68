"""What one principal may see and do, in one transaction. There is no other way to a plan's rows."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Select, or_
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Session, SQLModel, col, select

from planwiki.base.errors import Forbidden, NotFound, PlanClosed, StepUpNeeded
from planwiki.base.vocabulary import Label, Level, MailKind, Permission, Role
from planwiki.circle.models import Grant, Member
from planwiki.plans.models import Plan, Section

from . import row_security
from .audit_chain import Entry
from .lens import Lens, Lenses, Permissions, Question, allowing, closed, owned
from .policy import HISTORY_GRANT
from .principal import Principal
from .seers import on_the_tablet
from .standing import is_open, owns, reaches, stands

Row = TypeVar("Row", bound=SQLModel)
FRESH = timedelta(minutes=5)
LADDER = (Permission.MANAGE, Permission.EDIT, Permission.SUGGEST, Permission.COMMENT, Permission.READ)


@cache
def level_of(permissions: Permissions) -> Level:
    """The highest level these permissions amount to."""
    return next((Level(step.value) for step in LADDER if step in permissions), Level.NONE)


class UnitOfWork:
    """Reads are narrowed to the principal; changes must be required first; `now` is one instant throughout."""

    def __init__(self, session: Session, principal: Principal, lenses: Lenses, now: datetime, today: date) -> None:
        """Gives the session to this principal: from now on all it reads is narrowed to what they may see."""
        self._session, self._lenses, self._standing = session, lenses, lenses.standing
        self._policy = self._standing.policy
        self.principal, self.now, self.today = principal, now, today
        session.info.update(row_security.scope(principal, now, today, lenses.of(principal)))
        self.recorded: list[Entry] = []
        self.letters: list[tuple[MailKind, str, dict[str, Any]]] = []
        self.request_id: str | None = None

    @property
    def _lens(self) -> Lens:
        """Whoever the session works for now: while it works for somebody else, they."""
        lens: Lens = self._session.info[row_security.LENS]
        return lens

    @property
    def dialect(self) -> str:
        """sqlite or postgresql: full-text questions differ."""
        return self._session.get_bind().dialect.name

    def get(self, table: type[Row], id: UUID, *, lock: bool = False) -> Row:
        """The row, or NotFound, whether it is missing or hidden. `lock` holds it until the end of the transaction."""
        return self.one(select(table).where(cast(Any, table).id == id), lock=lock)

    def one(self, question: Select[Any] | Any, *, lock: bool = False) -> Any:
        row = self.first(question, lock=lock)
        if row is None:
            raise NotFound
        return row

    def first(self, question: Any, *, lock: bool = False) -> Any:
        if lock:  # Read afresh, whatever was read before. Rows that only point at it wait for nobody: looks, above all.
            question = question.with_for_update(key_share=True).execution_options(populate_existing=True)
        return self._session.exec(question).first()

    def all(self, question: Any, *options: ExecutableOption) -> list[Any]:
        return list(self._session.exec(question.options(*options) if options else question).all())

    def ask(self, question: Question, **given: Any) -> list[Any]:
        """The rows of a question that was put together and narrowed before, with what varies given by name.

        It answers columns, an entity's one after another, and nothing that could be changed.
        """
        self._session.flush()
        connection = self._session.connection()
        asked = self._lens.kept(question, connection.dialect)
        return asked.rows(connection, given | self._session.info[row_security.PARAMETERS])

    def ask_one(self, question: Question, **given: Any) -> Any:
        """The first of them, or NotFound."""
        rows = self.ask(question, **given)
        if not rows:
            raise NotFound
        return rows[0]

    def permissions_of(self, row: Any) -> Permissions:
        """What a row of a question that ends in the lens's `held` columns lets the viewer do."""
        return self._lens.permissions_of(row)

    def may(self, permission: Permission, section_id: UUID) -> bool:
        return bool(self.ask(allowing(permission), section_id=section_id))

    def permissions(self, *where: Any) -> dict[UUID, Permissions]:
        """What the principal may do with each section they may read, by section id."""
        return {row[0]: permissions for row, permissions in self.with_permissions(Section.id, where=where)}

    def with_permissions(
        self, *columns: Any, where: Iterable[Any], order_by: Iterable[Any] = ()
    ) -> list[tuple[Any, Permissions]]:
        """These columns of sections the principal may read, each row with what they may do with that section."""
        held = self._lens.held()
        rows = self.all(cast(Any, select)(*columns, *held).where(*where).order_by(*order_by))
        return [(row[: len(columns)], self._lens.permissions_of(row)) for row in rows]

    def permit(self, permission: Permission, section_id: UUID) -> None:
        """Go on only when the principal may; opens no change."""
        if not self.may(permission, section_id):
            raise Forbidden("You can read this, but you cannot do that here.")

    def require(self, permission: Permission, section: Section) -> None:
        """Go on only when the principal may; the change of the section's rows is then asked for.

        What a closed plan says stays as it is. Owners can still take away what somebody was given there.
        """
        self._refuse_when_looking()
        self.permit(permission, section.id)
        if permission is not Permission.MANAGE:
            self.require_open(section.plan_id)
        self._session.info[row_security.ASKED].add((section.id, permission))

    def permit_to_add(self, section_id: UUID) -> None:
        """Go on only when the principal may write here, or add on a shared tablet; opens no change."""
        there = self._standing.on_section(Permission.EDIT, Section, on_the_tablet)
        edits = self._lens.allowed(Permission.EDIT) if self.principal.tablet_plan_id is None else there
        if self.first(select(Section.id).where(Section.id == section_id, edits)) is None:
            raise Forbidden("You can read this, but you cannot do that here.")

    def require_to_add(self, section: Section) -> None:
        """The same for adding words or a voice to it; a shared tablet allows no more."""
        self._refuse_when_looking()
        self.permit_to_add(section.id)
        self.require_open(section.plan_id)
        self._session.info[row_security.ASKED].add((section.id, Permission.EDIT))

    def require_fresh(self) -> None:
        """Go on only when whoever is here showed who they are a short while ago. Programs are not asked.

        Raises StepUpNeeded. Before sharing wider, exporting, changing how one signs in, and erasing.
        """
        at = self.principal.confirmed_at
        if at is not None and self.now - at > FRESH:
            raise StepUpNeeded

    def owns(self, plan_id: UUID) -> bool:
        return bool(self.ask(owned, plan_id=plan_id))

    def permit_owner(self, plan_id: UUID) -> None:
        """Go on only when the principal owns the plan; opens no change."""
        if not self.owns(plan_id):
            raise Forbidden("Only the owners of this plan can do that.")

    def require_owner(self, plan: Plan) -> None:
        """Go on only when the principal owns the plan; the change of the plan's rows is then asked for."""
        self._refuse_when_looking()
        self.permit_owner(plan.id)
        self._session.info[row_security.ASKED].add((plan.id, Permission.MANAGE))

    def require_open(self, plan_id: UUID) -> None:
        """Go on only when the plan is not closed. Nobody but its owners gets as far as this where it is."""
        if self.ask(closed, plan_id=plan_id):
            raise PlanClosed

    def _refuse_when_looking(self) -> None:
        if self.principal.as_member_id is not None:
            raise Forbidden("You are looking as someone else. Nothing can be changed here.")
        if self.principal.guest_link_id is not None:
            raise Forbidden("This link is for reading.")

    def start(self, plan: Plan) -> None:
        """Anybody may start a plan of their own: its rows are asked for because it is new. Not on a shared tablet."""
        self._refuse_when_looking()
        if self.principal.tablet_plan_id is not None:
            raise Forbidden("You cannot do that on this tablet.")
        self._session.info[row_security.ASKED].add((plan.id, Permission.MANAGE))
        self.add(plan)

    def may_label(self, member: Member, label: Label) -> bool:
        """Would this owner still manage a section under this label?"""
        return self._policy.allows(member.role, Level.MANAGE, label, Permission.MANAGE)

    def opens_more(self, before: Label, after: Label) -> bool:
        """Would a section open to anybody under this label, to whom or for what it is closed under the one before?"""
        if after is Label.EVERYDAY is not before:  # It opens to those who wait for a yes, too.
            return True
        cells = product(Role, Level, Permission)
        allows = self._policy.allows
        return any(allows(*cell[:2], after, cell[2]) and not allows(*cell[:2], before, cell[2]) for cell in cells)

    def me(self, plan_id: UUID) -> Member:
        """The principal's own membership of a plan they stand in."""
        mine = select(Member).where(Member.plan_id == plan_id, self.is_me(Member), stands(Member))
        return self.one(mine)

    def reaching(self, section_id: UUID, member_id: UUID) -> list[Grant]:
        """The grants in date that reach this member on this section, by name or by role. Owners ask this."""
        joined = (
            select(Grant)
            .join(Section, col(Section.id) == Grant.section_id)
            .join(Member, col(Member.plan_id) == Grant.plan_id)
        )
        return self.all(joined.where(Section.id == section_id, Member.id == member_id, reaches(Grant, Section, Member)))

    def allows(self, role: Role, level: Level, label: Label) -> bool:
        """Does the policy let this role, holding this level on this label, use it at all?"""
        return level is Level.NONE or self._policy.allows(role, level, label, Permission(level.value))

    def opens(self, role: Role, grant: Grant, label: Label, permission: Permission) -> bool:
        """Does the policy let this role do this, holding what this grant gives? Dates are not asked here."""
        held = {str(grant.level)} | ({HISTORY_GRANT} if grant.history or grant.earlier_history else set())
        return any(self._policy.allows(role, one, label, permission) for one in held)

    def access(self, *where: Any, of: Sequence[Permission] = tuple(Permission)) -> list[tuple[UUID, UUID, Permissions]]:
        """(section, member, permissions) for everybody who stands, on sections the principal may read."""
        joined = select(Section.id, Member.id, *(self._standing.permitted(one, Section, Member) for one in of))
        joined = joined.join(Plan, col(Plan.id) == Section.plan_id).join(Member, col(Member.plan_id) == Plan.id)
        there = or_(is_open(Plan), owns(Member))
        rows = self.all(joined.where(stands(Member), there, *where))
        return [(row[0], row[1], frozenset(one for one, yes in zip(of, row[2:], strict=True) if yes)) for row in rows]

    def is_owner(self, member: Member) -> bool:
        """Does this member own their plan today?"""
        return self.first(select(Member.id).where(Member.id == member.id, stands(Member), owns(Member))) is not None

    def add(self, *rows: SQLModel) -> None:
        """Kept at once, so that rows that point at others come after them."""
        self._session.add_all(rows)
        self._session.flush()

    def delete(self, row: SQLModel) -> None:
        self._session.delete(row)

    def flush(self) -> None:
        """Send what has changed to the database, so that the next question sees it."""
        self._session.flush()

    def record(
        self, verb: str, plan_id: UUID, *, section_id: UUID | None = None, subject_id: UUID | None = None
    ) -> None:
        """Note what happened, by id: news, audit and outgoing mail read the words again as their receiver.

        Kept, chained to what happened before, at the end of the transaction.
        """
        self.recorded.append(
            Entry(
                plan_id=plan_id,
                section_id=section_id,
                subject_id=subject_id,
                verb=verb,
                actor_id=self.principal.account_id,
                as_member_id=self.principal.as_member_id,
                at=self.now,
                request_id=self.request_id,
            )
        )

    def post(self, kind: MailKind, to: str, **said: Any) -> None:
        """A letter by e-mail, kept with this transaction and sent by the worker. Never a word of a plan in `said`."""
        self.letters.append((kind, to, said))

    @contextmanager
    def system(self, reason: str) -> Iterator[Session]:
        """The back door inside this transaction. A house test lists the files that may use it, and why."""
        self._session.flush()
        self._session.info[row_security.SYSTEM] = reason
        try:
            yield self._session
            self._session.flush()
        finally:
            del self._session.info[row_security.SYSTEM]

    @contextmanager
    def on_behalf_of(self, principal: Principal) -> Iterator["UnitOfWork"]:
        """The same transaction with other rights, asked afresh: an invitation's sender, or a seen member."""
        self._session.flush()
        kept = dict(self._session.info)
        other = UnitOfWork(self._session, principal, self._lenses, self.now, self.today)
        other.recorded, other.letters, other.request_id = self.recorded, self.letters, self.request_id
        try:
            yield other
            self._session.flush()
        finally:
            self._session.info.update(kept)

    def is_me(self, member: Any) -> Any:
        """SQL: this member is the principal."""
        return self._lens.is_me(member)
