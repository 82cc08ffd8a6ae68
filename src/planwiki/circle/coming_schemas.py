"""What the pages of coming and leaving show and send. Nothing here leaves in an answer to a program."""

from datetime import date
from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Key
from planwiki.base.vocabulary import Arrival, Role

from .schemas import MemberView


class CameView(View):
    """Somebody who took an invitation and waits for an owner's word; their own name and address beside it."""

    member: MemberView
    place: str | None = None  # The name of the person whose own place they would take over from a shared tablet.
    account_name: str
    account_email: str | None
    email_is_proven: bool
    may_say_yes: bool


class UnusedGrantView(View):
    """Something given by name, or to a role, that nobody it was given to has used for a long while."""

    id: UUID
    member: MemberView | None = None
    role: Role | None = None
    title: str
    key: str


class HandOverDraft(Draft):
    """Somebody's last day, and who takes over: what they alone changed, and what they were to do."""

    ends_on: date | None = Field(default=None, description="Their last day; left out: it is not said yet.")
    sections: dict[Key, UUID] = Field(default_factory=dict, description="Who may change each section from now on.")
    actions: dict[UUID, UUID] = Field(default_factory=dict, description="Who does each thing from now on.")
    ask_first: UUID | None = Field(default=None, description="Whom everybody asks first from now on.")


class StewardWord(View):
    """How far it is with making somebody a steward, for an owner. `is_enough`: this owner's yes makes them one now."""

    asked_by: str | None
    asked_by_me: bool
    is_enough: bool
    by_the_person: bool
    may_take_back: bool


class ArrivalView(View):
    """What the letter to an address that waits opens, for whoever opened it. `name`: what the one who joined wrote."""

    state: Arrival
    email: str
    name: str
    joined_at: Instant
    may_go_back: bool


class FreezeView(View):
    """That sharing was stopped, for the plan's owners."""

    at: Instant
    by: str
    may_end: bool
