"""Shared tablets, as owners see them."""

from uuid import UUID

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Line


class TabletDraft(Draft):
    name: Line


class TabletView(View):
    id: UUID
    name: str
    created_at: Instant
    is_locked: bool


class NewTabletView(View):
    """Shown this once: the secret for the tablet's own cookie, and the four pictures."""

    secret: str
    pictures: list[str]


class PicturesView(View):
    """What a tablet shows before it is open."""

    pictures: list[str]
    is_locked: bool
