"""Plans, sections and revisions as they come in (drafts) and as they are shown (views)."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from planwiki.base.shapes import ActorRef, Draft, Instant, View
from planwiki.base.text import Body, Key, Line, Message
from planwiki.base.vocabulary import (
    How,
    Label,
    Level,
    MachineSharing,
    Method,
    PlanStatus,
    RevisionSource,
    Role,
    SectionKind,
    SectionStatus,
    Whose,
)

PrsbHeading = Literal[
    "what-is-most-important-to-me",
    "people-who-are-important-to-me",
    "how-i-communicate",
    "my-wellness",
    "please-do-and-please-do-not",
    "how-and-when-to-support-me",
    "also-worth-knowing-about-me",
]
EhcpSection = Literal["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]
PfaArea = Literal["employment", "independent_living", "community", "health", "other"]


class Voice(Draft):
    """Whose words a text holds, and how they were given."""

    whose: Whose = Field(description="Whose words these are.")
    member_id: UUID | None = Field(default=None, description="The member of the circle who said it, where one did.")
    how: How = Field(description="How the words were given.")
    method: Method | None = Field(default=None, description="By what means.")
    supported_by: Line | None = Field(default=None, description="Who helped to say it.", examples=["Dee"])


class Mapping(Draft):
    """Where a section stands in other people's forms."""

    prsb: PrsbHeading | None = Field(default=None, description="The About Me heading it is structured to.")
    snomed: str | None = Field(default=None, description="A SNOMED CT code.", pattern=r"^[0-9]{6,18}$")
    ehcp: list[EhcpSection] = Field(
        default_factory=list, description="Sections of an EHC plan it feeds.", max_length=12
    )
    pfa: PfaArea | None = Field(default=None, description="A Preparing for Adulthood area.")


class MappingPatch(Mapping):
    """What to change of it; fields left out stay, and null takes one away."""

    ehcp: list[EhcpSection] | None = Field(default=None, description="Sections of an EHC plan.", max_length=12)  # type: ignore[assignment]  # what comes in may take it away


class PersonDraft(Draft):
    """The young person, as their family writes it."""

    display_name: Line = Field(description="The person's name.", examples=["Maya"])
    preferred_name: Line | None = Field(default=None, description="What they like to be called.")
    pronouns: Line | None = Field(default=None, description="Their pronouns.", examples=["she/her"])
    date_of_birth: date | None = Field(default=None, description="Shown to owners alone.")
    communication: list[Line] = Field(default_factory=list, description="How they communicate.", max_length=20)
    photo_media_id: UUID | None = Field(default=None, description="Null: a new plan has no pictures yet.")


class PersonPatch(Draft):
    """What to change about the person; fields left out stay."""

    display_name: Line = Field(default="", description="The person's name.")
    preferred_name: Line | None = Field(default=None, description="What they like to be called.")
    pronouns: Line | None = Field(default=None, description="Their pronouns.")
    date_of_birth: date | None = Field(default=None, description="Shown to owners alone.")
    communication: list[Line] | None = Field(default=None, description="How they communicate.", max_length=20)
    photo_media_id: UUID | None = Field(default=None, description="A picture of this plan that the caller may see.")


class PlanDraft(Draft):
    """A plan to start."""

    person: PersonDraft = Field(description="Whose plan it is.")
    title: Line | None = Field(default=None, description="Left out: the person's name and “plan”.")
    language: str = Field(
        default="en-GB",
        description="The language it is written in (BCP 47).",
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        max_length=35,
    )
    template: str = Field(default="blank", description="Which template to copy the sections from.", max_length=64)
    my_role: Literal["person", "steward"] = Field(description="Whether the caller is the person or decides with them.")


class PlanPatch(Draft):
    """What to change in a plan's header; fields left out stay."""

    title: Line = Field(default="", description="The plan's title.")
    person: PersonPatch = Field(default=PersonPatch(), description="Details of the person.")
    language: str = Field(
        default="en-GB", description="BCP 47.", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35
    )
    status: Literal["draft", "active", "paused", "closed"] = Field(
        default="active", description="closed does the same as DELETE; any other opens a closed plan again."
    )
    review_due_on: date | None = Field(default=None, description="When the whole plan is looked at again.")


