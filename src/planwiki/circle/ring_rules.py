"""Where people stand when the circle is drawn as rings. Pure: numbers in, numbers out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

RINGS = (1, 2, 3, 4)
SIZE, MIDDLE = 800, 400
RADIUS = {1: 150, 2: 235, 3: 315, 4: 390}
_STANDS_AT = {1: 105, 2: 192, 3: 275, 4: 353}
Somebody = TypeVar("Somebody")


@dataclass(frozen=True)
class Place(Generic[Somebody]):
    """One person's place in the drawing."""

    who: Somebody
    x: int
    y: int


def around(people: Sequence[Somebody], ring: int) -> list[Place[Somebody]]:
    """Evenly spread on their ring, from the top; each ring begins a little further round, so that names do not meet."""
    step, radius = 2 * math.pi / max(1, len(people)), _STANDS_AT[ring]
    turns = [step * number + ring * 0.6 for number in range(len(people))]
    return [
        Place(one, round(MIDDLE + radius * math.sin(turn)), round(MIDDLE - radius * math.cos(turn)))
        for one, turn in zip(people, turns, strict=True)
    ]
