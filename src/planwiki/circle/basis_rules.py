"""From the form about why a steward decides to what changes of it, and back. A field is `basis-<name>`."""

from typing import Any

from .schemas import Basis

PREFIX = "basis-"
Typed = dict[str, str]


def as_typed(basis: Basis | None) -> Typed:
    """The form as it stands before anybody touched it. What it covers stands line by line."""
    if basis is None:
        return {f"{PREFIX}{name}": "" for name in Basis.model_fields}
    said = basis.model_dump(mode="json") | {"scope": "\n".join(basis.scope)}
    return {f"{PREFIX}{name}": value or "" for name, value in said.items()}


def as_change(before: Typed, after: Typed) -> dict[str, Any]:
    """What to say about the ground in a patch: nothing, what differs, or that there is none any more."""
    names = [name for name in before if name.startswith(PREFIX) and after.get(name, before[name]) != before[name]]
    if not names:
        return {}
    if f"{PREFIX}kind" in names and not after[f"{PREFIX}kind"]:
        return {"basis": None}
    return {"basis": {name.removeprefix(PREFIX): _said(name, after[name]) for name in names}}


def _said(name: str, typed: str) -> Any:
    if name == f"{PREFIX}scope":
        return [line.strip() for line in typed.splitlines() if line.strip()]
    return typed.strip() or None
