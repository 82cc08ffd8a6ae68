"""What people say as it comes in (drafts) and as it is shown (views)."""

from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from planwiki.base.shapes import ActorRef, Draft, Instant, Target, View
from planwiki.base.text import Body, Line, Message, Remark
from planwiki.base.vocabulary import ContributionKind, ContributionStatus, Decision, How
from planwiki.plans.schemas import Voice


def _voice_is_needed(schema: dict[str, Any]) -> None:
    """Left out it is refused, with a problem type of its own: see `rules`."""
    schema["properties"]["voice"] = schema["properties"]["voice"]["anyOf"][0] | {
        "description": "Whose words these are, and how they were given."
    }
    schema["required"].append("voice")


class ContributionDraft(Draft):
    """Something to say about a section."""

    model_config = ConfigDict(json_schema_extra=_voice_is_needed)

    kind: ContributionKind = Field(description="What sort of thing it is.", examples=["comment"])
    target: Target = Field(
        description="The section it is about. `revision` is the version its author read; left out: the current one.",
        examples=[{"type": "section", "section_key": "what-matters", "revision": 7}],
    )
    body_markdown: Remark = Field(description="What is said; with a suggestion, why. CommonMark.")
    proposed_markdown: Body | None = Field(
        default=None,
        description="With a suggestion, and only then: the whole text as it should be.",
        examples=["I love **dancing** and swimming."],
    )
    voice: Voice | None = Field(default=None)


class DecisionRequest(Draft):
    """An editor's answer. It is given once."""

    decision: Decision = Field(description="accept is for suggestions.", examples=["accept"])
    note: Message | None = Field(default=None, description="A few words with it.", examples=["Thank you!"])
    edited_markdown: Body | None = Field(
        default=None,
        description="With accept: the text to save instead of the suggested one.",
        examples=["I love **dancing** and swimming."],
    )


class ContributionView(View):
    """One thing that somebody said, and what became of it."""

    id: UUID = Field(description="The contribution.")
    kind: ContributionKind = Field(description="What sort of thing it is.")
    target: Target = Field(description="What it is about. `revision` is the version its author read.")
    body_markdown: str = Field(description="What was said. CommonMark.")
    proposed_markdown: str | None = Field(
        description="What a suggestion proposes. Null for a reader to whom the version it began from is closed."
    )
    voice: Voice = Field(description="Whose words, and how they were given.")
    author: ActorRef = Field(description="Who said it here.")
    status: ContributionStatus = Field(description="What became of it.")
    decided_by: ActorRef | None = Field(description="Who answered it.")
    decision_note: str | None = Field(description="What they said with it.", examples=["Thank you!"])
    resulting_revision: int | None = Field(description="The version that an accepted suggestion made.")
    created_at: Instant = Field(description="When it was said.")
    decided_at: Instant | None = Field(description="When it was answered.")
    # For pages alone:
    body_html: str = Field(exclude=True)
    is_mine: bool = Field(exclude=True)
    moved_on: bool = Field(exclude=True)


class Asked(View):
    """Which contributions somebody wants to see; nothing asked is all but those that were taken back."""

    kind: ContributionKind | None = None
    status: ContributionStatus | None = None
    section_key: str | None = None
    answered: bool | None = None


class CheckedDraft(Draft):
    """Somebody read a text with the person, and it is right."""

    how: Literal[How.OWN_WORDS, How.SUPPORTED, How.INTERPRETED, How.OBSERVED] = Field(description="How they said so.")
    supported_by: Line | None = Field(default=None, description="Who helped.")
    revision: int = Field(description="The version that was read.", ge=1)


class CheckedView(View):
    """The mark on one version."""

    id: UUID
    revision: int
    how: How
    supported_by: str | None
    by: str
    by_person: bool
    created_at: Instant
    is_mine: bool
