"""When something nobody foresaw goes wrong, the answer is whole and kind, and no word of anybody is told or logged."""

from typing import Any

import pytest
from fastapi.testclient import TestClient


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
