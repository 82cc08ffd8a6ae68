"""Who stands in a plan, and which grants open its sections."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.guarded import ForOwners, InPlan, OfManagers
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import BasisKind, Level, MemberStatus, Role, TaskAnswer


def _one_of(name: str, *columns: str, where: str) -> Index:
    """At most one such row, whatever races two requests run."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class Member(InPlan, table=True):
    """One person of the circle, with one role, with an account or without.

    Until an owner has confirmed who came, nothing but everyday sections opens to them. `closeness` is the ring they
    stand in: 1 is closest. `steward_word_by` is the owner who last said that they are to decide too: the first of two,
    or the one that made them a steward.
    """

    __table_args__ = (
        Index("member_by_plan", "plan_id", "account_id"),
        Index("member_by_account", "account_id", "plan_id"),
        _one_of("member_once", "plan_id", "account_id", where="ended_at IS NULL AND account_id IS NOT NULL"),
        _one_of("member_the_person", "plan_id", where="ended_at IS NULL AND role = 'person'"),
        _one_of("member_to_ask", "plan_id", where="ended_at IS NULL AND is_key_worker"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    display_name: str = Field(max_length=200)
    role: Role = Field(sa_type=Word(Role))
    relationship: str = Field(default="", max_length=200)
    organisation: str | None = Field(default=None, max_length=200)
    contact: dict[str, Any] | None = Field(default=None, sa_type=Json)
    call_first: bool = False
    knows_me_best: bool = False
    is_key_worker: bool = False
    closeness: int | None = None
    status: MemberStatus = Field(sa_type=Word(MemberStatus))
    basis_kind: BasisKind | None = Field(default=None, sa_type=Word(BasisKind))
    basis_scope: list[str] | None = Field(default=None, sa_type=Json)
    basis_proof_seen_by: str | None = Field(default=None, max_length=200)
    basis_valid_from: date | None = None
    basis_valid_until: date | None = None
    basis_review_on: date | None = None
    ends_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed_by: UUID | None = None
    revision: int = 1
    created_at: datetime = Field(sa_type=Instant)
    steward_word_by: UUID | None = None
    steward_word_at: datetime | None = Field(default=None, sa_type=Instant)


# What the rule of rights asks of each grant: with all of it in the index, no row of a grant is read.
_ASKED = (
    *("section_id", "ended_at", "member_id", "role", "level", "withheld", "history", "earlier_history"),
    *("from_on", "expires_on"),
)


class Grant(OfManagers, table=True):
    """What one member, or everybody in one role, was given on one section.

    Never changed in place: a change ends one row and adds another, so that
    "who could see what, when" has an answer. `level` none with `withheld` closes.
    """

    __table_args__ = (
        Index("grant_by_section", *_ASKED),
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
    """A key to join the circle, used once. Holds what its taker will be given, and only the secret's hash.

    `code_hash` is of the code to read out. With `confirm_first` an owner has to say that the right one came. With
    `mailed_at` the secret went to `email` and to nobody else, so whoever holds it reads that mailbox.
    `sent_at` is when it was sent again.
    """

    __table_args__ = (
        Index("invitation_by_plan", "plan_id", "id"),
        _one_of("invitation_by_code", "code_hash", where="code_hash IS NOT NULL"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    code_hash: str | None = Field(default=None, max_length=64)
    display_name: str | None = Field(default=None, max_length=200)
    email: str | None = Field(default=None, max_length=254)
    confirm_first: bool = False
    mailed_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
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


class ShareLink(ForOwners, table=True):
    """A guest link: whoever holds its secret reads named sections for a while. It ends with its maker's rights."""

    __tablename__ = "share_link"
    __table_args__ = (Index("share_link_by_plan", "plan_id", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    purpose_note: str | None = Field(default=None, max_length=500)
    created_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    max_uses: int | None = None
    uses: int = 0
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class SharedSection(OfManagers, table=True):
    """One section that a guest link opens."""

    __tablename__ = "shared_section"
    __table_args__ = (UniqueConstraint("link_id", "section_id", name="shared_section_once"),)
    changeable: ClassVar = frozenset()

    id: UUID = Field(default_factory=new_id, primary_key=True)
    link_id: UUID = Field(foreign_key="share_link.id")


class Tablet(ForOwners, table=True):
    """A shared tablet on which the person this plan is about opens it with pictures, and nothing else."""

    __table_args__ = (Index("tablet_by_plan", "plan_id", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    name: str = Field(max_length=200)
    secret_hash: str = Field(unique=True, max_length=64)
    pictures_hash: str
    tries: int = 0
    enrolled_by: UUID = Field(foreign_key="account.id")
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class OwnerTask(ForOwners, table=True):
    """An owner's answer to a question that came due by itself: a birthday, a grant nobody uses.

    The questions are worked out afresh each time; only answers are kept. `about` tells one question from another.
    """

    __tablename__ = "owner_task"
    __table_args__ = (UniqueConstraint("plan_id", "about", name="owner_task_once"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    about: str = Field(max_length=100)
    answer: TaskAnswer = Field(sa_type=Word(TaskAnswer))
    ask_again_on: date | None = None
    answered_at: datetime = Field(sa_type=Instant)
    answered_by: UUID = Field(foreign_key="account.id")
