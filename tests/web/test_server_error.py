"""When something nobody foresaw goes wrong, the answer is whole and kind, and no word of anybody is told or logged."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.world import World

from planwiki.base.errors import Unavailable


@pytest.mark.parametrize(("path", "kind"), [("/v1/broken", "application/problem+json"), ("/broken", "text/html")])
def test_an_unforeseen_error_is_answered_whole(
    app: Any, capsys: pytest.CaptureFixture[str], path: str, kind: str
) -> None:
    async def broken() -> None:
        raise KeyError("a secret of Maya's")

    app.add_api_route(path, broken, include_in_schema=False)
    with TestClient(app, base_url="http://testserver") as client:
        answer = client.get(path)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith(kind)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "our fault" in answer.text
    said = capsys.readouterr().out
    assert answer.headers["x-request-id"] in said and "KeyError" in said
    assert "secret" not in answer.text + said


def test_what_cannot_be_told_is_not_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A full disk keeps no look. Then no word leaves; and nobody is told that it is our fault."""

    async def full(_: Any) -> None:
        raise Unavailable("Planwiki cannot answer just now. Please try again soon.")

    monkeypatch.setattr(world.app.state.looks, "keep", full)
    for client, path in (
        (world.api("nan"), f"/v1{world.url()}/sections/wellness"),
        (world.browser("nan"), world.url()),
    ):
        answer = client.get(path)
        assert (answer.status_code, "canary" in answer.text) == (503, False)
    assert "unforeseen_error" not in capsys.readouterr().out
