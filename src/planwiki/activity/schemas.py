"""What owners are shown of the record: who did what, when, and whether they were let."""

from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import ActorRef, Instant, Target, View
from planwiki.base.vocabulary import Deed, Outcome


class AccessLogEntryView(View):
    """One look or change. Never a word of the plan."""

    id: UUID = Field(description="The entry.")
    at: Instant = Field(description="When.")
    actor: ActorRef = Field(description="Who. Somebody outside the circle is not named.")
    action: Deed = Field(description="What sort of thing they did.", examples=["view"])
    resource: Target = Field(
        description="To what. `id` is the member, grant or other thing it was about, where it was about one."
    )
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
