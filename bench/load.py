"""Drives one kind of request at a server for a while and says how it went: requests a second, p50, p99, wrong answers.

wrk does it where the machine has it. Else a Python client does, and the report says that the client is the limit.
"""

import base64
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.cores import load_core, python, spawn
from bench.wrk import script_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, and the answer it must get every time. An answer of another status or length is an error."""

    url: str
    length: int
    status: int = 200
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Run:
    """What one stretch of load found. Times are in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int
    tool: str

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def drive(request: Request, *, seconds: float = 3, connections: int = 16) -> Run:
    """Keeps `connections` requests under way for `seconds`, from the load's own core."""
    program = shutil.which("wrk")
    if program:
        return _with_wrk(program, request, seconds, connections)
    return _with_python(request, seconds, connections)


def _with_wrk(program: str, request: Request, seconds: float, connections: int) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "request.lua")
        script.write_text(script_for(request.method, request.headers, request.body, request.status, request.length))
        duration = f"{max(1, round(seconds))}s"
        return _run("wrk", [program, "-t1", f"-c{connections}", f"-d{duration}", "-s", str(script), request.url])


def _with_python(request: Request, seconds: float, connections: int) -> Run:
    wish = asdict(request) | {"body": base64.b64encode(request.body).decode(), "headers": dict(request.headers)}
    wish |= {"seconds": seconds, "connections": connections}
    return _run("a Python client, which is the limit", python("bench.client"), json.dumps(wish).encode())


def _run(tool: str, command: list[str], stdin: bytes = b"") -> Run:
    """The last line either program prints is its finding as JSON."""
    program = spawn(command, load_core(), stdin=stdin)
    said, _ = program.communicate(timeout=120)
    if program.returncode:
        raise RuntimeError(f"{command[0]} failed: {said.decode(errors='replace')}")
    return Run(**json.loads(said.splitlines()[-1]), tool=tool)