class SectionDraft(Draft):
    """A section to add. With a body, say whose words it is."""

    key: Key = Field(description="Its name in addresses.", examples=["what-matters"])
    title: Line = Field(description="Its heading.", examples=["What matters to me"])
    kind: SectionKind = Field(default=SectionKind.TEXT, description="What sort of page it is.")
    picture: Key | None = Field(default=None, description="The name of a shipped picture.", examples=["star"])
    body_markdown: Body = Field(default="", description="CommonMark, at most 100,000 characters.")
    voice: Voice | None = Field(default=None, description="Needed with a body.")
    position: int | None = Field(default=None, description="Where it goes, from 1; left out: last.", ge=1, le=200)
    label: Label = Field(default=Label.EVERYDAY, description="How sensitive it is.")
    machine_sharing: MachineSharing = Field(
        default=MachineSharing.ALLOWED, description="Whether programs may ever get it."
    )
    mapping: Mapping = Field(default=Mapping(), description="Where it stands in other forms.")


class SectionPatch(Draft):
    """What to change in a section; fields left out stay. Text needs `voice`; settings need manage."""

    title: Line = Field(default="", description="A new heading.")
    body_markdown: Body = Field(default="", description="The whole new text, CommonMark.")
    voice: Voice | None = Field(
        default=None, description="Whose words; needed with a title or body. Alone, it says so of the same words."
    )
    change_note: Line | None = Field(default=None, description="What changed, in a few words.")
    position: int = Field(default=1, description="Where it goes among the sections you see, from 1.", ge=1, le=200)
    status: SectionStatus = Field(
        default=SectionStatus.ACTIVE, description="archived takes it away; active brings it back."
    )
    picture: Key | None = Field(default=None, description="The name of a shipped picture.")
    picture_media_id: UUID | None = Field(
        default=None, description="A picture of this very section, to stand for it; null: the shipped one again."
    )
    kind: SectionKind = Field(default=SectionKind.TEXT, description="What sort of page it is.")
    label: Label = Field(default=Label.EVERYDAY, description="How sensitive it is.")
    machine_sharing: MachineSharing = Field(
        default=MachineSharing.ALLOWED, description="Whether programs may ever get it."
    )
    mapping: MappingPatch | None = Field(default=None, description="Where it stands in other forms.")
    review_due_on: date | None = Field(default=None, description="When it is looked at again.")


class RestoreRequest(Draft):
    """Why an old version is put back, and whose decision."""

    voice: Voice = Field(description="Whose words the restored text holds.")
    change_note: Line | None = Field(default=None, description="Why it is put back.")


class PersonView(View):
    """The young person, as this caller may see them."""

    display_name: str = Field(description="The person's name.", examples=["Maya"])
    preferred_name: str | None = Field(description="What they like to be called.")
    pronouns: str | None = Field(description="Their pronouns.")
    date_of_birth: date | None = Field(description="Null unless the caller owns the plan.")
    communication: list[str] = Field(description="How they communicate.")
    photo_media_id: UUID | None = Field(description="A photo of them. Null where the caller may not see that picture.")


class PlanView(View):
    """A plan's header, as this caller sees it."""

    id: UUID = Field(description="The plan.")
    title: str = Field(description="The plan's title.", examples=["Maya's plan"])
    person: PersonView = Field(description="Whose plan it is.")
    language: str = Field(description="BCP 47.", examples=["en-GB"])
    status: PlanStatus = Field(description="Where the plan stands.")
    is_partial: bool = Field(description="True unless the caller owns the plan: there may be more, or not.")
    my_level: Level = Field(description="The highest level the caller holds anywhere in it.")
    section_keys: list[str] = Field(description="The sections the caller may read, in order.")
    review_due_on: date | None = Field(description="When it is looked at again.")
    needs_reconfirmation: bool = Field(description="Whether sharing has to be confirmed again.")
    revision: int = Field(description="Counts changes of this header.")
    created_at: Instant = Field(description="When it was started.")
    updated_at: Instant = Field(description="When this header last changed.")
    frozen_at: Instant | None = Field(exclude=True, default=None)
    goes_at: Instant | None = Field(exclude=True, default=None)


