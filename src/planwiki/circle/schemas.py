"""Members, grants and invitations as they come in (drafts) and as they are shown (views)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from planwiki.base.shapes import Draft, Instant, View
from planwiki.base.text import Key, Line, Message
from planwiki.base.vocabulary import MEMBER_ROLES, BasisKind, InvitationStatus, Level, MemberStatus, Role, Way
from planwiki.people.schemas import Email

OtherRole = Literal["family", "friend", "key_worker", "professional"]
Ring = Annotated[int, Field(ge=1, le=4)]
_ASKED = "Whom everybody asks first; at most one. Marking another takes the mark away here."
_CONFIRM = "Until an owner says yes, everyday sections alone open. Always so for owners, and where more would open."
_RING = "The ring they stand in, from 1, closest, to 4."
MemberRole = Literal["person", "steward", "family", "friend", "key_worker", "professional"]
CircleRole = Annotated[Role, WithJsonSchema({"type": "string", "enum": [*map(str, MEMBER_ROLES)]})]


class Contact(Draft):
    """How to reach somebody. Shown to owners and to themselves."""

    email: Line | None = Field(default=None, description="An e-mail address.")
    phone: Line | None = Field(default=None, description="A telephone number.")
    note: Line | None = Field(default=None, description="When and how to call.")


class Basis(Draft):
    """On what ground a steward decides, and until when."""

    kind: BasisKind = Field(description="The ground.")
    scope: list[Line] = Field(default_factory=list, description="What it covers.", max_length=20)
    proof_seen_by: Line | None = Field(default=None, description="Who has seen the paper.")
    valid_from: date | None = Field(default=None, description="The first day it counts.")
    valid_until: date | None = Field(default=None, description="The last day it counts.")
    review_on: date | None = Field(default=None, description="When it is looked at again.")


class BasisPatch(Draft):
    """What to change about a steward's ground; fields left out stay."""

    kind: BasisKind = Field(default=BasisKind.SELF, description="The ground.")
    scope: list[Line] = Field(default_factory=list, description="What it covers.", max_length=20)
    proof_seen_by: Line | None = Field(default=None, description="Who has seen the paper.")
    valid_from: date | None = Field(default=None, description="The first day it counts.")
    valid_until: date | None = Field(default=None, description="The last day it counts.")
    review_on: date | None = Field(default=None, description="When it is looked at again.")


class MemberDraft(Draft):
    """Somebody in the person's life who has no account here."""

    display_name: Line = Field(description="Their name.", examples=["Nan"])
    role: OtherRole = Field(description="What they are in this plan.")
    relationship: Line = Field(description="Who they are to the person.", examples=["Grandmother"])
    organisation: Line | None = Field(default=None, description="Where they work.")
    contact: Contact | None = Field(default=None, description="How to reach them.")
    call_first: bool = Field(default=False, description="Call this person first.")
    knows_me_best: bool = Field(default=False, description="They know the person best.")
    is_key_worker: bool = Field(default=False, description=_ASKED)
    closeness: Ring | None = Field(default=None, description=_RING)


class MemberPatch(Draft):
    """What to change about a member; fields left out stay."""

    display_name: Line = Field(default="", description="Their name.")
    role: MemberRole = Field(default="family", description="What they are in this plan.")
    relationship: Line = Field(default="", description="Who they are to the person.")
    organisation: Line | None = Field(default=None, description="Where they work.")
    contact: Contact | None = Field(default=None, description="How to reach them.")
    call_first: bool | None = Field(default=False, description="Call this person first.")
    knows_me_best: bool | None = Field(default=False, description="They know the person best.")
    is_key_worker: bool | None = Field(default=False, description=_ASKED)
    closeness: Ring | None = Field(default=None, description=_RING)
    basis: BasisPatch | None = Field(default=None, description="For a steward.")
    status: MemberStatus = Field(default=MemberStatus.ACTIVE, description="suspended closes everything to them.")
    ends_on: date | None = Field(default=None, description="The last day they are in the circle.")


