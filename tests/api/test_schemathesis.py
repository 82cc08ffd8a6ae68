"""Schemathesis makes up requests from the contract, good and bad, as each of the cast: no server error, no broken word.

Half of them go to Maya's plan, half to made-up places. PLANWIKI_SCHEMATHESIS says how many for each operation, mode and
person; a long run takes 100.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from tests.world import NAMES, World

from planwiki.web.contract import contract_of

EXAMPLES = int(os.environ.get("PLANWIKI_SCHEMATHESIS", "1"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.allow_header_conformance,
]
# What ends something comes last, so that all the others have something to ask about.
LAST = ("remove_member", "archive_section", "close_plan", "end_login_session")


def operations(world: World) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(contract_of(world.app))
    schema.app = world.app
    every = [found.ok() for found in schema.get_all_operations()]
    yield from sorted(every, key=lambda one: LAST.index(_name(one)) if _name(one) in LAST else -1)


def _name(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def real_places(world: World, path: str) -> dict[str, Any]:
    """Where something is, for as many parts of the path as it has."""
    known = {
        "plan_id": str(world.plan_id),
        "section_key": "great-things",
        "member_id": str(world.members["sam"]),
        "revision": 1,
    }
    return {name: value for name, value in known.items() if f"{{{name}}}" in path}


ASKED = [*(("sqlite", who) for who in (*NAMES, None)), *(("postgresql", who) for who in ("dee", "rao"))]


@pytest.mark.parametrize(("database_url", "who"), ASKED, indirect=["database_url"])
def test_the_contract_holds_for(world: World, who: str | None) -> None:
    headers = {"Authorization": f"Bearer {world.token(who)}"} if who else {}
    for operation in operations(world):
        there = real_places(world, operation.path)
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
            for place in ({}, there) if there else ({},):
                _ask(operation.as_strategy(mode, path_parameters=place or None), headers)


def _ask(cases: Any, headers: dict[str, str]) -> None:
    @seed(20260603)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def asked(case: Any) -> None:
        # Unknown parameters of a query are passed over on purpose; a body that does not fit never is.
        more = [checks.negative_data_rejection] if case.operation.body else []
        case.call_and_validate(headers=headers, checks=CHECKS + more)

    with suppress(Unsatisfiable):  # Where nothing is taken, nothing can be got wrong.
        asked()
