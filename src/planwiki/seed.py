"""Many plans for benchmarks, the same ones each time. Everybody in them is invented, and nobody has a password.

Each plan has 20 sections of about a kilobyte and a circle of 12 with accounts. The bench account is in 20 of the plans,
as family, and may read 14 sections of each: by its role, by name, from a day on and until one; one is kept closed to
it, one grant has run out, one has not begun, and some were ended.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from planwiki.authz.database import Database
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import (
    BasisKind,
    How,
    Label,
    Level,
    MachineSharing,
    MemberStatus,
    PlanStatus,
    RevisionSource,
    Role,
    SectionKind,
    SectionStatus,
    Whose,
)
from planwiki.plans.rules import searchable
from planwiki.tables import METADATA

from .seed_words import Text, Writer

EMAIL, NAME = "bench@example.org", "Bench"
SECTIONS, BENCH_PLANS, BATCH = 20, 20, 100
BEGAN = datetime(2025, 1, 6, 9, tzinfo=UTC)
LONG_AGO, FAR_AWAY = date(2025, 3, 1), date(2199, 12, 31)
TABLES = ("plan", "member", "section", "grant", "revision", "search_entry")
Row = dict[str, Any]
Rows = dict[str, list[Row]]

CIRCLE = (
    (Role.PERSON, "Me"),
    (Role.STEWARD, "Mother"),
    (Role.STEWARD, "Father"),
    (Role.FAMILY, "Aunt"),  # The bench account, in its plans.
    (Role.FAMILY, "Grandmother"),
    (Role.FAMILY, "Brother"),
    (Role.FRIEND, "Friend from school"),
    (Role.FRIEND, "Neighbour"),
    (Role.KEY_WORKER, "Key worker"),
    (Role.PROFESSIONAL, "Doctor"),
    (Role.PROFESSIONAL, "Teacher"),
    (Role.PROFESSIONAL, "Speech therapist"),
)
BENCH, FRIEND, KEY_WORKER, DOCTOR = 3, 6, 8, 9
OUTCOMES = 10
VOICE = {"whose": Whose.FAMILY, "member_id": None, "how": How.OWN_WORDS, "method": None, "supported_by": None}
LABELS = {5: Label.HEALTH, 6: Label.HEALTH, 12: Label.HEALTH, 17: Label.DIARY, 18: Label.FAMILY_BUSINESS}


class Given(NamedTuple):
    """What everybody in one role, or whoever has one place in the circle, is given on some sections."""

    to: Role | int
    on: tuple[int, ...]
    level: Level = Level.READ
    more: Row = {}  # noqa: RUF012 - a named tuple's default, and nobody changes it


GIVEN = (
    Given(Role.FAMILY, tuple(range(10))),
    Given(Role.FRIEND, (0, 1, 2, 4)),
    Given(Role.KEY_WORKER, (0, 1, 2, 3, 5, 6, 10, 11)),
    Given(Role.PROFESSIONAL, (5, 6, 7, 11, 12)),
    Given(BENCH, (9,), Level.NONE, {"withheld": True}),
    Given(BENCH, (OUTCOMES,), Level.EDIT),
    Given(BENCH, (11,)),
    Given(BENCH, (12,), Level.COMMENT),
    Given(BENCH, (13,), more={"expires_on": FAR_AWAY}),
    Given(BENCH, (14,), more={"from_on": LONG_AGO}),
    Given(BENCH, (15,), more={"expires_on": LONG_AGO}),
    Given(BENCH, (16,), more={"from_on": FAR_AWAY}),
    Given(BENCH, (10, 18, 19), more={"ended": True}),
    Given(Role.FRIEND, (3, 5), more={"ended": True}),
    Given(FRIEND, (3,), Level.COMMENT),
    Given(FRIEND, (1,), Level.NONE, {"withheld": True}),
    Given(KEY_WORKER, (OUTCOMES, 11), Level.EDIT),
    Given(DOCTOR, (12,), Level.SUGGEST, {"history": True}),
)


class Person(NamedTuple):
    account_id: UUID
    name: str


def seed(database: Database, plans: int, revisions: int = 5, chance: int = 1) -> UUID:
    """Fills an empty database. Answers the first plan, which the bench account is in. Raises Conflict if not empty."""
    if not database.is_empty():
        raise Conflict("There is somebody in this database. Benchmarks need one of their own.")
    maker = Maker(Random(chance), plans, revisions)  # noqa: S311 - nothing here is a secret
    _keep(database, {"account": maker.accounts()})
    for start in range(0, plans, BATCH):
        _keep(database, maker.some(range(start, min(start + BATCH, plans))))
    return maker.first


def _keep(database: Database, rows: Rows) -> None:
    with database.system_session("seed for a benchmark") as session:
        for table, many in rows.items():
            session.connection().execute(METADATA.tables[table].insert(), many)


class Maker:
    """Makes rows, plan by plan, all from one source of chance."""

    def __init__(self, chance: Random, plans: int, revisions: int) -> None:
        self._chance, self._writer, self._made = chance, Writer(chance), 0
        self._revisions = revisions
        self._people = [Person(self._id(), f"{self._writer.title()} {n}") for n in range(max(60, 4 * plans))]
        self._bench = Person(self._id(), NAME)
        step = max(1, plans // BENCH_PLANS)
        self._bench_in = set(range(0, plans, step)[:BENCH_PLANS])
        self.first = UUID(int=0)

    def accounts(self) -> list[Row]:
        kept = [self._account(one, f"person{n}@example.org") for n, one in enumerate(self._people)]
        return [*kept, self._account(self._bench, EMAIL)]

    def some(self, places: range) -> Rows:
        """The rows of these plans, table by table."""
        rows: Rows = {table: [] for table in TABLES}
        for place in places:
            self._plan(place, rows)
        return rows

    def _account(self, one: Person, email: str) -> Row:
        return {"id": one.account_id, "email": email, "display_name": one.name, "created_at": BEGAN}

    def _id(self) -> UUID:
        """Grows as version 7 does, eight in a millisecond, by chance and not by the clock."""
        self._made += 1
        milliseconds = int(BEGAN.timestamp() * 1000) + self._made // 8
        above = (milliseconds << 80) | (7 << 76) | ((self._made % 8) << 64)
        return UUID(int=above | (0b10 << 62) | self._chance.getrandbits(62))

    def _plan(self, place: int, rows: Rows) -> None:
        plan_id, at = self._id(), BEGAN + timedelta(minutes=place)
        self.first = self.first if self.first.int else plan_id
        people = self._chance.sample(self._people, len(CIRCLE))
        if place in self._bench_in:
            people[BENCH] = self._bench
        rows["plan"].append(_plan_row(plan_id, people[0], at))
        members = [self._member(plan_id, number, one, at) for number, one in enumerate(people)]
        rows["member"] += members
        sections = [self._section(plan_id, number, people, at, rows) for number in range(SECTIONS)]
        rows["grant"] += self._grants(plan_id, members, sections, at)

    def _member(self, plan_id: UUID, place: int, one: Person, at: datetime) -> Row:
        role, relationship = CIRCLE[place]
        steward = role is Role.STEWARD
        return {
            "id": self._id(),
            "plan_id": plan_id,
            "account_id": one.account_id,
            "display_name": one.name,
            "role": role,
            "relationship": relationship,
            "call_first": place == 1,
            "status": MemberStatus.ACTIVE,
            "confirmed_at": at,
            "basis_kind": BasisKind.PARENTAL_RESPONSIBILITY if steward else None,
            "basis_valid_until": FAR_AWAY if steward else None,
            "ends_on": FAR_AWAY if role is Role.PROFESSIONAL else None,
            "revision": 1,
            "created_at": at,
        }

    def _section(self, plan_id: UUID, number: int, people: list[Person], at: datetime, rows: Rows) -> UUID:
        """A section with its versions, the last of which is its text, and its words to search."""
        id, title = self._id(), self._writer.title()
        about = {"plan_id": plan_id, "section_id": id, "title": title, "label": LABELS.get(number, Label.EVERYDAY)}
        words = ""
        for version in range(1, self._revisions + 1):
            text, by = self._writer.text(), self._chance.choice(people[:3])
            words = text.words
            rows["revision"].append(about | self._version(version, text, by, at + timedelta(days=version)))
        rows["section"].append(_section_row(rows["revision"][-1], number))
        words = f"{searchable(title, '')} {words}"
        rows["search_entry"].append({"plan_id": plan_id, "section_id": id, "words": words})
        return id

    def _version(self, number: int, text: Text, by: Person, at: datetime) -> Row:
        return {
            "id": self._id(),
            "number": number,
            "body_markdown": text.markdown,
            "body_html": text.html,
            "voice": VOICE,
            "author_id": by.account_id,
            "author_name": by.name,
            "source": RevisionSource.EDIT,
            "created_at": at,
        }

    def _grants(self, plan_id: UUID, members: list[Row], sections: list[UUID], at: datetime) -> Iterator[Row]:
        for given in GIVEN:
            more = dict(given.more)
            ended = at + timedelta(days=2) if more.pop("ended", False) else None
            to = {"role": given.to} if isinstance(given.to, Role) else {"member_id": members[given.to]["id"]}
            row = _grant_row(plan_id, at, members[1]["account_id"], ended) | to | more | {"level": given.level}
            yield from ({**row, "id": self._id(), "section_id": sections[place]} for place in given.on)


def _plan_row(plan_id: UUID, person: Person, at: datetime) -> Row:
    return {
        "id": plan_id,
        "title": f"{person.name}’s plan",
        "person_display_name": person.name,
        "person_communication": ["speech", "pictures"],
        "person_date_of_birth": date(2009, 5, 4),
        "language": "en-GB",
        "status": PlanStatus.ACTIVE,
        "template": "planning-together",
        "revision": 1,
        "created_at": at,
        "updated_at": at,
    }


def _section_row(last: Row, number: int) -> Row:
    """A section as its last version left it."""
    return {
        "id": last["section_id"],
        **{name: last[name] for name in ("plan_id", "title", "label", "body_markdown", "body_html", "voice")},
        "key": f"section-{number + 1}",
        "kind": SectionKind.OUTCOMES if number == OUTCOMES else SectionKind.TEXT,
        "prompts": [],
        "position": number + 1,
        "status": SectionStatus.ACTIVE,
        "machine_sharing": MachineSharing.ALLOWED,
        "mapping": {},
        "revision": last["number"],
        "settings": 1,
        "updated_at": last["created_at"],
        "updated_by": last["author_id"],
        "updated_by_name": last["author_name"],
    }


def _grant_row(plan_id: UUID, at: datetime, by: UUID, ended: datetime | None) -> Row:
    """A grant of nothing in particular to nobody yet."""
    return {
        "plan_id": plan_id,
        "member_id": None,
        "role": None,
        "withheld": False,
        "history": False,
        "earlier_history": False,
        "from_on": None,
        "expires_on": None,
        "history_from": at,
        "created_at": at,
        "created_by": by,
        "ended_at": ended,
        "ended_by": by if ended else None,
    }
