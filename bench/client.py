"""The load where there is no wrk: plain sockets on asyncio. Slower than the servers it drives, and it says so.

Reads one request as JSON on standard input; prints what it found as one line of JSON.
"""

import asyncio
import base64
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Tally:
    times: list[float] = field(default_factory=list)
    errors: int = 0


async def drive(wish: dict[str, Any]) -> dict[str, float]:
    tally, begun = Tally(), time.perf_counter()
    until = begun + wish["seconds"]
    await asyncio.gather(*(_ask_again_and_again(wish, until, tally) for _ in range(wish["connections"])))
    times = sorted(tally.times) or [0.0]
    return {
        "requests": len(tally.times),
        "seconds": time.perf_counter() - begun,
        "p50": times[len(times) // 2] * 1e3,
        "p99": times[min(len(times) - 1, len(times) * 99 // 100)] * 1e3,
        "errors": tally.errors,
    }


async def _ask_again_and_again(wish: dict[str, Any], until: float, tally: Tally) -> None:
    """One connection, kept open while the server keeps it; a broken one counts as an error and is opened again."""
    words = _wire(wish)
    place = urlsplit(wish["url"])
    while time.perf_counter() < until:
        try:
            reader, writer = await asyncio.open_connection(place.hostname, place.port or 80)
            while time.perf_counter() < until:
                begun = time.perf_counter()
                writer.write(words)
                right = await _read_answer(reader, wish)
                tally.times.append(time.perf_counter() - begun)
                tally.errors += not right
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            tally.errors += 1


async def _read_answer(reader: asyncio.StreamReader, wish: dict[str, Any]) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:") and status not in {204, 304} and wish["method"] != "HEAD":
            length = int(line.partition(b":")[2])
    await reader.readexactly(length)
    return (status, length) == (int(wish["status"]), int(wish["length"]))


def _wire(wish: dict[str, Any]) -> bytes:
    place = urlsplit(wish["url"])
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    body = base64.b64decode(wish["body"])
    headers = {"Host": place.netloc} | wish["headers"] | ({"Content-Length": str(len(body))} if body else {})
    lines = [f"{wish['method']} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


if __name__ == "__main__":
    print(json.dumps(asyncio.run(drive(json.load(sys.stdin)))))
