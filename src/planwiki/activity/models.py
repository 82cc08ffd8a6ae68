"""What happened and who looked, never the words themselves; and the letters that wait to be sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.guarded import Journal
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import ActorType, MailKind, Outcome


class AuditEntry(Journal, table=True):
    """One look or change, by a person or a program. `subject_id` is the row it was about, where that is no section.

    `number` counts within the plan and `seal` chains it to the one before (see authz/audit_chain). Entries older than
    the chain have neither.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("event_by_plan", "plan_id", "id"),
        UniqueConstraint("plan_id", "number", name="audit_entry_number"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    verb: str = Field(max_length=64)
    actor_type: ActorType = Field(default=ActorType.ACCOUNT, sa_type=Word(ActorType))
    actor_id: UUID | None = Field(default=None, foreign_key="account.id")
    as_member_id: UUID | None = None
    subject_id: UUID | None = None
    outcome: Outcome = Field(default=Outcome.ALLOWED, sa_type=Word(Outcome))
    request_id: str | None = Field(default=None, max_length=200)
    at: datetime = Field(sa_type=Instant)
    number: int | None = None
    seal: str | None = Field(default=None, max_length=64)


class AuditHead(SQLModel, table=True):
    """Where a plan's chain ends. `proof` shows that we wrote so, so that a shortened chain is found out."""

    __tablename__ = "audit_head"

    plan_id: UUID = Field(primary_key=True, foreign_key="plan.id")
    number: int
    seal: str = Field(max_length=64)
    proof: str = Field(max_length=64)


class Delivery(SQLModel, table=True):
    """A letter by e-mail that is to be sent. `sealed` holds what it needs to say, and is emptied once it has gone."""

    __table_args__ = (Index("delivery_due", "sent_at", "given_up_at", "due_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: MailKind = Field(sa_type=Word(MailKind))
    plan_id: UUID | None = Field(default=None, foreign_key="plan.id")
    subject_id: UUID | None = None
    sealed: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    tries: int = 0
    last_error: str | None = Field(default=None, max_length=200)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    given_up_at: datetime | None = Field(default=None, sa_type=Instant)
