"""Who stands in a plan, and which grants open its sections."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.guarded import ForOwners, InPlan, OfManagers
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import BasisKind, Level, MemberStatus, Role


def _one_of(name: str, *columns: str, where: str) -> Index:
    """At most one such row, whatever races two requests run."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Member(InPlan, table=True):
    """One person of the circle, with one role, with an account or without."""

    __table_args__ = (
        Index("member_by_plan", "plan_id", "account_id"),
        Index("member_by_account", "account_id", "plan_id"),
        _one_of("member_once", "plan_id", "account_id", where="ended_at IS NULL AND account_id IS NOT NULL"),
        _one_of("member_the_person", "plan_id", where="ended_at IS NULL AND role = 'person'"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    display_name: str = Field(max_length=200)
    role: Role = Field(sa_type=Word(Role))
    relationship: str = Field(default="", max_length=200)
    organisation: str | None = Field(default=None, max_length=200)
    contact: dict[str, Any] | None = Field(default=None, sa_type=Json)
    call_first: bool = False
    status: MemberStatus = Field(sa_type=Word(MemberStatus))
    basis_kind: BasisKind | None = Field(default=None, sa_type=Word(BasisKind))
    basis_scope: list[str] | None = Field(default=None, sa_type=Json)
    basis_proof_seen_by: str | None = Field(default=None, max_length=200)
    basis_valid_until: date | None = None
    basis_review_on: date | None = None
    ends_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = 1
    created_at: datetime = Field(sa_type=Instant)


class Grant(OfManagers, table=True):
    """What one member, or everybody in one role, was given on one section.

    Never changed in place: a change ends one row and adds another, so that
    "who could see what, when" has an answer. `level` none with `withheld` closes.
    """

    __table_args__ = (
        Index("grant_by_section", "section_id", "ended_at"),
        Index("grant_by_plan", "plan_id", "section_id"),
        _one_of("grant_once_to_member", "section_id", "member_id", where="ended_at IS NULL AND member_id IS NOT NULL"),
        _one_of("grant_once_to_role", "section_id", "role", where="ended_at IS NULL AND role IS NOT NULL"),
        CheckConstraint("(member_id IS NULL) <> (role IS NULL)", name="grant_to_member_or_role"),
    )
    changeable: ClassVar = frozenset({"ended_at", "ended_by"})

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    role: Role | None = Field(default=None, sa_type=Word(Role))
    level: Level = Field(sa_type=Word(Level))
    withheld: bool = False
    history: bool = False
    earlier_history: bool = False
    from_on: date | None = None
    expires_on: date | None = None
    history_from: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    created_by: UUID = Field(foreign_key="account.id")
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id")


class Invitation(ForOwners, table=True):
    """A key to join the circle, used once. Holds what its taker will be given, and only the secret's hash."""

    __table_args__ = (Index("invitation_by_plan", "plan_id", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    member_id: UUID | None = Field(default=None, foreign_key="member.id")
    email: str | None = Field(default=None, max_length=254)
    role: Role = Field(sa_type=Word(Role))
    relationship: str = Field(max_length=200)
    organisation: str | None = Field(default=None, max_length=200)
    message: str | None = Field(default=None, max_length=2000)
    grants: list[dict[str, Any]] = Field(sa_type=Json)
    invited_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    accepted_at: datetime | None = Field(default=None, sa_type=Instant)
    declined_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
