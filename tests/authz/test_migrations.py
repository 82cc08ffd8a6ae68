"""Going back a version and forward again loses nothing that both versions know, on a database with a family in it."""

from typing import Any

from sqlalchemy import MetaData, Table, inspect, select
from tests.world import World, email_of

from planwiki.authz.migrations import migrate, revisions
from planwiki.base import clock
from planwiki.people.models import Account


def _kept(world: World, tables: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables, in these columns."""
    found = {}
    with world.database.connection() as connection:
        for name, columns in tables.items():
            table = Table(name, MetaData(), autoload_with=connection)
            rows = connection.execute(select(*(table.c[column] for column in columns))).all()
            found[name] = sorted(map(tuple, rows), key=str)
    return found


def _shape(world: World) -> dict[str, list[str]]:
    with world.database.connection() as connection:
        looked = inspect(connection)
        names = [name for name in looked.get_table_names() if not name.startswith(("search_index", "alembic"))]
        return {name: sorted(one["name"] for one in looked.get_columns(name)) for name in names}


def test_back_and_forward_again_keeps_what_families_wrote(world: World) -> None:
    newest = _shape(world)
    assert migrate(world.database, "0001") == "0001"
    known = {name: [one for one in newest[name] if one in had] for name, had in _shape(world).items() if name in newest}
    assert "passkey" not in known
    before = _kept(world, known)
    assert before["section"]
    migrate(world.database)
    assert revisions(world.database)[0] == revisions(world.database)[1]
    assert _shape(world) == newest
    assert _kept(world, known) == before


def test_those_who_were_in_circles_stay_confirmed(world: World) -> None:
    migrate(world.database, "0001")
    migrate(world.database)
    for who, body in (("maya", "wellness"), ("nan", "wellness"), ("dee", "money")):
        assert world.api(who).get(f"/v1/plans/{world.plan_id}/sections/{body}").status_code == 200, who
    assert world.database.verify(world.plan_id).problem == ""


def test_an_address_that_waits_is_the_first_ones_a_version_back(world: World) -> None:
    """Then whoever wrote it first had it, shown or not; and nobody loses theirs."""
    waiting = {"Ann": "new@example.org", "Bo": "new@example.org", "Cy": email_of("kit")}
    with world.database.system_session("three wait") as session:
        for name, email in waiting.items():
            session.add(Account(display_name=name, waiting_email=email, created_at=clock.now()))
    migrate(world.database, "0024")
    addresses = dict(_kept(world, {"account": ["display_name", "email"]})["account"])
    found = [addresses[name] for name in ("Ann", "Bo", "Cy", "Kit")]
    assert found == ["new@example.org", None, None, email_of("kit")]


def test_all_the_way_back_is_an_empty_database(world: World) -> None:
    assert migrate(world.database, "base") == "base"
    assert _shape(world) == {}
