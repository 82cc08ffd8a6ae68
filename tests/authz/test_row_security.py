"""The unit of work holds by itself: whatever a verb forgets to ask, nothing hidden is read and nothing is changed."""

# ruff: noqa: E501 - tables of examples: one a line reads best

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, exists, func, insert, literal, text, union, update
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import aliased, object_session
from sqlmodel import col, select
from tests.world import READS, SECTIONS, World

from planwiki.activity.models import AuditEntry, AuditHead, Delivery
from planwiki.authz.principal import Principal
from planwiki.authz.row_security import UnaskedChange, UnscopedRead
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden, NotFound
from planwiki.base.vocabulary import Label, Level, LoginKind, MemberStatus, Permission, Role, SectionKind, SectionStatus
from planwiki.circle.models import Grant, Invitation, Member, OwnerTask, SharedSection, ShareLink, Tablet
from planwiki.integrations.models import KeptAnswer
from planwiki.media.models import Media
from planwiki.news.models import NewsBegun, NewsLetter, PutAside, SeenSection
from planwiki.outcomes.models import Action
from planwiki.people.models import (
    Account,
    Challenge,
    HostAdministrator,
    Login,
    MailedLink,
    Organisation,
    OutsideIdentity,
    Passkey,
    RecoveryCode,
    SignInTry,
)
from planwiki.plans.models import EasyText, ErasedPlan, Plan, Revision, Section, WrittenDraft
from planwiki.plans.place_models import ReadingPlace
from planwiki.search.models import SearchEntry
from planwiki.tables import TABLES
from planwiki.talk.models import CheckedMark, Contribution, Perspective

Ways = dict[str, Callable[[], Any]]
Other = aliased(Section)
NOW = datetime(2026, 7, 10, tzinfo=UTC)

# Each answers the keys of the sections it found.
READING: Ways = {
    "the entity": lambda: select(Section),
    "one column": lambda: select(Section.key),
    "a function of a column": lambda: select(func.lower(Section.key)),
    "an alias": lambda: select(Other.key),
    "a join to the plan": lambda: select(Section.key).join(Plan, col(Plan.id) == Section.plan_id),
    "a join from the plan": lambda: select(Section.key).select_from(Plan).join(Section, col(Section.plan_id) == Plan.id),
    "an outer join": lambda: select(Section.key).select_from(Plan).outerjoin(Section, col(Section.plan_id) == Plan.id),
    "an outer join to an alias": lambda: select(Other.key).select_from(Plan).outerjoin(Other, col(Other.plan_id) == Plan.id),
    "a join from members": lambda: select(Section.key).select_from(Member).join(Section, col(Section.plan_id) == Member.plan_id),
    "a join of two sections": lambda: select(Other.key).select_from(Section).join(Other, col(Other.plan_id) == Section.plan_id),
    "a product of tables": lambda: select(Section.key, Plan.id).where(Section.plan_id == Plan.id),
    "a subquery": lambda: select(select(Section.key, Section.id).subquery().c.key),
    "an alias of a subquery": lambda: select(aliased(Section, select(Section).subquery()).key),
    "a scalar subquery": lambda: select(select(Section.key).where(Section.id == Other.id).scalar_subquery()).select_from(Other),
    "a common table": lambda: select(select(Section.key).cte().c.key),
    "a union": lambda: union(select(Section.key), select(Other.key)),
    "a union in a subquery": lambda: select(union(select(Section.key), select(Section.title)).subquery().c[0]),
    "EXISTS on another table": lambda: select(Section.key).where(exists().where(SearchEntry.section_id == Section.id)),
    "IN a question": lambda: select(Section.key).where(col(Section.id).in_(select(Other.id))),
    "a group": lambda: select(Section.key).group_by(Section.key).having(func.count() > 0),
    "an order": lambda: select(Section.key).order_by(col(Section.position).desc()),
    "DISTINCT": lambda: select(Section.key).distinct(),
    "a literal beside it": lambda: select(Section.key, literal(1)),
    "an always-true condition": lambda: select(Section.key).where(literal(True) | (Section.key == "x")),
    "by search entry": lambda: select(Section.key).join(SearchEntry, col(SearchEntry.section_id) == Section.id),
}  # fmt: skip


def keys(rows: list[Any]) -> set[str]:
    """The keys among what was answered: rows, columns or whole sections."""
    flat = [row.key if isinstance(row, Section) else row if isinstance(row, str) else row[0] for row in rows]
    return {key for key in flat if key in SECTIONS}


@pytest.fixture
def as_nan(world: World) -> Iterator[UnitOfWork]:
    """Nan reads great-things and wellness."""
    with world.database.unit_of_work(world.principals["nan"]) as uow:
        yield uow


def everything(world: World) -> list[Any]:
    """Every row there is, by the back door."""
    with world.database.system_session("all there is", writes=False) as session:
        return [[dict(row) for row in session.execute(select(table.__table__)).mappings()] for table in TABLES]  # type: ignore[attr-defined]  # every table has one


# Reading


