"""What is always true of how people see it. No database, no web."""

from collections.abc import Iterable, Sequence

from planwiki.base.errors import NotFound, invalid
from planwiki.base.language import _
from planwiki.base.vocabulary import SectionKind, Whose

from .perspective_schemas import PerspectiveDraft, PerspectiveView

_ORDER = {whose: place for place, whose in enumerate(Whose)}


def check_is_asked_here(kind: SectionKind) -> None:
    """Other sections have no such page at all."""
    if kind is not SectionKind.PERSPECTIVES:
        raise NotFound


def check_says_something(draft: PerspectiveDraft) -> None:
    if not draft.working.strip() and not draft.not_working.strip():
        raise invalid("working", "too-short", _("Please write something in one of the two."))


def side_by_side(shown: Iterable[PerspectiveView]) -> list[PerspectiveView]:
    """The person's own first, then family, friends, professionals, and what was written together; each oldest first."""
    return sorted(shown, key=lambda one: (_ORDER[one.voice.whose], one.created_at, one.id))


def newest_of_each(rows: Sequence[PerspectiveView], authors: Sequence[object]) -> list[PerspectiveView]:
    """One for each writer and sort of voice. `rows` come oldest first, each with its writer."""
    return list({(author, row.voice.whose): row for row, author in zip(rows, authors, strict=True)}.values())
