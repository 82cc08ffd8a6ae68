"""The shapes of the contract under the names that programs know: PlanView is Plan, PlanDraft is PlanCreate."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
REF = "#/components/schemas/"
_NAMES = {
    "LoginView": "LoginSession",
    "SignInDraft": "SessionCreate",
    "GrantsDraft": "GrantsReplace",
    "GrantDraft": "GrantReplace",
    "SectionGrantsDraft": "SectionGrantsReplace",
    "MemberGrantDraft": "MemberGrantReplace",
    "SubjectView": "AccessSubject",
    "Page_SearchHit_": "SearchPage",
    "Page_AccessLogEntryView_": "AccessLogPage",
}
_PAGE = re.compile(r"Page_(.+)_")


def public_name(name: str) -> str:
    name = re.sub(r"-(Input|Output)$", "", name)
    if name in _NAMES:
        return _NAMES[name]
    if page := _PAGE.fullmatch(name):
        return f"{public_name(page[1])}Page"
    if name.endswith("Draft"):
        return f"{name.removesuffix('Draft')}Create"
    return name.removesuffix("View")


def with_public_names(made: dict[str, Any]) -> dict[str, Any]:
    """The same contract with our names. What goes in and out in the same shape is told once, as it goes in."""
    schemas: dict[str, Schema] = made["components"]["schemas"]
    kept = {
        name for name in schemas if not name.endswith("-Output") or name.replace("-Output", "-Input") not in schemas
    }
    named = {public_name(name): _tidy(name, schemas[name]) for name in sorted(kept, key=public_name)}
    if len(named) != len(kept):
        raise RuntimeError("Two shapes of the contract would have one name.")
    made["components"]["schemas"] = named
    made["paths"] = _without(made["paths"], "title")
    text = re.sub(rf'"{REF}([^"]+)"', lambda found: f'"{REF}{public_name(found[1])}"', json.dumps(made))
    return dict(json.loads(text))


def sparse(schemas: dict[str, Schema], name: str) -> Schema:
    """A schema for `name` or for some fields of it (`fields=`), which are added to `schemas`."""
    only = f"{name.removesuffix('Page')}Fields"
    whole = copy.deepcopy(schemas[name.removesuffix("Page")])
    whole.pop("required", None)
    schemas.setdefault(only, {**whole, "description": "Only the fields that were asked for.", "minProperties": 1})
    if name.endswith("Page"):
        page = copy.deepcopy(schemas[name])
        page["properties"]["items"]["items"] = {"$ref": f"{REF}{only}"}
        schemas.setdefault(only := f"{only}Page", page)
    return {"anyOf": [{"$ref": f"{REF}{name}"}, {"$ref": f"{REF}{only}"}]}


def without_unused(made: dict[str, Any]) -> dict[str, Any]:
    """Leaves out shapes that nothing points at, and puts the others in order."""
    schemas = made["components"]["schemas"]
    while unused := set(schemas) - set(_pointed_at(made)):
        for name in unused:
            del schemas[name]
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    return made


def _pointed_at(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix(REF)
        for one in part.values():
            yield from _pointed_at(one)
    elif isinstance(part, list):
        for one in part:
            yield from _pointed_at(one)


def _tidy(name: str, schema: Schema) -> Schema:
    """Without made-up titles; without defaults where a field left out stays; answers may grow new fields."""
    schema = _without(schema, "title")
    if name.endswith("Patch"):
        schema = _without(schema, "default")
    if not name.endswith(("Draft", "Patch", "-Input", "Request", "Token")):
        schema = {word: said for word, said in schema.items() if (word, said) != ("additionalProperties", False)}
    return schema


def _without(part: Any, word: str) -> Any:
    """Drops the keyword `word` everywhere; a property that is called so stays. Whole numbers are written as such."""
    if isinstance(part, list):
        return [_without(one, word) for one in part]
    if not isinstance(part, dict):
        return int(part) if isinstance(part, float) and part.is_integer() else part
    kept = {name: _without(one, word) for name, one in part.items() if name != word}
    if "properties" in part:
        kept["properties"] = {name: _without(one, word) for name, one in part["properties"].items()}
    return kept
