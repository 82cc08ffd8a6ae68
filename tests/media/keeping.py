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
    facts: dict[str, Any] = {
        "kind": said.pop("kind", "paper"),
        "content_type": "application/pdf",
        "filename": name,
        "sha256": "0" * 64,
    }
    kept = Kept(id=id or new_id(), size=len(words), stored=len(words), **facts)
    draft = MediaDraft(section_key=key, **said)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / WHOLE).write_text(words)
        world.app.state.storage.keep(world.plan_id, kept.id, Path(folder))
    world.ask(who, lambda uow: add_media(uow, world.plan_id, draft, kept, 10**9))
    return kept.id
