"""How somebody sees it, as it comes in and as it is shown."""

from uuid import UUID

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Remark
from planwiki.plans.schemas import Voice


class PerspectiveDraft(Draft):
    """What is working and what is not. `replaces` is the writer's own one that it was begun from."""

    working: Remark = ""
    not_working: Remark = ""
    voice: Voice | None = None
    replaces: UUID | None = None


class PerspectiveView(View):
    """One person's view of what is working and what is not."""

    id: UUID
    working_markdown: str
    working_html: str
    not_working_markdown: str
    not_working_html: str
    voice: Voice
    author: str
    created_at: Instant
    is_mine: bool
    ended_at: Instant | None = None
    ended_by_me: bool = False
