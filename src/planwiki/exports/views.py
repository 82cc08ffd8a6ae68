"""A paper as its asker may have it. The page to print and the PDF are drawn from this one view."""

from datetime import datetime
from uuid import UUID

from planwiki.base.language import _
from planwiki.base.shapes import View
from planwiki.media.rules import in_pieces
from planwiki.media.schemas import MediaView
from planwiki.plans.easy_schemas import EasyView
from planwiki.plans.schemas import PlanView, SectionView

from .rules import Colour, LayoutName, without_players


class SideView(View):
    """How one person sees it: what is working, and what is not."""

    who: str
    voice: str
    working_markdown: str
    working_html: str
    not_working_markdown: str
    not_working_html: str

    @property
    def halves(self) -> list[tuple[str, str, str]]:
        """What each half is called, its words, and these as HTML; without a half that says nothing."""
        working = (_("What is working"), self.working_markdown, self.working_html)
        not_working = (_("What is not working"), self.not_working_markdown, self.not_working_html)
        return [one for one in (working, not_working) if one[1].strip()]


class ToDoView(View):
    """Something that somebody is to do: what, who and by when, and more words about it."""

    what: str
    facts: str
    words: list[str]


class PartView(View):
    """A section on the paper: its words, whose they are, and the pictures and sound that belong to it.

    With `easy`, those words stand there instead of the full ones and of what belongs to these. `voices` says of each
    picture or sound whose words it holds. `sides`: how each person sees it; `to_do`: who does what by when.
    """

    section: SectionView
    colour: Colour
    voice: str
    media: list[MediaView]
    voices: dict[UUID, str]
    easy: EasyView | None
    sides: list[SideView]
    to_do: list[ToDoView]

    @property
    def pieces(self) -> list[tuple[str, MediaView | None]]:
        """Its words as HTML for paper, and after each piece the file about which something is to be said there."""
        cut = in_pieces(self.section.body_html, self.media)
        return [(without_players(shown, self.media), one) for shown, one in cut]

    @property
    def beside(self) -> list[MediaView]:
        """The files about which nothing is said between the words; those in a line of the words first."""
        told = {one.id for _shown, one in self.pieces if one}
        left = [one for one in self.media if one.id not in told]
        return sorted(left, key=lambda one: one.address not in self.section.body_html)

    @property
    def text(self) -> str:
        """All that somebody wrote there."""
        words = [line.words for line in self.easy.lines] if self.easy else [self.section.body_markdown]
        words += [half[1] for side in self.sides for half in side.halves]
        return "\n".join([*words, *(one for each in self.to_do for one in (each.what, *each.words))])


class PaperView(View):
    """All that stands on one paper, and the query that asks for it again."""

    layout: LayoutName
    plan: PlanView
    heading: str
    parts: list[PartView]
    ask: list[str]
    large: bool
    easy: bool
    stamp: str
    at: datetime
    query: str

    @property
    def shows_pictures(self) -> bool:
        """Is one of ours on it?"""
        lines = [line for one in self.parts if one.easy for line in one.easy.lines]
        return any(one.section.picture and not one.section.picture_media_id for one in self.parts) or any(
            line.picture for line in lines
        )

    @property
    def bands(self) -> list[tuple[Colour, list[PartView]]]:
        """By colour, without those that have nothing."""
        found = [(colour, [one for one in self.parts if one.colour is colour]) for colour in Colour]
        return [(colour, parts) for colour, parts in found if parts]
