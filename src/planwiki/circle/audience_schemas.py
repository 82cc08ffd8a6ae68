"""Who can see a section: what the sentence on every page is made of. Nothing here leaves in an answer to a program."""

from uuid import UUID

from planwiki.base.shapes import View
from planwiki.base.vocabulary import Level

from .schemas import MemberView


class AudienceView(View):
    """Who can see a section, for the sentence every page carries."""

    members: list[MemberView]
    levels: dict[UUID, Level]
    guest_links: int = 0
