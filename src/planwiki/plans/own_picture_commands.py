"""A section's own picture: a file of that very section, for as long as it is there."""

from typing import NamedTuple
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import invalid
from planwiki.media.reference_queries import own_pictures

from .models import Section


class _Choice(NamedTuple):
    """A section by its id, and the picture somebody chose for it."""

    id: UUID
    picture_media_id: UUID


def check_own_picture(uow: UnitOfWork, section: Section, media_id: UUID) -> None:
    """Raises Invalid, alike for what is hidden, of another section, no picture, or not there."""
    if not own_pictures(uow, [_Choice(section.id, media_id)]):
        raise invalid("picture_media_id", "unknown-media", "There is no such picture in this section.")


def let_go_of_picture(section: Section, media_id: UUID) -> None:
    """A picture that leaves its section stands for it no more. Whoever may take it out may do this."""
    if section.picture_media_id == media_id:
        section.picture_media_id = None
