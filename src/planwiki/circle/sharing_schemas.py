"""What the sharing pages show. Nothing here leaves in an answer to a program."""

from datetime import date

from planwiki.base.shapes import View
from planwiki.base.vocabulary import Level
from planwiki.plans.schemas import SectionView

from .schemas import MemberGrantView, MemberView, SectionGrantsView


class StandingView(View):
    """How one member stands to one section today."""

    member: MemberView
    level: Level
    history: bool
    until: date | None
    given: MemberGrantView | None
    owner: bool


class SharingView(View):
    """How everybody stands to one section."""

    section: SectionView
    people: list[StandingView]
    given: SectionGrantsView


class EffectView(View):
    """One person before and after a change that has not been made."""

    before: StandingView
    after: StandingView
