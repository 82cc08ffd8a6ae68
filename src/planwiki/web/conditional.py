"""Answers with an ETag, and requests that hang on one (RFC 9110, section 13).

A tag is a hash of what this caller sees, so it says nothing of what they do not. It begins with the version's number
(`"r7-…"`), so that a refusal can say which version was read and which is there now.
"""

import hashlib
import re
from typing import Annotated, Any, TypeVar

from fastapi import Header, Query, Request, Response

from planwiki.base.errors import FieldError, Invalid, Stale
from planwiki.base.shapes import View

from .json_bodies import JSON
from .problems import HttpProblem

ANSWERED_WITH = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie, Accept"}
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="The ETag you read; `*` means whatever is there.", examples=['"r7-Qm9va3M"']),
]
Fields = Annotated[
    str | None,
    Query(
        description="Top-level fields to send, with commas between. The ETag stays that of the whole.",
        max_length=1000,
        examples=["title"],
    ),
]
Shown = TypeVar("Shown", bound=View)
_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_NUMBERED = re.compile(r"r([0-9]{1,9})-")
_FORM = re.compile(r"\.[a-z]+$")


def got(request: Request, view: View, fields: str | None = None) -> Response:
    """The view as JSON, or 304 where the caller has it already."""
    body = bytes_of(view)
    tag = tag_of(view, body)
    return sent(request, bytes_of(view, wanted(type(view), fields)) if fields else body, tag)


def got_except(request: Request, view: View, moving: str) -> Response:
    """The view as JSON; its last field, which differs at every look, is not part of the ETag."""
    still = view.model_dump_json(by_alias=True, exclude={moving})
    last = view.model_dump_json(by_alias=True, include={moving})
    return sent(request, f"{still[:-1]},{last[1:]}", f'"{hash_of(still.encode())}"')


def sent(request: Request, body: bytes | str, tag: str, form: str = JSON) -> Response:
    headers = {"ETag": tag, **ANSWERED_WITH}
    if holds(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=form)


def saved(view: View, location: str | None = None) -> Response:
    """What stands after a change, with its new ETag; 201 where it is new, at `location`."""
    body = bytes_of(view)
    headers = {"ETag": tag_of(view, body)} | ({"Location": location} if location else {})
    return Response(body, 201 if location else 200, headers, media_type=JSON)


def check(if_match: str | None, view: View) -> None:
    """Go on only when the caller read what is there now. For the transaction that changes it, with the row held."""
    if if_match is None:
        raise HttpProblem(428, "if-match-required", "Please send If-Match with the ETag you read.")
    current = tag_of(view, bytes_of(view))
    read = [tag for weak, tag in _TAG.findall(if_match) if not weak]
    if if_match.strip() == "*" or current.strip('"') in (_FORM.sub("", tag) for tag in read):
        return
    numbered = next(filter(None, map(_NUMBERED.match, read)), None)
    stale = Stale(int(numbered[1]) if numbered else None, getattr(view, "revision", None))
    stale.current_etag = current
    raise stale


def bytes_of(view: View, only: set[str] | None = None) -> bytes:
    return view.model_dump_json(by_alias=True, include=only).encode()


def tag_of(view: View, body: bytes) -> str:
    number = getattr(view, "revision", None)
    return f'"{f"r{number}-" if number else ""}{hash_of(body)}"'


def in_form(tag: str, name: str) -> str:
    """The tag of the same thing in another form, such as Markdown."""
    return f'{tag[:-1]}.{name}"'


def hash_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def wanted(shape: type[View], fields: str | None) -> set[str] | None:
    """The fields asked for. Raises Invalid for a name that a full answer does not hold."""
    if not fields:
        return None
    names = {name.strip() for name in fields.split(",")}
    if not names <= {name for name, field in shape.model_fields.items() if not field.exclude}:
        message = "One of these is not a field we send."
        raise Invalid(message, FieldError("/fields", "unknown-field", message))
    return names


def holds(request: Request, tag: str) -> bool:
    """Weak comparison: a cache may have marked our tag as weak."""
    asked: Any = request.headers.get("if-none-match")
    return asked is not None and (asked.strip() == "*" or tag[1:-1] in (held for _, held in _TAG.findall(asked)))
