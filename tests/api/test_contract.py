"""The contract tells all there is: every route, every answer, with words and examples; and openapi.yaml is it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from planwiki.app import close, create_app
from planwiki.settings import Settings
from planwiki.web.contract import contract_of, to_json, to_yaml
from planwiki.web.problem_types import TYPES

ROOT = Path(__file__).parents[2]
# The operations that the design names for these groups.
OPERATIONS = """
GET /healthz
GET /readyz
GET /metrics
GET /v1
GET /v1/templates
POST /v1/accounts
POST /v1/login-sessions
DELETE /v1/login-sessions/current
GET /v1/me
GET /v1/plans
POST /v1/plans
GET /v1/plans/{plan_id}
PATCH /v1/plans/{plan_id}
DELETE /v1/plans/{plan_id}
GET /v1/plans/{plan_id}/document
GET /v1/plans/{plan_id}/sections
POST /v1/plans/{plan_id}/sections
GET /v1/plans/{plan_id}/sections/{section_key}
PATCH /v1/plans/{plan_id}/sections/{section_key}
DELETE /v1/plans/{plan_id}/sections/{section_key}
GET /v1/plans/{plan_id}/sections/{section_key}/revisions
GET /v1/plans/{plan_id}/sections/{section_key}/revisions/{revision}
POST /v1/plans/{plan_id}/sections/{section_key}/revisions/{revision}/restore
GET /v1/plans/{plan_id}/sections/{section_key}/diff
GET /v1/plans/{plan_id}/members
POST /v1/plans/{plan_id}/members
GET /v1/plans/{plan_id}/members/{member_id}
PATCH /v1/plans/{plan_id}/members/{member_id}
DELETE /v1/plans/{plan_id}/members/{member_id}
GET /v1/plans/{plan_id}/members/{member_id}/grants
PUT /v1/plans/{plan_id}/members/{member_id}/grants
GET /v1/plans/{plan_id}/sections/{section_key}/grants
GET /v1/plans/{plan_id}/media
POST /v1/plans/{plan_id}/media
GET /v1/plans/{plan_id}/media/{media_id}
PATCH /v1/plans/{plan_id}/media/{media_id}
DELETE /v1/plans/{plan_id}/media/{media_id}
GET /v1/plans/{plan_id}/media/{media_id}/content
PUT /v1/plans/{plan_id}/sections/{section_key}/grants
GET /v1/plans/{plan_id}/access
GET /v1/plans/{plan_id}/access/explain
GET /v1/plans/{plan_id}/invitations
POST /v1/plans/{plan_id}/invitations
DELETE /v1/plans/{plan_id}/invitations/{invitation_id}
GET /v1/plans/{plan_id}/share-links
POST /v1/plans/{plan_id}/share-links
DELETE /v1/plans/{plan_id}/share-links/{link_id}
GET /v1/shared
POST /v1/invitations/preview
POST /v1/invitations/accept
POST /v1/invitations/decline
GET /v1/plans/{plan_id}/actions
POST /v1/plans/{plan_id}/actions
GET /v1/plans/{plan_id}/actions/{action_id}
PATCH /v1/plans/{plan_id}/actions/{action_id}
DELETE /v1/plans/{plan_id}/actions/{action_id}
GET /v1/plans/{plan_id}/contributions
POST /v1/plans/{plan_id}/contributions
GET /v1/plans/{plan_id}/contributions/{contribution_id}
DELETE /v1/plans/{plan_id}/contributions/{contribution_id}
POST /v1/plans/{plan_id}/contributions/{contribution_id}/decision
GET /v1/plans/{plan_id}/access-log
GET /v1/search
"""
NAMES = """
Health ServiceDocument TemplateList Template SessionCreate LoginSession Account Me Person Plan PlanCreate PlanPatch
PlanPage PlanDocument Mapping Voice ActorRef Label Section SectionCreate SectionPatch SectionPage Revision RevisionPage
RestoreRequest Diff Member MemberCreate MemberPatch MemberPage Basis Contact Grant Grants SectionGrants AccessMatrix
Explanation Invitation InvitationCreate InvitationPage InvitationToken InvitationPreview ShareLink ShareLinkCreate
ShareLinkPage SharedPack SearchHit SearchPage Problem AccessLogEntry AccessLogPage Target
Action ActionCreate ActionPatch ActionPage
Contribution ContributionCreate ContributionPage DecisionRequest
"""


@pytest.fixture(scope="module")
def app() -> Iterator[FastAPI]:
    made = create_app(Settings(database_url="sqlite:///never-opened.sqlite3"))
    yield made
    close(made)


@pytest.fixture(scope="module")
def contract(app: FastAPI) -> dict[str, Any]:
    return contract_of(app)


def operations(contract: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_file_in_the_repository_is_the_contract(app: FastAPI) -> None:
    """If this fails, run `planwiki openapi > openapi.yaml`."""
    assert (ROOT / "openapi.yaml").read_text("utf-8") == to_yaml(app)
    assert yaml.safe_load(to_yaml(app)) == json.loads(to_json(app)) == app.openapi()


def test_it_holds_every_operation_of_the_design(contract: dict[str, Any]) -> None:
    assert {name for name, _ in operations(contract)} == set(OPERATIONS.split("\n")) - {""}


def test_it_holds_every_route_for_programs(app: FastAPI, contract: dict[str, Any]) -> None:
    routes = [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIRoute)]
    ours = [one for one in routes if re.match(r"/(v1|healthz|readyz|metrics)(/|$)", str(one.path_format))]
    there = {f"{method} {one.path_format}" for one in ours for method in one.methods or ()}
    assert there == {name for name, _ in operations(contract)}


def test_it_names_things_as_the_design_does(contract: dict[str, Any]) -> None:
    assert set(NAMES.split()) <= set(contract["components"]["schemas"])
    assert not [name for name in contract["components"]["schemas"] if re.search("View|Draft|Validation|Input", name)]


def test_every_operation_is_told_whole(contract: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in contract["tags"]}
    for name, operation in operations(contract):
        assert operation["operationId"].isidentifier(), name
        assert set(operation["tags"]) <= tags, name
        assert operation["summary"], name
        assert operation["description"].endswith("."), name
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], name
        for body in operation.get("requestBody", {}).get("content", {}).values():
            assert body["example"], name
        if name.startswith("PATCH"):
            assert set(operation["requestBody"]["content"]) == {"application/json", "application/merge-patch+json"}


def test_every_answer_is_told_whole(contract: dict[str, Any]) -> None:
    told = set()
    for name, operation in operations(contract):
        assert any(status < "300" for status in operation["responses"]), name
        for status, answer in operation["responses"].items():
            if "$ref" in answer:
                answer = contract["components"]["responses"][answer["$ref"].rpartition("/")[2]]  # noqa: PLW2901 - what it points at
                (body,) = answer["content"].values()
                assert all(str(TYPES[slug].status) == status for slug in body["examples"]), name
                told |= set(body["examples"])
            assert answer["description"], name
            assert "X-Request-Id" in answer["headers"], name
            assert all("example" in body or "examples" in body for body in answer.get("content", {}).values()), name
    assert told == set(TYPES) - {"method-not-allowed"}


def test_errors_follow_from_what_an_operation_takes(contract: dict[str, Any]) -> None:
    for name, operation in operations(contract):
        answers, takes = set(operation["responses"]), {one["name"] for one in operation.get("parameters", ())}
        assert ("401" in answers) == bool(operation.get("security")), name
        assert {"412", "428"} <= answers or "If-Match" not in takes, name
        assert "304" in answers or "If-None-Match" not in takes, name
        assert {"400", "413", "415", "422"} <= answers or "requestBody" not in operation, name
        assert "404" in answers or "{" not in name, name


def test_nobody_gets_the_contract_from_a_running_planwiki(app: FastAPI) -> None:
    client = TestClient(app)
    assert [client.get(f"/{path}").status_code for path in ("openapi.json", "docs", "redoc")] == [404] * 3
