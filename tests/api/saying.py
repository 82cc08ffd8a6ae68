"""What tests of the API say again and again."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

Look = Callable[[], list[Any]]
VOICE = {"whose": "family", "how": "own_words"}


def save(client: TestClient, url: str, text: str, etag: str = "*", **more: Any) -> Any:
    """A new text of a section."""
    return client.patch(url, json={"body_markdown": text, "voice": VOICE, **more}, headers={"If-Match": etag})


def etag_of(client: TestClient, url: str) -> str:
    return str(client.get(url).headers["etag"])


def problem(answer: Any) -> tuple[int, str]:
    """The status and the problem type, once it is a whole problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["title"] and body["detail"]
    return answer.status_code, body["type"].removeprefix("/problems/")


def bare(answer: Any) -> tuple[Any, ...]:
    """An answer but for what names this one request: the id in it, and a nonce."""
    headers = {name: value for name, value in answer.headers.items() if name not in _OWN}
    body = answer.text.replace(answer.headers["x-request-id"], "")
    return answer.status_code, headers, body


_OWN = {"x-request-id", "content-security-policy", "content-length"}
