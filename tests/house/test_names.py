"""Names say what a thing is or does. Manager, helper, util, process and handle say nothing."""

import ast
import re
from collections.abc import Iterator

import pytest

from .tree import Source, listed, sources

EMPTY_WORDS = re.compile(r"manager|helper|utils?|process|handler?", re.IGNORECASE)
# Names that others chose and call.
THEIRS = {  # SQLAlchemy's, FastAPI's and Starlette's.
    *("process_bind_param", "process_result_value", "process_compile_state", "process_compile_state_replaced_entities"),
    "get_route_handler",
    "handle",
}
_PARTS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def offences(source: Source) -> Iterator[str]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    named = [node.name for node in source.nodes if isinstance(node, kinds)]
    for name in [*source.module.split("."), *named]:
        if name not in THEIRS and any(EMPTY_WORDS.fullmatch(part) for part in _PARTS.findall(name)):
            yield f"{source.module}: {name}"


def test_names_say_something() -> None:
    found = [offence for source in sources() for offence in offences(source)]
    assert not found, listed(found)


def test_a_good_name_passes() -> None:
    assert not list(offences(Source("planwiki.plans.commands", "def save_section(): ...\nclass UnitOfWork: ...")))


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("planwiki.plans.utils", ""),
        ("planwiki.plans.commands", "def process_section(): ..."),
        ("planwiki.plans.commands", "class PlanManager: ..."),
        ("planwiki.plans.commands", "async def _handle(): ..."),
    ],
)
def test_an_empty_name_is_found(module: str, text: str) -> None:
    assert list(offences(Source(module, text)))
