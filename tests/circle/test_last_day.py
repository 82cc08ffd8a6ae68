"""A last day ends at midnight where the family lives, in summer, in winter and on the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, select
from tests.world import READS, World

from planwiki.base import clock
from planwiki.base.vocabulary import SectionStatus
from planwiki.circle.models import Member
from planwiki.plans.models import Section

# A last day, and the moment at which it is over in London, by hand.
OVER = (
    (date(2026, 7, 10), datetime(2026, 7, 10, 23, tzinfo=UTC)),
    (date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
    (date(2026, 10, 24), datetime(2026, 10, 24, 23, tzinfo=UTC)),
    (date(2026, 10, 25), datetime(2026, 10, 26, tzinfo=UTC)),  # 25 hours long
    (date(2027, 3, 27), datetime(2027, 3, 28, tzinfo=UTC)),
    (date(2027, 3, 28), datetime(2027, 3, 28, 23, tzinfo=UTC)),  # 23 hours long
)


def read_by_lee(world: World, at: datetime) -> set[str]:
    active = select(Section.key).where(Section.status == SectionStatus.ACTIVE)
    with clock.frozen(at), world.database.unit_of_work(world.principals["lee"]) as uow:
        return set(uow.all(active))


def test_a_last_day_is_over_at_midnight_in_london(world: World) -> None:
    for last, over in OVER:
        with world.database.system_session("Lee's last day is known") as session:
            session.exec(select(Member).where(col(Member.id) == world.members["lee"])).one().ends_on = last
        assert read_by_lee(world, over - timedelta(seconds=1)) == READS["lee"], last
        assert read_by_lee(world, over) == set(), last
