"""From kept rows to what a viewer is shown. Pure: the rows were narrowed before they came here."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self
from uuid import UUID

from planwiki.circle.queries import face_of
from planwiki.circle.schemas import MemberView

from .schemas import ActionView


class People(NamedTuple):
    """Those by whose id an action may be told to be theirs. Whoever has left is known as such to owners alone."""

    here: Mapping[UUID, MemberView]
    owner: bool

    @classmethod
    def of(cls, circle: Iterable[MemberView], *, owner: bool) -> Self:
        return cls({one.id: one for one in circle if not one.has_left}, owner)


def action_view(row: Any, people: People) -> ActionView:
    """One version. Where its doer is not in the circle, for this viewer, the name stands there as it was written."""
    who = people.here.get(row.who_member_id)
    return ActionView(
        id=row.action_id,
        section_key=row.section_key,
        what=row.what,
        how=row.how,
        who_member_id=who.id if who else None,
        who_text=None if who else row.who_name or None,
        due_on=row.due_on,
        status=row.status,
        progress_note=row.progress_note,
        completed_at=row.completed_at,
        revision=row.number,
        created_at=row.begun_at,
        updated_at=row.created_at,
        section_title=row.section_title,
        who_name=who.display_name if who else row.who_name,
        is_mine=bool(who and who.is_me),
        is_person=bool(who and face_of(who).is_person),
        has_left=who is None and row.who_member_id is not None and people.owner,
        by=row.author_name,
        put_away=row.put_away,
    )
