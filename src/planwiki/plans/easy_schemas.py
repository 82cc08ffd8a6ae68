"""Easy words as they come in and as they are shown."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Key, Line

from .schemas import Voice

MOST_LINES = 60


def _some(lines: list[Any]) -> list[Any]:
    if len(lines) > MOST_LINES:
        raise PydanticCustomError("too-long", "This is too long. Use at most {most} lines.", {"most": MOST_LINES})
    return lines


class EasyLine(Draft):
    """One sentence, and the name of a shipped picture beside it."""

    words: Line
    picture: Key | None = None


class EasyDraft(Draft):
    """Easy words to keep. No lines take them away; what was there stays in their history.

    `explains` is the version of the section before the writer's eyes; `based_on` the easy words they began from.
    """

    lines: Annotated[list[EasyLine], AfterValidator(_some)]
    voice: Voice | None = None
    explains: int = Field(ge=1)
    based_on: UUID | None = None


class EasyView(View):
    """Easy words as they were saved. `moved_on`: the full words have changed since."""

    id: UUID
    lines: list[EasyLine]
    explains: int
    moved_on: bool
    is_newest: bool
    voice: Voice
    author: str
    created_at: Instant
