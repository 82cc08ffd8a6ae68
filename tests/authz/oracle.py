"""Who may do what, in plain Python and from the design alone: no SQL, no Casbin, nothing from authz/.

The tests hold the application against this, world by world. Words are plain strings here, so that
a change of the vocabulary in the code changes nothing in what is expected.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

LEVELS = ("none", "read", "comment", "suggest", "edit", "manage")
NEEDS = {"read": "read", "comment": "comment", "suggest": "suggest", "edit": "edit", "history": "edit"}
OWNERS = ("person", "steward")
NOT_FOR_GUESTS = ("diary", "relationships", "money", "family_business", "whereabouts")
NOT_FOR_PROGRAMS = ("diary", "whereabouts")


@dataclass(frozen=True)
class Somebody:
    """A place in the circle of one plan. `account` is who signs in for it, if anybody does."""

    account: int | None
    role: str
    status: str = "active"
    ended: bool = False
    ends_on: date | None = None
    basis_until: date | None = None
    basis_from: date | None = None
    confirmed: bool = True
    joined: datetime = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Given:
    """A grant to a place in the circle (by number) or to everybody in a role."""

    to: int | str
    level: str
    begins: datetime
    withheld: bool = False
    history: bool = False
    earlier: bool = False
    from_on: date | None = None
    until: date | None = None
    ended: bool = False


@dataclass(frozen=True)
class Version:
    label: str
    at: datetime


@dataclass(frozen=True)
class Page:
    """A section; its last version is the current one."""

    label: str
    archived: bool
    versions: tuple[Version, ...]
    given: tuple[Given, ...]


@dataclass(frozen=True)
class Family:
    """A plan with its circle and sections."""

    closed: bool
    circle: tuple[Somebody, ...]
    pages: tuple[Page, ...]
    frozen: bool = False


def law(role: str, held: str, label: str, asks: str) -> bool:
    """What the policy should say of somebody in a role who holds one level (or "history" alone)."""
    if label == "diary" and role != "person":
        return False
    if role == "guest":
        return asks == "read" and _reaches(held, "read") and label not in NOT_FOR_GUESTS
    if role == "client":
        return asks in {"read", "suggest"} and _reaches(held, asks) and label not in NOT_FOR_PROGRAMS
    if asks == "manage":
        return role in OWNERS and held == "manage"
    if held == "history":
        return asks == "history"
    return _reaches(held, NEEDS[asks])


def _reaches(held: str, needed: str) -> bool:
    return held in LEVELS and LEVELS.index(held) >= LEVELS.index(needed)


def stands(one: Somebody, today: date) -> bool:
    return not one.ended and one.status == "active" and (one.ends_on is None or today <= one.ends_on)


def owns(one: Somebody, today: date) -> bool:
    begun = one.basis_from is None or one.basis_from <= today
    in_date = begun and (one.basis_until is None or today <= one.basis_until)
    owner = one.role == "person" or (one.role == "steward" and in_date)
    return stands(one, today) and one.confirmed and owner


def in_date(given: Given, today: date) -> bool:
    begun = given.from_on is None or given.from_on <= today
    return begun and not given.ended and (given.until is None or today <= given.until)


def reaching(family: Family, place: int, page: Page, today: date) -> list[Given]:
    """The grants in date to somebody or to their role."""
    role = family.circle[place].role
    return [given for given in page.given if in_date(given, today) and given.to in (place, role)]


def gives(given: Given) -> set[str]:
    """What one grant gives. Manage belongs to owners: no grant gives it."""
    if given.withheld or given.level in {"none", "manage"}:
        return set()
    return {given.level, *(["history"] if given.history or given.earlier else [])}


def holds(family: Family, place: int, page: Page, today: date) -> set[str]:
    """Every level somebody holds on a section. What is put away, or in a closed or frozen plan, is for owners alone;
    to somebody nobody has confirmed yet, everyday sections alone open.
    """
    one = family.circle[place]
    owner, given = owns(one, today), reaching(family, place, page, today)
    away = (page.archived or family.closed or family.frozen) and not owner
    unknown = not one.confirmed and page.label != "everyday"
    if away or unknown or not stands(one, today) or any(each.withheld for each in given):
        return set()
    return set().union(*map(gives, given), ["manage"] if owner else [])


def may(family: Family, place: int, page: Page, asks: str, today: date) -> bool:
    """May somebody do this with a section?"""
    role = family.circle[place].role
    return any(law(role, level, page.label, asks) for level in holds(family, place, page, today))


def sees_version(family: Family, place: int, page: Page, number: int, today: date) -> bool:
    """May somebody look back at this version (0 is the first)?

    The current one comes with history. An earlier one must be open under the label it was written with, too, by a
    grant that opens what came earlier, or that began before it; or that began while it was current, with them there
    to read it. Owners need no grant.
    """
    if not may(family, place, page, "history", today):
        return False
    one, version = family.circle[place], page.versions[number]
    if number == len(page.versions) - 1:
        return True
    if not one.confirmed and version.label != "everyday":
        return False
    levels = {"manage"} if owns(one, today) else set()
    for given in reaching(family, place, page, today):
        if given.earlier or given.begins <= version.at or _was_current(one, given, page.versions[number + 1].at):
            levels |= gives(given)
    return any(law(one.role, level, version.label, "history") for level in levels)


def _was_current(one: Somebody, given: Given, replaced: datetime) -> bool:
    """Did this grant begin, with its holder there, before another version took the place of this one?"""
    first_day = given.from_on is None or given.from_on <= replaced.date()
    return first_day and max(given.begins, one.joined) < replaced


def sees_plan(family: Family, place: int, today: date) -> bool:
    one = family.circle[place]
    return stands(one, today) and (not (family.closed or family.frozen) or owns(one, today))


def level(family: Family, place: int, page: Page, today: date) -> str:
    """The highest level this amounts to, as pages and programs are told it."""
    reached = [asks for asks in reversed(LEVELS) if asks != "none" and may(family, place, page, asks, today)]
    return reached[0] if reached else "none"
