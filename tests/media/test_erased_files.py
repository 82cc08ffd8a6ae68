"""A file that somebody took away stays away, also when a backup from before is put back."""

from pathlib import Path

import pytest
from tests.media.conftest import Add
from tests.restoring import Backup
from tests.world import World
from typer.testing import CliRunner

from planwiki.activity.ledger import NAME, Erasure, Ledger
from planwiki.base.ids import new_id
from planwiki.cli import main

ANY, VOICE = {"If-Match": "*"}, {"whose": "family", "how": "own_words"}


def test_a_file_that_was_taken_away_goes_again_after_a_backup(
    world: World, add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, dee = world.app.state.settings, world.api("dee")
    for name in ("database_url", "secret_key", "data_dir"):
        monkeypatch.setenv(f"PLANWIKI_{name.upper()}", str(getattr(settings, name)))
    goes, stays = (add().json()["id"] for _ in range(2))
    section, photo = f"/v1{world.url('/sections/great-things')}", world.browser("dee").post
    shows = f"![Me dancing](media:{goes}) and ![Me again](media:{stays})"
    assert dee.patch(section, json={"body_markdown": shows, "voice": VOICE}, headers=ANY).status_code == 200
    photo(world.url("/photo"), data={"media_id": goes})
    backup = Backup(world.database, settings.database_url, tmp_path)
    kept = [(one, one.read_bytes()) for one in (settings.data_dir / "media").rglob(f"*{goes}/*")]
    assert dee.patch(section, json={"body_markdown": "Dance.", "voice": VOICE}, headers=ANY).status_code == 200
    photo(world.url("/photo"), data={"media_id": ""})
    assert dee.delete(f"/v1{world.url('/media')}/{goes}", headers=ANY).status_code == 204
    backup.put_back()
    for file, content in kept:  # A host puts back the files too.
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    assert dee.get(f"/v1{world.url('/media')}/{goes}/content").status_code == 200, "control: it is back"
    assert CliRunner().invoke(main, ["host", "replay-erasures"]).output == "1 erased once more.\n"
    assert dee.get(f"/v1{world.url('/media')}/{goes}/content").status_code == 404
    assert not [file for file, _ in kept if file.exists()]
    seen = world.browser("dee").get(world.url("/sections/great-things")).text
    assert (f"media/{goes}" in seen, f"media/{stays}" in seen, "Me dancing" in seen) == (False, True, True)


def test_a_copy_of_the_ledger_that_was_kept_elsewhere_counts(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, copy = world.app.state.settings, tmp_path / "copy.txt"
    for name in ("database_url", "secret_key", "data_dir"):
        monkeypatch.setenv(f"PLANWIKI_{name.upper()}", str(getattr(settings, name)))
    copy.write_text("These are my holidays.\n")
    refused = CliRunner().invoke(main, ["host", "replay-erasures", "--ledger", str(copy)])
    assert (refused.exit_code, "holds a line that planwiki did not write" in refused.output) == (1, True)
    (settings.data_dir / NAME).write_text(f"plan {str(world.plan_id)[:20]}")  # A crash cut it short.
    Ledger(settings.data_dir).write(Erasure(new_id()))
    assert len(Ledger(settings.data_dir).read()) == 1
    assert "ok  erasures: 1 written down" in CliRunner().invoke(main, ["doctor"]).output
    copy.write_text(f"plan {world.plan_id}\n")
    done = CliRunner().invoke(main, ["host", "replay-erasures", "--ledger", str(copy)])
    assert (done.exit_code, done.output) == (0, "1 erased once more.\n")
    assert Erasure(world.plan_id) in Ledger(settings.data_dir).read()
    assert world.api("dee").get(f"/v1{world.url()}").status_code == 404
