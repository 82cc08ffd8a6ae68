"""Keeps a file as a verb does, without the way through a form."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.world import World

from planwiki.base.ids import new_id
from planwiki.media.commands import add_media
from planwiki.media.schemas import Kept, MediaDraft
from planwiki.media.storage import WHOLE


def keep_paper(world: World, who: str, key: str, words: str, id: UUID | None = None, **said: Any) -> UUID:
    """A paper of these bytes in a section. `filename` is what it is called."""
    name = said.pop("filename", "letter.pdf")
    facts = {"kind": said.pop("kind", "paper"), "content_type": "application/pdf", "filename": name}
    return keep_file(world, who, key, words.encode(), facts, id, **said)


def keep_file(
    world: World, who: str, key: str, content: bytes, facts: dict[str, Any], id: UUID | None = None, **said: Any
) -> UUID:
    kept = Kept(id=id or new_id(), size=len(content), stored=len(content), sha256="0" * 64, **facts)
    draft = MediaDraft(section_key=key, **said)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / WHOLE).write_bytes(content)
        world.app.state.storage.keep(world.plan_id, kept.id, Path(folder))
    world.ask(who, lambda uow: add_media(uow, world.plan_id, draft, kept, 10**9))
    return kept.id
