"""A plan that was closed 30 days ago is erased: no word of it stays in any file, and nothing else has moved."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from tests.restoring import Backup, command_line
from tests.rights.canaries import OWNERS, Canaries, build, key_of, word

from planwiki.activity.ledger import Ledger
from planwiki.base import clock
from planwiki.circle.models import OwnerTask
from planwiki.circle.tablet_commands import enrol
from planwiki.circle.tablet_schemas import TabletDraft
from planwiki.news.models import PutAside
from planwiki.people.models import Account
from planwiki.plans.commands import close_plan, start_plan
from planwiki.plans.erase_commands import erase_closed
from planwiki.plans.models import ErasedPlan
from planwiki.plans.schemas import PlanDraft
from planwiki.settings import Settings
from planwiki.tables import METADATA

NEEDS_NO_ROW = {"delivery"}  # A letter belongs to no plan yet.


def rows(made: Canaries, plan_id: Any) -> dict[str, list[Any]]:
    """All rows that name a plan, by table: of each table there is."""
    with made.world.database.system_session("what is kept of a plan?", writes=False) as session:
        named = [table for table in METADATA.sorted_tables if "plan_id" in table.c]
        found = {one.name: session.execute(select(one).where(one.c.plan_id == plan_id)).all() for one in named}
    return {name: sorted(map(str, one)) for name, one in found.items()}


def bytes_of(folder: Path, but: Path) -> bytes:
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and one != but]
    return b"".join(one.read_bytes() + one.name.encode() for one in files)


def fill_the_rest(made: Canaries) -> None:
    """Rows of those tables that the canaries leave empty."""
    plan, dee, maya = f"/v1/plans/{made.world.plan_id}", made.world.api("dee"), made.world.api("maya")
    link = {
        "section_keys": [key_of("open")],
        "expires_in_hours": 1,
        "purpose_note": made.place(word("purpose"), OWNERS),
    }
    assert dee.post(f"{plan}/share-links", json=link).status_code == 201
    section = {"key": made.place(word("extra"), OWNERS), "title": "More"}
    assert maya.post(f"{plan}/sections", json=section, headers={"Idempotency-Key": "once"}).status_code == 201
    tablet = TabletDraft(name=made.place(word("tablet"), OWNERS))
    made.ask("dee", lambda uow: enrol(uow, made.world.plan_id, tablet))
    with made.world.database.system_session("an owner's answer") as session:
        who, now = made.world.principals["dee"].account_id, clock.now()
        about = made.place(word("task"), OWNERS)
        session.add(PutAside(account_id=who, plan_id=made.world.plan_id, about=about, put_at=now))
        session.add(
            OwnerTask(plan_id=made.world.plan_id, about=about, answer="not_now", answered_at=now, answered_by=who)
        )


def started_by_kit(made: Canaries) -> UUID:
    """Jo's plan. She has no account but the one made for her tablet."""
    draft = PlanDraft.model_validate({"person": {"display_name": "Jo"}, "my_role": "steward", "template": "about_me"})
    plan_id: UUID = made.ask("kit", lambda uow: start_plan(uow, draft)).id
    made.ask("kit", lambda uow: enrol(uow, plan_id, TabletDraft(name="Kitchen")))
    return plan_id


def accounts(made: Canaries) -> list[str]:
    with made.world.database.system_session("who signs in?", writes=False) as session:
        return sorted(session.execute(select(Account.display_name)).scalars())


def canaries_left(made: Canaries, folder: Path, backup: Backup) -> list[bytes]:
    """Words of the erased plan in any file there is, but for the backup that somebody keeps."""
    words = [one.encode() for one in made.may_find if not one.startswith("mail of")]
    assert len(words) > 300
    left = bytes_of(folder, but=backup.file).lower()
    return [one for one in words if one in left]


def replay(run: Any) -> None:
    """Nothing starts before it, the doctor asks for it, and it may be done twice."""
    for words in (("doctor",), ("serve",), ("worker", "--once")):
        said, well = run(*words)
        assert (well, "Run planwiki host replay-erasures" in said) == (False, True), words
    assert [run("host", "replay-erasures")[0] for _ in range(2)] == ["2 erased once more.\n", "0 erased once more.\n"]
    assert "ok  erasures: 2 written down, and none is back" in run("doctor")[0]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    return command_line(settings, monkeypatch)


def test_erasing_a_plan_leaves_no_trace_and_moves_nothing_else_also_after_a_backup(
    app: FastAPI, settings: Settings, tmp_path: Path, run: Any
) -> None:
    made, ledger = build(app), Ledger(settings.data_dir)
    database, storage, plan_id = app.state.database, app.state.storage, made.world.plan_id
    before = accounts(made)
    stays, goes = started_by_kit(made), started_by_kit(made)
    fill_the_rest(made)
    made.world.api("dee").get(f"/v1/plans/{plan_id}/document")
    assert {name for name, there in rows(made, plan_id).items() if not there} == NEEDS_NO_ROW
    untouched = rows(made, stays)
    backup = Backup(database, settings.database_url, tmp_path)
    made.ask("dee", lambda uow: close_plan(uow, plan_id))
    made.ask("kit", lambda uow: close_plan(uow, goes))
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert erase_closed(database, storage, ledger) == 0
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert [erase_closed(database, storage, ledger) for _ in range(2)] == [2, 0]
    database.forget()
    for again in (False, True):
        if again:
            backup.put_back()
            assert any(rows(made, plan_id).values()), "control: the backup brings it back"
            replay(run)
        assert not any((*rows(made, plan_id).values(), *rows(made, goes).values()))
        assert rows(made, stays) == untouched
        assert accounts(made) == sorted([*before, "Jo"])  # Of the two tablets' accounts, one.
        assert plan_id not in {plan for plan, _ in storage.everything()}
        with database.system_session("what was erased?", writes=False) as session:
            assert set(session.execute(select(ErasedPlan.id)).scalars()) == {plan_id, goes}
        assert made.world.api("dee").get(f"/v1/plans/{plan_id}").status_code == 404
        app.state.looks.close()  # A refusal is noted a moment later: before the database is taken away.
        assert not canaries_left(made, tmp_path, backup)
    assert sorted(run("host", "erasures")[0].split()) == sorted(["plan", str(plan_id), "plan", str(goes)])
    for client in made.world.clients:
        client.close()
