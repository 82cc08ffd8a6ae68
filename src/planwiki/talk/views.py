"""From kept rows to what a viewer is shown. Pure: the rows were narrowed before they came here."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from planwiki.base.shapes import ActorRef, Target
from planwiki.base.vocabulary import ContributionStatus
from planwiki.plans.schemas import Voice
from planwiki.plans.views import actor

from .models import CheckedMark, Contribution
from .schemas import CheckedView, ContributionView


class Place(NamedTuple):
    """The section something was said about, whether the version it began from is open to the viewer, and where those
    in the circle work, by account."""

    key: str
    revision: int
    opens_base: bool
    works_at: Mapping[UUID, str]


def contribution_view(row: Contribution, place: Place, my_account: UUID | None) -> ContributionView:
    """A suggestion holds most of the text it began from: its words show to those who may see that version."""
    mine = row.author_id == my_account
    return ContributionView(
        id=row.id,
        kind=row.kind,
        target=Target(type="section", section_key=place.key, revision=row.base_revision),
        body_markdown=row.body_markdown,
        proposed_markdown=row.proposed_markdown if mine or place.opens_base else None,
        voice=Voice.model_validate(row.voice),
        author=actor(row.author_id, row.author_name, place.works_at.get(row.author_id)),
        status=ContributionStatus.WITHDRAWN if row.withdrawn_at else row.status,
        decided_by=_decider(row, place.works_at),
        decision_note=row.decision_note,
        resulting_revision=row.resulting_revision,
        created_at=row.created_at,
        decided_at=row.decided_at,
        body_html=row.body_html,
        is_mine=mine,
        moved_on=place.revision != row.base_revision,
    )


def _decider(row: Contribution, works_at: Mapping[UUID, str]) -> ActorRef | None:
    if row.decided_by is None:
        return None
    return actor(row.decided_by, row.decided_by_name, works_at.get(row.decided_by))


def checked_view(row: CheckedMark, my_account: UUID | None) -> CheckedView:
    return CheckedView(
        id=row.id,
        revision=row.revision,
        how=row.how,
        supported_by=row.supported_by,
        by=row.author_name,
        by_person=row.by_person,
        created_at=row.created_at,
        is_mine=row.author_id == my_account,
    )
