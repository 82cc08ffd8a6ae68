"""Pictures, sound, video and papers, as they come in and go out."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError, from_json

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Body, Key, Message
from planwiki.base.vocabulary import MediaKind
from planwiki.plans.schemas import Voice


def _as_json(voice: Any) -> Any:
    """A form with a file carries it as text."""
    if not isinstance(voice, str):
        return voice
    try:
        return from_json(voice) if voice.strip() else None
    except ValueError:
        raise PydanticCustomError("json_invalid", "This is not JSON.") from None


SentVoice = Annotated[Voice | None, BeforeValidator(_as_json)]


class Kept(Draft):
    """A file that was made safe and lies in the storage. `stored` counts its smaller pictures too."""

    id: UUID
    kind: MediaKind
    content_type: str
    filename: str
    size: int
    stored: int
    sha256: str
    width: int | None = None
    height: int | None = None
    duration_seconds: int | None = None


class SaidDraft(Draft):
    """What somebody says about a file."""

    alt_text: Message | None = Field(default=None, description="What is in the picture, for those who cannot see it.")
    decorative: bool = Field(default=False, description="The picture says nothing that words would need to say.")
    caption: Message | None = Field(default=None, description="Words below it.")
    transcript_markdown: Body | None = Field(default=None, description="What is said in it, in words.")
    people_shown_agreed: bool = Field(default=False, description="Whoever is in it said yes.")
    voice: SentVoice = Field(
        default=None, description="Whose words it holds, and how they were given. In a form: JSON."
    )


class MediaDraft(SaidDraft):
    """What comes with a file."""

    section_key: Key = Field(description="The section it belongs to.")


class MediaPatch(Draft):
    """What to change; all else stays (RFC 7396)."""

    section_key: Key = Field(default="", validate_default=False, description="Moves it: that section's readers see it.")
    alt_text: Message | None = Field(default=None, description="What is in the picture.")
    decorative: bool = Field(default=False, description="The picture says nothing that words would need to say.")
    caption: Message | None = Field(default=None, description="Words below it.")
    transcript_markdown: Body | None = Field(default=None, description="What is said in it, in words.")
    people_shown_agreed: bool = Field(default=False, description="Whoever is in it said yes.")
    voice: Voice | None = Field(default=None, description="Whose words it holds, and how they were given.")


class MediaView(View):
    """A picture, sound, video or paper of a section, and what is said about it."""

    id: UUID = Field(description="The file's id: `![words](media:ID)` in the section's text shows it.")
    section_key: str = Field(description="Whoever may read that section may get it.", examples=["what-matters"])
    alt_text: str | None = Field(description="What is in the picture.", examples=["Maya dancing in the hall"])
    decorative: bool = Field(description="The picture says nothing that words would need to say.")
    caption: str | None = Field(description="Words below it.", examples=["At the summer show"])
    transcript_markdown: str | None = Field(description="What is said in it.", examples=["I love dancing."])
    people_shown_agreed: bool = Field(description="Whoever is in it said yes.")
    voice: Voice | None = Field(description="Whose words it holds, and how they were given, where somebody said so.")
    filename: str = Field(description="What it was called.", examples=["dancing.jpg"])
    content_type: str = Field(description="What its bytes are.", examples=["image/jpeg"])
    size: int = Field(description="How many bytes.")
    sha256: str = Field(description="The SHA-256 of its bytes, as they are served.", examples=["9f86d081884c7d65"])
    width: int | None = Field(description="In points, for pictures and video.")
    height: int | None = Field(description="In points.")
    duration_seconds: int | None = Field(description="For sound and video.")
    revision: int = Field(description="Counts changes of what is said about it.")
    content_url: str = Field(
        description="Where its bytes are.",
        examples=["/v1/plans/0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e/media/0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e/content"],
    )
    created_at: Instant = Field(description="When it was added.")
    plan_id: UUID = Field(exclude=True)
    section_id: UUID = Field(exclude=True)
    kind: MediaKind = Field(exclude=True)

    @property
    def address(self) -> str:
        """Where a page shows it from."""
        return f"/plans/{self.plan_id}/media/{self.id}"

    @property
    def words(self) -> str:
        """What to call it where it is not shown."""
        return self.alt_text or self.caption or self.filename
