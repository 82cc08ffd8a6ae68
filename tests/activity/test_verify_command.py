"""`planwiki audit verify` finds an altered record, and an older database put back."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from tests.world import World
from typer.testing import CliRunner

from planwiki.activity.models import AuditEntry
from planwiki.activity.queries import access_log
from planwiki.cli import main


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings = world.app.state.settings
    monkeypatch.setenv("PLANWIKI_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PLANWIKI_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("PLANWIKI_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(main, ["audit", "verify", *map(str, words)])


def test_a_whole_record_prints_its_heads(world: World, run: Any) -> None:
    found = run()
    plan, number, seal = found.stdout.split()
    assert (found.exit_code, plan) == (0, str(world.plan_id))
    assert (int(number) > 20, len(seal)) == (True, 64)
    assert run("--plan", world.plan_id).stdout == found.stdout
    assert run("--plan", world.principals["dee"].account_id).exit_code == 1


def test_the_first_wrong_entry_is_named(world: World, run: Any) -> None:
    with world.database.system_session("somebody tampers") as session:
        rows = session.exec(select(AuditEntry).where(col(AuditEntry.number).in_((5, 9)))).all()
        for row in rows:
            row.verb = "plan.viewed"
    found = run()
    assert (found.exit_code, found.stdout) == (1, "")
    assert f"{world.plan_id}: entry 5 is not as it was written" in found.stderr


def test_a_database_put_back_is_found(world: World, run: Any, tmp_path: Path) -> None:
    """The chain of an older day is whole in itself; a head kept elsewhere says that it once went further."""
    early, late = tmp_path / "early", tmp_path / "late"
    early.write_text(run().stdout)
    world.api("nan").get(f"/v1/plans/{world.plan_id}")
    late.write_text(run().stdout)
    assert run("--heads", early).exit_code == 0
    assert run("--heads", late).exit_code == 0
    plan, number, _ = late.read_text().split()
    late.write_text(f"{plan} {int(number) + 1} {'0' * 64}\n")
    found = run("--heads", late)
    assert found.exit_code == 1
    assert "an older database was put back" in found.stderr
    late.write_text(f"{plan} {int(number) - 1} {'0' * 64}\n")
    assert "is not the one that was kept elsewhere" in run("--heads", late).stderr
    late.write_text(f"{world.members['nan']} 3 {'0' * 64}\n")
    assert "this plan is not there" in run("--heads", late).stderr
    late.write_text("what is this\n")
    assert run("--heads", late).exit_code == 2


def test_reading_the_record_leaves_no_entry(world: World, run: Any) -> None:
    before = run().stdout
    world.ask("dee", lambda uow: access_log(uow, world.plan_id))
    world.browser("dee").get(world.url("/looked"))
    assert run().stdout == before
