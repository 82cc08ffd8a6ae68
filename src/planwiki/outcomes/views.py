"""From kept rows to what a viewer is shown. Pure: the rows were narrowed before they came here."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self
from uuid import UUID

from planwiki.base.language import _
from planwiki.circle.queries import face_of
from planwiki.circle.schemas import MemberView

from .schemas import ActionView


class People(NamedTuple):
    """Those by whose id an action may be told to be theirs, and what the viewer may know of the others: owners, that
    somebody has left; whoever waits to be confirmed, no name."""

    here: Mapping[UUID, MemberView]
    owner: bool
    waits: bool

    @classmethod
    def of(cls, circle: Sequence[MemberView], *, owner: bool) -> Self:
        waits = any(one.is_me and one.confirmed is False for one in circle)
        return cls({one.id: one for one in circle if not one.has_left}, owner, waits)

    def name_of(self, row: Any) -> str:
        """As the circle has it; else as it was written down when they were chosen."""
        who = self.here.get(row.who_member_id)
        if who is not None:
            return who.display_name
        hidden = self.waits and row.who_member_id is not None
        return _("Somebody in the circle") if hidden else row.who_name


def action_view(row: Any, people: People) -> ActionView:
    """One version. Where its doer is not in the circle, for this viewer, the name stands there as it was written."""
    who, name = people.here.get(row.who_member_id), people.name_of(row)
    return ActionView(
        id=row.action_id,
        section_key=row.section_key,
        what=row.what,
        how=row.how,
        who_member_id=who.id if who else None,
        who_text=None if who else name or None,
        due_on=row.due_on,
        status=row.status,
        progress_note=row.progress_note,
        completed_at=row.completed_at,
        revision=row.number,
        created_at=row.begun_at,
        updated_at=row.created_at,
        section_title=row.section_title,
        who_name=name,
        is_mine=bool(who and who.is_me),
        is_person=bool(who and face_of(who).is_person),
        has_left=who is None and row.who_member_id is not None and people.owner,
        by=row.author_name,
        put_away=row.put_away,
    )
