"""Short functions and short files: what no longer fits in a head is split, or says here why it cannot be."""

from collections.abc import Iterator

import pytest

from .tree import Source, functions, listed, sources

LONGEST_FUNCTION, LONGEST_FILE = 30, 300
# "module" or "module.function", and why it is better long.
LONG = {
    "planwiki.plans.views.section_view": "one line for each field that is shown, and nothing else",
    "planwiki.base.vocabulary": "every closed set of words stands in one place, to be read like a dictionary",
}


def lengths(source: Source) -> Iterator[tuple[str, int, int]]:
    """(name, lines, limit) of the file and of each function, docstring included."""
    yield source.module, len(source.text.splitlines()), LONGEST_FILE
    for node in functions(source):
        yield f"{source.module}.{node.name}", 1 + (node.end_lineno or 0) - node.lineno, LONGEST_FUNCTION


def too_long(source: Source) -> dict[str, str]:
    return {name: f"{name}: {lines} lines, at most {limit}" for name, lines, limit in lengths(source) if lines > limit}


def test_functions_and_files_stay_short() -> None:
    found = [offence for source in sources() for name, offence in too_long(source).items() if name not in LONG]
    assert not found, listed(found)


def test_nothing_is_excused_that_is_short() -> None:
    assert set(LONG) <= {name for source in sources() for name in too_long(source)}


@pytest.mark.parametrize("text", ["def f():\n" + "    x = 1\n" * 29, "x = 1\n" * 300])
def test_what_just_fits_passes(text: str) -> None:
    assert not too_long(Source("planwiki.plans.rules", text))


@pytest.mark.parametrize("text", ["async def f():\n" + "    x = 1\n" * 30, "x = 1\n" * 301])
def test_one_line_more_is_found(text: str) -> None:
    assert too_long(Source("planwiki.plans.rules", text))
