"""Answers kept for a day, so that a program may repeat a request without doing it twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from planwiki.base.columns import Instant
from planwiki.base.ids import new_id


class KeptAnswer(SQLModel, table=True):
    """What one caller was told under one Idempotency-Key. `plan_id` is whose rights are asked again on a replay."""

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("account_id", "key", name="kept_answer_key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    key: str = Field(max_length=255)
    fingerprint: str = Field(max_length=64)
    plan_id: UUID | None = Field(default=None, foreign_key="plan.id", index=True)
    status: int
    location: str | None = None
    etag: str | None = None
    body: str
    created_at: datetime = Field(sa_type=Instant, index=True)
