"""What each route may answer: read off what it takes, and told with its problem types, headers and examples."""

from typing import Any

from fastapi.routing import RouteContext

from . import contract_samples
from .api_routes import forms_of, needs_token
from .contract_schemas import REF, sparse
from .json_bodies import JSON, MERGE_PATCH
from .problem_types import PROBLEM_JSON, TYPES
from .problems import TITLES

Operation = dict[str, Any]
_HEADERS = {
    "X-Request-Id": ("This request's name in the log. Send your own to find it again.", "0198c5b2-7a10-7c3e"),
    "ETag": ("What was answered, for If-None-Match and If-Match.", '"r7-9f2c6a1b"'),
    "Cache-Control": ("Whether a cache may keep it.", "private, no-cache"),
    "Vary": ("What the answer hangs on.", "Authorization, Cookie, Accept"),
    "Location": ("Where the new thing is.", "/v1/plans/0198c5b2-7a10-7c3e-9d41-2f6a8b0c1d2e"),
    "Link": ('The next page, `rel="next"`; left out on the last one (RFC 8288).', '</v1/plans?cursor=abc>; rel="next"'),
    "Idempotency-Replayed": ("`true` when this was made before, under the same key.", "true"),
    "WWW-Authenticate": ("How to sign in (RFC 6750).", 'Bearer realm="planwiki"'),
    "Retry-After": ("Seconds to wait.", "60"),
    "RateLimit-Policy": ("How many tries in how many seconds.", '"tries";q=10;w=300'),
    "RateLimit": ("Tries left, and seconds until there are more.", '"tries";r=0;t=60'),
}
_ON_PROBLEM = {401: ("WWW-Authenticate",), 429: ("Retry-After", "RateLimit-Policy", "RateLimit"), 503: ("Retry-After",)}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag you have. The answer is 304 while it still holds.",
    "schema": {"type": "string"},
    "example": '"r7-9f2c6a1b"',
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). What was sent is never repeated.",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "The problem type.", "enum": [f"/problems/{slug}" for slug in TYPES]},
        "title": {"type": "string", "description": "The kind of problem, for people."},
        "status": {"type": "integer", "description": "The HTTP status.", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What happened, in a sentence for people."},
        "request_id": {"type": "string", "description": "The request's name in the log."},
        "errors": {
            "type": "array",
            "description": "Each field that does not fit.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "A JSON Pointer (RFC 6901) into what was sent."},
                    "code": {"type": "string", "description": "The reason, for programs."},
                    "message": {"type": "string", "description": "The reason, for people."},
                },
            },
        },
        "current_etag": {"type": "string", "description": "With 412: the ETag of what is there now."},
        "merge": {
            "type": "object",
            "description": "With 412: the version that was read and the one that is there now.",
            "properties": {
                "base_revision": {"type": ["integer", "null"], "description": "Null when If-Match names none."},
                "current_revision": {"type": ["integer", "null"], "description": "Null where nothing counts versions."},
            },
        },
    },
}


def complete(made: dict[str, Any], route: RouteContext, operation: Operation) -> None:
    """Puts into `operation` what FastAPI cannot know."""
    schemas = made["components"]["schemas"]
    takes = {one["name"]: _told_once(one) for one in operation.setdefault("parameters", [])}
    if "x-problems" not in operation["responses"].get("422", {}):
        operation["responses"].pop("422", None)  # The framework's own, which we never answer.
    if needs_token(route):
        operation["security"] = [{"bearer": []}]
    if "If-Match" in takes:
        takes["If-Match"]["required"] = True
    _tell_body(operation)
    _tell_success(route, operation, takes, schemas)
    for status, slugs in sorted(_refusals(route, operation, takes).items()):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_shared(made, status, slugs)}"}
    if operation["operationId"] == "show_metrics":
        operation["security"] = [{"metrics": []}]
    if operation["operationId"] == "get_shared":
        operation["security"] = [{"guest_link": []}]
    operation["responses"] = dict(sorted(operation["responses"].items()))
    if not operation["parameters"]:
        del operation["parameters"]


def add_shared(made: dict[str, Any]) -> None:
    """The parts that operations point at."""
    components = made["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["headers"] = {
        name: {"description": words, "schema": {"type": "string"}, "example": example}
        for name, (words, example) in _HEADERS.items()
    }
    components["responses"] = dict(sorted(components["responses"].items()))
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "A token from signing in, or from the host."},
        "guest_link": {"type": "http", "scheme": "bearer", "description": "What stands after the # of a guest link."},
        "metrics": {"type": "http", "scheme": "bearer", "description": "The host's own token for metrics."},
    }


def _told_once(parameter: dict[str, Any]) -> dict[str, Any]:
    """An address cannot say null; and one description is enough."""
    schema = parameter["schema"]
    if "anyOf" in schema:
        schema |= schema.pop("anyOf")[0]
    schema.pop("description", None)
    if "examples" in schema:
        parameter["example"] = schema.pop("examples")[0]
    return parameter


