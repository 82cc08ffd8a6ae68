"""What a host may watch: how many answers of which kind, and how this process fares. Never who asked, or for what."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANSWERS = Counter("planwiki_answers", "Answers sent, by the pattern of their address.", ["method", "route", "status"])
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MEDIA_TYPE = CONTENT_TYPE_LATEST


class Counted:
    """Counts each answer. The pattern of an address holds no ids; an address nobody knows has none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                _count(scope, message["status"])
            await send(message)

        await self.app(scope, receive, counted if scope["type"] == "http" else send)


def _count(scope: Scope, status: int) -> None:
    method = scope["method"] if scope["method"] in METHODS else "other"
    ANSWERS.labels(method, getattr(scope.get("route"), "path", "none"), status).inc()


def exposition() -> bytes:
    return generate_latest()
