"""One core for the server and another for the load, so that neither takes the other's time."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple


class Served(NamedTuple):
    """A server that listens."""

    address: str
    pid: int

    def memory(self) -> float:
        """The most memory it has held, in megabytes; 0 where the system does not say."""
        file = Path(f"/proc/{self.pid}/status")
        lines = file.read_text().splitlines() if file.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)

    def processor_time(self) -> float:
        """Milliseconds its threads have worked so far; 0 where the system does not say."""
        file = Path(f"/proc/{self.pid}/stat")
        fields = file.read_text().rpartition(")")[2].split() if file.exists() else []
        return sum(map(int, fields[11:13])) * 1000 / os.sysconf("SC_CLK_TCK") if fields else 0.0


@contextmanager
def on_server_core() -> Iterator[None]:
    """What is started in here runs on the server's core: a child inherits the cores its parent has at that moment."""
    before = _allowed()
    if before:
        os.sched_setaffinity(0, {server_core()})
    try:
        yield
    finally:
        if before:
            os.sched_setaffinity(0, before)


def spawn(command: Sequence[str], core: int, *, stdin: bytes = b"") -> subprocess.Popen[bytes]:
    """Starts a program on one core. A child inherits the cores its parent has at that moment."""
    before = _allowed()
    if before:
        os.sched_setaffinity(0, {core})
    try:
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    finally:
        if before:
            os.sched_setaffinity(0, before)
    assert program.stdin is not None  # noqa: S101 - we asked for the pipe two lines above.
    program.stdin.write(stdin)
    program.stdin.close()
    program.stdin = None
    return program


@contextmanager
def serving(command: Sequence[str], port: int, *, stdin: bytes = b"", patience: float = 60) -> Iterator[Served]:
    """Runs a server on the server's core and gives it once it listens. Stops it at the end."""
    program = spawn(command, server_core(), stdin=stdin)
    try:
        _wait_until_it_listens(program, port, patience)
        yield Served(f"http://127.0.0.1:{port}", program.pid)
    finally:
        program.terminate()
        program.communicate(timeout=10)


def server_core() -> int:
    return min(_allowed() or {0})


def load_core() -> int:
    return max(_allowed() or {0})


def pinned() -> bool:
    """Whether server and load really have a core each. Where not, the report says so."""
    return server_core() != load_core()


def free_port() -> int:
    """A port the system says is free, so that two benchmarks at once do not meet."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def python(module: str, *words: str) -> list[str]:
    return [sys.executable, "-m", module, *words]


def _allowed() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def _wait_until_it_listens(program: subprocess.Popen[bytes], port: int, patience: float) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if program.poll() is not None:
            raise RuntimeError(f"The server stopped before it listened on port {port}.")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"Nothing listens on port {port} after {patience} seconds.")
