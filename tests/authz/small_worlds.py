"""Random small worlds, written straight to the database, and every question of rights asked in each of them.

`python -m tests.authz.small_worlds 5000000` goes on until that many decisions were compared (on SQLite;
give a database's address after the number for another one).
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlmodel import select
from tests.authz import oracle
from tests.authz.oracle import Family, Given, Page, Somebody, Version

from planwiki.authz.database import Database
from planwiki.authz.migrations import migrate
from planwiki.authz.principal import Principal
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.errors import Forbidden, NotFound
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import (
    Label,
    Level,
    MemberStatus,
    Permission,
    PlanStatus,
    Role,
    SectionKind,
    SectionStatus,
)
from planwiki.circle.models import Grant, Member
from planwiki.circle.queries import access_matrix, explain, members
from planwiki.people.models import Account
from planwiki.plans.document_queries import document
from planwiki.plans.models import Plan, Revision, Section
from planwiki.plans.queries import my_plans, revisions, section_view, sections
from planwiki.search.models import SearchEntry
from planwiki.search.queries import search
from planwiki.settings import resource_dir

VOICE = {"whose": "family", "how": "own_words"}
# A moment and the day it is in London, by hand: two are an hour before midnight in Greenwich, in summer and in winter.
MOMENTS = (
    (datetime(2026, 7, 10, 12, 0, tzinfo=UTC), date(2026, 7, 10)),
    (datetime(2026, 7, 10, 22, 59, 59, tzinfo=UTC), date(2026, 7, 10)),
    (datetime(2026, 7, 10, 23, 0, tzinfo=UTC), date(2026, 7, 11)),
    (datetime(2026, 7, 11, 0, 30, tzinfo=UTC), date(2026, 7, 11)),
    (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2026, 12, 31)),
    (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    # The days on which clocks go back and forward: one has 25 hours, one has 23.
    (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
    (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), date(2026, 10, 25)),
    (datetime(2027, 3, 28, 0, 0, tzinfo=UTC), date(2027, 3, 28)),
    (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), date(2027, 3, 29)),
)
_LEVELS = ("read", "read", "comment", "suggest", "edit", "edit", "none", "manage")  # No verb ever gives the last.
ACCOUNTS = 4  # The last one stands in no circle.
STRANGER = ACCOUNTS - 1


@dataclass(frozen=True)
class SmallWorld:
    now: datetime
    today: date
    families: tuple[Family, ...]


def _days(today: date) -> st.SearchStrategy[date | None]:
    """None, and the days around today: the edges."""
    near = st.sampled_from([today + timedelta(days=days) for days in (-400, -1, 0, 1, 400)])
    return st.one_of(st.none(), st.none(), st.none(), near)


def _past(now: datetime) -> st.SearchStrategy[datetime]:
    return st.sampled_from([now - timedelta(days=days) for days in (90, 30, 30, 7, 1)])


@st.composite
def _circle(draw: st.DrawFn, now: datetime, today: date) -> tuple[Somebody, ...]:
    """The person first; at most one place in use for each account; places that ended stay beside them."""
    free, circle = {None, 0, 1, 2}, []
    roles = ["person", *draw(st.lists(st.sampled_from([*Role][1:6]), min_size=2, max_size=4))]
    for role in roles:
        ended = role != "person" and draw(st.integers(0, 6)) == 0
        choices = {0, 1, 2} if ended else free
        account = draw(st.sampled_from(sorted(choices, key=str)))
        if not ended:
            free = free - ({account} - {None})
        circle.append(
            Somebody(
                account=account,
                role=str(role),
                status=draw(st.sampled_from(["active"] * 8 + ["contact_only", "suspended"])),
                ended=ended,
                ends_on=draw(_days(today)),
                basis_until=draw(_days(today)),
                basis_from=draw(_days(today)),
                confirmed=draw(st.integers(0, 7)) > 0,
                joined=draw(_past(now)),
            )
        )
    return tuple(circle)


@st.composite
def _given(draw: st.DrawFn, now: datetime, today: date, circle: tuple[Somebody, ...]) -> tuple[Given, ...]:
    """At most one open grant for each place and role, as the database holds; ended ones beside them."""
    subjects: list[int | str] = [*range(len(circle)), *sorted({one.role for one in circle})]
    found = []
    for subject in subjects:
        for ended in (False, True):
            if draw(st.integers(0, 9)) >= (6 if not ended else 1):
                continue
            withheld = draw(st.integers(0, 7)) == 0
            found.append(
                Given(
                    to=subject,
                    level="none" if withheld else draw(st.sampled_from(_LEVELS)),
                    begins=draw(_past(now)),
                    withheld=withheld,
                    history=draw(st.integers(0, 3)) == 0,
                    earlier=draw(st.integers(0, 3)) == 0,
                    from_on=draw(_days(today)),
                    until=draw(_days(today)),
                    ended=ended,
                )
            )
    return tuple(found)


@st.composite
def _page(draw: st.DrawFn, now: datetime, today: date, circle: tuple[Somebody, ...]) -> Page:
    labels = st.sampled_from([*map(str, Label), "diary", "diary", "everyday", "everyday", "everyday"])
    times = sorted(draw(st.lists(_past(now), min_size=1, max_size=3)))
    return Page(
        label=draw(labels),
        archived=draw(st.integers(0, 5)) == 0,
        versions=tuple(Version(draw(labels), at) for at in times),
        given=draw(_given(now, today, circle)),
    )


@st.composite
def small_worlds(draw: st.DrawFn) -> SmallWorld:
    now, today = draw(st.sampled_from(MOMENTS))
    families = []
    for _ in range(2):
        circle = draw(_circle(now, today))
        pages = tuple(draw(_page(now, today, circle)) for _ in range(3))
        closed, frozen = (draw(st.integers(0, 11)) == 0 for _ in range(2))
        families.append(Family(closed=closed, circle=circle, pages=pages, frozen=frozen))
    return SmallWorld(now, today, tuple(families))


@dataclass
class Kept:
    """A small world in the database: the ids of its accounts, plans, places and sections, in the world's order."""

    world: SmallWorld
    accounts: list[UUID] = field(default_factory=list)
    plans: list[UUID] = field(default_factory=list)
    places: dict[tuple[int, int], UUID] = field(default_factory=dict)
    pages: dict[tuple[int, int], UUID] = field(default_factory=dict)


