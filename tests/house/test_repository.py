"""What is kept in git: our own text, small, at home on any machine, with a reason beside every excuse."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .tree import ROOT, at, listed, tracked

LARGEST = 400_000
# Written by tools, and compared or locked by them.
LARGE = re.compile(r"uv\.lock|package-lock\.json|openapi\.yaml")
PICTURES = re.compile(r"docs/.+\.(png|jpg|webp)")
VENDORED = re.compile(r"(^|/)(node_modules|vendor|third_party|site-packages|__pycache__|dist)/|\.min\.(js|css)$")
BUILT = "src/planwiki/web/static/"

MACHINE = re.compile(r"(?<![\w.~:/-])/(?:w[o]rk|r[o]ot|h[o]me|U[s]ers|f[a]rm)/[\w.-]|\.\./sh[a]red/|/tmp/b[a]sh_jobs")
IDLE = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X)\b")
# A type or lint excuse, or a skipped test, is followed by its reason on the same line.
BARE = re.compile(
    r"#\s*type:\s*ignor[e](\[[\w, -]+\])?\s*$|#\s*type:\s*ignor[e](?!\[)|#\s*noq[a](:\s*[A-Z0-9, ]+)?\s*$"
    r"|pytest\.mark\.(ski[p]|xfai[l])\b(?!(if)?\(.*reason=)|pytest\.ski[p]\(\s*\)"
)


def out_of_place(name: str, content: bytes) -> Iterator[str]:
    if VENDORED.search(name) or name.startswith(BUILT):
        yield f"{name} is not ours to keep: tools fetch or build it"
    if len(content) > LARGEST and not LARGE.fullmatch(Path(name).name):
        yield f"{name} is large: {len(content)} bytes"
    if b"\0" in content and not PICTURES.fullmatch(name):
        yield f"{name} is not text"


def out_of_words(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE.search(line):
            yield f"{name}:{number} names a place that is only on one machine"
        if IDLE.search(line) and name.endswith((".py", ".ts", ".html", ".css")):
            yield f"{name}:{number} is not finished"
        if name.endswith(".py") and BARE.search(line):
            yield f"{name}:{number} gives no reason for its excuse"


def _texts() -> Iterator[tuple[str, bytes]]:
    yield from ((at(path), path.read_bytes()) for path in tracked())


def test_git_keeps_only_our_own_small_texts() -> None:
    found = [offence for name, content in _texts() for offence in out_of_place(name, content)]
    assert not found, listed(found)


def test_every_file_is_at_home_anywhere_and_finished() -> None:
    texts = ((name, content.decode("utf-8")) for name, content in _texts() if b"\0" not in content)
    found = [offence for name, text in texts if not LARGE.fullmatch(name) for offence in out_of_words(name, text)]
    assert not found, listed(found)


def test_the_built_client_and_data_stay_out_of_git() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {BUILT, "*.sqlite3*", "node_modules/", ".venv/"} <= set(ignored)


@pytest.mark.parametrize(
    ("name", "content"),
    [("README.md", b"# planwiki\n"), ("uv.lock", b"x" * 500_000), ("docs/pictures/plan.png", b"\x89PNG\0")],
)
def test_good_files_pass(name: str, content: bytes) -> None:
    assert not list(out_of_place(name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("client/node_modules/vite/index.js", b"x"),
        ("src/planwiki/web/static/assets/app.js", b"x"),
        ("client/src/htmx.min.js", b"x"),
        ("tests/data.json", b"x" * 500_000),
        ("src/planwiki/words.bin", b"\0\1"),
        ("docs/pictures/plan.png", b"\0" * 500_000),
    ],
)
def test_files_that_do_not_belong_are_found(name: str, content: bytes) -> None:
    assert list(out_of_place(name, content))


@pytest.mark.parametrize(
    "line",
    [
        "See docs/users.md, or https://planwiki.example/home/help",
        "found = one()  # type: ignore[no-any-return]  # `one` answers what the question selects",
        'TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret',
        '@pytest.mark.skipif(not CHROMIUM, reason="needs a browser")',
    ],
)
def test_good_lines_pass(line: str) -> None:
    assert not list(out_of_words("src/planwiki/one.py", line))


@pytest.mark.parametrize(
    "line",
    [
        "/ho" + "me/dee/planwiki/README.md",
        "path = '/ro" + "ot/.config'",
        "# TO" + "DO: later",
        "found = one()  # type: igno" + "re[no-any-return]",
        "found = one()  # type: igno" + "re",
        "import os  # noq" + "a: F401",
        "@pytest.mark.ski" + "p",
    ],
)
def test_lines_with_a_machine_or_no_reason_are_found(line: str) -> None:
    assert list(out_of_words("src/planwiki/one.py", line))
