"""What the pages of plans show beside the text: tiles with faces, and the order to change."""

from planwiki.base.shapes import FaceView, View

from .schemas import SectionView


class TileView(View):
    """A section on the plan's page: what it is called and which faces may see it."""

    section: SectionView
    seen_by: list[FaceView]


class PlaceView(View):
    """A section in the order of the plan, and where it can move to. What always comes first does not move."""

    section: SectionView
    up: int | None
    down: int | None
