from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from planwiki.base import clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_now_is_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_frozen_clock_stands_still_and_moves_when_told() -> None:
    with clock.frozen(NOON) as still:
        assert clock.now() == NOON == clock.now()
        still.move(timedelta(hours=1))
        assert clock.now() == NOON + timedelta(hours=1)
        still.set(NOON.astimezone(timezone(timedelta(hours=2))))
        assert clock.now() == NOON
        assert clock.now().utcoffset() == timedelta(0)
    assert clock.now() != NOON


def test_another_thread_sees_the_frozen_clock() -> None:
    seen: list[datetime] = []
    with clock.frozen(NOON):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [NOON]


def test_a_clock_frozen_inside_another_gives_way_when_it_ends() -> None:
    with clock.frozen(NOON):
        with clock.frozen(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(NOON.replace(tzinfo=None)):
        pass