def _tell_body(operation: Operation) -> None:
    """A PATCH may call itself a merge patch."""
    content = operation.get("requestBody", {}).get("content", {})
    if JSON not in content:
        return
    content[JSON]["example"] = contract_samples.SENT[content[JSON]["schema"]["$ref"].removeprefix(REF)]
    if operation["operationId"].startswith("change_"):
        content[MERGE_PATCH] = content[JSON]


def _tell_success(route: RouteContext, operation: Operation, takes: dict[str, Any], schemas: dict[str, Any]) -> None:
    status = str(route.status_code or 200)
    answer = operation["responses"][status]
    answer["description"] = f"{route.summary}."
    names = ["X-Request-Id"]
    if JSON in answer.get("content", {}):
        names += _tell_json(route, operation, answer["content"], takes, schemas)
    answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    if "ETag" in names and status == "200" and "GET" in (route.methods or ()):
        operation["parameters"].append(_IF_NONE_MATCH)
        operation["responses"]["304"] = {"description": "You have it already.", "headers": answer["headers"]}


def _tell_json(
    route: RouteContext, operation: Operation, content: dict[str, Any], takes: dict[str, Any], schemas: dict[str, Any]
) -> list[str]:
    """The example, and the names of the headers."""
    if "text/plain" in content or "*/*" in content:
        content.pop(JSON, None)
        return ["ETag", "Cache-Control", "Vary"] if "*/*" in content else []
    content[JSON]["example"] = contract_samples.sample(content[JSON]["schema"], schemas)
    names = ["ETag"] if str(route.path_format).startswith("/v1") and operation["operationId"] not in _UNTAGGED else []
    names += ["Cache-Control", "Vary"] if names and "GET" in (route.methods or ()) else []
    names += ["Location"] if route.status_code == 201 else []
    names += ["Link"] if "cursor" in takes else []
    names += ["Idempotency-Replayed"] if "Idempotency-Key" in takes else []
    if "fields" in takes:
        content[JSON]["schema"] = sparse(schemas, content[JSON]["schema"]["$ref"].removeprefix(REF))
    return names


_UNTAGGED = {"create_login_session", "get_shared", "preview_invitation"}


def _refusals(route: RouteContext, operation: Operation, takes: dict[str, Any]) -> dict[int, list[str]]:
    """Every problem type this route may answer with, by status: what follows from what it takes, and what it says."""
    slugs = ["server-error"]
    if route.path_format not in {"/healthz", "/v1", "/v1/templates", "/metrics"}:
        slugs += ["not-ready"]
    if needs_token(route):
        slugs += ["sign-in-needed", "token-expired"]
    if "{" in str(route.path_format) or "as_member" in takes or "subject_id" in takes:
        slugs += ["not-found"]
    if forms_of(route):
        slugs += ["not-acceptable"]
    if route.body_field is not None:
        slugs += ["malformed", "too-large", "unsupported-media-type", "invalid-content"]
    if any(one["in"] == "query" for one in takes.values()):
        slugs += ["invalid-content"]
    slugs += ["bad-cursor"] if "cursor" in takes else []
    slugs += ["changed-since-you-read-it", "if-match-required"] if "If-Match" in takes else []
    slugs += ["idempotency-key-reused", "request-in-progress"] if "Idempotency-Key" in takes else []
    for answer in operation["responses"].values():
        slugs += answer.pop("x-problems", [])
    found: dict[int, list[str]] = {}
    for slug in TYPES:
        if slug in slugs:
            found.setdefault(TYPES[slug].status, []).append(slug)
    return found


def _shared(made: dict[str, Any], status: int, slugs: list[str]) -> str:
    """The name of the response for these problem types, told once for all routes."""
    name = "Or".join("".join(part.title() for part in slug.split("-")) for slug in slugs)
    headers = ("X-Request-Id", *_ON_PROBLEM.get(status, ()))
    made["components"].setdefault("responses", {})[name] = {
        "description": " ".join(f"`{slug}`: {TYPES[slug].when}" for slug in slugs),
        "headers": {header: {"$ref": f"#/components/headers/{header}"} for header in headers},
        "content": {
            PROBLEM_JSON: {
                "schema": {"$ref": f"{REF}Problem"},
                "examples": {slug: {"summary": TYPES[slug].when, "value": _problem(status, slug)} for slug in slugs},
            }
        },
    }
    return name


def _problem(status: int, slug: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": f"/problems/{slug}", "title": TITLES[status], "status": status}
    shown |= {"detail": TYPES[slug].when, "request_id": "0198c5b2-7a10-7c3e"}
    if slug == "invalid-content":
        shown["errors"] = [{"pointer": "/title", "code": "missing", "message": "This is needed."}]
    if slug == "changed-since-you-read-it":
        shown |= {"current_etag": '"r8-1b2c3d4e"', "merge": {"base_revision": 7, "current_revision": 8}}
    return shown