def test_every_way_of_reading_is_narrowed(world: World) -> None:
    for way, question in READING.items():
        for who in ("dee", "nan", "lee", "kit"):
            found = world.ask(who, lambda uow, question=question: uow.all(question()))
            assert keys(found) == READS[who], (way, who)  # type: ignore[arg-type]  # ask answers what the question answers


def test_every_kept_question_is_narrowed_for_whoever_asks(world: World) -> None:
    """Put together once and asked by one after the other, and by the first again."""
    for way, question in READING.items():
        kept = lambda _, question=question: question()  # noqa: E731 - one function, told apart from the others
        for who in ("dee", "nan", "lee", "kit", "dee"):
            found = world.ask(who, lambda uow, kept=kept: uow.ask(kept))
            assert {one for row in found for one in row if isinstance(one, str)} & set(SECTIONS) == READS[who], (
                way,
                who,
            )  # type: ignore[attr-defined]  # ask answers what the question answers


def test_an_alias_is_narrowed_whatever_was_asked_before_it(world: World) -> None:
    """The first question of all asks with the very rule that narrows sections: it must not stay bound to their table."""
    section_id = id_of(world, "wellness")
    with world.database.unit_of_work(world.principals["nan"]) as uow:
        assert uow.may(Permission.READ, section_id)
        assert set(uow.all(select(Other.key))) == READS["nan"]


def test_counting_counts_what_is_seen(world: World) -> None:
    for who, seen in READS.items():
        for question in (select(func.count()).select_from(Section), select(func.count(col(Section.id)))):
            assert world.ask(who, lambda uow, question=question: uow.one(question)) == len(seen), who
        assert world.ask(who, lambda uow: uow.first(select(func.max(Section.key)))) == max(seen, default=None)


def test_an_outer_join_shows_no_columns_of_hidden_rows(as_nan: UnitOfWork) -> None:
    question = select(Member.display_name, Section.body_markdown).outerjoin(
        Section, col(Section.plan_id) == Member.plan_id
    )
    bodies = {body for _, body in as_nan.all(question) if body}
    assert len(bodies) == 2


def test_whether_a_hidden_row_is_there_cannot_be_asked(as_nan: UnitOfWork) -> None:
    hidden = exists().where(Section.key == "money")
    assert as_nan.all(select(Plan.id).where(hidden)) == []
    assert (
        as_nan.all(select(Plan.id).where(col(Plan.id).in_(select(Section.plan_id).where(Section.key == "money")))) == []
    )


def test_a_hidden_row_is_missing_by_its_id(world: World, as_nan: UnitOfWork) -> None:
    for key in SECTIONS:
        section_id = id_of(world, key)
        if key in READS["nan"]:
            assert as_nan.get(Section, section_id).key == key
        else:
            for id in (section_id, uuid4()):
                with pytest.raises(NotFound):
                    as_nan.get(Section, id)


REFUSED: Ways = {
    "text": lambda: text("SELECT key FROM section"),
    "text as a section": lambda: select(Section).from_statement(text("SELECT * FROM section")),
    "a question as a statement": lambda: select(Section).from_statement(select(Section)),
    "the bare table": lambda: select(Section.__table__),  # type: ignore[attr-defined]  # every table has one
    "columns of the bare table": lambda: select(Section.__table__.c.key),  # type: ignore[attr-defined]  # the same
    "an alias of the bare table": lambda: select(Section.__table__.alias().c.key),  # type: ignore[attr-defined]  # the same
    "changing many": lambda: update(Section).values(title="mine"),
    "deleting many": lambda: delete(Revision),
    "adding by hand": lambda: insert(AuditEntry).values(verb="x"),
    "changing the bare table": lambda: update(Section.__table__).values(title="mine"),  # type: ignore[attr-defined]  # the same
    "a literal alone": lambda: select(literal(1)),
}  # fmt: skip


def test_what_cannot_be_narrowed_is_refused(world: World) -> None:
    before = everything(world)
    for way, question in REFUSED.items():
        with pytest.raises(UnscopedRead):
            world.ask("dee", lambda uow, question=question: uow.all(question()))
            pytest.fail(f"{way} was read")
        with pytest.raises(UnscopedRead):
            world.ask("dee", lambda uow, question=question: uow.ask(lambda _: question()))
            pytest.fail(f"{way} was read, kept")
    assert everything(world) == before


BARE: Any = Section.__table__  # type: ignore[attr-defined]  # every table has one
SLY: Ways = {
    "its columns": lambda: select(Plan.id, BARE.c.key),
    "joined": lambda: select(Plan.id).join(BARE, BARE.c.plan_id == Plan.id),
    "read from": lambda: select(BARE.c.key).select_from(Plan).join(BARE, BARE.c.plan_id == Plan.id),
    "counted": lambda: select(Plan.id, func.count()).select_from(BARE).join(Plan, literal(True)),
    "joined on anything": lambda: select(Plan.id).join(BARE, literal(True)),
    "an alias": lambda: select(Plan.id, BARE.alias().c.key),
    "an alias joined": lambda: select(Plan.id).join(BARE.alias(), literal(True)),
    "a join by hand": lambda: select(Plan.id).select_from(BARE.join(Plan.__table__)),  # type: ignore[attr-defined]  # the same
    "whether it is there": lambda: select(Plan.id).where(exists().where(BARE.c.key == "money")),
    "a subquery": lambda: select(Plan.id, select(BARE.c.key).subquery().c.key),
    "in a list": lambda: select(Plan.id).where(col(Plan.id).in_(select(BARE.c.plan_id))),
    "an order": lambda: select(Plan.id).order_by(select(BARE.c.key).limit(1).scalar_subquery()),
    "a common table": lambda: select(Plan.id, select(BARE.c.key).cte().c.key),
}  # fmt: skip


