"""Benchmarks mean something only when what they read is like what people keep, and the same every time."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from planwiki.authz.database import Database
from planwiki.authz.principal import Principal
from planwiki.base.errors import Conflict
from planwiki.base.markdown import plain, render
from planwiki.base.vocabulary import Level
from planwiki.circle.models import Grant
from planwiki.circle.queries import members
from planwiki.cli import main
from planwiki.people.models import Account
from planwiki.plans.models import Plan, Revision, Section
from planwiki.plans.queries import my_plans, revisions, section_view, sections
from planwiki.plans.rules import searchable
from planwiki.search.models import SearchEntry
from planwiki.search.queries import search
from planwiki.seed import EMAIL, seed

PLANS, VERSIONS = 22, 2


@pytest.fixture
def database(app: Any) -> Database:
    return app.state.database


def _bench(database: Database) -> Principal:
    with database.system_session("tests", writes=False) as session:
        account = session.exec(select(Account).where(Account.email == EMAIL)).one()
    return Principal(account.id, account.display_name)


def test_the_bench_account_reads_14_sections_of_20_in_20_plans(database: Database) -> None:
    measured = seed(database, PLANS, VERSIONS)
    with database.unit_of_work(_bench(database)) as uow:
        mine = my_plans(uow)
        assert len(mine) == 20
        assert mine[0].plan.id == measured
        assert {len(one.plan.section_keys) for one in mine} == {14}
        assert len(members(uow, measured)) == 12
        assert section_view(uow, measured, "section-11").my_level is Level.EDIT
        assert len(revisions(uow, measured, "section-11")) == VERSIONS
        word = plain(sections(uow, measured)[3].body_markdown).split()[0]
        assert "section-4" in {hit.section_key for hit in search(uow, word, plan_id=measured)}


def test_what_is_kept_is_what_saving_would_have_kept(database: Database) -> None:
    plan_id = seed(database, 1, VERSIONS)
    with database.system_session("tests", writes=False) as session:
        kept = session.exec(select(Section).where(Section.plan_id == plan_id)).all()
        assert len(kept) == 20
        for section in kept:
            _check_section(session, section)
        assert session.exec(select(Grant).where(col(Grant.ended_at).is_not(None))).all()


def _check_section(session: Session, section: Section) -> None:
    versions = session.exec(select(Revision).where(Revision.section_id == section.id).order_by(col(Revision.number)))
    first, last = versions.all()
    entry = session.exec(select(SearchEntry).where(SearchEntry.section_id == section.id)).one()
    assert first.body_markdown != last.body_markdown
    assert (last.body_markdown, last.title, last.number) == (section.body_markdown, section.title, section.revision)
    assert section.body_html == last.body_html == render(section.body_markdown)
    assert entry.words == searchable(section.title, plain(section.body_markdown))
    assert 700 < len(section.body_markdown) < 1400


def test_the_same_plans_are_made_each_time(tmp_path: Path) -> None:
    first, again = (_made(tmp_path / name) for name in ("first", "again"))
    assert first == again


def _made(folder: Path) -> tuple[str, list[str]]:
    folder.mkdir()
    url = f"sqlite:///{folder / 'bench.sqlite3'}"
    answer = CliRunner().invoke(main, ["bench", "seed", "--plans", "2", "--revisions", "1", "--database-url", url])
    assert answer.exit_code == 0, answer.output
    database = Database(url, Path("policies"))
    with database.system_session("tests", writes=False) as session:
        bodies = session.exec(select(Section.body_markdown).order_by(col(Section.id))).all()
    database.close()
    return answer.stdout, list(bodies)


def test_a_database_that_somebody_uses_is_left_alone(database: Database) -> None:
    seed(database, 1, 1)
    with pytest.raises(Conflict):
        seed(database, 1, 1)
    with database.system_session("tests", writes=False) as session:
        assert len(session.exec(select(Plan)).all()) == 1
