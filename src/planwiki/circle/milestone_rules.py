"""Days in a young person's life that give their owners something to think about, worked out from the date of birth.

The law is that of England. Someone is an age from the beginning of their birthday (Family Law Reform Act 1969, s.9);
whoever was born on 29 February has it on 1 March in other years. Compulsory school age ends after the last Friday in
June, for all who are 16 before September begins (Education Act 1996, s.8; School Leaving Date Order 1997).
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

FRIDAY = 4


class Milestone(NamedTuple):
    about: str
    day: date


def birthday(born: date, years: int) -> date:
    """The day somebody is so many years old."""
    if (born.month, born.day) == (2, 29) and monthrange(born.year + years, 2)[1] == 28:
        return date(born.year + years, 3, 1)
    return born.replace(year=born.year + years)


def half_birthday(born: date, years: int) -> date:
    """Half a year after a birthday; the last day of the month where that day is not in it."""
    months = born.month - 1 + 6
    year, month = born.year + years + months // 12, months % 12 + 1
    return date(year, month, min(born.day, monthrange(year, month)[1]))


def school_leaving_day(born: date) -> date:
    """The last Friday in June of the school year in which somebody is 16."""
    sixteen = birthday(born, 16)
    year = sixteen.year + (sixteen.month >= 9)
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - FRIDAY) % 7)


def milestones(born: date) -> list[Milestone]:
    """All of them, in the order they come."""
    return [
        Milestone("age-11", birthday(born, 11)),
        Milestone("age-13", birthday(born, 13)),
        Milestone("age-15-and-a-half", half_birthday(born, 15)),
        Milestone("school-age-ends", school_leaving_day(born) + timedelta(days=1)),
        Milestone("age-17-and-a-half", half_birthday(born, 17)),
        Milestone("age-18", birthday(born, 18)),
        Milestone("age-25", birthday(born, 25)),
    ]


def due(born: date, began: date, today: date) -> list[Milestone]:
    """Those reached since the plan began, and the last before: one that begins late asks one question, not five."""
    reached = [one for one in milestones(born) if one.day <= today]
    behind = [one for one in reached if one.day <= began]
    return behind[-1:] + reached[len(behind) :]