def test_a_bare_table_beside_an_entity_is_refused(world: World) -> None:
    for way, question in SLY.items():
        with pytest.raises(UnscopedRead):
            world.ask("nan", lambda uow, question=question: uow.all(question()))
            pytest.fail(f"{way} was read")
        with pytest.raises(UnscopedRead):
            world.ask("nan", lambda uow, question=question: uow.ask(lambda _: question()))
            pytest.fail(f"{way} was read, kept")


def test_the_session_behind_a_row_is_narrowed_too(as_nan: UnitOfWork) -> None:
    """Whoever finds the session through a row stands under the same rule."""
    behind = object_session(as_nan.all(select(Section))[0])
    assert behind is not None
    assert keys(list(behind.scalars(select(Section)))) == READS["nan"]
    with pytest.raises(UnscopedRead):
        behind.execute(text("SELECT key FROM section"))


def test_a_row_read_before_does_not_stay_open(world: World) -> None:
    """What one principal loaded into a session is not there for the next one in the same transaction."""
    money = id_of(world, "money")
    nan = world.principals["nan"]

    def look(uow: UnitOfWork) -> None:
        loaded = uow.get(Section, money)
        with uow.on_behalf_of(nan) as nans:
            with pytest.raises(NotFound):
                nans.get(Section, money)
            behind = object_session(loaded)
            assert behind is not None
            assert behind.scalars(select(Section).where(Section.id == money)).all() == []
            assert nans.all(select(Revision).where(Revision.section_id == money)) == []
        assert uow.get(Section, money).key == "money"

    world.ask("dee", look)


def test_rights_do_not_stay_when_a_transaction_goes_on_for_somebody_else(world: World) -> None:
    """What was asked for as one principal is not asked for as another."""
    nan = world.principals["nan"]

    def change(uow: UnitOfWork) -> None:
        section = uow.get(Section, id_of(world, "great-things"))
        uow.require(Permission.EDIT, section)
        with uow.on_behalf_of(nan) as nans:
            nans.get(Section, section.id).title = "Nan was here"

    refused(world, "dee", change)


def test_nobody_has_a_unit_of_work_without_being_somebody(world: World) -> None:
    for who in (None, UUID(int=0)):
        with pytest.raises((TypeError, AttributeError)), world.database.unit_of_work(who) as uow:  # type: ignore[arg-type]  # that is the point
            uow.all(select(Section))
    stranger = Principal(uuid4())
    with world.database.unit_of_work(stranger) as uow:
        for table in TABLES:
            assert uow.all(select(table)) == [], table


def test_own_rows_are_the_only_ones_outside_plans(world: World) -> None:
    for who in ("dee", "nan"):
        world.browser(who)
        world.token(who)
    with world.database.system_session("answers kept for two") as session:
        for who in ("dee", "nan"):
            session.add(
                KeptAnswer(account_id=me(world, who), key="k", fingerprint="f", status=201, body="", created_at=NOW)
            )
        session.add(SignInTry(subject="x", at=NOW))
    for who in ("dee", "nan", "kit"):
        mine = me(world, who)
        assert world.ask(who, lambda uow: uow.all(select(Account.id))) == [mine]
        for table in (Login, KeptAnswer):
            owners = world.ask(who, lambda uow, table=table: uow.all(select(table.account_id)))
            assert set(owners) == (set() if who == "kit" else {mine})  # type: ignore[call-overload]  # ask answers a list
        assert world.ask(who, lambda uow: uow.all(select(SignInTry))) == []


def test_news_of_a_hidden_section_is_hidden_from_owners_too(world: World) -> None:
    """A steward to whom a section is closed finds no trace of it in what happened."""
    before = set(events_of(world, "dee"))
    diary = keep_diary(world)
    assert diary in events_of(world, "maya")
    assert set(events_of(world, "dee")) == before - {diary}
    assert events_of(world, "nan") == []


def events_of(world: World, who: str) -> list[UUID | None]:
    return list(world.ask(who, lambda uow: uow.all(select(AuditEntry.section_id))))  # type: ignore[call-overload]  # the same


def keep_diary(world: World) -> UUID:
    """Maya puts a section under diary, where nobody else can follow; that is news too."""
    section_id = id_of(world, "family-only")

    def close(uow: UnitOfWork) -> None:
        section = uow.get(Section, section_id)
        uow.require(Permission.MANAGE, section)
        section.label = Label.DIARY
        uow.flush()
        uow.record("section.settings_changed", world.plan_id, section_id=section_id)

    world.ask("maya", close)
    return section_id


