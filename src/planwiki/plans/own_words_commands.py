"""Adding a paragraph in the person's own words: the one change that a shared tablet allows."""

from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import invalid
from planwiki.base.text import BODY_LENGTH
from planwiki.base.vocabulary import How, RevisionSource, Whose

from .queries import find_section
from .schemas import OwnWordsDraft, Voice
from .section_commands import keep_text


def add_own_words(uow: UnitOfWork, plan_id: UUID, key: str, draft: OwnWordsDraft) -> None:
    """A new version: what stood there, and below it what was said now. Nothing is taken away."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require_to_add(section)
    before = section.body_markdown.rstrip()
    body = f"{before}\n\n{draft.words.strip()}" if before else draft.words.strip()
    if len(body) > BODY_LENGTH:
        raise invalid("words", "too-long", "This part is full. Please ask for a new one.")
    voice = Voice(whose=Whose.PERSON, how=How.OWN_WORDS)
    keep_text(uow, section, section.title, body, voice, RevisionSource.EDIT)
    uow.flush()
