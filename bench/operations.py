"""What programs ask of planwiki, each beside the ceiling: at few plans and at many, where the cost should be the same.

A database is seeded for each size, and `planwiki serve` answers from it as one process on one core.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.cores import free_port, serving
from bench.load import Request
from bench.measure import EFFORT, Effort, Measurement, measure_request

EMAIL = "bench@example.org"
PLANWIKI = str(Path(sys.executable).with_name("planwiki"))


class Asked(NamedTuple):
    """One operation: its name, its path, and whether the caller has the answer already."""

    name: str
    path: str
    known: bool = False


def measured(plans: int, effort: Effort = EFFORT) -> Iterator[Measurement]:
    """Every operation on a database of so many plans."""
    with _served(plans) as (address, headers):
        for one in _operations(address, headers):
            yield _measure(f"{one.name}, {plans:,} plans", address + one.path, headers, one.known, effort)


def _operations(address: str, headers: Mapping[str, str]) -> list[Asked]:
    """The bench account is in 20 plans and may read 14 of 20 sections in each."""
    _, listed = _get(f"{address}/v1/plans", headers)
    plan: dict[str, Any] = json.loads(listed)["items"][0]
    home = f"/v1/plans/{plan['id']}"
    section = f"{home}/sections/{plan['section_keys'][0]}"
    return [
        Asked("304 for a plan", home, known=True),
        Asked("304 for a section", section, known=True),
        Asked("one section", section),
        Asked("whole plan as a document", f"{home}/document"),
        Asked("my plans (20)", "/v1/plans"),
        Asked("search in one plan", f"/v1/search?q=the&plan_id={plan['id']}"),
    ]


def _measure(name: str, url: str, headers: Mapping[str, str], known: bool, effort: Effort) -> Measurement:
    tag, body = _get(url, headers)
    if known:
        request = Request(url=url, length=0, status=304, headers={**headers, "If-None-Match": tag})
        return measure_request(name, request, b"", effort)
    return measure_request(name, Request(url=url, length=len(body), headers=headers), body, effort)


def _get(url: str, headers: Mapping[str, str]) -> tuple[str, bytes]:
    wish = urllib.request.Request(url, headers=dict(headers))  # noqa: S310 - the address of our own server
    with urllib.request.urlopen(wish, timeout=30) as answer:  # noqa: S310 - the same
        return answer.headers.get("ETag", ""), answer.read()


@contextmanager
def _served(plans: int) -> Iterator[tuple[str, Mapping[str, str]]]:
    with tempfile.TemporaryDirectory(prefix="planwiki-bench-") as folder:
        os.environ["PLANWIKI_DATA_DIR"] = str(Path(folder))
        _planwiki("bench", "seed", "--plans", str(plans))
        token = _planwiki("token", "issue", EMAIL)
        port = free_port()
        with serving([PLANWIKI, "serve", "--port", str(port)], port) as address:
            yield address.rstrip("/"), {"Authorization": f"Bearer {token}"}


def _planwiki(*words: str) -> str:
    done = subprocess.run([PLANWIKI, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()
