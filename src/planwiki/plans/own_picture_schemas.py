"""A section's own picture, as the viewer may see it."""

from uuid import UUID

from planwiki.base.shapes import View


class OwnPicture(View):
    """A picture of a section that stands for it, and what it shows, in words."""

    media_id: UUID
    words: str
