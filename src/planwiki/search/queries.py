"""Finding words, only where the viewer may read.

Only the words of the viewer's own plans are looked through, so a search costs the same however many plans there are
besides. The sections are read like any others, narrowed, and scores and snippets are made from what was read. So no
word, count or rank tells of a hidden section. Decision 9 says why no full-text index is asked.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast, overload
from uuid import UUID

from markupsafe import Markup, escape
from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import invalid
from planwiki.base.text import fold, words
from planwiki.base.vocabulary import SectionStatus
from planwiki.circle.models import Member
from planwiki.plans.models import Plan, Section

from .models import SearchEntry
from .schemas import SearchHit

MOST_WORDS, MOST_HITS, AROUND = 12, 200, 80


class Found(NamedTuple):
    """A section that holds every word, as the database answers."""

    plan_id: UUID
    key: str
    title: str
    body_html: str
    updated_at: datetime
    words: str
    plan_title: str


class Hits(Sequence[SearchHit]):
    """What was found, best first. A snippet is cut only for what is looked at."""

    def __init__(self, found: Sequence[Found], sought: list[str]) -> None:
        scored = [(_score(one, sought), one) for one in found]
        self._sought = sought
        self._best = sorted(
            scored, key=lambda hit: (-hit[0], -hit[1].updated_at.timestamp(), str(hit[1].plan_id), hit[1].key)
        )

    def __len__(self) -> int:
        return len(self._best)

    @overload
    def __getitem__(self, place: int) -> SearchHit: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[SearchHit]: ...
    def __getitem__(self, place: int | slice) -> SearchHit | Sequence[SearchHit]:
        if isinstance(place, slice):
            return [_hit(*one, self._sought) for one in self._best[place]]
        return _hit(*self._best[place], self._sought)


def search(uow: UnitOfWork, asked: str, *, plan_id: UUID | None = None) -> Sequence[SearchHit]:
    """Sections that hold every word (or one beginning with it), best first. Raises Invalid for no words."""
    sought = list(dict.fromkeys(words(asked)))[:MOST_WORDS]
    if not sought:
        raise invalid("q", "too-short", "Please write a word to look for.")
    plans = _plans(uow, plan_id)
    return Hits([Found(*row) for row in uow.all(_holding(plans, sought))] if plans else [], sought)


def _plans(uow: UnitOfWork, plan_id: UUID | None) -> list[UUID]:
    """The plans to look in: those the viewer stands in."""
    question = select(Plan.id).where(col(Plan.id).in_(select(Member.plan_id).where(uow.is_me(Member))))
    return uow.all(question if plan_id is None else question.where(Plan.id == plan_id))


def _holding(plans: list[UUID], sought: list[str]) -> Any:
    """Sections of these plans with every word. Kept words have one space between, and hold no `%` and no `_`."""
    every_word = [(" " + col(SearchEntry.words)).contains(f" {word}") for word in sought]
    shown = (Section.plan_id, Section.key, Section.title, Section.body_html, Section.updated_at)
    question = cast(Any, select)(*shown, SearchEntry.words, Plan.title).select_from(Section)
    question = question.join(SearchEntry, col(SearchEntry.section_id) == Section.id)
    question = question.join(Plan, col(Plan.id) == Section.plan_id)
    there = question.where(col(SearchEntry.plan_id).in_(plans), *every_word, Section.status == SectionStatus.ACTIVE)
    return there.limit(MOST_HITS)


def _hit(score: float, found: Found, sought: list[str]) -> SearchHit:
    # Our own safe HTML, kept with the version: its tags come off here, and what is left is escaped again.
    text = Markup(found.body_html).striptags()  # noqa: S704 - the reason is above
    return SearchHit(
        plan_id=found.plan_id,
        type="section",
        section_key=found.key,
        id=None,
        title=found.title,
        snippet_html=_snippet(text, sought),
        score=score,
        updated_at=found.updated_at,
        plan_title=found.plan_title,
    )


def _score(found: Found, sought: list[str]) -> float:
    """Words in the heading weigh five; in the text, more of them weigh more, in a long text less."""
    heading = words(found.title)
    in_heading = sum(any(one.startswith(word) for one in heading) for word in sought)
    body = found.words.split(" ", len(heading))[-1]  # The kept words begin with the heading's.
    in_body = sum(f" {body}".count(f" {word}") for word in sought) / (body.count(" ") + 51)
    return round(5 * in_heading + 50 * in_body, 4)


def _snippet(text: str, sought: list[str]) -> str:
    """Words around the first place, with what was sought marked; escaped, so that text stays text."""
    marks = list(_marks(text, sought))
    start = max(0, (marks[0][0] if marks else 0) - AROUND)
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + 3 * AROUND)
    shown, at = "", start
    for left, right in marks:
        if at <= left and right <= end:
            shown += f"{escape(text[at:left])}<mark>{escape(text[left:right])}</mark>"
            at = right
    return f"{'… ' if start else ''}{shown}{escape(text[at:end])}{' …' if end < len(text) else ''}"


def _marks(text: str, sought: list[str]) -> Iterator[tuple[int, int]]:
    """From where to where what was sought stands: the first place, and others that may be shown with it."""
    last = len(text)
    for match in re.finditer(r"\w+(?:['’]\w+)*", text):
        if match.start() > last:
            return
        if _is_sought(match.group(), sought):
            last = min(last, match.start() + 3 * AROUND)
            yield match.span()


def _is_sought(word: str, sought: list[str]) -> bool:
    return any(one.startswith(begin) for one in words(fold(word)) for begin in sought)
