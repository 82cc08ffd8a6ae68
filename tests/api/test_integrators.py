"""The integrators' page keeps its word: its client is run as it stands, and its table is the real one."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from tests.api.saying import save
from tests.world import READS, World, canary

from planwiki.web.problem_types import TYPES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The application on a real port of this machine."""
    server = uvicorn.Server(uvicorn.Config(world.app, port=0, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def pull(world: World, who: str, address: str, folder: Path) -> list[str]:
    """What the page's client prints for one of the cast."""
    around = {**os.environ, "PLANWIKI_URL": address, "PLANWIKI_TOKEN": world.token(who)}
    client = [sys.executable, str(DOCS / "examples" / "pull.py"), str(folder)]
    ran = subprocess.run(client, env=around, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own program
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.splitlines()


def test_the_pages_client_keeps_a_folder_in_step(world: World, address: str, tmp_path: Path) -> None:
    plan, folder = world.plan_id, tmp_path / "plans"
    first = pull(world, "lee", address, folder)
    files = {f"{plan}.json", *(f"{plan}.{key}.md" for key in READS["lee"])}
    assert set(first) == {f"changed: {name}" for name in files}
    assert canary("outcomes") in (folder / f"{plan}.outcomes.md").read_text()
    assert {key for key in READS["dee"] if canary(key) in (folder / f"{plan}.json").read_text()} == READS["lee"]
    assert pull(world, "lee", address, folder) == []

    dee, url = world.api("dee"), f"/v1/plans/{plan}/sections"
    save(dee, f"{url}/money", "Hidden from Lee.")
    assert pull(world, "lee", address, folder) == []
    save(dee, f"{url}/outcomes", "Swimming, at last.")
    assert set(pull(world, "lee", address, folder)) == {f"changed: {plan}.json", f"changed: {plan}.outcomes.md"}
    assert (folder / f"{plan}.outcomes.md").read_text() == "Swimming, at last."

    dee.put(f"{url}/outcomes/grants", json={}, headers={"If-Match": "*"})
    assert set(pull(world, "lee", address, folder)) == {f"changed: {plan}.json", f"erased: {plan}.outcomes.md"}
    dee.delete(f"/v1/plans/{plan}/members/{world.members['lee']}", headers={"If-Match": "*"})
    pull(world, "lee", address, folder)
    assert [file.name for file in folder.iterdir()] == ["etags.json"]


def test_the_page_lists_every_problem_type() -> None:
    rows = re.findall(r"^\| (\d+) \| `([a-z-]+)` \| (.+) \|$", (DOCS / "integrators.md").read_text("utf-8"), re.M)
    assert rows == [(str(one.status), slug, one.when) for slug, one in TYPES.items()]
