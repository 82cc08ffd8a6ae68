"""The only place that knows what time it is, so that a test can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StoppedClock(Clock):
    """A clock that moves only when it is told to."""

    def __init__(self, at: datetime) -> None:
        self._at = _in_utc(at)

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = _in_utc(at)

    def move(self, by: timedelta) -> None:
        self._at += by


# The last clock is the one in use. One list for the whole process: a test's clock is seen by every thread.
_clocks: list[Clock] = [Clock()]


def now() -> datetime:
    """This moment, in UTC."""
    return _clocks[-1].now()


@contextmanager
def frozen(at: datetime) -> Iterator[StoppedClock]:
    """For tests: time stands still at `at`, in every thread, until the block ends."""
    clock = StoppedClock(at)
    _clocks.append(clock)
    try:
        yield clock
    finally:
        _clocks.remove(clock)


def _in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return at.astimezone(UTC)
