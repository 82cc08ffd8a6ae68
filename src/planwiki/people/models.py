"""Accounts and the sign-ins they hold. Nothing here belongs to a plan."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from planwiki.base.columns import Instant, Json, Word
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import LinkPurpose, LoginKind


class Account(SQLModel, table=True):
    """One human being who signs in. `email` is kept folded to lower case; a young person may have none.

    `waiting_email` is what they wrote and have not shown to be theirs: it is nobody's, and may wait for several.

    `totp_sealed` is the secret of their one-time codes, sealed with the host's key; it counts once `totp_confirmed_at`
    says that a code was right. An account that the host closed signs in nowhere. `reading` is how pages look to them.
    `sign_in_narrowed_at` is when a way to sign in was last taken away or changed.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str | None = Field(default=None, unique=True, max_length=254)
    display_name: str = Field(max_length=200)
    password_hash: str | None = None
    email_confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    totp_sealed: str | None = Field(default=None, max_length=500)
    totp_confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    totp_last_step: int | None = None
    created_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    writes_plain: bool = False
    reading: str = Field(default="", max_length=300)
    wants_no_hints: bool = False
    sign_in_narrowed_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    waiting_email: str | None = Field(default=None, max_length=254, index=True)


class Login(SQLModel, table=True):
    """One browser or program that is signed in. Only the hash of its secret is kept.

    `confirmed_at` is when a browser's user last showed who they are; a program's token has none and is never asked.
    With `tablet_id` it is a shared tablet, where little can be done.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    kind: LoginKind = Field(sa_type=Word(LoginKind))
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    device: str = Field(default="", max_length=200)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    tablet_id: UUID | None = Field(default=None, index=True)


class SignInTry(SQLModel, table=True):
    """One failed or pending try, counted by every process. `subject` is a keyed hash, never an address."""

    __tablename__ = "sign_in_try"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=Instant, index=True)


class Passkey(SQLModel, table=True):
    """A key that one of somebody's devices keeps (WebAuthn). We hold its public half."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=200)
    credential_id: str = Field(unique=True, max_length=1400)
    public_key: str
    sign_count: int = 0
    transports: list[str] = Field(default_factory=list, sa_type=Json)
    created_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)


class Challenge(SQLModel, table=True):
    """A question that one browser was asked and may answer once: a passkey's, an organisation's sign-in."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True, max_length=64)
    kind: str = Field(max_length=40)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    expires_at: datetime = Field(sa_type=Instant, index=True)


class MailedLink(SQLModel, table=True):
    """A link or code that was mailed, used once, within minutes. Bound to the browser that asked by `browser_hash`.

    `tries` counts wrong codes: five end it.
    """

    __tablename__ = "mailed_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    purpose: LinkPurpose = Field(sa_type=Word(LinkPurpose))
    secret_hash: str = Field(unique=True, max_length=64)
    code_hash: str | None = Field(default=None, max_length=64)
    browser_hash: str | None = Field(default=None, max_length=64)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    tries: int = 0
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class RecoveryCode(SQLModel, table=True):
    """A code kept on paper, good once in place of a one-time code."""

    __tablename__ = "recovery_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    code_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class OutsideIdentity(SQLModel, table=True):
    """Somebody as their organisation's sign-in names them. Found by issuer and subject, never by an address."""

    __tablename__ = "outside_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="outside_identity_once"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    issuer: str = Field(max_length=500)
    subject: str = Field(max_length=255)
    created_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)


class HostAdministrator(SQLModel, table=True):
    """Somebody who looks after this planwiki. It gives no way into any plan."""

    __tablename__ = "host_administrator"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class Organisation(SQLModel, table=True):
    """A council, school or charity that people here work for, as the host knows it."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(unique=True, max_length=200)
    ods_code: str | None = Field(default=None, max_length=20)
    created_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
