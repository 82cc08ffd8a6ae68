"""What people and programs ask of planwiki, each beside the ceiling, on one database of so many plans.

The database is seeded, and `planwiki serve` answers from it as one process on one core.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from bench.browser import cookie_of
from bench.cores import Served, free_port, serving
from bench.databases import Place
from bench.load import Request
from bench.measure import EFFORT, Effort, Measurement, measure_request
from bench.saving import Saved, saving

EMAIL = "bench@example.org"
PLANWIKI = [str(Path(sys.executable).with_name("planwiki"))]


class Asked(NamedTuple):
    """One operation: its name, its path, whether the caller has the answer already, and how many ask at once."""

    name: str
    path: str
    known: bool = False
    connections: int = EFFORT.connections


@dataclass(frozen=True)
class Findings:
    """What one database of so many plans gave. `memory` is the most the worker held, in megabytes."""

    name: str
    measured: list[Measurement] = field(default_factory=list)
    saved: Saved | None = None
    memory: float = 0.0


def measured(place: Place, plans: int, effort: Effort = EFFORT, only: str = "") -> Findings:
    """Every operation whose name holds `only`, on an empty database that gets so many plans."""
    name = f"{place.name}, {plans:,} plans"
    with _served(place, plans) as (served, headers):
        asked = _operations(served.address, headers)
        found = [_measure(f"{one.name}, {name}", served, one, headers, effort) for one in asked if only in one.name]
        section = next(one.path for one in asked if one.name == "one section").replace("section-1", "section-11")
        saves = None if only else saving(name, served.address + section, headers, place.insert)
        return Findings(name, found, saves, served.memory())


def _operations(address: str, headers: Mapping[str, str]) -> list[Asked]:
    """The bench account is in 20 plans and may read 14 of 20 sections in each."""
    _, listed = _get(f"{address}/v1/plans", headers)
    plan: dict[str, Any] = json.loads(listed)["items"][0]
    home = f"/v1/plans/{plan['id']}"
    section = f"{home}/sections/{plan['section_keys'][0]}"
    return [
        Asked("the frame alone: health", "/healthz"),
        Asked("304 for a plan", home, known=True),
        Asked("304 for a section", section, known=True),
        Asked("one section", section),
        Asked("whole plan as a document", f"{home}/document"),
        Asked("whole plan as a page", f"/plans/{plan['id']}"),
        Asked("my plans (20)", "/v1/plans"),
        Asked("search in one plan, one client", f"/v1/search?q=the&plan_id={plan['id']}", connections=1),
        Asked("search in 20 plans, one client", "/v1/search?q=m", connections=1),
    ]


def _measure(name: str, served: Served, one: Asked, headers: Mapping[str, str], effort: Effort) -> Measurement:
    url, effort = served.address + one.path, replace(effort, connections=one.connections)
    tag, body = _get(url, headers)
    print(f"  {name}", file=sys.stderr)
    if one.known:
        request = Request(url=url, length=0, status=304, headers={**headers, "If-None-Match": tag})
        return measure_request(name, request, b"", effort, served.processor_time)
    return measure_request(
        name, Request(url=url, length=len(body), headers=headers), body, effort, served.processor_time
    )


def _get(url: str, headers: Mapping[str, str]) -> tuple[str, bytes]:
    wish = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - the address of our own server
    with urllib.request.urlopen(wish, timeout=60) as answer:  # noqa: S310 - the same
        return answer.headers.get("ETag", ""), answer.read()


@contextmanager
def _served(place: Place, plans: int) -> Iterator[tuple[Served, Mapping[str, str]]]:
    """A program's token opens the API alone, and a browser's cookie the pages alone: both are sent with everything."""
    os.environ["PLANWIKI_DATABASE_URL"] = place.url
    _planwiki("bench", "seed", "--plans", str(plans))
    headers = {"Authorization": f"Bearer {_planwiki('token', 'issue', EMAIL)}", "Cookie": cookie_of(place.url, EMAIL)}
    port = free_port()
    with serving([*PLANWIKI, "serve", "--port", str(port)], port) as served:
        yield served, headers


def _planwiki(*words: str) -> str:
    done = subprocess.run([*PLANWIKI, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()
