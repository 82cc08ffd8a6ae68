"""What is always true of plans, whoever asks. No database, no web."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count
from typing import TypeVar

from planwiki.base.errors import Conflict, Invalid, PlanClosed, Stale, invalid
from planwiki.base.text import BODY_LENGTH, fold, words
from planwiki.base.vocabulary import How, Role, Whose

from .models import Plan
from .schemas import SectionView, Voice

MOST_SECTIONS = 200
CAN_BE_OPENED_FOR = timedelta(days=30)  # A closed plan. Then it is erased.
ROOM_FOR_THE_REST = 5_000  # A title, a note and how it was said, of a draft.
TAKEN_BY_PAGES = frozenset({"new"})  # Addresses under a plan's sections that are no section.
_WHOSE = {Role.PERSON: Whose.PERSON, Role.STEWARD: Whose.FAMILY, Role.FAMILY: Whose.FAMILY, Role.FRIEND: Whose.FRIEND}
_COMMUNICATING = "how-i-communicate"
Thing = TypeVar("Thing")


def check_not_frozen(plan: Plan) -> None:
    """While sharing is stopped, or the plan is closed, nothing new is given to anybody."""
    if plan.closed_at is not None:
        raise PlanClosed
    if plan.frozen_at is not None:
        raise Conflict("Sharing is stopped just now. Start it again first.", "sharing-frozen")


def check_nobody_saved_since(current: int, based_on: int) -> None:
    if current != based_on:
        raise Stale(based_on, current)


def check_fits_a_draft(words: dict[str, str]) -> None:
    """A draft may be unfinished, but no longer than what could be saved one day."""
    if sum(map(len, words.values())) > BODY_LENGTH + ROOM_FOR_THE_REST:
        raise Invalid("That is more than one page can hold. Please make it shorter.", code="invalid-content")


def check_room_for_one_more(sections: int) -> None:
    if sections >= MOST_SECTIONS:
        raise Invalid(f"A plan holds at most {MOST_SECTIONS} sections. Put one away first.", code="invalid-content")


def check_key(key: str) -> None:
    """A section with such a key would stand behind a page of the same address."""
    if key in TAKEN_BY_PAGES:
        raise invalid("key", "reserved-key", "This name has another use here. Please choose another one.")


def check_voice(voice: Voice | None) -> Voice:
    """Every text says whose words it holds."""
    if voice is None:
        message = "Please say whose words these are."
        error = invalid("voice", "voice-needed", message)
        error.code = "voice-needed"
        raise error
    return voice


def own_voice(role: Role) -> Voice:
    """What a writer in this role says of words nobody else gave: their own."""
    return Voice(whose=_WHOSE.get(role, Whose.PROFESSIONAL), how=How.OWN_WORDS)


def offered_voice(before: Voice | None, role: Role) -> Voice:
    """What a form offers first: the voice the text has, where such a writer gave it; otherwise the writer's own."""
    mine = own_voice(role)
    return before if before is not None and before.whose is mine.whose else mine


def asked_voice(before: Voice | None, role: Role) -> Voice | None:
    """What the form of writing begins with. None over the person's own words: whoever else changes them is asked."""
    if before is not None and before.whose is Whose.PERSON and role is not Role.PERSON:
        return None
    return offered_voice(before, role)


def joined_whose(theirs: Whose, role: Role) -> Whose | None:
    """Whose words two joined texts are first said to be. None over the person's own: nobody else says for them that
    they wrote it together."""
    return None if theirs is Whose.PERSON and role is not Role.PERSON else Whose.SHARED


def reading_order(sections: Sequence[SectionView]) -> list[SectionView]:
    """How the person communicates comes first for everyone who may see it; the rest stays in the person's order."""
    return sorted(sections, key=lambda one: not comes_first(one))


def comes_first(section: SectionView) -> bool:
    return _COMMUNICATING in {section.key, section.mapping.prsb}


def key_from(title: str, taken: set[str]) -> str:
    """A key for addresses out of a heading, unlike those the writer can see and those of pages."""
    base = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:48].strip("-") or "section"
    return next(key for key in _numbered(base) if key not in taken | TAKEN_BY_PAGES)


def _numbered(base: str) -> Iterator[str]:
    yield base
    yield from (f"{base}-{number}" for number in count(2))


def moved(things: Sequence[Thing], thing: Thing, position: int) -> list[Thing]:
    """The same things with one of them at `position`, counted from 1; past the end means last."""
    others = [one for one in things if one != thing]
    return [*others[: position - 1], thing, *others[position - 1 :]]


def searchable(title: str, plain_text: str) -> str:
    """A section's words, folded, as the index keeps them."""
    return " ".join(words(fold(f"{title} {plain_text}")))
