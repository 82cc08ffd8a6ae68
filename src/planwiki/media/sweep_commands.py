"""Takes away the bytes that no row points at: an upload that was cut off, or an erasure that did not get to its end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import select

from planwiki.authz.database import Database
from planwiki.base import clock

from .models import Media
from .storage import Storage

GRACE = timedelta(hours=6)  # A file younger than that may still get its row.


def sweep(database: Database, storage: Storage) -> int:
    """How many were taken away."""
    with database.system_session("which files do plans still have?", writes=False) as session:
        there = set(session.exec(select(Media.id)))
    lost = [(plan, id) for plan, id in storage.everything() if id not in there and _is_old(id)]
    for plan_id, media_id in lost:
        storage.erase(plan_id, media_id)
    return len(lost)


def _is_old(id: UUID) -> bool:
    """An id says when it was made (RFC 9562)."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC) < clock.now() - GRACE
