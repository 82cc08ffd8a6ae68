"""The raw ceiling: a bare ASGI program that answers every request with the same given bytes.

It runs on uvicorn with uvloop and httptools, as planwiki does, and does nothing else. No Python web page on this
machine can be faster, so a ratio to it says more than a number does.

    python -m bench.ceiling --port 8720 --status 200 < answer.json
"""

import argparse
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from bench.cores import free_port, python, serving

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@contextmanager
def ceiling(body: bytes, status: int = 200) -> Iterator[str]:
    """The address of a server that answers with these bytes."""
    port = free_port()
    with serving(python("bench.ceiling", "--port", str(port), "--status", str(status)), port, stdin=body) as served:
        yield served.address


def answer_with(body: bytes, status: int) -> Callable[[Message, Receive, Send], Awaitable[None]]:
    length = str(len(body)).encode()
    start = {"type": "http.response.start", "status": status, "headers": [(b"content-length", length)]}
    if status in {204, 304}:
        start["headers"] = []
    rest = {"type": "http.response.body", "body": body}

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            while (await receive()).get("more_body"):
                pass
        await send(start)
        await send(rest)

    return app


def main() -> None:
    words = argparse.ArgumentParser(description="Answer every request with the bytes given on standard input.")
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--status", type=int, default=200)
    given = words.parse_args()
    app = answer_with(sys.stdin.buffer.read(), given.status)
    uvicorn.run(
        app, port=given.port, loop="uvloop", http="httptools", lifespan="off", access_log=False, log_level="warning"
    )


if __name__ == "__main__":
    main()
