"""Imports go down, never up; libraries stay on their floors; pages and programs are shown views."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from .tree import Source, floor, listed, sources

LIBRARIES = {
    "fastapi": {4, 5},
    "starlette": {4, 5},
    "jinja2": {4, 5},
    "uvicorn": {5},
    "typer": {5},
    "sqlalchemy": {0, 1, 2, 3},
    "sqlmodel": {0, 1, 2, 3},
}


def offences(source: Source) -> Iterator[str]:
    here = floor(source.module)
    if here is None:
        yield f"{source.module} stands on no floor: give its name one in tests/house/tree.py"
        return
    for name in source.imports:
        top = name.partition(".")[0]
        if top == "planwiki":
            yield from _inside(source.module, here, name)
        elif here not in LIBRARIES.get(top, {here}):
            yield f"{source.module} (floor {here}) may not import {top}"


def _inside(module: str, here: int, name: str) -> Iterator[str]:
    there = floor(name)
    if there is None:
        yield f"{module} imports {name}, which stands on no floor"
    elif there > here:
        yield f"{module} (floor {here}) imports {name} (floor {there})"
    elif here == 4 and ".models." in f"{name}.":
        yield f"{module} is to show views, not {name}"


def rings(found: tuple[Source, ...]) -> list[str]:
    """The modules of one ring of imports, if there is one."""
    modules = {source.module for source in found}
    graph = {source.module: {_module_of(name, modules) for name in source.imports} - {""} for source in found}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _module_of(name: str, modules: set[str]) -> str:
    """The module that an imported name lives in; empty for other people's."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def test_nobody_imports_upwards_and_libraries_stay_on_their_floors() -> None:
    found = [offence for source in sources() for offence in offences(source)]
    assert not found, listed(found)


def test_imports_never_go_round_in_a_ring() -> None:
    assert rings(sources()) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (
            "planwiki.plans.commands",
            "from planwiki.people import queries\nfrom .models import Plan\nfrom . import rules",
        ),
        ("planwiki.plans.pages", "from fastapi import APIRouter\nfrom .commands import save_section"),
        ("planwiki.circle.grant_commands", "from planwiki.plans.queries import find_section"),
        ("planwiki.app", "from planwiki.plans import api\nfrom fastapi import FastAPI"),
        ("planwiki.base.columns", "from sqlalchemy import String"),
    ],
)
def test_good_imports_pass(module: str, text: str) -> None:
    assert not list(offences(Source(module, text)))


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("planwiki.base.text", "from planwiki.plans.models import Plan"),
        ("planwiki.plans.models", "from planwiki.authz.policy import Policy"),
        ("planwiki.plans.models", "from .commands import start_plan"),
        ("planwiki.plans.commands", "from . import pages"),
        ("planwiki.plans.commands", "def lazily():\n    from planwiki.web.rendering import page"),
        ("planwiki.plans.commands", "from fastapi import HTTPException"),
        ("planwiki.authz.database", "import starlette.requests"),
        ("planwiki.plans.pages", "from .models import Plan"),
        ("planwiki.plans.pages", "from . import models"),
        ("planwiki.exports.as_json", "import planwiki.plans.models"),
        ("planwiki.plans.api", "from sqlmodel import select"),
        ("planwiki.web.asking", "from planwiki.app import create_app"),
        ("planwiki.plans.odds_and_ends", ""),
    ],
)
def test_bad_imports_are_found(module: str, text: str) -> None:
    assert list(offences(Source(module, text)))


def test_a_ring_is_found_and_a_chain_is_none() -> None:
    one, two = Source("planwiki.plans.queries", "from planwiki.circle import views"), "planwiki.circle.views"
    assert rings((one, Source(two, "from planwiki.base import ids"))) == []
    assert set(rings((one, Source(two, "from planwiki.plans.queries import plan_view")))) == {one.module, two}
