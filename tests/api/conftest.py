"""Short ways to ask the API as one of the cast."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.api.saying import Look
from tests.world import World

Client = TestClient


@pytest.fixture
def dee(world: World) -> Client:
    """Maya's mother, a steward: she owns the plan."""
    return world.api("dee")


@pytest.fixture
def lee(world: World) -> Client:
    """The key worker: edits outcomes, reads great-things."""
    return world.api("lee")


@pytest.fixture
def nan(world: World) -> Client:
    """Grandmother: reads great-things and wellness."""
    return world.api("nan")


@pytest.fixture
def kit(world: World) -> Client:
    """Knows none of them."""
    return world.api("kit")


@pytest.fixture
def nobody(world: World) -> Client:
    """A program without a token."""
    return world.api(None)


@pytest.fixture
def plan(world: World) -> str:
    """The address of Maya's plan."""
    return f"/v1/plans/{world.plan_id}"


@pytest.fixture
def everything(dee: Client, plan: str) -> Look:
    """All an owner can see, to hold against the same a moment later."""

    def look() -> list[Any]:
        paths = ("", "/sections", "/members", "/invitations", "/access", "/sections/outcomes/revisions")
        return [dee.get("/v1/plans").json(), *(dee.get(f"{plan}{path}").json() for path in paths)]

    return look