class GrantDraft(Draft):
    """A level on one section."""

    section_key: Key = Field(description="Which section.")
    level: Level = Field(default=Level.NONE, description="Needed unless withheld; none closes, manage is refused.")
    withheld: bool = Field(default=False, description="Closed to them whatever else they were given.")
    history: bool = Field(default=False, description="Earlier versions, from the day the grant begins.")
    earlier_history: bool = Field(default=False, description="Earlier versions, from the beginning.")
    from_on: date | None = Field(default=None, description="The first day it counts.")
    expires_on: date | None = Field(default=None, description="The last day it counts.")


class GrantsDraft(Draft):
    """Everything one member is given by name; what is left out is taken away."""

    items: list[GrantDraft] = Field(description="One for each section.", max_length=200)


class MemberGrantDraft(Draft):
    """A level for one member on a section."""

    member_id: UUID = Field(description="Who.")
    level: Level = Field(default=Level.NONE, description="Needed unless withheld; none closes, manage is refused.")
    withheld: bool = Field(default=False, description="Closed to them whatever else they were given.")
    history: bool = Field(default=False, description="Earlier versions, from the day the grant begins.")
    earlier_history: bool = Field(default=False, description="Earlier versions, from the beginning.")
    from_on: date | None = Field(default=None, description="The first day it counts.")
    expires_on: date | None = Field(default=None, description="The last day it counts.")


class SectionGrantsDraft(Draft):
    """Everything a section is given to, in one act; what is left out is taken away."""

    roles: dict[OtherRole, Level] = Field(default_factory=dict, description="A level for everybody in a role.")
    members: list[MemberGrantDraft] = Field(default_factory=list, description="Levels by name.", max_length=500)


class InvitationDraft(Draft):
    """Somebody to invite, with what they will be given."""

    display_name: Line | None = Field(default=None, description="What the circle calls them; left out: their own name.")
    email: Email | None = Field(default=None, description="Whom it is for. You hand the link over yourself.")
    role: MemberRole = Field(description="What they will be in this plan.")
    relationship: Line = Field(description="Who they are to the person.", examples=["Grandmother"])
    organisation: Line | None = Field(default=None, description="Where they work.")
    grants: list[GrantDraft] = Field(default_factory=list, description="What they will be given.", max_length=200)
    message: Message | None = Field(default=None, description="A few words to them.")
    expires_in_days: int = Field(default=7, ge=1, le=30, description="How long the link works.")
    confirm_first: bool = Field(default=False, description=_CONFIRM)


class InvitationToken(Draft):
    """The secret of an invitation; it travels in the body, never in an address."""

    token: str = Field(description="The secret at the end of the link.", max_length=200)


class MemberView(View):
    """Somebody in the circle, as this caller may see them."""

    id: UUID = Field(description="The member.")
    display_name: str = Field(description="Their name.", examples=["Nan"])
    role: CircleRole = Field(description="What they are in this plan.")
    relationship: str = Field(description="Who they are to the person.")
    organisation: str | None = Field(description="Where they work.")
    account_id: UUID | None = Field(description="Null unless the caller owns the plan or is this member.")
    contact: Contact | None = Field(description="Null unless the caller owns the plan or is this member.")
    call_first: bool = Field(description="Call this person first.")
    knows_me_best: bool = Field(description="They know the person best.")
    is_key_worker: bool = Field(description=_ASKED)
    closeness: Ring | None = Field(description=_RING)
    basis: Basis | None = Field(description="For stewards; owners alone see it.")
    status: MemberStatus = Field(description="contact_only has no account. Owners alone are told of suspended.")
    confirmed: bool | None = Field(
        description="False while an owner has yet to say that the right one came. Null unless the caller owns the plan "
        "or is this member."
    )
    steward_asked: bool | None = Field(description="One owner asked that they be a steward; another has yet to.")
    ends_on: date | None = Field(description="The last day they are in the circle; owners alone see it.")
    revision: Annotated[int | None, WithJsonSchema({"type": "integer"})] = Field(
        description="Counts changes. Left out unless the caller owns the plan: some changes are theirs alone to see.",
        exclude_if=lambda number: number is None,
    )
    created_at: Instant = Field(description="When they joined.")
    is_me: bool = Field(exclude=True, default=False)
    here: bool = Field(exclude=True, default=True)
    has_left: bool = Field(exclude=True, default=False)


