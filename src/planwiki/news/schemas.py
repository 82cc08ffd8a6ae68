"""What is new for one reader, as they are shown it."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import Draft, View
from planwiki.base.vocabulary import NewsByMail, NewsKind


class SectionState(View):
    """How far a section has come for its reader: its version, the newest thing beside it; and how far they saw it."""

    section_id: UUID
    key: str
    title: str
    revision: int
    changed_at: datetime
    changed_by: UUID | None
    changed_by_name: str
    newest: datetime
    seen_revision: int | None
    seen_until: datetime | None

    @property
    def is_ahead(self) -> bool:
        """There is something that its reader has not seen, or that was their own."""
        if self.seen_revision is None or self.seen_until is None:
            return True
        return self.revision > self.seen_revision or self.newest > self.seen_until


class NewsView(View):
    """One thing that is new, or waits for an answer. `about` tells it from all others; `at` is None where no date is
    the reader's to know. `said_id` is what was said, `member_id` who came."""

    about: str
    kind: NewsKind
    plan_id: UUID
    whose_plan: str = ""
    at: datetime | None = None
    who: str = ""
    section_id: UUID | None = None
    section_key: str = ""
    what: str = ""
    said_id: UUID | None = None
    member_id: UUID | None = None


class ToMark(View):
    """What a reader sees for the first time as they open a page. `begins`: they open the plan for the first time."""

    sections: list[SectionState]
    begins: bool = False

    @property
    def is_anything(self) -> bool:
        return self.begins or bool(self.sections)


class InboxView(View):
    """All that is new for one reader in all their plans, and all that waits for their answer; newest first."""

    new: list[NewsView]
    waits: list[NewsView]


class LetterDraft(Draft):
    """How often somebody wants a letter."""

    how_often: NewsByMail = Field(description="weekly, daily or off.")
