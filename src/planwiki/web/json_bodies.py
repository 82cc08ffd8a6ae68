"""JSON as it comes in: read once and strictly, before any verb sees it.

415 for another media type, 400 for what is not JSON, 422 for JSON that does not fit. "5" is not a number here and 1 is
not true, and a field stands once: what a program means must not hang on how we read it. A PATCH may call itself a merge
patch (RFC 7396).
"""

import json
from collections.abc import Iterator
from email.message import Message
from typing import Any, NoReturn

from fastapi import Request
from pydantic import BaseModel, ValidationError

from planwiki.base.errors import FieldError, Invalid

from .field_errors import invalid_content, pointer_of
from .problems import HttpProblem

JSON, MERGE_PATCH = "application/json", "application/merge-patch+json"


class JsonRequest(Request):
    """A request whose body was read already."""

    value: Any = None

    async def json(self) -> Any:
        return self.value


async def strictly(request: Request, shape: type[BaseModel]) -> JsonRequest:
    """The same request with its body read. Raises a problem for what does not fit `shape`."""
    read = JsonRequest(request.scope, request.receive)
    body = await read.body()
    _check_media_type(request, MERGE_PATCH if request.method == "PATCH" else JSON)
    read.value = _parsed(body)
    _check_text(read.value)
    try:
        shape.model_validate_json(body, strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        if any(one["type"] == "json_invalid" for one in found):
            raise _malformed() from None
        raise invalid_content(found) from None
    return read


def _check_media_type(request: Request, also: str) -> None:
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    charset = str(said.get_param("charset", "utf-8")).lower()
    if said.get_content_type() not in {JSON, also} or charset not in {"utf-8", "utf8"}:
        names = f"{also}, {JSON}" if also != JSON else JSON
        header = (
            "Accept-Patch" if request.method == "PATCH" else "Accept-Post" if request.method == "POST" else "Accept"
        )
        raise HttpProblem(
            415, "unsupported-media-type", "Please send JSON, in UTF-8, and say so.", headers={header: names}
        )


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_not_a_number, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise _malformed() from None


def _not_a_number(_: str) -> NoReturn:
    raise ValueError


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two fields with one name, some programs read the first and some the last: neither is what was meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _malformed() -> HttpProblem:
    return HttpProblem(400, "malformed", "That is not JSON we can read.")


def _check_text(value: Any) -> None:
    """No text anywhere, not even a field's name, may hold what a database cannot keep."""
    for place, text in _texts(value):
        if "\0" in text or not _is_whole(text):
            message = "The text holds a hidden sign that we cannot keep."
            raise Invalid(message, FieldError(pointer_of(place), "bad-characters", message))


def _texts(value: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text and where it stands; for the name of a field, the object it stands in."""
    waiting: list[tuple[tuple[Any, ...], Any]] = [((), value)]  # No recursion: JSON may nest deeper than calls can.
    while waiting:
        place, one = waiting.pop()
        if isinstance(one, str):
            yield place, one
        elif isinstance(one, dict):
            yield from ((place, name) for name in one)
            waiting += (((*place, name), part) for name, part in one.items())
        elif isinstance(one, list):
            waiting += (((*place, number), part) for number, part in enumerate(one))


def _is_whole(text: str) -> bool:
    """Half of a surrogate pair cannot become bytes."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
