"""What owners are shown of the record: who did what, when, and whether they were let."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import ActorRef, Instant, View
from planwiki.base.vocabulary import Deed, Outcome


class TargetView(View):
    """What it was done to."""

    type: Literal["plan", "section"] = Field(description="The plan as a whole, or one section.")
    section_key: str | None = Field(description="Which section.")
    id: UUID | None = Field(description="The member, grant, invitation or link it was about, where it was about one.")


class AccessLogEntryView(View):
    """One look or change. Never a word of the plan."""

    id: UUID = Field(description="The entry.")
    at: Instant = Field(description="When.")
    actor: ActorRef = Field(description="Who. Somebody outside the circle is not named.")
    action: Deed = Field(description="What sort of thing they did.", examples=["view"])
    resource: TargetView = Field(description="To what.")
    purpose: str | None = Field(default=None, description="Why, where somebody had to say. Not yet asked.")
    consent_id: UUID | None = Field(default=None, description="The consent it stood on. There are none yet.")
    outcome: Outcome = Field(description="Whether they were let.")
    request_id: str | None = Field(description="The request's name in the log.")
    # For sentences alone:
    verb: str = Field(exclude=True)
    section_title: str = Field(default="", exclude=True)
    whom: str = Field(default="", exclude=True)
    is_me: bool = Field(default=False, exclude=True)


class ActorView(View):
    """Somebody of the circle, now or once, to choose in the record."""

    member_id: UUID
    account_id: UUID
    name: str
