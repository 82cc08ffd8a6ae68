"""Forms that people send: what was typed, the draft it makes, and what to change, field by field."""

from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from planwiki.base.errors import FieldError, Invalid, PlanwikiError
from planwiki.base.language import _
from planwiki.base.shapes import Draft

from .field_errors import invalid_content
from .problems import HttpProblem

Typed = dict[str, str]
Drafted = TypeVar("Drafted", bound=Draft)
MOST_FIELDS = 2_000
_CHOICES = frozenset({"enum", "literal-error"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def typed_in(request: Request) -> Typed:
    """What was typed, by field. Line ends are made plain: browsers send them as CR LF, whatever was typed.

    Raises HttpProblem for what no form of ours sends: another media type, or bytes that are not UTF-8.
    """
    _check_is_form(request.headers.get("content-type", _FORMS[0]), await request.body())
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value.replace("\r\n", "\n") for name, value in form.items() if not isinstance(value, UploadFile)}


async def check_came_once(request: Request, *names: str) -> None:
    """A form that was cut off on its way is not one where somebody took all words away. Raises HttpProblem."""
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    if any(len(form.getlist(name)) != 1 for name in names):
        raise HttpProblem(400, "malformed", "Part of this did not reach us. Nothing was changed.")


def _check_is_form(media_type: str, body: bytes) -> None:
    """The library would read a wrong type as an empty form, and wrong bytes as other letters."""
    if not media_type.lower().startswith(_FORMS):
        raise HttpProblem(415, "unsupported-media-type", "Please send this as a form.")
    try:
        (unquote_to_bytes(body) if media_type.lower().startswith(_FORMS[0]) else body).decode()
    except UnicodeDecodeError:
        raise HttpProblem(400, "malformed", _("We could not read all the letters. Nothing was changed.")) from None


def drafted(shape: type[Drafted], typed: dict[str, Any]) -> Drafted:
    """The draft these words make. Raises Invalid with a sentence for each field that does not fit."""
    try:
        return shape.model_validate(typed)
    except ValidationError as error:
        raise invalid_content(error.errors()) from None


def errors_of(error: PlanwikiError, whole: str = "form") -> dict[str, str]:
    """What to change, by field: `/person/name` belongs to `person-name`. What names no field goes to `whole`."""
    errors = error.errors if isinstance(error, Invalid) else ()
    found = {one.pointer.strip("/").replace("/", "-"): _said(one) for one in errors}
    return found or {whole: _(str(error))}


def _said(one: FieldError) -> str:
    """Which choices there are stands on the page, in words; a program is told their names."""
    return _("Please choose one of these.") if one.code in _CHOICES else _(one.message)


def by_need(errors: dict[str, str], typed: Typed, needed: dict[str, str]) -> dict[str, str]:
    """Where nothing was typed, the page's own words say what is needed."""
    missing = {name for name in errors if not typed.get(name, "").strip()}
    return {name: _(needed.get(name, words)) if name in missing else words for name, words in errors.items()}


def number_in(text: str) -> int:
    """The number of a version that a form carries. What is no number is 0, which no version has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def moment(text: str) -> datetime | None:
    """An instant that an address or a form carries, or nothing when it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None