class SectionView(View):
    """A section as this caller sees it: its current text, and what they may do."""

    id: UUID = Field(exclude=True)
    plan_id: UUID = Field(exclude=True)
    key: str = Field(description="Its name in addresses.", examples=["what-matters"])
    title: str = Field(description="Its heading.", examples=["What matters to me"])
    kind: SectionKind = Field(description="What sort of page it is.")
    picture: str | None = Field(description="The name of a shipped picture.")
    picture_media_id: UUID | None = Field(
        description="An own picture that stands for the section instead. Null where the caller may not see it."
    )
    prompts: list[str] = Field(description="Questions that help to write it.")
    position: int = Field(description="Its place among the sections this caller sees, from 1.")
    status: SectionStatus = Field(description="Archived sections are there for owners alone.")
    body_markdown: str = Field(description="CommonMark, exactly as it was saved.")
    body_html: str = Field(description="The text as safe HTML.")
    revision: int = Field(description="The number of the current version.")
    voice: Voice | None = Field(description="Whose words, and how they were given.")
    label: Label = Field(description="How sensitive it is.")
    machine_sharing: MachineSharing = Field(description="Whether programs may ever get it.")
    mapping: Mapping = Field(description="Where it stands in other forms.")
    media_ids: list[UUID] = Field(description="Pictures, sound and video in it.")
    my_level: Level = Field(description="What the caller holds on it.")
    review_due_on: date | None = Field(description="When it is looked at again.")
    updated_at: Instant = Field(description="When its text or settings last changed.")
    updated_by: ActorRef | None = Field(description="Who saved the current version.")
    settings: int = Field(exclude=True)
    picture_words: str = Field(exclude=True, default="")
    may_see_history: bool = Field(exclude=True)


class RevisionView(View):
    """One saved version, never changed afterwards."""

    revision: int = Field(description="Its number, from 1.")
    title: str = Field(description="The heading then.")
    body_markdown: str = Field(description="The text then.")
    voice: Voice = Field(description="Whose words.")
    author: ActorRef = Field(description="Who saved it.")
    change_note: str | None = Field(description="What changed, in their words.")
    source: RevisionSource = Field(description="How it came to be.")
    restored_from: int | None = Field(description="The version it put back.")
    created_at: Instant = Field(description="When it was saved.")
    body_html: str = Field(exclude=True)
    suggested_by: str | None = Field(exclude=True)


class HunkView(View):
    """A run of words that both versions share, or that only one of them has."""

    op: Literal["equal", "insert", "delete"] = Field(description="What became of the words.")
    text: str = Field(description="The words.")


class DiffView(View):
    """Word by word: the equal and deleted hunks make `from`, the equal and inserted ones make `to`."""

    from_: int = Field(serialization_alias="from", description="The older version.")
    to: int = Field(description="The newer version.")
    unified: str | None = Field(description="The same as a unified diff, where `format=unified` asked for it.")
    hunks: list[HunkView] = Field(description="In order.")


class MyPlanView(View):
    """A plan somebody stands in, and as what."""

    plan: PlanView
    my_role: str


class PartView(View):
    """A tile on My plans: whose plan it is, and somebody's part in it."""

    id: UUID
    person: PersonView
    status: PlanStatus
    my_role: Role


class MergeView(View):
    """Both texts of a clash and a text that joins them. Nothing is applied until a person saves it."""

    current: SectionView
    mine: str
    joined: str
    clashes: int
    changes: list[HunkView]


class OwnWordsDraft(Draft):
    """What somebody says on a shared tablet."""

    words: Message = Field(min_length=1)
