"""What the docs list is what there is: settings, commands, decisions, files. The lock file fetches from PyPI alone."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from planwiki.settings import Settings

from .tree import ROOT, listed

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
SOURCE = re.compile(r'(?:registry|url|path) = "([^"]+)"')
PYPI = ("https://pypi.org/", "https://files.pythonhosted.org/")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def papers() -> list[str]:
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def dead_links(name: str, text: str) -> Iterator[str]:
    for target in LINK.findall(text):
        if not (ROOT / name).parent.joinpath(target).exists():
            yield f"{name} points at {target}, which is not there"


def strangers(lock: str) -> set[str]:
    return {source for source in SOURCE.findall(lock) if not source.startswith(PYPI)}


def test_every_setting_has_its_row_for_hosts() -> None:
    rows = re.findall(r"^\| `(PLANWIKI_\w+)`", read("docs/hosts.md"), re.MULTILINE)
    assert sorted(rows) == sorted(f"PLANWIKI_{name.upper()}" for name in Settings.model_fields)


def test_every_plain_default_is_the_one_hosts_read() -> None:
    rows = dict(re.findall(r"^\| `PLANWIKI_(\w+)` \| `([^`]+)` \|", read("docs/hosts.md"), re.MULTILINE))
    defaults = {name.upper(): str(field.default) for name, field in Settings.model_fields.items()}
    assert rows == {name: defaults[name] for name in rows}


def test_every_make_command_has_its_row_for_developers() -> None:
    made = re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE)
    listed_there = re.findall(r"^\| `make (\w+)`", read("docs/developers.md"), re.MULTILINE)
    assert made
    assert sorted(listed_there) == sorted(made)


def test_every_decision_is_in_the_index() -> None:
    pages = {path.name for path in (ROOT / "docs/decisions").glob("0*.md")}
    assert pages == set(re.findall(r"\((0[^)]+\.md)\)", read("docs/decisions/README.md")))


def test_no_paper_points_at_nothing() -> None:
    found = [offence for name in papers() for offence in dead_links(name, read(name))]
    assert not found, listed(found)


def test_the_lock_file_fetches_from_pypi_alone() -> None:
    assert not strangers(read("uv.lock"))


def test_the_lock_file_knows_every_package_we_ask_for() -> None:
    asked = tomllib.loads(read("pyproject.toml"))
    ours = next(one for one in tomllib.loads(read("uv.lock"))["package"] if one["name"] == "planwiki")["metadata"]
    locked = {one["name"] for one in (*ours["requires-dist"], *ours["requires-dev"]["dev"])}
    wanted = [*asked["project"]["dependencies"], *asked["dependency-groups"]["dev"]]
    assert locked == {re.split(r"[\[<>=; ]", one)[0] for one in wanted}


def test_the_image_and_the_makefile_use_one_uv() -> None:
    pinned = re.search(r"^pinned=(\S+)", read("scripts/uv"), re.MULTILINE)
    assert pinned
    assert f"uv=={pinned[1]}\n" in read("Dockerfile")


@pytest.mark.parametrize(
    ("text", "dead"), [("[a](hosts.md#settings)", 0), ("[a](https://a.org)", 0), ("[a](no.md)", 1)]
)
def test_only_links_to_nothing_are_dead(text: str, dead: int) -> None:
    assert len(list(dead_links("docs/developers.md", text))) == dead


@pytest.mark.parametrize("source", ["file:///opt/wheels/a.whl", "https://mirror.example.org/simple", "../wheels"])
def test_any_other_source_is_a_stranger(source: str) -> None:
    assert strangers(f'source = {{ registry = "{source}" }}')
    assert not strangers('source = { registry = "https://pypi.org/simple" }')
