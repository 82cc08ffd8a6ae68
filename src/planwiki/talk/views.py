"""From kept rows to what a viewer is shown. Pure: the rows were narrowed before they came here."""

from typing import NamedTuple
from uuid import UUID

from planwiki.base.shapes import ActorRef, Target
from planwiki.base.vocabulary import ContributionStatus
from planwiki.plans.schemas import Voice

from .models import CheckedMark, Contribution
from .schemas import CheckedView, ContributionView


class Place(NamedTuple):
    """The section something was said about, and whether the version it began from is open to the viewer."""

    key: str
    revision: int
    opens_base: bool


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
        author=ActorRef(type="account", id=row.author_id, display_name=row.author_name),
        status=ContributionStatus.WITHDRAWN if row.withdrawn_at else row.status,
        decided_by=_decider(row),
        decision_note=row.decision_note,
        resulting_revision=row.resulting_revision,
        created_at=row.created_at,
        decided_at=row.decided_at,
        body_html=row.body_html,
        is_mine=mine,
        moved_on=place.revision != row.base_revision,
    )


def _decider(row: Contribution) -> ActorRef | None:
    if row.decided_by is None:
        return None
    return ActorRef(type="account", id=row.decided_by, display_name=row.decided_by_name)


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
