"""Lists in pages: so many at a time, then a mark from which to read on.

The mark (cursor) is signed and belongs to one caller and one list, so it opens nothing and cannot be made up. There is
no total: a count tells of what is hidden.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import Field

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.pagination import Cursors
from planwiki.base.shapes import View

from .api_routes import Whole
from .asking import Desk, settings_of
from .conditional import bytes_of, hash_of, sent, wanted
from .looking import keep_listed

MOST, USUAL = 200, 50
Item = TypeVar("Item", bound=View)
Place = TypeVar("Place")
Limit = Annotated[Whole, Query(ge=1, le=MOST, description="How many at once.")]
Cursor = Annotated[str | None, Query(max_length=2000, description="`next_cursor` of the page before. Ours alone.")]


class Page(View, Generic[Item]):
    """One page of a list."""

    items: list[Item] = Field(description="In the order of the list.")
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page. Null at the end.")


@dataclass(frozen=True)
class Part(Generic[Item]):
    """What a page holds, before it is put into JSON."""

    items: Sequence[Item]
    next_cursor: str | None


@dataclass(frozen=True)
class Paging:
    """Which part of a list is asked for. `of` names the list: a cursor of another one is refused."""

    limit: int
    cursor: str | None
    of: str
    cursors: Cursors

    def part(
        self,
        uow: UnitOfWork,
        ask: Callable[[UnitOfWork, Place | None, int], Sequence[Item]],
        mark: Callable[[Item], Place],
        read: Callable[[str], Place],
    ) -> Part[Item]:
        """The items after the cursor. `ask` takes the last mark and how many: one more tells of a next page."""
        after = read(self._opened(uow)) if self.cursor else None
        rows = ask(uow, after, self.limit + 1)
        shown = rows[: self.limit]
        return Part(shown, self._sealed(uow, str(mark(shown[-1]))) if len(rows) > self.limit else None)

    def part_of_all(self, uow: UnitOfWork, rows: Sequence[Item]) -> Part[Item]:
        """The same out of a short list that was read as a whole, by counting."""
        seen = int(self._opened(uow)) if self.cursor else 0
        end = seen + self.limit
        return Part(rows[seen:end], self._sealed(uow, str(end)) if len(rows) > end else None)

    def _opened(self, uow: UnitOfWork) -> str:
        return self.cursors.open(self.cursor or "", self._bound(uow))

    def _sealed(self, uow: UnitOfWork, place: str) -> str:
        return self.cursors.seal(place, self._bound(uow))

    def _bound(self, uow: UnitOfWork) -> str:
        return f"{self.of} {uow.principal.account_id}"


async def _paging(request: Request, limit: Limit = USUAL, cursor: Cursor = None) -> Paging:
    return Paging(limit, cursor, request.url.path, Cursors(settings_of(request).secret_key))


Paged = Annotated[Paging, Depends(_paging)]


def got_part(
    request: Request, part: Part[Item], shape: type[Item], fields: str | None = None, *, kept: bool = True
) -> Response:
    """The page as JSON, with the ETag of the whole of it and a link to the next one. `kept`: a cache may hold it."""
    whole = _json(part, None)
    answer = sent(request, _json(part, wanted(shape, fields)) if fields else whole, f'"{hash_of(whole)}"')
    if not kept:
        answer.headers["Cache-Control"] = "no-store"
    if part.next_cursor:
        asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        answer.headers["Link"] = f'<{request.url.path}?{urlencode([*asked, ("cursor", part.next_cursor)])}>; rel="next"'
    return answer


async def got_listed(
    request: Request,
    desk: Desk,
    plan_id: UUID,
    part: Part[Item],
    shape: type[Item],
    key_of: Callable[[Item], str | None],
    fields: str | None = None,
) -> Response:
    """A page of a list for programs, whose sections are looked at by it: `key_of` says which. A 304 shows nothing."""
    answer = got_part(request, part, shape, fields)
    if answer.status_code == 200:
        await keep_listed(request, desk, plan_id, map(key_of, part.items))
    return answer


def _json(part: Part[Item], only: set[str] | None) -> bytes:
    items = b",".join(bytes_of(one, only) for one in part.items)
    return b'{"items":[%b],"next_cursor":%b}' % (items, json.dumps(part.next_cursor).encode())
