"""Guest links as they come in and as they are shown, and what a guest reads."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Key, Line
from planwiki.plans.schemas import PersonView, SectionView

LONGEST_HOURS = 24 * 90
LinkStatus = Literal["active", "ended", "expired"]


class ShareLinkDraft(Draft):
    """A link that opens some sections, to read, for a while."""

    section_keys: list[Key] = Field(
        description="What it opens. Some kinds of section never open to guests.", min_length=1, max_length=50
    )
    purpose_note: Line | None = Field(default=None, description="What it is for.", examples=["Hospital visit"])
    expires_in_hours: int = Field(description="How long it works.", ge=1, le=LONGEST_HOURS, examples=[24])
    max_uses: int | None = Field(default=None, description="How often it opens; left out: any.", ge=1, le=1000)


class ShareLinkView(View):
    """A guest link as owners see it."""

    id: UUID = Field(description="The link.")
    section_keys: list[str] = Field(description="What it opens, of what the caller can see.")
    purpose_note: str | None = Field(description="What it is for.")
    url: str | None = Field(
        description="Shown once, when it is made. The secret stands after the #.",
        examples=["https://plans.example.org/shared#pwg_1GDX2sOGpSgofCl7R6qx"],
    )
    expires_at: Instant = Field(description="When it stops working.")
    max_uses: int | None = Field(description="How often it opens. Null: any.")
    uses: int = Field(description="How often it was opened.")
    status: LinkStatus = Field(description="ended: stopped, used up, or its maker shares no more.")
    created_at: Instant = Field(description="When it was made.")


class SharedPackView(View):
    """What somebody reads through a guest link."""

    person: PersonView = Field(description="Whose sections these are.")
    sections: list[SectionView] = Field(description="What the link opens, to read.")
    expires_at: Instant = Field(description="When the link stops working.")
    plan_id: UUID = Field(exclude=True)
    link_id: UUID = Field(exclude=True)
    maker_id: UUID = Field(exclude=True)
