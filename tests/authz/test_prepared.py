"""A question asked straight of the driver answers what it does when SQLAlchemy asks, and fails alike."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam
from sqlmodel import col, select
from tests.rights.canaries import Canaries
from tests.world import World

from planwiki.authz.prepared import MOST_LENGTHS, Prepared
from planwiki.base.errors import Unavailable
from planwiki.base.vocabulary import Label, SectionStatus
from planwiki.plans.models import Plan, Section
from planwiki.plans.queries import sections
from planwiki.tables import TABLES


def asked(connection: Connection, question: Any, **given: Any) -> list[Any]:
    return Prepared(question, connection.dialect).rows(connection, given)


def test_every_column_of_every_table_is_read_alike(canaries: Canaries) -> None:
    read = 0
    with canaries.world.database.connection() as connection:
        for table in TABLES:
            rows = list(connection.execute(select(table)))
            found = asked(connection, select(table))
            assert [tuple(row) for row in found] == [tuple(row) for row in rows], table
            assert [row._fields for row in found] == [row._fields for row in rows], table
            assert [[type(value) for value in row] for row in found] == [[type(value) for value in row] for row in rows]
            read += bool(rows)
    assert read >= 20, "there were rows to compare"


def test_what_varies_is_given_each_time_and_what_does_not_stands(world: World) -> None:
    question = Prepared(
        select(Section.key, Section.updated_at).where(
            Section.key == bindparam("key"),
            col(Section.status).in_(SectionStatus),
            Section.label != Label.SAFETY,
            Section.plan_id == bindparam("id"),
        ),
        world.database._engine.dialect,  # the only one there is
    )
    with world.database.connection() as connection:
        for key in ("wellness", "outcomes", "wellness"):
            given = {"key": key, "id": world.plan_id, "nobody_asks_for_this": "and it changes nothing"}
            assert [row.key for row in question.rows(connection, given)] == [key]
        assert question.rows(connection, {"key": "nothing-like-it", "id": world.plan_id}) == []


def test_a_list_may_be_of_any_length(world: World) -> None:
    named = select(Section.key).where(col(Section.key).in_(bindparam("keys", expanding=True))).order_by(Section.key)
    with world.database.connection() as connection:
        for keys in (["outcomes", "wellness"], [], ["wellness"]):
            assert [row.key for row in asked(connection, named, keys=keys)] == keys


def test_however_many_lengths_are_asked_for_few_are_kept(world: World) -> None:
    named = select(Section.key).where(col(Section.key).in_(bindparam("keys", expanding=True)))
    with world.database.connection() as connection:
        question = Prepared(named, connection.dialect)
        for length in range(1, 2 * MOST_LENGTHS):
            found = question.rows(connection, {"keys": ["wellness", *map(str, range(length))]})
            assert [row.key for row in found] == ["wellness"]
    assert len(question._askings) <= MOST_LENGTHS


def test_the_first_of_two_columns_with_one_name_keeps_it(world: World) -> None:
    both = select(Section.id, Plan.id).join(Plan, col(Plan.id) == Section.plan_id)
    with world.database.connection() as connection:
        row = asked(connection, both)[0]
    assert (row.id, row[1]) == (row[0], world.plan_id)


def test_a_database_that_stops_answering_is_unavailable(world: World) -> None:
    with pytest.raises(Unavailable), world.database.unit_of_work(world.principals["dee"]) as uow:
        driver: Any = uow._session.connection().connection.dbapi_connection
        stop: dict[str, Callable[[], None]] = {
            "sqlite": lambda: driver.set_progress_handler(lambda: 1, 1),
            "postgresql": driver.close,
        }
        stop[uow.dialect]()
        uow.owns(world.plan_id)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_driver_looks_through_a_long_question_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_through: list[bytes] = []
    monkeypatch.setattr("psycopg._queries._query2pg_nocache", lambda words, _: looked_through.append(words))
    assert world.ask("dee", lambda uow: sections(uow, world.plan_id))
    assert not looked_through
