"""What a durable save costs one client, beside a bare program that keeps the same bytes and does nothing else."""

import json
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.databases import Insert

ROUNDS, SAVES = 5, 40
VOICE = {"whose": "family", "how": "own_words"}


class Saved(NamedTuple):
    """Medians of each round, in milliseconds: planwiki's, and the bare program's just after."""

    name: str
    ours: list[float]
    bare: list[float]


def saving(name: str, url: str, headers: Mapping[str, str], insert: Insert) -> Saved:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port)
    text, turn = "Some words that somebody wrote. " * 32, iter(range(10**9))

    def save() -> None:
        body = json.dumps({"body_markdown": f"{text}{next(turn)}", "voice": VOICE})
        more = {"Content-Type": "application/json", "If-Match": "*"}
        connection.request("PATCH", place.path, body, {**headers, **more})
        answer = connection.getresponse()
        if len(answer.read()) < len(text) or answer.status != 200:
            raise ValueError(f"Saving was answered {answer.status}.")

    _times(save, 5)
    rounds = [(_times(save, SAVES), _times(lambda: insert(text.encode()), SAVES)) for _ in range(ROUNDS)]
    connection.close()
    return Saved(name, [ours for ours, _ in rounds], [bare for _, bare in rounds])


def _times(work: Callable[[], object], many: int) -> float:
    times = []
    for _ in range(many):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e3)
    return median(times)
