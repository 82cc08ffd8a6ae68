"""What the tests of media share: adding a small file as a program or in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from tests.media.making import picture
from tests.world import World

Add = Callable[..., Response]


@pytest.fixture
def add(world: World) -> Add:
    """Adds a file as a program of one of the cast; `said` is what is said about it."""

    def send(who: str = "dee", key: str = "great-things", file: bytes | None = None, **said: Any) -> Response:
        headers = said.pop("headers", {})
        fields = {"section_key": key, "alt_text": "Maya dancing"} | said
        kept = {name: value for name, value in fields.items() if value is not None}
        sent = {"file": (said.pop("filename", "dance.jpg"), picture() if file is None else file)}
        kept.pop("filename", None)
        return world.api(who).post(f"/v1{world.url('/media')}", data=kept, files=sent, headers=headers)

    return send
