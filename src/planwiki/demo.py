"""A demo family on an empty database, made with the same verbs as real ones. Everybody here is invented."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.base.vocabulary import Level, Role
from planwiki.circle.commands import add_member, change_member, confirm_member
from planwiki.circle.invitation_commands import accept, invite
from planwiki.circle.queries import members
from planwiki.circle.schemas import GrantDraft, InvitationDraft, MemberDraft, MemberPatch
from planwiki.outcomes.commands import add_action
from planwiki.outcomes.schemas import ActionDraft
from planwiki.people.commands import add_account
from planwiki.people.schemas import AccountDraft
from planwiki.plans.commands import start_plan
from planwiki.plans.easy_commands import save_easy
from planwiki.plans.easy_schemas import EasyDraft, EasyLine
from planwiki.plans.schemas import PersonDraft, PlanDraft, SectionPatch, Voice
from planwiki.plans.section_commands import change_section
from planwiki.talk.perspective_commands import write_perspective
from planwiki.talk.perspective_schemas import PerspectiveDraft

WORKING = "working-and-not-working"
PASSWORD = "planwiki-demo-please"  # noqa: S105 - printed for everybody who tries the demo


@dataclass(frozen=True)
class Someone:
    """One of the cast. `given` is what Dee shares with them: section key to level."""

    name: str
    role: Role
    relationship: str
    given: dict[str, Level]
    organisation: str | None = None

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@example.org"


DEE = Someone("Dee", Role.STEWARD, "Mother", {})
KIT = Someone("Kit", Role.FRIEND, "", {})
JOINING = (
    Someone("Maya", Role.PERSON, "Me", {}),
    Someone(
        "Nan",
        Role.FAMILY,
        "Grandmother",
        {"great-things-about-me": Level.READ, "whos-in-my-life": Level.READ, WORKING: Level.COMMENT},
    ),
    Someone("Sam", Role.FRIEND, "Friend from school", {"great-things-about-me": Level.COMMENT}),
    Someone(
        "Lee",
        Role.KEY_WORKER,
        "Key worker",
        {"great-things-about-me": Level.READ, "outcomes": Level.EDIT, WORKING: Level.COMMENT},
        "Hill Road Team",
    ),
    Someone("Dr Rao", Role.PROFESSIONAL, "Doctor", {"support-me-well": Level.SUGGEST}, "Hill Road Surgery"),
)

WORDS: dict[str, tuple[str, dict[str, Any]]] = {
    "great-things-about-me": (
        "I make people laugh.\n\n"
        "I know every bus in town, and where it goes.\n\n"
        "- I am kind to small children\n"
        "- I am a good swimmer\n",
        {"whose": "person", "how": "own_words", "method": "spoken"},
    ),
    "whos-in-my-life": (
        "**Nan** makes pancakes with me on Sundays.\n\nSam and I like the swimming pool best.\n",
        {"whose": "person", "how": "supported", "method": "symbols", "supported_by": "Dee"},
    ),
    "support-me-well": (
        "Give me time. Count to ten before you ask again.\n\n"
        "## When it is loud\n\n"
        "My ear defenders are in the blue bag.\n",
        {"whose": "family", "how": "own_words"},
    ),
    "outcomes": (
        "I want to take the bus to the pool by myself.\n\n"
        "1. Lee and I ride the number 7 together\n"
        "2. Lee sits at the back\n"
        "3. I ride, and Nan waits at the pool\n",
        {"whose": "person", "how": "supported", "supported_by": "Lee"},
    ),
}

TO_DO = (
    ("Ride the number 7 with Maya", "Lee", "On Tuesdays, after school.", 14, "We went twice. She pressed the bell."),
    ("Learn the name of my stop", "Maya", None, 7, None),
    ("Get a bus pass", "Dee", "Bring a photo.", 30, None),
)
EASY = (
    ("I make people laugh.", "laughing"),
    ("I know every bus in town.", "bus"),
    ("I am kind to small children.", "baby"),
    ("I am a good swimmer.", "swimming"),
)
VIEWS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "Maya": (
        "My room is mine.\n\nThe pool on Saturdays.",
        "The new bus driver talks too fast.",
        {"whose": "person", "how": "supported", "supported_by": "Lee"},
    ),
    "Nan": (
        "She sleeps well at mine.",
        "I cannot lift her bag any more.",
        {"whose": "family", "how": "own_words"},
    ),
    "Lee": (
        "Maya rides two stops by herself.",
        "We meet too late in the day. She is tired then.",
        {"whose": "professional", "how": "own_words"},
    ),
}


def make_demo(database: Database, base_url: str) -> UUID:
    """Dee, Maya, Nan, Sam, Lee, Dr Rao and Kit; and Maya's plan. Answers the plan. All of it, or nothing."""
    with database.all_or_nothing() as whole:
        return _make(whole, base_url)


