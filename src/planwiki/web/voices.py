"""Whose words: what a form asks about a voice, the voice that it makes, and how it is told."""

from html import unescape
from typing import Any

from planwiki.base.language import _
from planwiki.base.vocabulary import How
from planwiki.plans.schemas import PersonView, Voice

from .forms import Typed
from .rendering import environment

PARTS = ("whose", "how", "method", "supported_by")
VOICE_FIELDS = (*(f"voice-{name}" for name in PARTS), "voice_before")
VOICE_NEEDED = {
    "voice-whose": _("Please say whose words these are."),
    "voice-how": _("Please say how it was said."),
}


def person_name(person: PersonView) -> str:
    """What the person likes to be called."""
    return person.preferred_name or person.display_name


def whose_words(voice: Voice | None, name: str) -> str:
    """In plain words, as the section's page says it; nothing where nobody said. `name` is the person's."""
    words: Any = environment().get_template("plans/words.html").module
    return unescape(str(words.whose_words(voice, name))).strip() if voice else ""


def typed_voice(voice: Voice | None) -> Typed:
    """What stands in the form to begin with. Without a voice nothing is chosen yet, and the form asks."""
    typed = {f"voice-{name}": str(getattr(voice, name, None) or "") for name in PARTS}
    if voice is None:
        typed["voice-how"] = How.OWN_WORDS
    return typed | {"voice_before": _as_one(typed)}


def typed_whose(typed: Typed, whose: str) -> Typed:
    """The form begins again with other words for whose they are; how they were said stays as it was typed."""
    asked = typed | {"voice-whose": whose}
    return asked | {"voice_before": _as_one(asked)}


def is_as_it_began(typed: Typed) -> bool:
    """Nobody touched the questions about the voice since the page was opened."""
    return typed.get("voice_before") == _as_one(typed)


def _as_one(typed: Typed) -> str:
    return "|".join(typed.get(f"voice-{name}", "") for name in PARTS)


def voice_in(typed: Typed, before: Voice | None = None) -> dict[str, Any]:
    """The voice that was typed. The form does not ask which member said it; the same voice as before keeps it."""
    voice: dict[str, Any] = {name: typed.get(f"voice-{name}", "").strip() or None for name in PARTS}
    if before and (before.whose, before.how) == (voice["whose"], voice["how"]):
        voice["member_id"] = before.member_id
    return voice
