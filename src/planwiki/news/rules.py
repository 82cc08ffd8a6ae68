"""What is always true of news, whoever asks. No database, no web."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from planwiki.base.vocabulary import ContributionStatus, NewsByMail, NewsKind

from .schemas import NewsView

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)  # Beside a section where nothing was ever said or shown.
RESTS = timedelta(days=30)  # What waits for an answer and was put aside comes back after a month.
LETTERS_LEAVE_AT = time(9)  # In the morning, where the family lives.
BETWEEN = {NewsByMail.WEEKLY: timedelta(days=7), NewsByMail.DAILY: timedelta(days=1)}
ANSWERS = {
    ContributionStatus.ACCEPTED: NewsKind.ACCEPTED,
    ContributionStatus.DECLINED: NewsKind.DECLINED,
    ContributionStatus.RESOLVED: NewsKind.RESOLVED,
}


def about(kind: str, id: UUID | str, revision: int | None = None) -> str:
    """The name by which one thing is put aside. A section that changes once more is another thing."""
    return f"{kind}-{id}" if revision is None else f"{kind}-{id}-{revision}"


def in_order(news: Iterable[NewsView]) -> list[NewsView]:
    """Newest first, after what has no date; always the same way round."""
    by_name = sorted(news, key=lambda one: one.about)
    return sorted(by_name, key=lambda one: (one.at is not None, -one.at.timestamp() if one.at else 0.0))


def next_letter(now: datetime, how_often: NewsByMail, zone: ZoneInfo) -> datetime:
    """The morning after one more day, or seven. It hangs on nothing that happens in any plan."""
    day = now.astimezone(zone).date() + BETWEEN.get(how_often, BETWEEN[NewsByMail.WEEKLY])
    return datetime.combine(day, LETTERS_LEAVE_AT, zone).astimezone(UTC)


def fresh(news: Iterable[NewsView], told: Iterable[str]) -> list[str]:
    """What no letter has told of yet: somebody who does not come is not told of the same things every week."""
    return sorted({one.about for one in news} - set(told))
