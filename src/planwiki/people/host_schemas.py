"""What whoever hosts this planwiki is shown: people who sign in, organisations, stuck letters. Never a plan."""

from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Line
from planwiki.base.vocabulary import MailKind


class HostAccountView(View):
    """Somebody who signs in here. Not where, nor how often, nor in how many plans."""

    id: UUID
    email: str
    waiting_email: str = Field(description="What they wrote and have not shown to be theirs.")
    display_name: str
    created_at: Instant
    closed_at: Instant | None
    looks_after_this: bool = Field(description="They are a host administrator.")


class OrganisationDraft(Draft):
    name: Line
    ods_code: Line | None = None


class OrganisationView(View):
    name: str
    ods_code: str | None


class StuckView(View):
    """A letter that does not go out. To whom, and what it says, stays sealed."""

    kind: MailKind
    created_at: Instant
    tries: int
    given_up: bool


class HostView(View):
    """All of it, for the page."""

    accounts: list[HostAccountView]
    more: UUID | None = Field(description="The last account shown, where there are more.")
    organisations: list[OrganisationView]
    stuck: list[StuckView]
