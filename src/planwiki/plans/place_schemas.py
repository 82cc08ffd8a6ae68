"""Where a reader is, as their page tells it and is told."""

from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import Draft, View

A_DAY = 86_400  # Seconds; longer than anything that is kept here plays.


class ReadingPlaceDraft(Draft):
    """The paragraph they are at, counted from 0; the sentence in it that they heard; and the second of a recording."""

    paragraph: int = Field(ge=0, le=10_000)
    begins: str = Field(default="", pattern=r"^[0-9a-f]{0,16}$")
    sentence: int | None = Field(default=None, ge=0, le=10_000)
    media_id: UUID | None = None
    second: int | None = Field(default=None, ge=0, le=A_DAY)

    @property
    def is_start(self) -> bool:
        """There is nothing to go back to."""
        return not (self.paragraph or self.sentence or (self.media_id and self.second))


class ReadingPlaceView(View):
    """Shown to the reader alone."""

    paragraph: int
    begins: str
    sentence: int | None
    media_id: UUID | None
    second: int | None
