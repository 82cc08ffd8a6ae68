"""What every request meets first, as plain ASGI: its id, size and origin; and what every answer carries."""

import re
import secrets
from pathlib import Path
from traceback import extract_tb
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from planwiki.base import ids
from planwiki.base.errors import Unavailable
from planwiki.base.language import speak
from planwiki.settings import Settings

from .looking import keep_look
from .problems import HttpProblem, answer_error, refused, server_error

MOST_BYTES = 2_000_000  # Room for 100,000 characters as a form of percent-encoded UTF-8.
MOST_UPLOAD = 257_000_000  # A video and its words. Which file may be how large is looked at as it comes.
_UPLOAD = re.compile(
    r"(/v1)?/plans/[0-9a-f-]{36}/media|(/plans/[0-9a-f-]{36}/sections|/tablet/sections)/[a-z0-9_-]{1,64}/(media|voice)"
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
RETRY_AFTER = "30"  # Seconds. A database is back in a few; all who wait should not come at once.
SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"
_KEPT = "public, max-age=31536000, immutable"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Guards:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        speak(scope["app"].state.languages.best_for(headers.get("accept-language", "")))
        state = scope.setdefault("state", {})
        state["request_id"] = _request_id(headers)
        state["nonce"] = secrets.token_urlsafe(16)
        head = state["head"] = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if head else scope
        settings = scope["app"].state.settings
        answer = _Answer(send, settings, inner, head=head)
        if refusal := _refusal(scope, headers, settings.base_url):
            await refused(Request(inner), HttpProblem(*refusal))(scope, receive, answer)
            return
        # Whatever may be got may be asked for its head alone; the body is made and dropped, so that both agree.
        try:
            await self.app(inner, _Limited(receive, _most(scope, headers)), answer)
        except Exception as error:
            # A look that could not be kept, as on a full disk: the framework takes that for an answer that has begun.
            foreseen = error.__cause__ if isinstance(error.__cause__, Unavailable) and not answer.started else None
            if foreseen is None:
                _note(error, state["request_id"])
            if answer.started:
                raise
            told = await (answer_error(Request(inner), foreseen) if foreseen else server_error(Request(inner)))
            await told(inner, receive, answer)


def _refusal(scope: Scope, headers: Headers, base_url: str) -> tuple[int, str, str] | None:
    if scope["method"] not in SAFE and not _same_site(headers, base_url):
        return 403, "not-allowed", "This came from another website, so nothing was done."
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > _most(scope, headers):
        return 413, "too-large", "That is more than planwiki takes at once."
    return None


def _same_site(headers: Headers, base_url: str) -> bool:
    """Browsers say where an unsafe request comes from; programs that say nothing carry no cookie of a browser."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    return origin in {None, base_url} or _same_host(str(origin), headers.get("host", ""))


class _Limited:
    """Passes the body on and stops one that grows past the limit without having said so."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive, self.most, self.seen = receive, most, 0

    async def __call__(self) -> Message:
        message = await self.receive()
        self.seen += len(message.get("body", b""))
        if self.seen > self.most:
            raise HTTPException(413)
        return message


class _Answer:
    """Adds the headers every answer carries, and drops the body of a HEAD."""

    def __init__(self, send: Send, settings: Settings, scope: Scope, *, head: bool) -> None:
        self.send, self.settings, self.scope, self.head = send, settings, scope, head
        self.started, self.status = False, 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await keep_look(self.scope, message["status"])
            self.started, self.status = True, message["status"]
            self._dress(MutableHeaders(scope=message))
        elif self.head:
            message = {**message, "body": b""}
        await self.send(message)

    @property
    def _never_changes(self) -> bool:
        """A built file carries a hash of what it holds in its name. It holds no word of anybody."""
        return self.status in {200, 304} and self.scope["path"].startswith("/static/assets/")

    def _dress(self, headers: MutableHeaders) -> None:
        state = self.scope["state"]
        headers["X-Request-Id"] = state["request_id"]
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        here = "(self)" if state.get("records") else "()"
        headers["Permissions-Policy"] = f"camera={here}, geolocation=(), microphone={here}, payment=(), usb=()"
        sandboxed = state.get("sandboxed")  # What somebody sent us: it is data, and never runs as a page of ours.
        headers["Content-Security-Policy"] = SANDBOX if sandboxed else content_security_policy(state["nonce"])
        headers.setdefault("Cache-Control", _KEPT if self._never_changes else "no-store")
        if self.status == 503:
            headers.setdefault("Retry-After", RETRY_AFTER)
        if self.settings.secure:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"


def _note(error: Exception, request_id: str) -> None:
    """For the host: what kind of error, and where in the code. Never a value: those are people's words."""
    at = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-8:]]
    structlog.get_logger().error("unforeseen_error", request_id=request_id, error=type(error).__name__, at=at)


def content_security_policy(nonce: str) -> str:
    """No third party, nothing inline; a script runs only with this answer's nonce, or when such a one loads it."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _most(scope: Scope, headers: Headers) -> int:
    """How large a body may be: a form with a file, where files are taken, and nowhere else more than a long text."""
    is_form = headers.get("content-type", "").startswith("multipart/form-data")
    takes = scope["method"] == "POST" and is_form and _UPLOAD.fullmatch(scope["path"])
    return MOST_UPLOAD if takes else MOST_BYTES


def _request_id(headers: Headers) -> str:
    asked = headers.get("x-request-id", "")
    return asked if _REQUEST_ID.fullmatch(asked) else str(ids.new_id())


def _same_host(origin: str, host: str) -> bool:
    return bool(host) and urlsplit(origin).netloc == host
