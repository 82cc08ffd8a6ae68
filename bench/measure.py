"""Measures one operation beside the ceiling: runs of the two take turns, so that a noisy minute hurts both alike."""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bench.ceiling import ceiling
from bench.load import Request, Run, drive

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How often, how long (seconds) and over how many connections each operation is asked for."""

    runs: int = 5
    seconds: float = 1
    connections: int = 16


EFFORT = Effort()


@dataclass(frozen=True, slots=True)
class Measurement:
    """One operation: its runs and, one for one, the ceiling's; and the processor time of an answer, in milliseconds."""

    name: str
    runs: tuple[Run, ...]
    ceilings: tuple[Run, ...]
    processor: tuple[float, ...] = ()


def measure(name: str, url: str, headers: Mapping[str, str], ceiling_bytes: bytes) -> Measurement:
    """`ceiling_bytes` is the body that a GET answers with: the ceiling serves it too, and its length is checked in
    every answer of both. Raises ValueError before any load when the first answer is not as promised."""
    return measure_request(name, Request(url=url, length=len(ceiling_bytes), headers=headers), ceiling_bytes)


def measure_request(
    name: str, ours: Request, ceiling_bytes: bytes, effort: Effort = EFFORT, worked: Clock = lambda: 0.0
) -> Measurement:
    """The same for any method, status or body. `worked`: how long our server has worked, in milliseconds."""
    check(ours)
    with ceiling(ceiling_bytes, ours.status) as address:
        bare = replace(ours, url=address)
        for request in (ours, bare):
            drive(request, seconds=1, connections=effort.connections)
        pairs, spent = [], []
        for turn in range(effort.runs):
            begun = worked()
            pairs.append(_pair(ours, bare, turn, effort))
            spent.append((worked() - begun) / pairs[-1][0].requests)
    runs, ceilings = zip(*pairs, strict=True)
    return Measurement(name, runs, ceilings, tuple(spent))


def check(request: Request) -> None:
    """Asks once and compares, so that a benchmark never times an error page."""
    status, length = _ask(request)
    if (status, length) != (request.status, request.length):
        wanted = f"{request.status} with {request.length} bytes"
        raise ValueError(f"{request.method} {request.url} answered {status} with {length} bytes, not {wanted}.")


def _pair(ours: Request, bare: Request, turn: int, effort: Effort) -> tuple[Run, Run]:
    """Who goes first changes each turn."""
    order = (ours, bare) if turn % 2 == 0 else (bare, ours)
    found = [drive(request, seconds=effort.seconds, connections=effort.connections) for request in order]
    return (found[0], found[1]) if turn % 2 == 0 else (found[1], found[0])


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A redirect is the answer, not something to follow."""


def _ask(request: Request) -> tuple[int, int]:
    wish = urllib.request.Request(  # noqa: S310 - addresses are our own servers'.
        request.url, request.body or None, dict(request.headers), method=request.method
    )
    try:
        with urllib.request.build_opener(_StayHere).open(wish, timeout=30) as answer:
            return answer.status, len(answer.read())
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, len(answer.read())
