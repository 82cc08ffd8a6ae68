"""The days that give owners something to think about, over many birth dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planwiki.circle.milestone_rules import birthday, due, half_birthday, milestones, school_leaving_day

BIRTHS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (date(2009, 3, 7), 16, date(2025, 3, 7)),
        (date(2008, 2, 29), 16, date(2024, 2, 29)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2000, 2, 29), 25, date(2025, 3, 1)),
        (date(2075, 2, 29 - 1), 25, date(2100, 2, 28)),
        (date(2084, 2, 29), 16, date(2100, 3, 1)),  # 2100 is no leap year.
    ],
)
def test_a_birthday_is_the_day_somebody_is_that_old(born: date, years: int, day: date) -> None:
    assert birthday(born, years) == day


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (date(2009, 3, 7), 15, date(2024, 9, 7)),
        (date(2009, 8, 31), 15, date(2025, 2, 28)),
        (date(2008, 8, 31), 15, date(2024, 2, 29)),
        (date(2009, 12, 31), 17, date(2027, 6, 30)),
        (date(2008, 2, 29), 17, date(2025, 8, 29)),
        (date(2009, 7, 1), 15, date(2025, 1, 1)),
    ],
)
def test_half_a_birthday_is_six_months_later(born: date, years: int, day: date) -> None:
    assert half_birthday(born, years) == day


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(2009, 3, 7), date(2025, 6, 27)),  # Already 16.
        (date(2009, 6, 27), date(2025, 6, 27)),  # 16 on that very day.
        (date(2009, 8, 31), date(2025, 6, 27)),  # 16 only after it, before September.
        (date(2009, 9, 1), date(2026, 6, 26)),  # The next school year.
        (date(2010, 8, 31), date(2026, 6, 26)),
        (date(2007, 12, 25), date(2024, 6, 28)),
        (date(2008, 2, 29), date(2024, 6, 28)),
        (date(2006, 6, 30), date(2022, 6, 24)),  # 30 June 2022 is a Thursday.
        (date(2001, 1, 1), date(2017, 6, 30)),  # 30 June 2017 is a Friday.
    ],
)
def test_school_age_ends_on_the_last_friday_in_june(born: date, day: date) -> None:
    assert school_leaving_day(born) == day


@given(BIRTHS)
def test_they_come_in_order_and_the_last_friday_is_one(born: date) -> None:
    days = [one.day for one in milestones(born)]
    assert days == sorted(days)
    leaving = school_leaving_day(born)
    assert (leaving.month, leaving.weekday(), (leaving + timedelta(days=7)).month) == (6, 4, 7)
    september = date(leaving.year, 9, 1)
    assert september.replace(year=leaving.year - 1) <= birthday(born, 16) < september


@given(BIRTHS, st.integers(0, 12_000))
def test_all_since_the_plan_began_are_asked_and_one_from_before(born: date, days: int) -> None:
    """A second reckoning, without the first one's order."""
    today = born + timedelta(days=days)
    reached = {one for one in milestones(born) if one.day <= today}
    assert set(due(born, born, today)) == reached
    late = due(born, today, today)
    assert late == ([max(reached, key=lambda one: one.day)] if reached else [])
    eighteen = birthday(born, 18)
    since = [one.about for one in due(born, eighteen - timedelta(days=1), eighteen)]
    assert since == ["age-17-and-a-half", "age-18"]