def test_words_written_as_a_diary_stay_so(world: World) -> None:
    """Relaxing the label of a section opens nothing that was said under the stricter one."""
    section = id_of(world, "great-things")
    dee = me(world, "dee")
    with world.database.system_session("an earlier version, of a diary") as session:
        row = session.get_one(Section, section)
        first = session.exec(select(Revision).where(Revision.section_id == section)).one()
        first.label, row.revision = Label.DIARY, 2
        now = {"label": Label.EVERYDAY, "author_id": dee, "author_name": "", "source": "edit", "created_at": NOW}
        texts = {"title": "x", "body_markdown": "", "body_html": "", "voice": {}}
        session.add(Revision(plan_id=world.plan_id, section_id=section, number=2, **now, **texts))
    question = select(Revision.number).where(Revision.section_id == section)
    found = {who: set(world.ask(who, lambda uow: uow.all(question))) for who in ("dee", "maya")}  # type: ignore[call-overload]  # ask answers a list
    assert found == {"dee": {2}, "maya": {1, 2}}


def test_a_row_that_names_another_plan_is_nobodys(world: World) -> None:
    """A row belongs to its section and its plan together; one that says otherwise is read by nobody."""
    made = world.api("kit").post("/v1/plans", json={"person": {"display_name": "Jo"}, "my_role": "steward"})
    elsewhere, section = UUID(made.json()["id"]), id_of(world, "great-things")
    question = select(SearchEntry.section_id).where(SearchEntry.section_id == section)
    assert world.ask("nan", lambda uow: uow.all(question)) == [section]
    with world.database.system_session("a row astray") as session:
        session.exec(select(SearchEntry).where(SearchEntry.section_id == section)).one().plan_id = elsewhere
    for who in ("nan", "dee", "kit"):
        assert world.ask(who, lambda uow: uow.all(question)) == [], who


# Changing


def refused(world: World, who: str, change: Callable[[UnitOfWork], object], error: Any = UnaskedChange) -> None:
    before = everything(world)
    with pytest.raises(error):
        world.ask(who, change)
    assert everything(world) == before


def id_of(world: World, key: str) -> UUID:
    with world.database.system_session("which one?", writes=False) as session:
        return session.exec(select(Section.id).where(Section.key == key, Section.plan_id == world.plan_id)).one()


def me(world: World, who: str) -> UUID:
    return world.principals[who].account_id


