"""Runs tests on planwiki with some lines changed, in a process of their own that is forked where all is ready.

Making ready takes longer than most judges need: libraries are read, the application and a world are put together. Where
functions alone differ, they get their new code in a fork that has all of this. Else a changed copy of the tree is read
anew.
"""

import functools
import gc
import inspect
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from tests import templates

ROOT = Path(__file__).parents[2]
READ_BEFORE = "ignore::pytest.PytestAssertRewriteWarning"  # Libraries' own asserts need not be told apart.
HOW = ("-x", "-q", "--tb=native", "-pno:cacheprovider", "-pno:schemathesis", "-k", "not postgresql", "-W", READ_BEFORE)
LAW, RULE, BENEATH = "planwiki.authz.policy", "planwiki.authz.database", {"authz", "base"}
MORE_THAN_FUNCTIONS = 99  # How such a fork ends when it has judged nothing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.rights.ready"])
AFRESH = multiprocessing.get_context("spawn")

Ended = tuple[int | None, str]


def judged(tree: Path, judges: list[str], patience: float) -> Ended:
    """How pytest ended on the tree at this folder, and what it said. Ends it after so many seconds."""
    return _end_of(AFRESH, _run_tree, tree, judges, patience)


def judged_at_once(file: str, text: str, judges: list[str], patience: float, said_in: Path) -> Ended:
    """The same on this tree, as if this file of it held `text`."""
    return _end_of(FORKS, functools.partial(_run_changed, file, text), said_in, judges, patience)


def _end_of(context: Any, run: Callable[..., None], folder: Path, judges: list[str], patience: float) -> Ended:
    said = folder / "said.txt"
    process = context.Process(target=run, args=(folder, judges, said))
    process.start()
    process.join(patience)
    process.kill()
    process.join()
    return process.exitcode, said.read_text("utf-8", "replace") if said.exists() else ""


def _run_tree(tree: Path, judges: list[str], said: Path) -> None:
    """Nothing of the tree beside is used: neither what was imported from it, nor where it is looked for."""
    _say_into(said)
    os.chdir(tree)
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "planwiki"}]:
        del sys.modules[name]
    sys.path[:0] = [str(tree / "src"), str(tree)]
    sys.exit(pytest.main([*HOW, *judges]))


def _run_changed(file: str, text: str, folder: Path, judges: list[str], said: Path) -> None:
    _say_into(said)
    from hypothesis.configuration import set_hypothesis_home_dir  # noqa: PLC0415 - read before in the fork alone

    set_hypothesis_home_dir(folder)  # What it found here is no finding about the tree.
    try:
        change(ROOT / file, text)
    except ValueError:
        sys.exit(MORE_THAN_FUNCTIONS)
    os.chdir(ROOT)
    sys.exit(pytest.main([*HOW, *judges]))


def _say_into(said: Path) -> None:
    with said.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


def change(file: Path, text: str) -> None:
    """Functions that were imported from the file get the code they have in `text`, and what any kept is forgotten.
    But for the law's answers, where the law is read as before: they hang on nothing else, and take a second to ask for.
    The same holds for the rule as SQL, and what was translated with it, where nothing beneath the questions differs.

    Raises ValueError where something that is done once, at import, differs.
    """
    before, after = (
        compile(source, str(file), "exec", dont_inherit=True) for source in (file.read_text("utf-8"), text)
    )
    changed = dict(_changed(before, after))
    functions, kept, lenses = what_there_is()
    for one in functions:
        if one.__code__.co_filename == str(file) and one.__code__ in changed:
            one.__code__ = changed[one.__code__]
    beneath = any(part in BENEATH for part in file.parts)
    if beneath:
        templates.compiled.clear()
    for cache in kept:
        if cache.__module__ == RULE and not beneath:
            continue
        if cache.__module__ != LAW or file.stem == "policy":
            cache.cache_clear()
    for lens in lenses:
        lens._kept.clear()


@functools.cache
def what_there_is() -> tuple[list[FunctionType], list[Any], list[Any]]:
    """Planwiki's functions, those that keep what they answered, and what keeps questions.

    First asked where forks begin: it takes a while.
    """
    from planwiki.authz.lens import Lens  # noqa: PLC0415 - where a changed tree is read anew, nothing of this one is

    there = gc.get_objects()
    ours = [one for one in there if isinstance(one, FunctionType) and str(ROOT / "src") in one.__code__.co_filename]
    caches = [one for one in there if isinstance(one, functools._lru_cache_wrapper)]
    lenses = [one for one in there if isinstance(one, Lens)]
    return ours, [one for one in caches if one.__module__.startswith("planwiki.")], lenses


def _changed(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Each outermost function that differs, as it was and as it is."""
    if before == after:
        return
    if before.co_flags & inspect.CO_OPTIMIZED:
        yield before, after
        return
    if _itself(before) != _itself(after):
        raise ValueError("What is done at import differs.")
    for one, other in zip(_parts(before), _parts(after), strict=True):
        yield from _changed(one, other)


def _itself(code: CodeType) -> tuple[Any, ...]:
    """All of it but the functions and classes in it."""
    consts = [one for one in code.co_consts if not isinstance(one, CodeType)]
    return code.co_code, code.co_names, consts, [one.co_qualname for one in _parts(code)]


def _parts(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]
