"""Actions as they come in (drafts) and as they are shown (views)."""

from datetime import date
from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Key, Line, Message
from planwiki.base.vocabulary import ActionStatus

_WHERE = "The section of kind `outcomes` that it stands in. Left out: the first one that the caller may change."
_WHAT = "What is to be done."
_WHO_ELSE = "Who does it, where they are not in the circle: a name."
_NOTE = "How it is going, in a few plain lines."


class ActionPatch(Draft):
    """What to change about an action; fields left out stay."""

    what: Line = Field(default="", description=_WHAT, examples=["Ride the number 7 together"])
    how: Message | None = Field(default=None, description="How, in a few plain lines.", examples=["After school."])
    who_member_id: UUID | None = Field(default=None, description="Who does it: somebody in the circle.")
    who_text: Line | None = Field(default=None, description=_WHO_ELSE, examples=["The dentist"])
    due_on: date | None = Field(default=None, description="By when.", examples=["2030-06-03"])
    status: ActionStatus = Field(default=ActionStatus.PLANNED, description="How far it is.")
    progress_note: Message | None = Field(default=None, description=_NOTE, examples=["We went twice."])


class ActionDraft(ActionPatch):
    """Something that somebody is to do."""

    section_key: Key | None = Field(default=None, description=_WHERE, examples=["outcomes"])
    what: Line = Field(description=_WHAT, examples=["Ride the number 7 together"])


class ActionView(View):
    """Who does what by when, as it stands."""

    id: UUID = Field(description="The action.")
    section_key: str = Field(description="The section it stands in, whose rights it follows.")
    what: str = Field(description=_WHAT, examples=["Ride the number 7 together"])
    how: str | None = Field(description="How, in a few plain lines.")
    who_member_id: UUID | None = Field(description="Who does it, where the caller knows them in the circle.")
    who_text: str | None = Field(description="Who does it, where `who_member_id` is null. Null: nobody yet.")
    due_on: date | None = Field(description="By when.")
    status: ActionStatus = Field(description="How far it is.")
    progress_note: str | None = Field(description=_NOTE)
    completed_at: Instant | None = Field(description="When it was done.")
    revision: int = Field(description="Counts changes.")
    created_at: Instant = Field(description="When it was added.")
    updated_at: Instant = Field(description="When it was last changed.")
    # For pages alone:
    section_title: str = Field(exclude=True)
    who_name: str = Field(exclude=True)
    is_mine: bool = Field(exclude=True)
    is_person: bool = Field(exclude=True)
    has_left: bool = Field(exclude=True)
    by: str = Field(exclude=True)
    put_away: bool = Field(exclude=True)

    @property
    def is_open(self) -> bool:
        return self.status in {ActionStatus.PLANNED, ActionStatus.IN_PROGRESS} and not self.put_away


class Asked(View):
    """Which actions somebody wants to see; nothing asked is all."""

    status: ActionStatus | None = None
    due_before: date | None = None
    member_id: UUID | None = None
