"""Words that are being written, as they come in and as their writer is shown them."""

from uuid import UUID

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.vocabulary import Face


class WordsInHand(Draft):
    """The form of an opened page as it stands. `came_from` is the page whose kept words it was opened with.

    `face` says what is written there: the full words of a section, or its easy ones.
    """

    face: Face = Face.FULL
    page: UUID
    came_from: UUID | None = None
    words: dict[str, str]

    @property
    def pages(self) -> set[UUID | None]:
        return {self.page, self.came_from}


class DraftView(View):
    """What its author was writing, and has not saved."""

    page: UUID
    words: dict[str, str]
    kept_at: Instant
