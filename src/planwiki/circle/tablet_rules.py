"""The pictures that open a shared tablet. No database, no web."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

# Shipped pictures that nobody takes for one another, whatever they call them.
PICTURES = (
    *("apple", "balloon", "bike", "bird", "boat", "bus", "butterfly", "car", "cat", "dog", "drum", "fish"),
    *("flower", "football", "guitar", "horse", "ice-cream", "key", "moon", "pizza", "plane", "rabbit", "rainbow"),
    *("shoes", "snow", "star", "sun", "train", "tree", "umbrella", "world"),
)
SHOWN, SOUGHT, MOST_TRIES = 9, 4, 5


def grid(tablet_id: UUID) -> list[str]:
    """The nine pictures of one tablet: always the same, in the same places."""
    return sorted(PICTURES, key=lambda name: hashlib.sha256(f"{tablet_id} {name}".encode()).digest())[:SHOWN]


def as_password(chosen: Sequence[str]) -> str:
    """What is hashed. The order counts."""
    return "pictures:" + ",".join(chosen)
