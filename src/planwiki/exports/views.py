"""A paper as its asker may have it. The page to print and the PDF are drawn from this one view."""

from datetime import datetime

from planwiki.base.shapes import View
from planwiki.media.schemas import MediaView
from planwiki.plans.schemas import PlanView, SectionView

from .rules import Colour, LayoutName


class PartView(View):
    """A section on the paper: its words, whose they are, and the pictures and sound that belong to it."""

    section: SectionView
    colour: Colour
    voice: str
    media: list[MediaView]


class PaperView(View):
    """All that stands on one paper, and the query that asks for it again."""

    layout: LayoutName
    plan: PlanView
    heading: str
    parts: list[PartView]
    ask: list[str]
    large: bool
    stamp: str
    at: datetime
    query: str

    @property
    def bands(self) -> list[tuple[Colour, list[PartView]]]:
        """By colour, without those that have nothing."""
        found = [(colour, [one for one in self.parts if one.colour is colour]) for colour in Colour]
        return [(colour, parts) for colour, parts in found if parts]
