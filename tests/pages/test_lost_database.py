"""PostgreSQL goes away under a planwiki that runs, and comes back."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url
from tests.pages.seen import form_of, words_of
from tests.world import World


@contextmanager
def away(server: str, database_url: str) -> Iterator[None]:
    """Every connection is cut, also those that wait in a pool, and none is let in."""
    name = make_url(database_url).database
    with psycopg.connect(server, autocommit=True) as host:
        host.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        host.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            host.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_words_outlive_a_database_that_goes_away_and_comes_back(
    world: World, postgresql: str, database_url: str
) -> None:
    dee, at = world.browser("dee"), world.url("/sections/outcomes/edit")
    api = world.api("dee")
    typed = form_of(dee.get(at), at) | {"body_markdown": "Written while it was away."}
    with away(postgresql, database_url):
        resting = dee.get(world.url())
        assert (resting.status_code, "Planwiki is resting" in words_of(resting)) == (503, True)
        assert resting.headers["retry-after"] == "30"
        kept = dee.post(at, data=typed)
        assert (kept.status_code, "Your words are still here" in words_of(kept)) == (503, True)
        assert "Written while it was away." in kept.text
        assert [api.get(path).status_code for path in ("/v1/plans", "/readyz", "/healthz")] == [503, 503, 200]
    assert dee.post(at, data=typed).status_code == 303
    assert "Written while it was away." in dee.get(world.url("/sections/outcomes")).text
