"""What the pages of plans and sections ask: tiles with faces, the neighbours of a section, and history in lines."""

from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.diff import describe
from planwiki.base.shapes import FaceView
from planwiki.base.vocabulary import Level, Whose
from planwiki.circle.audience_schemas import AudienceView
from planwiki.circle.queries import face_of, others_who_see
from planwiki.media.reference_queries import no_pictures_in
from planwiki.media.rules import shown_in, without_shown

from .history_schemas import ChangeView
from .page_schemas import PlaceView, TileView
from .queries import find_section, newest_pair_counts, revisions, sections
from .rules import comes_first, reading_order
from .schemas import RevisionView, SectionView

NOBODY = AudienceView(members=[], levels={})
LINES = 20  # Each line compares two whole texts.


def tiles(uow: UnitOfWork, plan_id: UUID, shown: list[SectionView]) -> list[TileView]:
    """The sections that the viewer read, in reading order, each with the others who can see it."""
    seen = others_who_see(uow, plan_id)
    return [TileView(section=one, seen_by=seen[one.key]) for one in reading_order(shown)]


def others_in(audience: AudienceView) -> list[FaceView]:
    """Their faces, without the viewer's."""
    return [face_of(one) for one in audience.members if not one.is_me]


def neighbours(uow: UnitOfWork, section: SectionView) -> tuple[SectionView | None, SectionView | None]:
    """The sections before and after this one, among those the viewer may read. None for one that is put away."""
    shown = reading_order(sections(uow, section.plan_id))
    places = [place for place, one in enumerate(shown) if one.id == section.id]
    if not places:
        return None, None
    at = places[0]
    return (shown[at - 1] if at else None), (shown[at + 1] if at + 1 < len(shown) else None)


def can_go_back_to(uow: UnitOfWork, section: SectionView) -> int | None:
    """The number of the version just before, where the viewer may put it back."""
    if section.my_level.rank < Level.EDIT.rank or not section.may_see_history:
        return None
    newest = revisions(uow, section.plan_id, section.key, limit=2)
    return newest[1].revision if len(newest) == 2 else None


def places(uow: UnitOfWork, plan_id: UUID) -> list[PlaceView]:
    """The sections in reading order, each with the places one step up and one step down."""
    shown = reading_order(sections(uow, plan_id))
    first = sum(map(comes_first, shown))
    return [
        PlaceView(
            section=one,
            up=shown[at - 1].position if at > first else None,
            down=shown[at + 1].position if first <= at < len(shown) - 1 else None,
        )
        for at, one in enumerate(shown)
    ]


def history(uow: UnitOfWork, plan_id: UUID, key: str, before: int | None = None) -> tuple[list[ChangeView], int | None]:
    """Versions newest first, each beside the one before it; and from which number to go on, where there are more."""
    found = revisions(uow, plan_id, key, before=before, limit=LINES + 1)
    others = no_pictures_in(uow, find_section(uow, plan_id, key).id)
    lines = [_change(new, old, others) for new, old in newest_pair_counts(found)[:LINES]]
    return lines, (lines[-1].version.revision if len(found) > LINES else None)


def _change(new: RevisionView, old: RevisionView | None, others: set[UUID]) -> ChangeView:
    was, became = old.body_markdown if old else "", new.body_markdown
    count, shown, shows = describe(without_shown(was), without_shown(became)), set(shown_in(was)), set(shown_in(became))
    come, gone = shows - shown, shown - shows
    if not (any(count) or come or gone):  # What is said of a picture may be all that changed.
        count = describe(was, became)
    return ChangeView(
        version=new,
        before=old.revision if old else None,
        added=count.sentences_added,
        removed=count.sentences_removed,
        changed=count.sentences_changed,
        pictures_added=len(come - others),
        pictures_removed=len(gone - others),
        files_added=len(come & others),
        files_removed=len(gone & others),
        renamed=old is not None and old.title != new.title,
        other_voice=old is not None and old.voice != new.voice,
        over_own_words=old is not None and _were_own_words(old) and new.voice.whose is not Whose.PERSON,
    )


def _were_own_words(old: RevisionView) -> bool:
    return bool(old.body_markdown) and old.voice.whose is Whose.PERSON