def new_rows(world: World, who: str = "dee") -> dict[Any, Callable[[], Any]]:
    """One new row of every table, good in itself. Nobody makes themselves an administrator."""
    plan, section = world.plan_id, id_of(world, "great-things")
    here: dict[str, Any] = {"plan_id": plan, "section_id": section}
    dee = me(world, "dee")
    return {
        Plan: lambda: Plan(title="x", person_display_name="x", status="active", template="blank", created_at=NOW, updated_at=NOW),
        Section: lambda: Section(plan_id=plan, key="x", title="x", kind=SectionKind.TEXT, position=9, status=SectionStatus.ACTIVE, label=Label.EVERYDAY, updated_at=NOW),
        Revision: lambda: Revision(**here, number=9, title="x", body_markdown="", body_html="", voice={}, label=Label.EVERYDAY, author_id=dee, author_name="", source="edit", created_at=NOW),
        Member: lambda: Member(plan_id=plan, account_id=me(world, "kit"), display_name="x", role=Role.STEWARD, status=MemberStatus.ACTIVE, created_at=NOW),
        Grant: lambda: Grant(**here, role=Role.PROFESSIONAL, level=Level.EDIT, history_from=NOW, created_at=NOW, created_by=dee),
        Invitation: lambda: Invitation(plan_id=plan, secret_hash="x", role=Role.STEWARD, relationship="x", grants=[], invited_by=dee, created_at=NOW, expires_at=NOW),
        SearchEntry: lambda: SearchEntry(**here, words="x"),
        ReadingPlace: lambda: ReadingPlace(**here, account_id=me(world, "maya"), paragraph=1, begins="", kept_at=NOW),
        WrittenDraft: lambda: WrittenDraft(**here, account_id=me(world, "maya"), page=uuid4(), words={}, kept_at=NOW),
        SeenSection: lambda: SeenSection(**here, account_id=me(world, "maya"), revision=1, until=NOW),
        NewsBegun: lambda: NewsBegun(account_id=me(world, "maya"), plan_id=plan),
        PutAside: lambda: PutAside(account_id=me(world, "maya"), plan_id=plan, about="x", put_at=NOW),
        NewsLetter: lambda: NewsLetter(account_id=me(world, "maya"), due_at=NOW),
        Media: lambda: Media(**here, kind="picture", content_type="image/png", filename="x", size=1, stored=1, sha256="x", created_by=dee, created_at=NOW),
        Account: lambda: Account(email="new@example.org", display_name="x", created_at=NOW),
        Login: lambda: Login(account_id=me(world, "maya"), kind=LoginKind.TOKEN, secret_hash="x", created_at=NOW, expires_at=NOW),
        KeptAnswer: lambda: KeptAnswer(account_id=me(world, "maya"), key="x", fingerprint="x", status=201, body="", created_at=NOW),
        SignInTry: lambda: SignInTry(subject="x", at=NOW),
        ShareLink: lambda: ShareLink(plan_id=plan, secret_hash="x", created_by=dee, created_at=NOW, expires_at=NOW),
        SharedSection: lambda: SharedSection(**here, link_id=uuid4()),
        Tablet: lambda: Tablet(plan_id=plan, account_id=dee, name="x", secret_hash="x", pictures_hash="x", enrolled_by=dee, created_at=NOW),
        OwnerTask: lambda: OwnerTask(plan_id=plan, about="x", answer="done", answered_at=NOW, answered_by=dee),
        Passkey: lambda: Passkey(account_id=me(world, "maya"), name="x", credential_id="x", public_key="x", created_at=NOW),
        RecoveryCode: lambda: RecoveryCode(account_id=me(world, "maya"), code_hash="x", created_at=NOW),
        OutsideIdentity: lambda: OutsideIdentity(account_id=me(world, "maya"), issuer="x", subject="x", created_at=NOW),
        HostAdministrator: lambda: HostAdministrator(account_id=me(world, who), created_at=NOW),
        Challenge: lambda: Challenge(secret_hash="x", kind="x", expires_at=NOW),
        MailedLink: lambda: MailedLink(purpose="sign_in", secret_hash="x", created_at=NOW, expires_at=NOW),
        Delivery: lambda: Delivery(kind="sign_in", created_at=NOW, due_at=NOW),
        AuditHead: lambda: AuditHead(plan_id=plan, number=1, seal="x", proof="x"),
        Organisation: lambda: Organisation(name="x", created_at=NOW),
        ErasedPlan: lambda: ErasedPlan(id=uuid4(), closed_at=NOW, erased_at=NOW),
        Contribution: lambda: Contribution(**here, kind="comment", body_markdown="x", body_html="x", base_revision=1, voice={}, label=Label.EVERYDAY, answer_label=Label.EVERYDAY, author_id=dee, author_name="", created_at=NOW),
        EasyText: lambda: EasyText(**here, number=1, lines=[], explains=1, voice={}, label=Label.EVERYDAY, author_id=dee, author_name="", created_at=NOW),
        Perspective: lambda: Perspective(**here, working_markdown="x", working_html="x", not_working_markdown="", not_working_html="", voice={}, label=Label.EVERYDAY, author_id=dee, author_name="", created_at=NOW),
        Action: lambda: Action(**here, action_id=uuid4(), what="x", label=Label.EVERYDAY, author_id=dee, author_name="", begun_at=NOW, created_at=NOW),
        CheckedMark: lambda: CheckedMark(**here, revision=1, how="supported", label=Label.EVERYDAY, author_id=dee, author_name="", created_at=NOW),
    }  # fmt: skip


def test_nothing_is_added_that_nobody_asked_for(world: World) -> None:
    for who in ("dee", "lee"):
        rows = new_rows(world, who)
        assert {*rows, AuditEntry} == set(TABLES), "A new table needs its row here."
        for row in rows.values():
            refused(world, who, lambda uow, row=row: uow.add(row()))


def test_nothing_is_taken_away_that_nobody_asked_for(world: World) -> None:
    dee_invites(world)
    for table in (Plan, Section, Revision, Member, Grant, Invitation, SearchEntry, AuditEntry):

        def take_away(uow: UnitOfWork, table: Any = table) -> None:
            uow.delete(uow.all(select(table))[0])
            uow.flush()

        refused(world, "dee", take_away)


def dee_invites(world: World) -> None:
    def invite(uow: UnitOfWork) -> None:
        uow.require_owner(uow.get(Plan, world.plan_id))
        uow.add(new_rows(world)[Invitation]())

    world.ask("dee", invite)


OTHER_VALUES: dict[str, Any] = {
    "id": uuid4, "plan_id": uuid4, "section_id": uuid4, "account_id": uuid4, "member_id": uuid4, "status": lambda: "suspended",
    "kind": lambda: SectionKind.PEOPLE, "label": lambda: Label.DIARY, "machine_sharing": lambda: "never", "role": lambda: Role.FRIEND, "source": lambda: "import", "basis_kind": lambda: "self",
}  # fmt: skip


def other_value(row: Any, column: str) -> Any:
    """Something else of the right kind."""
    if column == "status" and isinstance(row, Section):
        return SectionStatus.ARCHIVED
    if column == "status" and isinstance(row, Plan):
        return "paused"
    if column == "level":
        return Level.READ if row.level is Level.EDIT else Level.EDIT
    if column in OTHER_VALUES:
        return OTHER_VALUES[column]()
    kind = row.__table__.c[column].type.python_type if column not in {"prompts", "grants", "voice", "contact"} else dict
    changed = {str: "otherwise", int: 77, bool: not getattr(row, column), dict: ["otherwise"], list: ["otherwise"]}
    if kind in changed:
        return changed[kind]
    return uuid4() if kind is UUID else NOW + timedelta(days=99) if kind is datetime else (NOW + timedelta(99)).date()


