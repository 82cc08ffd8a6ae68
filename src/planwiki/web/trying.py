"""Trying a change out: it is made, asked about, and forgotten, so that what is foretold is what then happens."""

from typing import Any

from .asking import Answer, Desk, Question


class _Enough(Exception):
    """Leaves the transaction before it is kept."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer


async def try_out(desk: Desk, verb: Question[Answer]) -> Answer:
    """What the verb answers. Nothing it does is kept."""

    def leave(uow: Any) -> None:
        raise _Enough(verb(uow))

    try:
        await desk.write(leave)
    except _Enough as tried:
        return tried.answer
    raise AssertionError("A trial always leaves.")
