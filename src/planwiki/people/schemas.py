"""Accounts and sign-ins as they come in and as they are shown."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from planwiki.base.common_passwords import is_common
from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Line
from planwiki.base.vocabulary import Level

SHORTEST_PASSWORD = 10
_LISTS = frozenset('@,;:<>()[]"\\')  # What a mail program reads as more than one address, or as another one.


def _email(text: str) -> str:
    """Folded to lower case. One address; of that, only what any has is asked. The rest shows when mail is sent."""
    name, _, host = text.strip().casefold().rpartition("@")
    odd = any(letter.isspace() or letter in _LISTS for letter in name + host)
    if not name or "." not in host.strip(".") or odd or len(text) > 254:
        raise PydanticCustomError("bad-email", "Please write a whole e-mail address.")
    return f"{name}@{host}"


def _password(text: str) -> str:
    if len(text) < SHORTEST_PASSWORD:
        raise PydanticCustomError("too-short", f"Use at least {SHORTEST_PASSWORD} letters. Three words work well.")
    if is_common(text):
        raise PydanticCustomError("too-common", "Many people use that one. Please choose another.")
    return text


Email = Annotated[Line, AfterValidator(_email)]
NewPassword = Annotated[Annotated[str, Field(max_length=1000)], AfterValidator(_password)]


class AccountDraft(Draft):
    """Somebody who will sign in."""

    display_name: Line = Field(description="Their name.", examples=["Dee"])
    email: Email = Field(description="Their e-mail address.")
    password: NewPassword | None = Field(default=None, description="At least 10 characters.")


class AskDraft(Draft):
    """Who asks for a letter to sign in by."""

    email: Email = Field(description="The account's e-mail address.")


class AccountCreate(Draft):
    """Somebody who asks for an account. It is made once they have read the letter."""

    display_name: Line = Field(description="Their name.", examples=["Dee"])
    email: Email = Field(description="Their e-mail address.", examples=["dee@example.org"])
    password: NewPassword | None = Field(default=None, description="At least 10 characters. May be left out.")


class NewAccountDraft(Draft):
    """The same, with the password hashed already: what waits for the letter to be read."""

    display_name: Line = Field(description="Their name.")
    email: Email = Field(description="Their e-mail address.")
    password_hash: str | None = Field(default=None, description="Argon2id.")


class NewcomerDraft(Draft):
    """Somebody who comes by an invitation. There is no password to invent: they add a way to sign in when they like."""

    display_name: Line = Field(description="Their name.")
    email: Email = Field(description="Their e-mail address.")


class SignInDraft(Draft):
    """Who says they are who."""

    email: str = Field(description="The account's e-mail address.", max_length=254, examples=["dee@example.org"])
    password: str = Field(description="The account's password.", max_length=1000)
    one_time_code: str = Field(default="", description="Where the account has a second step.", max_length=40)


class PasskeyDraft(Draft):
    """A key that a browser has just made."""

    name: Line = Field(description="What its owner calls it.")
    credential: str = Field(description="What the browser says of it, as JSON.", max_length=20_000)


class NameDraft(Draft):
    display_name: Line = Field(description="What people here call you.")


class PasswordChange(Draft):
    new: NewPassword = Field(description="The new password.")


class AccountView(View):
    """An account, as its owner sees it."""

    id: UUID = Field(description="The account.")
    display_name: str = Field(description="Their name.", examples=["Dee"])
    email: str = Field(description="Their e-mail address; empty where they have none.")
    created_at: Instant = Field(description="When it was made.")
    waiting_email: str = Field(default="", exclude=True, description="What they wrote and have not shown to be theirs.")
    has_second_step: bool = Field(default=False, exclude=True, description="A code is asked for too.")
    has_password: bool = Field(default=False, exclude=True, description="They can sign in by password.")
    reading: str = Field(default="", exclude=True, description="How pages look to them, in one line.")


class DeviceView(View):
    """A browser or program that is signed in."""

    id: UUID = Field(description="The sign-in.")
    device: str = Field(description="What it is, in words; empty where it did not say.")
    is_program: bool = Field(description="It holds a token.")
    is_this: bool = Field(description="It is the one that asks.")
    created_at: Instant = Field(description="Since when.")


class PasskeyView(View):
    """A key that one of somebody's devices keeps."""

    id: UUID = Field(description="The key.")
    name: str = Field(description="What its owner calls it.")
    created_at: Instant = Field(description="Since when.")
    last_used_at: Instant | None = Field(description="When it signed in last.")


class LoginView(View):
    """A sign-in that has just begun. The token is shown once."""

    token: str = Field(description="Send it as `Authorization: Bearer`.")
    expires_at: Instant = Field(description="When it stops working.")
    account: AccountView = Field(description="Who signed in.")


class MyPlanRef(View):
    """A plan the caller stands in, and the highest level they hold there."""

    plan_id: UUID = Field(description="The plan.")
    level: Level = Field(description="The highest level they hold anywhere in it.")


class MeView(View):
    """Who the caller is."""

    type: str = Field(description="account or client.", examples=["account"])
    id: UUID = Field(description="The account or client.")
    display_name: str = Field(description="Their name.", examples=["Dee"])
    scopes: list[str] = Field(description="For clients; a person's own token has none.")
    plans: list[MyPlanRef] = Field(description="Plans they stand in.")