def keep(database: Database, world: SmallWorld) -> Kept:
    """Writes the world as it is, past all verbs and checks."""
    kept = Kept(world)
    with database.system_session("small worlds") as session:
        for number in range(ACCOUNTS):
            account = Account(email=f"{new_id()}@example.org", display_name=f"Account {number}", created_at=world.now)
            session.add(account)
            kept.accounts.append(account.id)
        session.flush()
        for number, family in enumerate(world.families):
            for rows in _rows_of(kept, number, family):
                session.add_all(rows)
                session.flush()
    return kept


def _rows_of(kept: Kept, number: int, family: Family) -> Iterator[list[object]]:
    """A family's rows, each batch after the ones it points at."""
    now = kept.world.now
    plan = Plan(
        title="Plan",
        person_display_name="Maya",
        status=PlanStatus.CLOSED if family.closed else PlanStatus.ACTIVE,
        template="blank",
        created_at=now,
        updated_at=now,
        closed_at=now if family.closed else None,
        frozen_at=now if family.frozen else None,
    )
    kept.plans.append(plan.id)
    yield [plan]
    places = [_member(kept, plan.id, one) for one in family.circle]
    kept.places |= {(number, place): member.id for place, member in enumerate(places)}
    yield [*places]
    pages = [_section(plan.id, place, page) for place, page in enumerate(family.pages)]
    kept.pages |= {(number, place): section.id for place, section in enumerate(pages)}
    yield [*pages]
    for section, page in zip(pages, family.pages, strict=True):
        yield [_revision(kept, section, n, one) for n, one in enumerate(page.versions, start=1)]
        yield [_grant(kept, section, number, one) for one in page.given]
        yield [SearchEntry(plan_id=plan.id, section_id=section.id, words="every")]


def _member(kept: Kept, plan_id: UUID, one: Somebody) -> Member:
    return Member(
        plan_id=plan_id,
        account_id=None if one.account is None else kept.accounts[one.account],
        display_name=one.role,
        role=Role(one.role),
        status=MemberStatus(one.status),
        ends_on=one.ends_on,
        ended_at=kept.world.now if one.ended else None,
        basis_valid_until=one.basis_until,
        basis_valid_from=one.basis_from,
        confirmed_at=kept.world.now if one.confirmed else None,
        created_at=one.joined,
    )


def _section(plan_id: UUID, place: int, page: Page) -> Section:
    return Section(
        plan_id=plan_id,
        key=f"page-{place}",
        title="every",
        kind=SectionKind.TEXT,
        position=place + 1,
        status=SectionStatus.ARCHIVED if page.archived else SectionStatus.ACTIVE,
        label=Label(page.label),
        revision=len(page.versions),
        updated_at=page.versions[-1].at,
    )