def test_no_column_changes_that_nobody_asked_for(world: World) -> None:
    dee_invites(world)
    before = everything(world)
    tables: tuple[Any, ...] = (Plan, Section, Revision, Member, Grant, Invitation, SearchEntry, AuditEntry)
    for table, column in [(one, column) for one in tables for column in sorted(one.__table__.c.keys())]:

        def change(uow: UnitOfWork, table: Any = table, column: str = column) -> None:
            row = uow.all(select(table))[0]
            setattr(row, column, other_value(row, column))
            uow.flush()

        with pytest.raises(UnaskedChange):
            world.ask("dee", change)
            pytest.fail(f"{table.__name__}.{column} was changed")
    assert everything(world) == before


def editing(world: World, change: Callable[[UnitOfWork, Section], object]) -> Callable[[UnitOfWork], None]:
    """Somebody may edit outcomes, asks for that, and then does something else."""

    def go(uow: UnitOfWork) -> None:
        section = uow.get(Section, id_of(world, "outcomes"))
        uow.require(Permission.EDIT, section)
        change(uow, section)
        uow.flush()

    return go


def test_an_editor_may_change_the_text(world: World) -> None:
    world.ask("lee", editing(world, lambda _, section: setattr(section, "body_markdown", "Lee was here.")))


def test_an_editor_cannot_change_what_needs_manage(world: World) -> None:
    for column in sorted(Section.managed | {"id", "plan_id"}):

        def change(_: UnitOfWork, section: Section, column: str = column) -> None:
            setattr(section, column, other_value(section, column))

        refused(world, "lee", editing(world, change))


def test_an_editor_cannot_take_the_section_away(world: World) -> None:
    refused(world, "lee", editing(world, lambda uow, section: uow.delete(section)))


def test_an_editor_cannot_open_the_section_to_others(world: World) -> None:
    here = id_of(world, "outcomes")
    grant = Grant(plan_id=world.plan_id, section_id=here, role=Role.FRIEND, level=Level.READ, history_from=NOW, created_at=NOW, created_by=me(world, "lee"))  # fmt: skip
    refused(world, "lee", editing(world, lambda uow, _: uow.add(grant)))


def test_an_editor_cannot_change_a_neighbour(world: World) -> None:
    def change(uow: UnitOfWork, _: Section) -> None:
        uow.get(Section, id_of(world, "great-things")).title = "Lee was here"

    refused(world, "lee", editing(world, change))


def test_an_editor_cannot_write_into_a_neighbour(world: World) -> None:
    row = new_rows(world)[Revision]()
    refused(world, "lee", editing(world, lambda uow, _: uow.add(row)))


def test_a_draft_is_there_for_its_author_while_they_may_write(world: World) -> None:
    """Nan reads wellness and no more: a draft of hers from before is out of reach, for her too."""
    with world.database.system_session("drafts from before") as session:
        for who, key in (("nan", "wellness"), ("lee", "outcomes"), ("dee", "outcomes")):
            session.add(WrittenDraft(plan_id=world.plan_id, section_id=id_of(world, key), account_id=me(world, who), page=uuid4(), words={}, kept_at=NOW))  # fmt: skip
    found = {
        who: [one.account_id for one in world.ask(who, lambda uow: uow.all(select(WrittenDraft)))] for who in READS
    }  # type: ignore[attr-defined]  # rows of one table
    assert found == {who: [me(world, who)] if who in {"lee", "dee"} else [] for who in READS}
    looking = Principal(me(world, "dee"), "Dee", as_member_id=world.members["dee"])
    with world.database.unit_of_work(looking) as uow:
        assert uow.all(select(WrittenDraft)) == []


def test_nobody_writes_a_draft_for_somebody_else(world: World) -> None:
    def change(uow: UnitOfWork, section: Section) -> None:
        uow.add(WrittenDraft(plan_id=world.plan_id, section_id=section.id, account_id=me(world, "dee"), page=uuid4(), words={}, kept_at=NOW))  # fmt: skip

    refused(world, "lee", editing(world, change))


def a_place(world: World, who: str, key: str) -> ReadingPlace:
    place = {"plan_id": world.plan_id, "section_id": id_of(world, key), "account_id": me(world, who)}
    return ReadingPlace(**place, paragraph=3, begins="0f", kept_at=NOW)


def test_a_place_is_there_for_its_reader_while_they_may_read(world: World) -> None:
    """Lee reads outcomes, and money no more: a place of his there from before is out of reach, for him too."""
    with world.database.system_session("places from before") as session:
        for who, key in (
            ("nan", "wellness"),
            ("lee", "outcomes"),
            ("lee", "money"),
            ("maya", "money"),
            ("kit", "money"),
        ):
            session.add(a_place(world, who, key))
    mine = {"nan": "wellness", "lee": "outcomes", "maya": "money"}
    for who in READS:
        found = world.ask(who, lambda uow: [(one.account_id, one.section_id) for one in uow.all(select(ReadingPlace))])
        assert found == ([(me(world, who), id_of(world, mine[who]))] if who in mine else []), who
    elsewhere = [
        Principal(me(world, "maya"), "Maya", as_member_id=world.members["maya"]),
        Principal(me(world, "maya"), "Maya", tablet_plan_id=world.plan_id),
    ]
    for principal in elsewhere:
        with world.database.unit_of_work(principal) as uow:
            assert uow.all(select(ReadingPlace)) == []


