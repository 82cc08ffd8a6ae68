"""The oracle and the application agree in random small worlds, whichever way they are asked, on both databases."""

from collections import Counter
from collections.abc import Iterator

import pytest
from tests.authz.small_worlds import compare

from planwiki.authz.database import Database
from planwiki.authz.migrations import migrate
from planwiki.settings import resource_dir

WORLDS = 60  # About 900 decisions each.
# Ways that are asked of every world; each must have said both yes and no often.
BOTH_ANSWERS = {
    *("may", "list", "entries", "permissions", "permission", "versions", "grants", "plans", "circle", "access"),
    *("sections", "archived", "search", "document", "document's sections", "section", "history", "my plans"),
    *("matrix", "matrix' sections", "explain", "seen as", "partial"),
}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, resource_dir("policies"))
    migrate(opened)
    yield opened
    opened.close()


def test_every_way_of_asking_agrees_with_the_design(database: Database) -> None:
    told: Counter[tuple[str, bool]] = Counter()
    compare(database, WORLDS, told)
    assert told.total() > 50_000
    rare = {(way, yes): told[way, yes] for way in BOTH_ANSWERS for yes in (True, False) if told[way, yes] < 10}
    assert not rare
