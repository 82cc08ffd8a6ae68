"""Accounts and the sign-ins they hold. Nothing here belongs to a plan."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from planwiki.base.columns import Instant, Word
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import LoginKind


class Account(SQLModel, table=True):
    """One human being who signs in. `email` is kept folded to lower case."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(unique=True, max_length=254)
    display_name: str = Field(max_length=200)
    password_hash: str | None = None
    created_at: datetime = Field(sa_type=Instant)


class Login(SQLModel, table=True):
    """One browser or program that is signed in. Only the hash of its secret is kept."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    kind: LoginKind = Field(sa_type=Word(LoginKind))
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInTry(SQLModel, table=True):
    """One failed or pending try, counted by every process. `subject` is a keyed hash, never an address."""

    __tablename__ = "sign_in_try"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=Instant, index=True)
