"""Whoever is looking."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """An account; with `as_member_id`, seeing no more than that member of the circle would (and changing nothing).

    With `guest_link_id` it is a guest, who reads what the account that made the link shares by it and nothing else.
    With `tablet_plan_id` it is somebody on a shared tablet, who sees that one plan and adds their own words.
    `confirmed_at` is when they last showed who they are in this browser; None for programs, who are never asked.
    `reading` is how pages look to them: it opens and closes nothing.
    """

    account_id: UUID
    display_name: str = ""
    as_member_id: UUID | None = None
    login_id: UUID | None = None
    guest_link_id: UUID | None = None
    tablet_plan_id: UUID | None = None
    confirmed_at: datetime | None = None
    reading: str = ""
