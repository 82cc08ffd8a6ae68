"""`make bench`: measures each operation in turn and prints the tables. Ends non-zero when an answer was wrong.

python -m bench                     SQLite of 100 and of 2,000 plans, PostgreSQL of 100: under ten minutes
python -m bench --plans 20000       one size, SQLite; with --postgresql, PostgreSQL
python -m bench --plans 100 --only 304
"""

import argparse
import os
import sys
from collections.abc import Iterator

from bench.ceiling import ceiling
from bench.databases import postgresql, sqlite
from bench.measure import Measurement, measure
from bench.operations import Findings, measured
from bench.report import errors, memories, saves, table

USUAL = ((sqlite, 100), (sqlite, 2_000), (postgresql, 100))  # A page must cost the same in all sizes.


def main() -> int:
    wish = _wish()
    load, found = os.getloadavg()[0], list(_findings(wish))
    measurements = [_beside_itself(), *(one for each in found for one in each.measured)]
    print(f"Load of the machine before: {load:.1f}, after: {os.getloadavg()[0]:.1f}.", end=" ")
    print(table(measurements), saves([one.saved for one in found if one.saved]), memories(found), sep="\n")
    return int(any(map(errors, measurements)))


def _findings(wish: argparse.Namespace) -> Iterator[Findings]:
    chosen = USUAL if wish.plans is None else ((postgresql if wish.postgresql else sqlite, wish.plans),)
    for open_place, plans in chosen:
        print(f"{open_place.__name__}, {plans:,} plans", file=sys.stderr)
        with open_place() as place:
            yield measured(place, plans, only=wish.only)


def _beside_itself() -> Measurement:
    """The ceiling beside itself: the ratio should be near 1, and its spread says how steady the machine was."""
    body = b"x" * 30_000
    with ceiling(body) as address:
        return measure("the ceiling beside itself, 30 kB", address, {}, body)


def _wish() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python -m bench", description="Measure speed beside the raw ceiling.")
    words.add_argument("--plans", type=int, help="One size in place of the usual ones.")
    words.add_argument("--postgresql", action="store_true", help="With --plans: PostgreSQL in place of SQLite.")
    words.add_argument("--only", default="", help="Only operations whose name holds this.")
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