def _make(database: Database, base_url: str) -> UUID:
    dee = _account(database, DEE)
    _account(database, KIT)
    draft = PlanDraft(person=PersonDraft(display_name="Maya"), template="planning-together", my_role="steward")
    with database.unit_of_work(dee, writes=True) as uow:
        plan_id = start_plan(uow, draft).id
        add_member(uow, plan_id, MemberDraft(display_name="Uncle Jo", role="family", relationship="Uncle, by the sea"))
        dees = next(one.id for one in members(uow, plan_id) if one.is_me)
        ground = {"kind": "parental_responsibility", "review_on": None}
        change_member(uow, plan_id, dees, MemberPatch.model_validate({"relationship": "Mother", "basis": ground}))
    _write(database, dee, plan_id)
    for someone in JOINING:
        _let_join(database, dee, plan_id, someone, base_url)
    _say_it_otherwise(database, dee, plan_id)
    _say_who_does_what(database, dee, plan_id)
    return plan_id


def _account(database: Database, someone: Someone) -> Principal:
    draft = AccountDraft(display_name=someone.name, email=someone.email, password=PASSWORD)
    return Principal(add_account(database, draft).id, someone.name)


def _write(database: Database, dee: Principal, plan_id: UUID) -> None:
    for key, (body, voice) in WORDS.items():
        with database.unit_of_work(dee, writes=True) as uow:
            change_section(uow, plan_id, key, SectionPatch(body_markdown=body, voice=Voice(**voice)), based_on=1)


def _let_join(database: Database, dee: Principal, plan_id: UUID, someone: Someone, base_url: str) -> None:
    with database.unit_of_work(dee, writes=True) as uow:
        invited = InvitationDraft.model_validate(
            {
                "role": someone.role,
                "relationship": someone.relationship,
                "organisation": someone.organisation,
                "grants": [GrantDraft(section_key=key, level=level) for key, level in someone.given.items()],
            }
        )
        link = invite(uow, plan_id, invited, base_url).accept_url or ""
    them = _account(database, someone)
    with database.unit_of_work(them, writes=True) as uow:
        joined = accept(uow, link.rsplit("/", 1)[-1], base_url)[1]
    if not joined.confirmed:
        with database.unit_of_work(dee, writes=True) as uow:
            confirm_member(uow, plan_id, joined.id)
    if someone.name in VIEWS:
        working, not_working, voice = VIEWS[someone.name]
        draft = PerspectiveDraft(working=working, not_working=not_working, voice=Voice(**voice))
        with database.unit_of_work(them, writes=True) as uow:
            write_perspective(uow, plan_id, WORKING, draft)


def _say_it_otherwise(database: Database, dee: Principal, plan_id: UUID) -> None:
    """The same in easy words, with pictures."""
    lines = [EasyLine(words=words, picture=picture) for words, picture in EASY]
    voice = Voice.model_validate({"whose": "person", "how": "supported", "supported_by": "Dee"})
    with database.unit_of_work(dee, writes=True) as uow:
        save_easy(uow, plan_id, "great-things-about-me", EasyDraft(lines=lines, voice=voice, explains=2))


def _say_who_does_what(database: Database, dee: Principal, plan_id: UUID) -> None:
    """In two weeks, or soon: the demo stays new for as long as somebody starts it anew."""
    with database.unit_of_work(dee, writes=True) as uow:
        ids = {one.display_name: one.id for one in members(uow, plan_id)}
        for what, who, how, days, note in TO_DO:
            due = uow.today + timedelta(days=days)
            draft = {"section_key": "outcomes", "what": what, "who_member_id": ids[who], "how": how, "due_on": due}
            add_action(uow, plan_id, ActionDraft.model_validate(draft | {"progress_note": note}))
