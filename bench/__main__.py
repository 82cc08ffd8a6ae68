"""`make bench`: measures each operation in turn and prints the table. Ends non-zero when an answer was wrong."""

import sys
from collections.abc import Iterator

from bench.ceiling import ceiling
from bench.measure import Measurement, measure
from bench.operations import measured
from bench.report import errors, table

SIZES = (100, 1_000)  # A page must cost the same in both.


def operations() -> Iterator[Measurement]:
    """What is measured. The first line compares the ceiling with itself: its ratio should be near 1."""
    body = b"x" * 30_000
    with ceiling(body) as address:
        yield measure("the ceiling beside itself, 30 kB", address, {}, body)
    for plans in SIZES:
        yield from measured(plans)


def main() -> int:
    found = []
    for one in operations():
        print(f"{one.name} ... done", file=sys.stderr)
        found.append(one)
    print(table(found))
    return int(any(map(errors, found)))


if __name__ == "__main__":
    sys.exit(main())
