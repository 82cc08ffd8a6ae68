"""The faces of a section: its full words, easy words that somebody wrote, and its pictures and sound."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.vocabulary import Face, Level, MediaKind
from planwiki.media.rules import shown_in
from planwiki.media.schemas import MediaView
from planwiki.people.reading_schemas import reading_from

from .easy_queries import earlier_easy, easy_now
from .schemas import SectionView


def faces(
    uow: UnitOfWork, section: SectionView, media: Sequence[MediaView], asked: str, liked: Face = Face.FULL
) -> dict[str, Any]:
    """`shown_face`, `faces` (those to choose from: that are there, or that the viewer could make), `easy`,
    and `pictures` (the pictures and recordings in the order of the words).

    `liked` comes first where nothing else is asked for, and where there is something to read in that way.
    """
    easy, seen = easy_now(uow, section.id), pictures_in_order(section, media)
    may_write = section.my_level.rank >= Level.EDIT.rank and uow.principal.as_member_id is None
    there = {Face.FULL: True, Face.EASY: easy is not None or may_write, Face.PICTURES: bool(seen) or may_write}
    shown = [face for face in Face if there[face]]
    to_read = {Face.EASY: easy is not None, Face.PICTURES: bool(seen)}
    first = liked if to_read.get(liked) else Face.FULL
    face = next((one for one in shown if one == asked), first)
    return {
        "shown_face": face,
        "liked_face": liked,
        "faces": shown if len(shown) > 1 else [],
        "easy": easy,
        "pictures": seen,
    }


def liked_face(uow: UnitOfWork) -> Face:
    """The way of reading that the viewer chose last."""
    return reading_from(uow.principal.reading).face


def pictures_in_order(section: SectionView, media: Sequence[MediaView]) -> list[MediaView]:
    """Those that the words show come first, as the words show them; then the others, oldest first. No papers."""
    places = {id: place for place, id in enumerate(shown_in(section.body_markdown))}
    seen = [one for one in media if one.kind is not MediaKind.PAPER]
    return sorted(seen, key=lambda one: places.get(one.id, len(places)))


def easy_before(uow: UnitOfWork, section: SectionView) -> UUID | None:
    """The easy words just before the newest, where the viewer may put them back."""
    if section.my_level.rank < Level.EDIT.rank or not section.may_see_history:
        return None
    found, _more = earlier_easy(uow, section.plan_id, section.key)
    return found[1].id if len(found) > 1 else None
