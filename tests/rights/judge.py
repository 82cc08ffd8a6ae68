"""Runs tests on a changed copy of the tree, in a process of its own that has read all libraries already.

Reading them takes longer than most judges need, so each is forked from a server that did it once.
"""

import multiprocessing
import os
import sys
from pathlib import Path

import pytest

READ_BEFORE = "ignore::pytest.PytestAssertRewriteWarning"  # Libraries' own asserts need not be told apart.
HOW = ("-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", "-W", READ_BEFORE)
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        *("hypothesis", "psycopg", "sqlmodel", "alembic.command", "casbin", "fastapi.testclient"),
        *("babel.dates", "jinja2.ext", "markdown_it", "nh3", "structlog", "typer", "pydantic_settings", "typst"),
        *("authlib.integrations.httpx_client", "webauthn", "joserfc.jwt", "pwdlib.hashers.argon2", "zxcvbn"),
        *("schemathesis", "playwright.sync_api"),
    ]
)


def judged(tree: Path, judges: list[str], patience: float) -> tuple[int | None, str]:
    """How pytest ended on the tree at this folder, and what it said. Ends it after so many seconds."""
    said = tree / "said.txt"
    process = FORKS.Process(target=_run, args=(tree, judges, said))
    process.start()
    process.join(patience)
    process.kill()
    process.join()
    return process.exitcode, said.read_text("utf-8", "replace")


def _run(tree: Path, judges: list[str], said: Path) -> None:
    """Nothing of the tree beside is used: neither what was imported from it, nor where it is looked for."""
    with said.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(tree)
    for name in [name for name in sys.modules if name.partition(".")[0] in {"planwiki", "tests"}]:
        del sys.modules[name]
    sys.path[:0] = [str(tree / "src"), str(tree)]
    sys.exit(pytest.main([*HOW, *judges]))
