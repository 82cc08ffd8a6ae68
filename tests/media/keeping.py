"""Keeps a file as a verb does, without the way through a form."""

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.media.making import picture
from tests.world import World

from planwiki.base.ids import new_id
from planwiki.media.commands import add_media
from planwiki.media.schemas import Kept, MediaDraft
from planwiki.media.storage import WHOLE


def keep_paper(world: World, who: str, key: str, words: str, id: UUID | None = None, **said: Any) -> UUID:
    """A paper of these bytes in a section. `filename` is what it is called."""
    facts = {
        "kind": said.pop("kind", "paper"),
        "content_type": "application/pdf",
        "filename": said.pop("filename", "letter.pdf"),
    }
    return _keep(world, who, key, {WHOLE: words.encode()}, facts, id, said)


def keep_picture(world: World, who: str, key: str, words: dict[str, str], id: UUID | None = None, **said: Any) -> UUID:
    """A picture in its three sizes, with these words behind the bytes of each: `whole`, `small` and `large`."""
    facts = {"kind": "picture", "content_type": "image/jpeg", "filename": said.pop("filename", "maya.jpg")}
    drawn = {name: picture("JPEG" if name == WHOLE else "WEBP") for name in words}  # As the workshop makes them.
    return _keep(world, who, key, {name: drawn[name] + one.encode() for name, one in words.items()}, facts, id, said)


def keep_file(
    world: World, who: str, key: str, content: bytes, facts: dict[str, Any], id: UUID | None = None, **said: Any
) -> UUID:
    """A file of these bytes."""
    return _keep(world, who, key, {WHOLE: content}, facts, id, said)


def _keep(
    world: World, who: str, key: str, files: dict[str, bytes], facts: dict[str, str], id: UUID | None, said: Any
) -> UUID:
    sizes = {"size": len(files[WHOLE]), "stored": sum(map(len, files.values()))}
    kept = Kept.model_validate({"id": id or new_id(), "sha256": "0" * 64, **sizes, **facts})
    draft = MediaDraft(section_key=key, **said)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        world.app.state.storage.keep(world.plan_id, kept.id, Path(folder))
    world.ask(who, lambda uow: add_media(uow, world.plan_id, draft, kept, 10**9))
    return kept.id