def test_nobody_keeps_a_place_for_somebody_else_nor_on_a_tablet(world: World) -> None:
    def keep(uow: UnitOfWork, whose: str) -> None:
        uow.require(Permission.READ, uow.get(Section, id_of(world, "great-things")))
        uow.add(a_place(world, whose, "great-things"))

    world.ask("sam", lambda uow: keep(uow, "sam"))
    refused(world, "sam", lambda uow: keep(uow, "maya"))
    refused(world, "dee", lambda uow: keep(uow, "maya"))
    tablet = Principal(me(world, "maya"), "Maya", tablet_plan_id=world.plan_id)
    with pytest.raises(UnaskedChange), world.database.unit_of_work(tablet, writes=True) as uow:
        keep(uow, "maya")


def test_how_far_somebody_saw_is_theirs_alone_while_they_may_read(world: World) -> None:
    """Nan saw the money before it was closed to her; an owner finds nobody's row but her own."""
    with world.database.system_session("what they saw before") as session:
        for who, key in (("nan", "wellness"), ("nan", "money"), ("dee", "money"), ("maya", "wellness")):
            session.add(SeenSection(plan_id=world.plan_id, section_id=id_of(world, key), account_id=me(world, who), revision=1, until=NOW))  # fmt: skip
    found: Any = {who: world.ask(who, lambda uow: uow.all(select(SeenSection))) for who in READS}
    mine = {who: [(one.account_id, one.section_id) for one in rows] for who, rows in found.items()}
    own = {"nan": "wellness", "dee": "money", "maya": "wellness"}
    assert mine == {who: [(me(world, who), id_of(world, own[who]))] if who in own else [] for who in READS}
    looking = Principal(me(world, "dee"), "Dee", as_member_id=world.members["nan"])
    on_tablet = Principal(me(world, "maya"), "Maya", tablet_plan_id=world.plan_id)
    for principal in (looking, on_tablet):
        with world.database.unit_of_work(principal) as uow:
            assert uow.all(select(SeenSection)) == []

    def mark(uow: UnitOfWork) -> None:
        section = uow.get(Section, id_of(world, "great-things"))
        uow.require(Permission.READ, section)
        uow.add(SeenSection(plan_id=world.plan_id, section_id=section.id, account_id=me(world, "maya"), revision=1, until=NOW))  # fmt: skip

    refused(world, "dee", mark)


def test_who_may_comment_says_something_and_answers_nothing(world: World) -> None:
    """Sam comments on great-things. An answer asks for edit, and the words never change, whoever asks."""

    def as_sam(uow: UnitOfWork) -> None:
        section = uow.get(Section, id_of(world, "great-things"))
        uow.require(Permission.COMMENT, section)

    def say(uow: UnitOfWork) -> None:
        as_sam(uow)
        uow.add(new_rows(world)[Contribution]())

    world.ask("sam", say)
    for column in [*sorted(Contribution.needs), "body_markdown", "proposed_markdown", "label", "author_name"]:

        def change(uow: UnitOfWork, column: str = column) -> None:
            as_sam(uow)
            row = uow.one(select(Contribution))
            setattr(row, column, OTHER_ANSWERS.get(column, lambda: other_value(row, column))())
            uow.flush()

        refused(world, "sam", change)


OTHER_ANSWERS: dict[str, Any] = {"status": lambda: "accepted", "answer_label": lambda: Label.DIARY, "decided_by": uuid4}


def test_rows_do_not_move_between_sections(world: World) -> None:
    """Not even between two that somebody may both change."""

    def move(uow: UnitOfWork) -> None:
        here, there = (uow.get(Section, id_of(world, key)) for key in ("outcomes", "money"))
        for section in (here, there):
            uow.require(Permission.EDIT, section)
        entry = uow.one(select(SearchEntry).where(SearchEntry.section_id == here.id))
        uow.delete(uow.one(select(SearchEntry).where(SearchEntry.section_id == there.id)))
        uow.flush()
        entry.section_id = there.id
        uow.flush()

    refused(world, "dee", move)


def test_owning_one_plan_changes_nothing_in_another(world: World) -> None:
    def change(uow: UnitOfWork) -> None:
        mine = Plan(title="x", person_display_name="x", status="active", template="blank", created_at=NOW, updated_at=NOW)  # fmt: skip
        uow.start(mine)
        uow.add(Member(plan_id=world.plan_id, account_id=me(world, "kit"), display_name="x", role=Role.STEWARD, status=MemberStatus.ACTIVE, created_at=NOW))  # fmt: skip

    refused(world, "kit", change)


