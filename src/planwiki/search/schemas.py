"""What a search shows."""

from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import Instant, View


class SearchHit(View):
    """One place where the words stand, and that the caller may read."""

    plan_id: UUID = Field(description="The plan.")
    type: str = Field(description="section, action, contribution or media.", examples=["section"])
    section_key: str | None = Field(description="The section it is, or stands in.")
    id: UUID | None = Field(description="Null for sections: they go by their key.")
    title: str = Field(description="That section's heading.")
    snippet_html: str = Field(description="Some words around it, as safe HTML with `<mark>`.")
    score: float = Field(description="Higher is nearer. Computed over what the caller may read alone.")
    updated_at: Instant = Field(description="When the section last changed, or the rest was added.")
    plan_title: str = Field(exclude=True)
