"""A test client that hands over each request at once.

Starlette's own goes to the loop and back seven times for one request, which takes longer than most of our answers do.
"""

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, BaseTransport, ByteStream, Request, Response

# The loop that clients share while a test process runs: else each request has a thread, and each thread a connection.
portals: list[BlockingPortal] = []


def client_of(app: FastAPI, *, address: str = "testclient", **how: object) -> TestClient:
    """`how` is what TestClient takes. Where the application fails, its client reads so, as a real one would."""
    client = TestClient(app, raise_server_exceptions=False, **how)  # type: ignore[arg-type]  # `how` is checked by TestClient itself
    client.portal = next(iter(portals), None)
    client._transport = _AtOnce(client, ASGITransport(app, raise_app_exceptions=False, client=(address, 50000)))
    return client


class _AtOnce(BaseTransport):
    def __init__(self, client: TestClient, asked: ASGITransport) -> None:
        self._client, self._asked = client, asked

    def handle_request(self, request: Request) -> Response:
        with self._client._portal_factory() as portal:
            return portal.call(self._answer, request)

    async def _answer(self, request: Request) -> Response:
        body = request.read()  # Kept in it, so that it can be read again here.
        asked = Request(request.method, request.url, headers=request.headers, content=body)
        answer = await self._asked.handle_async_request(asked)
        sent = b"".join([piece async for piece in answer.aiter_raw()])
        return Response(answer.status_code, headers=answer.headers, stream=ByteStream(sent))
