"""The whole plan as one document, and the templates, as programs are shown them."""

from typing import Any

from pydantic import Field

from planwiki.base.shapes import Instant, View
from planwiki.circle.schemas import MemberView
from planwiki.media.schemas import MediaView
from planwiki.outcomes.schemas import ActionView

from .schemas import Mapping, PlanView, PrsbHeading, SectionView


class PlanDocument(View):
    """Everything the caller may see of one plan."""

    plan: PlanView = Field(description="The header.")
    sections: list[SectionView] = Field(description="The sections the caller may read, in order.")
    outcomes: list[dict[str, Any]] = Field(description="Outcomes as records of their own; none yet.", max_length=0)
    actions: list[ActionView] = Field(description="What is to be done in those sections, and what was.")
    circle: list[MemberView] = Field(description="The people around the person.")
    media: list[MediaView] = Field(description="Pictures, sound, video and papers of those sections.")
    about_me: dict[PrsbHeading, str] = Field(description="The texts under each heading of the PRSB About Me standard.")
    generated_at: Instant = Field(description="When this answer was made. Not part of the ETag.")


class TemplateSectionView(View):
    """A section that a plan from this template begins with."""

    key: str = Field(description="Its name in addresses.", examples=["what-matters"])
    title: str = Field(description="Its heading.", examples=["What matters to me"])
    prompts: list[str] = Field(description="Questions that help to write it.")
    mapping: Mapping = Field(description="Where it stands in other forms.")


class TemplateView(View):
    """What a plan can start from."""

    key: str = Field(description="Send it as `template` when you start a plan.", examples=["about_me"])
    title: str = Field(description="What people call it.", examples=["About me"])
    description: str = Field(description="What it is good for.")
    sections: list[TemplateSectionView] = Field(description="In order.")


class TemplateList(View):
    """Every template we ship."""

    items: list[TemplateView] = Field(description="In the order in which people are offered them.")