def _revision(kept: Kept, section: Section, number: int, one: Version) -> Revision:
    return Revision(
        plan_id=section.plan_id,
        section_id=section.id,
        number=number,
        title="every",
        body_markdown="",
        body_html="",
        voice=VOICE,
        label=Label(one.label),
        author_id=kept.accounts[0],
        author_name="",
        source="edit",
        created_at=one.at,
    )


def _grant(kept: Kept, section: Section, number: int, one: Given) -> Grant:
    by_name = isinstance(one.to, int)
    return Grant(
        plan_id=section.plan_id,
        section_id=section.id,
        member_id=kept.places[number, one.to] if isinstance(one.to, int) else None,
        role=None if by_name else Role(one.to),
        level=Level(one.level),
        withheld=one.withheld,
        history=one.history,
        earlier_history=one.earlier,
        from_on=one.from_on,
        expires_on=one.until,
        history_from=one.begins,
        created_at=one.begins,
        created_by=kept.accounts[0],
        ended_at=kept.world.now if one.ended else None,
    )


class Comparison:
    """Asks everything in one kept world and holds each answer against the oracle. `told` counts yes and no."""

    def __init__(self, kept: Kept, told: Counter[tuple[str, bool]]) -> None:
        self.kept, self.world, self.told = kept, kept.world, told

    def run(self, database: Database) -> None:
        with clock.frozen(self.world.now):
            for account in range(ACCOUNTS):
                with database.unit_of_work(Principal(self.kept.accounts[account])) as uow:
                    self._one(uow, account)
                    self._whole_plans(uow, account)
            for number, family in enumerate(self.world.families):
                for place in range(len(family.circle)):
                    self._seen_as(database, number, place)

    def decide(self, way: str, expected: bool, got: bool, *about: object) -> None:
        assert got == expected, f"{way}: {'yes' if got else 'no'} where the design says otherwise, for {about}"
        self.told[way, expected] += 1

    def same(self, way: str, expected: set[object], got: list[object] | set[object], of: int) -> None:
        """A list that should hold exactly these, out of `of` there are."""
        assert len(got) == len(set(got)), f"{way}: something is listed twice"
        assert set(got) == expected, f"{way}: {set(got) ^ expected} where the design says otherwise"
        self.told[way, True] += len(expected)
        self.told[way, False] += of - len(expected)

    # What the oracle says of an account.

    def _places(self, account: int, number: int) -> list[int]:
        circle = self.world.families[number].circle
        return [place for place, one in enumerate(circle) if one.account == account]

    def _may(self, account: int, number: int, page: int, asks: str) -> bool:
        family = self.world.families[number]
        return any(
            oracle.may(family, place, family.pages[page], asks, self.world.today)
            for place in self._places(account, number)
        )

    def _readable(self, account: int) -> set[tuple[int, int]]:
        return {at for at in self.kept.pages if self._may(account, *at, "read")}

    # What the application answers.

    def _one(self, uow: UnitOfWork, account: int) -> None:
        """One row at a time, and every list of rows there is."""
        readable = self._readable(account)
        for at, section_id in self.kept.pages.items():
            for asks in Permission:
                self.decide("may", self._may(account, *at, asks), uow.may(asks, section_id), account, at, asks)
        ids = {self.kept.pages[at] for at in readable}
        every = len(self.kept.pages)
        self.same("list", ids, uow.all(select(Section.id)), every)
        self.same("entries", ids, uow.all(select(SearchEntry.section_id)), every)
        held = uow.permissions()
        self.same("permissions", ids, set(held), every)
        for at in readable:
            wanted = {asks for asks in Permission if self._may(account, *at, asks)}
            self.same("permission", wanted, held[self.kept.pages[at]], len(Permission))
        self._versions(uow, account)
        self._grants(uow, account)
        self._circles(uow, account)
        self._matrix(uow, account, readable)

    def _versions(self, uow: UnitOfWork, account: int) -> None:
        expected = {
            (self.kept.pages[number, page], version + 1)
            for number, page in self.kept.pages
            for version in range(len(self.world.families[number].pages[page].versions))
            if self._sees_version(account, number, page, version)
        }
        of = sum(len(page.versions) for family in self.world.families for page in family.pages)
        self.same("versions", expected, uow.all(select(Revision.section_id, Revision.number)), of)

    def _sees_version(self, account: int, number: int, page: int, version: int) -> bool:
        family = self.world.families[number]
        shown, today = family.pages[page], self.world.today
        return any(oracle.sees_version(family, one, shown, version, today) for one in self._places(account, number))

    def _grants(self, uow: UnitOfWork, account: int) -> None:
        """Grants, ended ones too, are there for those who manage their section."""
        expected, of = Counter[UUID](), 0
        for (number, page), section_id in self.kept.pages.items():
            count = len(self.world.families[number].pages[page].given)
            of += count
            if count and self._may(account, number, page, "manage"):
                expected[section_id] = count
        assert Counter(uow.all(select(Grant.section_id))) == expected
        self.told["grants", True] += expected.total()
        self.told["grants", False] += of - expected.total()

    def _circles(self, uow: UnitOfWork, account: int) -> None:
        plans, people = set(), set()
        for number, family in enumerate(self.world.families):
            mine = self._places(account, number)
            if any(oracle.sees_plan(family, place, self.world.today) for place in mine):
                owner = any(oracle.owns(family.circle[place], self.world.today) for place in mine)
                plans.add(self.kept.plans[number])
                here = [place for place in range(len(family.circle)) if owner or self._meets(account, number, place)]
                people |= {self.kept.places[number, place] for place in here}
        self.same("plans", plans, uow.all(select(Plan.id)), len(self.kept.plans))
        self.same("circle", people, uow.all(select(Member.id)), len(self.kept.places))

    def _meets(self, account: int, number: int, place: int) -> bool:
        """Who waits for a yes knows of nobody but themselves: nobody here was invited."""
        family = self.world.families[number]
        mine = [one for one in self._places(account, number) if oracle.sees_plan(family, one, self.world.today)]
        knows = any(family.circle[one].confirmed for one in mine)
        return not family.circle[place].ended and (knows or place in mine)

    def _matrix(self, uow: UnitOfWork, account: int, readable: set[tuple[int, int]]) -> None:
        """Everybody who stands against every section the asker reads, by the rule itself."""
        got = {(section, member): held for section, member, held in uow.access()}
        for number, page in readable:
            family = self.world.families[number]
            for place in range(len(family.circle)):
                if not (self._owns(account, number) or self._meets(account, number, place)):
                    continue
                held = got.pop((self.kept.pages[number, page], self.kept.places[number, place]), frozenset())
                for asks in Permission:
                    expected = oracle.may(family, place, family.pages[page], asks, self.world.today)
                    self.decide("access", expected, asks in held, account, number, page, place, asks)
        assert not got

    def _owns(self, account: int, number: int) -> bool:
        circle = self.world.families[number].circle
        return any(oracle.owns(circle[place], self.world.today) for place in self._places(account, number))

    def _whole_plans(self, uow: UnitOfWork, account: int) -> None:
        """The questions that pages and programs ask."""
        readable = self._readable(account)
        for number, family in enumerate(self.world.families):
            plan_id, mine = self.kept.plans[number], self._places(account, number)
            sees = any(oracle.sees_plan(family, place, self.world.today) for place in mine)
            pages = range(len(family.pages))
            active = {f"page-{at}" for at in pages if (number, at) in readable and not family.pages[at].archived}
            put_away = {f"page-{at}" for at in pages if (number, at) in readable} - active
            of = len(family.pages)
            shown = sections(uow, plan_id)
            self.same("sections", active, [one.key for one in shown], of)
            assert [one.position for one in shown] == [*range(1, len(shown) + 1)]
            self.same("archived", put_away, [one.key for one in sections(uow, plan_id, archived=True)], of)
            self.same("search", active, [hit.section_key for hit in search(uow, "every", plan_id=plan_id)], of)
            self._document(uow, account, number, sees=sees, active=active)
            for at in pages:
                self._section(uow, account, number, at, readable=(number, at) in readable)
            self._owners_questions(uow, account, number, active)
        self._my_plans(uow, account)

    def _my_plans(self, uow: UnitOfWork, account: int) -> None:
        expected = {}
        for number, family in enumerate(self.world.families):
            for place in self._places(account, number):
                if oracle.sees_plan(family, place, self.world.today):
                    expected[self.kept.plans[number]] = (family.circle[place].role, self._owns(account, number))
        found = my_plans(uow)
        self.same("my plans", {*expected}, [one.plan.id for one in found], len(self.kept.plans))
        for one in found:
            told = (str(one.my_role), not one.plan.is_partial)
            assert told == expected[one.plan.id], f"my plans: {told} where the design says {expected[one.plan.id]}"

    def _document(self, uow: UnitOfWork, account: int, number: int, *, sees: bool, active: set[str]) -> None:
        try:
            found = document(uow, self.kept.plans[number])
        except NotFound:
            self.decide("document", sees, False, account, number)
            return
        self.decide("document", sees, True, account, number)
        self.same("document's sections", active, [one.key for one in found.sections], len(self.world.families[0].pages))
        self.same("document's keys", active, found.plan.section_keys or [], len(self.world.families[0].pages))
        self.decide("partial", not self._owns(account, number), found.plan.is_partial, account, number)
        for one in found.sections:
            at = int(one.key.removeprefix("page-"))
            self.decide("level", True, one.my_level == self._level(account, number, at), account, number, at)

    def _level(self, account: int, number: int, at: int) -> str:
        family, today = self.world.families[number], self.world.today
        found = [oracle.level(family, one, family.pages[at], today) for one in self._places(account, number)]
        return max(found, key=oracle.LEVELS.index, default="none")

    def _section(self, uow: UnitOfWork, account: int, number: int, at: int, *, readable: bool) -> None:
        plan_id, key = self.kept.plans[number], f"page-{at}"
        try:
            view = section_view(uow, plan_id, key)
        except NotFound:
            self.decide("section", readable, False, account, number, at)
            return
        self.decide("section", readable, True, account, number, at)
        history = self._may(account, number, at, "history")
        self.decide("history link", history, view.may_see_history, account, number, at)
        try:
            revisions(uow, plan_id, key)
        except Forbidden:
            self.decide("history", history, False, account, number, at)
        else:
            self.decide("history", history, True, account, number, at)

    def _owners_questions(self, uow: UnitOfWork, account: int, number: int, active: set[str]) -> None:
        """The matrix and the sentences that only owners get."""
        family, plan_id = self.world.families[number], self.kept.plans[number]
        owner = self._owns(account, number)
        try:
            table = access_matrix(uow, plan_id)
        except (NotFound, Forbidden):
            self.decide("matrix", owner, False, account, number)
            return
        self.decide("matrix", owner, True, account, number)
        self.same("matrix' sections", active, table.section_keys, len(family.pages))
        here = {self.kept.places[number, place]: place for place, one in enumerate(family.circle) if not one.ended}
        assert [one.id for one in members(uow, plan_id)] == [one.id for one in table.subjects]
        for subject in table.subjects:
            place = here[subject.id]
            for key in active:
                page = family.pages[int(key.removeprefix("page-"))]
                expected = oracle.level(family, place, page, self.world.today)
                self.decide("matrix' levels", True, subject.levels[key] == expected, account, number, place, key)
        self._explanations(uow, number, active, here)

    def _explanations(self, uow: UnitOfWork, number: int, active: set[str], here: dict[UUID, int]) -> None:
        family = self.world.families[number]
        key = min(active, default=None)
        if key is None:
            return
        page = family.pages[int(key.removeprefix("page-"))]
        for member_id, place in here.items():
            for asks in (Permission.READ, Permission.HISTORY):
                expected = oracle.may(family, place, page, asks, self.world.today)
                got = explain(uow, self.kept.plans[number], member_id, key, asks)
                self.decide("explain", expected, got.allowed, number, place, key, asks)

    def _seen_as(self, database: Database, number: int, place: int) -> None:
        """Looking as a member shows what both may read, whoever looks; it never adds."""
        family = self.world.families[number]
        for account in range(ACCOUNTS):
            seer = Principal(self.kept.accounts[account], as_member_id=self.kept.places[number, place])
            expected = {
                self.kept.pages[number, at]
                for at, page in enumerate(family.pages)
                if self._may(account, number, at, "read") and oracle.may(family, place, page, "read", self.world.today)
            }
            with database.unit_of_work(seer) as uow:
                self.same("seen as", expected, uow.all(select(Section.id)), len(self.kept.pages))


def compare(database: Database, examples: int, told: Counter[tuple[str, bool]], *, start: int | None = None) -> None:
    """So many worlds, always the same ones; from a seed, others."""

    @settings(
        max_examples=examples,
        derandomize=start is None,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # A world is small already, and making it smaller takes minutes.
        suppress_health_check=[*HealthCheck],
    )
    @given(small_worlds())
    def one(world: SmallWorld) -> None:
        Comparison(keep(database, world), told).run(database)

    (one if start is None else seed(start)(one))()


def main(decisions: int, url: str | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(url or f"sqlite:///{Path(folder) / 'worlds.sqlite3'}", resource_dir("policies"))
        migrate(database)
        told: Counter[tuple[str, bool]] = Counter()
        start = 0
        while told.total() < decisions:
            compare(database, 100, told, start=start)
            start += 1
            print(f"{told.total():>10} decisions, 0 differences", flush=True)
        for (way, yes), count in sorted(told.items()):
            print(f"{way:24} {'yes' if yes else 'no':4} {count:>9}")
        database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:3])
