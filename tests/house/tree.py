"""Reads the source once for every house test: what each file imports, names and says, and which floor it stands on."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "planwiki"

# The folder says what it is about; a few folders are one floor as a whole.
ROOMS = {"base": 0, "authz": 2, "web": 4, "exports": 4}
TOP = {
    "settings": 0,
    "tables": 1,
    "demo": 5,
    "seed": 5,
    "seed_words": 5,
    "doctor": 5,
    "app": 5,
    "cli": 5,
    "worker": 5,
}
TOP |= {"audit_cli": 5, "host_cli": 5, "plainly": 5}
# In all other rooms the file (or the folder within) says how deep it sits. A new name needs its floor here.
FILES = {
    "models": 1,
    "schemas": 1,
    "rules": 3,
    "queries": 3,
    "commands": 3,
    "views": 3,
    "templating": 3,
    "kinds": 3,
    "passwords": 3,
    "openid": 3,
    "cleaning": 3,
    "storage": 3,
    "ledger": 3,
    "stops": 3,
    "workshop": 3,
    "throttle": 3,
    "pages": 4,
    "api": 4,
    "channels": 4,
}


@dataclass(frozen=True)
class Source:
    """One Python file, or an example of one."""

    module: str
    text: str

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text)))

    @cached_property
    def is_package(self) -> bool:
        return (SRC.parent / Path(*self.module.split("."))).is_dir()

    @cached_property
    def imports(self) -> list[str]:
        """Full dotted names: `from . import rules` in planwiki.plans.commands is planwiki.plans.rules."""
        return [name for node in self.nodes for name in _imported(node, self)]


def _imported(node: ast.AST, source: Source) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        here = source.module.split(".")
        up = node.level - source.is_package
        base = here[: len(here) - up] if node.level else []
        stem = [*base, *((node.module or "").split(".") if node.module else [])]
        yield from (".".join([*stem, alias.name]) for alias in node.names)


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the package."""
    return tuple(Source(_module(path), path.read_text("utf-8")) for path in sorted(SRC.rglob("*.py")))


def _module(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor(name: str) -> int | None:
    """planwiki.plans.models.Plan -> 1; a room itself, which holds only a docstring -> 0; an unknown name -> None."""
    room, file, *_ = [*name.split(".")[1:], "", ""]
    if room in ROOMS or room in TOP:
        return (ROOMS | TOP)[room]
    if not file:
        return 0
    return FILES.get(file, FILES.get(file.rpartition("_")[2]))


def dotted(node: ast.AST) -> str:
    """`datetime.datetime.now` as written; empty for what is not just names and dots. A call keeps its last name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def functions(found: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in found.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file in git that is still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607 - the developer's own git
    return tuple(path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file())


def at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def listed(offences: Iterable[str]) -> str:
    """Offences as they are shown: one a line."""
    return "\n".join(["", *offences])
