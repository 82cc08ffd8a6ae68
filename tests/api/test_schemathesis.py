"""Schemathesis makes up requests from the contract, good and bad, as each of the cast: no server error, no broken word.

Half of them go to what is there in Maya's plan, half to made-up places. PLANWIKI_SCHEMATHESIS says how many for each
operation, mode and person; a long run takes 100. And an owner sends the contract's own examples: so each operation has
answered well at least once, and what it then says is held against the contract too.
"""

import json
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
from tests.media.keeping import keep_paper
from tests.world import NAMES, World

from planwiki.web.contract import contract_of
from planwiki.web.contract_samples import EXAMPLE_ID

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
# What an owner's token alone cannot have answered well: each has tests of its own.
OTHERWISE = {"show_metrics", "add_media", "get_shared", "accept_invitation"}


def operations(world: World) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(contract_of(world.app))
    schema.app = world.app
    every = [found.ok() for found in schema.get_all_operations()]
    yield from sorted(every, key=_when)


def _when(operation: Any) -> tuple[bool, int]:
    name = _name(operation)
    return operation.method.upper() == "DELETE", LAST.index(name) if name in LAST else -1


def _name(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def places(world: World) -> dict[str, Any]:
    """Something real for each part that a path may have."""
    dee, plan = world.api("dee"), f"/v1/plans/{world.plan_id}"
    voice, target = {"whose": "family", "how": "own_words"}, {"type": "section", "section_key": "great-things"}
    said = {"kind": "comment", "target": target, "body_markdown": "So she does.", "voice": voice}
    asked = {"role": "family", "relationship": "Aunt"}
    link = {"section_keys": ["great-things"], "expires_in_hours": 1}
    outcomes = {"json": {"kind": "outcomes"}, "headers": {"If-Match": "*"}}
    assert dee.patch(f"{plan}/sections/outcomes", **outcomes).status_code == 200
    invited, other = (dee.post(f"{plan}/invitations", json=asked).json() for _ in range(2))
    return {
        "plan_id": str(world.plan_id),
        "section_key": "great-things",
        "member_id": str(world.members["sam"]),
        "revision": 1,
        "media_id": str(keep_paper(world, "dee", "great-things", "%PDF-")),
        "contribution_id": dee.post(f"{plan}/contributions", json=said).json()["id"],
        "action_id": dee.post(f"{plan}/actions", json={"what": "Ride the bus"}).json()["id"],
        "invitation_id": invited["id"],
        "link_id": dee.post(f"{plan}/share-links", json=link).json()["id"],
        "token": other["accept_url"].rpartition("/")[2],
    }


def of_path(there: dict[str, Any], path: str) -> dict[str, Any]:
    return {name: value for name, value in there.items() if f"{{{name}}}" in path}


ASKED = [*(("sqlite", who) for who in (*NAMES, None)), *(("postgresql", who) for who in ("dee", "rao"))]


@pytest.mark.parametrize(("database_url", "who"), ASKED, indirect=["database_url"])
def test_the_contract_holds_for(world: World, who: str | None) -> None:
    headers = {"Authorization": f"Bearer {world.token(who)}"} if who else {}
    known = places(world)
    for operation in operations(world):
        there = of_path(known, operation.path)
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
            for place in ({}, there) if there else ({},):
                _ask(operation.as_strategy(mode, path_parameters=place or None), headers)


def test_the_contracts_own_examples_are_answered_well(world: World) -> None:
    known, fell = places(world), {}
    headers = {"If-Match": "*", "Authorization": f"Bearer {world.token('dee')}"}
    for operation in operations(world):
        if _name(operation) in OTHERWISE:
            continue
        case = operation.Case(
            path_parameters=of_path(known, operation.path),
            headers=headers,
            query=asking(known, operation.path),
            **fitting(known, operation),
        )
        answer = case.call_and_validate(checks=CHECKS)
        if answer.status_code >= 300:
            fell[_name(operation)] = (answer.status_code, answer.text)
    assert fell == {}


def asking(known: dict[str, Any], path: str) -> dict[str, Any]:
    """What stands after the question mark, where something has to."""
    member = {"subject_type": "member", "subject_id": known["member_id"]}
    needed = {"/diff": {"from": 1, "to": 1}, "/explain": member | {"section_key": "great-things", "verb": "read"}}
    return next((query for end, query in needed.items() if path.endswith(end)), {"q": "canary"})


def fitting(known: dict[str, Any], operation: Any) -> dict[str, Any]:
    """The example of its body, about Maya's plan in place of a made-up one."""
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    if not content:
        return {}
    media_type, body = next(iter(content.items()))
    told = json.dumps(body["example"])
    new = _name(operation) == "create_section"
    for made_up, real in (
        ('"what-matters"', '"what-matters"' if new else '"great-things"'),
        (EXAMPLE_ID, known["member_id"]),
        ("pwi_0123456789", known["token"]),
        ('"revision": 7', '"revision": 1'),
        ('"accept"', '"resolve"'),  # What was said is a comment.
    ):
        told = told.replace(made_up, real)
    return {"body": json.loads(told), "media_type": media_type}


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
