"""Looks that come together are kept together, and nobody waits for ever."""

import asyncio

import pytest
from tests.world import World

from planwiki.authz.looks import Look, LookBook
from planwiki.base import clock


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # One writer: what comes meanwhile waits together.
def test_who_stops_waiting_holds_up_nobody_else(world: World) -> None:
    book = LookBook(world.database)
    look = Look("plan.read", world.plan_id, world.principals["dee"], clock.now())

    async def three() -> None:
        with world.database.system_session("the writer's place is taken"):
            first = asyncio.create_task(book.keep(look))
            await asyncio.sleep(0.2)
            gone, last = (asyncio.create_task(book.keep(look)) for _ in range(2))
            await asyncio.sleep(0)
            gone.cancel()
        await asyncio.wait_for(asyncio.gather(first, last), 20)

    asyncio.run(three())
    book.close()
