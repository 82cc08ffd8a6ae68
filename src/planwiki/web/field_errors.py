"""What does not fit, field by field, in plain words. What was sent is never repeated, but for the names of fields."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from planwiki.base.errors import FieldError, Invalid
from planwiki.base.language import _

MOST_ERRORS, LONGEST_NAME = 50, 100
_SENTENCE = _("Some of this does not fit. Nothing was changed.")
_WORDS = {
    "missing": _("This is needed."),
    "extra_forbidden": _("This field is not one we know."),
    "string_type": _("This has to be text."),
    "int_type": _("This has to be a whole number."),
    "int_parsing": _("This has to be a whole number."),
    "int_from_float": _("This has to be a whole number."),
    "int_parsing_size": _("This number is too large."),
    "bool_type": _("This has to be true or false."),
    "bool_parsing": _("This has to be true or false."),
    "list_type": _("This has to be a list."),
    "dict_type": _("This has to be an object with named fields."),
    "model_type": _("This has to be an object with named fields."),
    "model_attributes_type": _("This has to be an object with named fields."),
    "string_too_long": _("This is too long."),
    "string_too_short": _("This is too short."),
    "too_long": _("There are too many of these."),
    "greater_than_equal": _("This number is too small."),
    "less_than_equal": _("This number is too large."),
}
_FAMILIES = {
    "uuid": _("This is not an id."),
    "date_": _("Write a day like 2026-06-03."),
    "datetime": _("Write a moment like 2026-06-03T12:00:00Z."),
    "timezone": _("Write a moment like 2026-06-03T12:00:00Z."),
}


def invalid_content(found: Iterable[Mapping[str, Any]], *, skip: int = 0) -> Invalid:
    """One error of ours from the library's. The first `skip` steps of each place are not part of what was sent."""
    fields = [
        FieldError(pointer_of(one["loc"][skip:]), str(one["type"]).replace("_", "-"), _said(one)) for one in found
    ]
    return Invalid(_SENTENCE, *fields[:MOST_ERRORS])


def pointer_of(place: Sequence[Any]) -> str:
    """A JSON Pointer (RFC 6901). A name too long to be one of ours is left out, with all below it.

    Where a name itself does not fit, the library says so by one step more.
    """
    pointer = ""
    for part in place:
        if len(str(part)) > LONGEST_NAME or part == "[key]":
            break
        pointer += f"/{str(part).replace('~', '~0').replace('/', '~1')}"
    return pointer


def _said(one: Mapping[str, Any]) -> str:
    kind = str(one["type"])
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in {"enum", "literal_error"}:
        return f"Use one of these: {one['ctx']['expected']}."
    if "-" in kind:
        return str(one["msg"])  # Only our own codes have hyphens.
    return next(
        (words for begin, words in _FAMILIES.items() if kind.startswith(begin)), "This is not in the form we need."
    )