def test_nobody_requires_what_they_may_not(world: World) -> None:
    for who, permission in (("nan", Permission.EDIT), ("lee", Permission.MANAGE), ("rao", Permission.EDIT)):
        key = next(iter(READS[who] - {"great-things"}), "wellness")
        refused(world, who, lambda uow, key=key, permission=permission: uow.require(permission, uow.get(Section, id_of(world, key))), Forbidden)  # fmt: skip
        refused(world, who, lambda uow: uow.require_owner(uow.get(Plan, world.plan_id)), Forbidden)


@pytest.mark.parametrize("table", [Revision, AuditEntry])
def test_what_was_kept_never_changes_whoever_asks(world: World, table: Any) -> None:
    """Owners who may do everything cannot alter a version or an entry of the journal, nor take one away."""

    def owner(uow: UnitOfWork) -> Any:
        uow.require_owner(uow.get(Plan, world.plan_id))
        row = uow.all(select(table).where(col(table.section_id).is_not(None)))[0]
        for permission in Permission:
            uow.require(permission, uow.get(Section, row.section_id))
        return row

    for column in sorted(table.__table__.c.keys()):

        def change(uow: UnitOfWork, column: str = column) -> None:
            row = owner(uow)
            setattr(row, column, other_value(row, column))
            uow.flush()

        refused(world, "dee", change)

    def take_away(uow: UnitOfWork) -> None:
        uow.delete(owner(uow))
        uow.flush()

    refused(world, "dee", take_away)


def test_a_grant_is_ended_and_never_changed(world: World) -> None:
    def owner(uow: UnitOfWork) -> Grant:
        grant: Grant = uow.all(select(Grant))[0]
        uow.require(Permission.MANAGE, uow.get(Section, grant.section_id))
        return grant

    for column in sorted(set(Grant.__table__.c.keys()) - Grant.changeable):  # type: ignore[attr-defined]  # every table has one

        def change(uow: UnitOfWork, column: str = column) -> None:
            grant = owner(uow)
            setattr(grant, column, other_value(grant, column))
            uow.flush()

        refused(world, "dee", change)
    refused(world, "dee", lambda uow: (uow.delete(owner(uow)), uow.flush()))
    world.ask("dee", lambda uow: setattr(owner(uow), "ended_at", uow.now))


# Seeing as


def test_seeing_as_changes_nothing(world: World) -> None:
    """Dee, who may do everything, can do nothing while she looks as Lee, nor as herself."""
    for who in ("lee", "dee", "maya"):
        looking = Principal(me(world, "dee"), "Dee", as_member_id=world.members[who])
        before = everything(world)
        with pytest.raises(Forbidden), world.database.unit_of_work(looking, writes=True) as uow:
            uow.require(Permission.EDIT, uow.get(Section, id_of(world, "outcomes")))
        with pytest.raises(Forbidden), world.database.unit_of_work(looking, writes=True) as uow:
            uow.require_owner(uow.get(Plan, world.plan_id))
        with pytest.raises(UnaskedChange), world.database.unit_of_work(looking, writes=True) as uow:
            uow.get(Section, id_of(world, "outcomes")).title = "Dee as Lee"
        assert everything(world) == before


def test_seeing_as_takes_away_and_never_adds(world: World) -> None:
    for who in READS:
        for whom, member in world.members.items():
            looking = Principal(me(world, who), as_member_id=member)
            with world.database.unit_of_work(looking) as uow:
                assert keys(uow.all(select(Section))) == READS[who] & READS[whom], (who, whom)
                assert {one.section_id for one in uow.all(select(Revision))} <= {
                    one.id for one in uow.all(select(Section))
                }
                if whom not in {"dee", "maya"}:
                    for table in (Grant, Invitation, AuditEntry):
                        assert uow.all(select(table)) == []


def test_seeing_as_lets_nobody_do_more_than_either_may(world: World) -> None:
    """Sam may comment where Nan only reads, and Lee may write in outcomes, where Dee may do everything."""
    for who, whom, key, held in (
        ("nan", "sam", "great-things", {Permission.READ}),
        ("sam", "nan", "great-things", {Permission.READ}),
        ("dee", "sam", "great-things", {Permission.READ, Permission.COMMENT}),
        ("lee", "dee", "outcomes", {*Permission} - {Permission.MANAGE}),
    ):
        looking = Principal(me(world, who), as_member_id=world.members[whom])
        with world.database.unit_of_work(looking) as uow:
            assert uow.permissions()[id_of(world, key)] == held, (who, whom)


def test_seeing_as_somebody_of_no_circle_shows_nothing(world: World) -> None:
    looking = Principal(me(world, "dee"), as_member_id=uuid4())
    with world.database.unit_of_work(looking) as uow:
        for table in (Plan, Section, Revision, Member, Grant, Invitation, AuditEntry, SearchEntry):
            assert uow.all(select(table)) == []


def test_a_unit_of_work_hands_out_no_session(world: World) -> None:
    with world.database.unit_of_work(world.principals["nan"]) as uow:
        held = [
            name for name, value in vars(uow).items() if isinstance(value, PlainSession) and not name.startswith("_")
        ]
    assert not held
