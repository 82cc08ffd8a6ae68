"""Below the web, what goes wrong on purpose comes from base/errors.py; only the web shell knows HTTP."""

import ast
from collections.abc import Iterator

import pytest

from .tree import Source, dotted, floor, listed, sources

# A value that does not fit (pydantic turns these into fields), and a fault of our own that must stop the work.
ALLOWED = {"ValueError", "TypeError", "PydanticCustomError"}
FAULTS = {"RuntimeError", "Exception"}


def offences(source: Source) -> Iterator[str]:
    here = floor(source.module)
    if here is None or here >= 4:
        return
    fine = ALLOWED | _of_the_tree(source) | _own(source) | _given(source)
    for node in source.nodes:
        if isinstance(node, ast.Raise) and node.exc is not None and (name := _raised(node.exc)) not in fine:
            yield f"{source.module}:{node.lineno} raises {name}: use base/errors.py"


def _raised(raised: ast.expr) -> str:
    return dotted(raised.func if isinstance(raised, ast.Call) else raised)


def _of_the_tree(source: Source) -> set[str]:
    names = {name.rpartition(".")[2] for name in source.imports if name.startswith("planwiki.base.errors.")}
    return names | {f"errors.{name}" for name in ("NotFound", "Forbidden", "Conflict", "Invalid")}


def _own(source: Source) -> set[str]:
    """The tree itself; faults of this module's own; and functions of this module, which raise what they make."""
    made = {node.name for node in source.nodes if isinstance(node, ast.FunctionDef)}
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and (source.module == "planwiki.base.errors" or FAULTS & _bases(node)):
            made.add(node.name)
    return made


def _bases(node: ast.ClassDef) -> set[str]:
    return {dotted(base) for base in node.bases}


def _given(source: Source) -> set[str]:
    """Errors that were caught or made above and go on as they are: `raise error`."""
    stored = [node.id for node in source.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return {*stored, *(node.name for node in source.nodes if isinstance(node, ast.ExceptHandler) and node.name)}


def test_errors_come_from_the_tree() -> None:
    found = [offence for source in sources() for offence in offences(source)]
    assert not found, listed(found)


@pytest.mark.parametrize(
    "text",
    [
        "from planwiki.base.errors import NotFound\nraise NotFound",
        "from planwiki.base.errors import invalid\nraise invalid('title', 'too-long', 'Too long.')",
        "class PolicyUnusable(RuntimeError): ...\nraise PolicyUnusable('no')",
        "try: ...\nexcept OSError as error:\n    raise\n",
    ],
)
def test_good_errors_pass(text: str) -> None:
    assert not list(offences(Source("planwiki.plans.commands", text)))


@pytest.mark.parametrize(
    "text",
    [
        "raise KeyError('title')",
        "raise Exception",
        "from fastapi import HTTPException\nraise HTTPException(404)",
        "class Missing(KeyError): ...\nraise Missing",
        "raise PermissionError('no')",
    ],
)
def test_bad_errors_are_found(text: str) -> None:
    assert list(offences(Source("planwiki.plans.commands", text)))
