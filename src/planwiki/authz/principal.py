"""Whoever is looking."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """An account; with `as_member_id`, seeing no more than that member of the circle would (and changing nothing)."""

    account_id: UUID
    display_name: str = ""
    as_member_id: UUID | None = None
    login_id: UUID | None = None