class GrantView(View):
    """A level on one section."""

    section_key: str = Field(description="Which section.")
    level: Level = Field(description="What they hold.")
    withheld: bool = Field(description="Closed whatever else they were given.")
    history: bool = Field(description="Earlier versions, from the day it began.")
    earlier_history: bool = Field(description="Earlier versions, from the beginning.")
    from_on: date | None = Field(description="The first day it counts.")
    expires_on: date | None = Field(description="The last day it counts.")


class GrantsView(View):
    """What one member is given by name."""

    items: list[GrantView] = Field(description="In the order of the sections.")


class MemberGrantView(View):
    """A level for one member."""

    member_id: UUID = Field(description="Who.")
    level: Level = Field(description="What they hold.")
    withheld: bool = Field(description="Closed whatever else they were given.")
    history: bool = Field(description="Earlier versions, from the day it began.")
    earlier_history: bool = Field(description="Earlier versions, from the beginning.")
    from_on: date | None = Field(description="The first day it counts.")
    expires_on: date | None = Field(description="The last day it counts.")


class SectionGrantsView(View):
    """Everything a section is given to."""

    roles: dict[str, Level] = Field(description="A level for everybody in a role.")
    members: list[MemberGrantView] = Field(description="Levels by name.")


class SubjectView(View):
    """One row of the access matrix."""

    type: Literal["member", "share_link"] = Field(description="What sort of reader.")
    id: UUID = Field(description="Who.")
    name: str = Field(description="Their name.")
    organisation: str | None = Field(description="Where they work.")
    levels: dict[str, Level] = Field(description="What each section comes to for them, by key.")
    role: Role = Field(exclude=True)


class AccessMatrixView(View):
    """Everybody against every section."""

    section_keys: list[str] = Field(description="In order.")
    subjects: list[SubjectView] = Field(description="In the order they joined.")


class ExplanationView(View):
    """Why somebody may or may not do something with a section."""

    allowed: bool = Field(description="The answer.")
    sentence: str = Field(
        description="The reason, in one sentence.", examples=["Nan can see this, because you shared it with Nan."]
    )
    rule: str = Field(
        description="owner, grant_by_name, grant_by_role, withheld, no_grant, ceiling, archived or not_in_circle; "
        "of a guest link also guest_link, link_ended or only_reads."
    )
    expires_on: date | None = Field(description="The last day it counts, where there is one.")


class InvitationView(View):
    """An invitation as owners see it."""

    id: UUID = Field(description="The invitation.")
    display_name: str | None = Field(description="What the circle will call them.")
    email: str | None = Field(description="Whom it is for.")
    role: CircleRole = Field(description="What they will be.")
    relationship: str = Field(description="Who they are to the person.")
    organisation: str | None = Field(description="Where they work.")
    grants: list[GrantView] = Field(description="What they will be given.")
    message: str | None = Field(description="A few words to them.")
    status: InvitationStatus = Field(description="What became of it.")
    confirm_first: bool = Field(description="Whether an owner has to say that the right one came.")
    accept_url: str | None = Field(description="The link to hand over. Shown once, when it is made.")
    expires_at: Instant = Field(description="When the link stops working.")
    created_at: Instant = Field(description="When it was made.")
    way: Way = Field(exclude=True, default=Way.LINK)
    code: str | None = Field(exclude=True, default=None)


class InvitationPreview(View):
    """What somebody holding the link may know before they join."""

    invited_by: str = Field(description="Who invites.")
    plan_title: str | None = Field(description="Null until they have joined.")
    role: CircleRole = Field(description="What they will be.")
    relationship: str = Field(description="Who they are to the person.")
    expires_at: Instant = Field(description="When the link stops working.")
    message: str | None = Field(exclude=True)
    display_name: str | None = Field(exclude=True)
    mailed: bool = Field(exclude=True, default=False)


class TaskView(View):
    """Something for owners to think about. Nothing changes by itself."""

    about: str
    title: str
    words: str
    leads_to: Literal["basis", "hand-over", "circle", "member", "unused", "actions", ""] = ""
    member_id: UUID | None = None


class TaskAnswerDraft(Draft):
    """What an owner said to it."""

    about: Line
    answer: Literal["done", "not_now"]


class StayDraft(Draft):
    """What the person decides about those who decided with them, by member."""

    stays: dict[UUID, bool]
