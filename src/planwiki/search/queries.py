"""Finding words, only where the viewer may read.

Only the words of the viewer's own plans are looked through, so a search costs the same however many plans there are
besides. The sections are read like any others, narrowed, and scores and snippets are made from what was read. So no
word, count or rank tells of a hidden section. Decision 9 says why no full-text index is asked.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, cast, overload
from uuid import UUID

from markupsafe import Markup, escape
from sqlalchemy import String, bindparam, case, func
from sqlmodel import col, select

from planwiki.authz.lens import Lens, Question
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import invalid
from planwiki.base.text import fold, words
from planwiki.base.vocabulary import SectionStatus
from planwiki.circle.models import Member
from planwiki.media.models import Media
from planwiki.outcomes.models import Action
from planwiki.plans.models import Plan, Section
from planwiki.talk.models import Contribution

from .models import SearchEntry
from .schemas import SearchHit

MOST_WORDS, MOST_HITS, AROUND = 12, 200, 80
MOST_BESIDE = 5_000
Kind = Callable[[UnitOfWork, list[UUID], list[str]], Iterator["Found"]]


class Found(NamedTuple):
    """A section that holds every word, as the database answers; or something in it, which has an id of its own."""

    plan_id: UUID
    key: str
    title: str
    body_html: str
    updated_at: datetime
    words: str
    plan_title: str
    type: str = "section"
    id: UUID | None = None

    @property
    def heading(self) -> str:
        """What counts for more. What is said in a section, or kept in it, has no heading of its own."""
        return self.title if self.id is None else ""


class Hits(Sequence[SearchHit]):
    """What was found, best first. A snippet is cut only for what is looked at."""

    def __init__(self, found: Sequence[Found], sought: list[str]) -> None:
        scored = [(_score(one, sought), one) for one in found]
        self._sought = sought
        self._best = sorted(scored, key=_in_order)[:MOST_HITS]

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


def search(
    uow: UnitOfWork, asked: str, *, plan_id: UUID | None = None, kinds: Collection[str] | None = None
) -> Sequence[SearchHit]:
    """Where every word stands (or one beginning with it), best first. Raises Invalid for no words."""
    sought = list(dict.fromkeys(words(asked)))[:MOST_WORDS]
    if not sought:
        raise invalid("q", "too-short", "Please write a word to look for.")
    plans = _plans(uow, plan_id)
    asks = [KINDS[kind] for kind in (KINDS if kinds is None else kinds) if kind in KINDS]
    return Hits([one for ask in asks for one in ask(uow, plans, sought)] if plans else [], sought)


def _in_order(hit: tuple[float, Found]) -> tuple[Any, ...]:
    score, one = hit
    return -score, -one.updated_at.timestamp(), str(one.plan_id), one.key, one.type, str(one.id)


def _plans(uow: UnitOfWork, plan_id: UUID | None) -> list[UUID]:
    """The plans to look in: those the viewer stands in."""
    return [row.id for row in uow.ask(_mine) if plan_id in {None, row.id}]


def _mine(lens: Lens) -> Any:
    return select(Plan.id).where(col(Plan.id).in_(select(Member.plan_id).where(lens.is_me(Member))))


def _sections(uow: UnitOfWork, plans: list[UUID], sought: list[str]) -> Iterator[Found]:
    begins = {f"word_{place}": f" {word}" for place, word in enumerate(sought)}
    return (Found(*row) for row in uow.ask(_holding(len(sought)), plans=plans, **begins))


@cache
def _holding(many: int) -> Question:
    """Sections of some plans with so many words, each given with the space before it. Kept words have one space
    between, and hold no `%` and no `_`.

    More than can be shown, and the database leaves out those that would come last: it weighs much as `_score` does.
    """
    kept, heading = " " + col(SearchEntry.words), " " + func.lower(Section.title)
    sought = [bindparam(f"word_{place}", type_=String) for place in range(many)]
    in_heading = sum(case((heading.contains(word), 5.0), else_=0.0) for word in sought)
    lost = [func.length(kept) - func.length(func.replace(kept, word, "")) for word in sought]
    times = sum(one / (func.length(word) + 0.0) for one, word in zip(lost, sought, strict=True))
    weight = in_heading + 50 * times / (func.length(kept) / 6 + 51)

    def holding(_lens: Lens) -> Any:
        shown = (Section.plan_id, Section.key, Section.title, Section.body_html, Section.updated_at)
        question = cast(Any, select)(*shown, SearchEntry.words, Plan.title).select_from(Section)
        question = question.join(SearchEntry, col(SearchEntry.section_id) == Section.id)
        question = question.join(Plan, col(Plan.id) == Section.plan_id)
        here = (_in_plans(SearchEntry), *map(kept.contains, sought), Section.status == SectionStatus.ACTIVE)
        in_order = (weight.desc(), col(Section.updated_at).desc(), col(Section.id))
        return question.where(*here).order_by(*in_order).limit(MOST_HITS)

    return holding


def _in_plans(table: Any) -> Any:
    return table.plan_id.in_(bindparam("plans", expanding=True))


def _said(uow: UnitOfWork, plans: list[UUID], sought: list[str]) -> Iterator[Found]:
    """What people said beside a section. The text of a suggestion is no part of it: it repeats an older version."""
    for plan_id, key, title, plan_title, html, at, id in uow.ask(_all_said, plans=plans):
        said = " ".join(words(_bare(html)))
        if _holds(said, sought):
            yield Found(plan_id, key, title, html, at, said, plan_title, "contribution", id)


def _all_said(_lens: Lens) -> Any:
    shown = (Contribution.body_html, Contribution.created_at, Contribution.id)
    return _beside(Contribution, *shown).where(col(Contribution.withdrawn_at).is_(None))


def _told(type: str, question: Question) -> Kind:
    """Something beside a section that is told in a few columns: what is to be done; a file, and what is said in it."""

    def find(uow: UnitOfWork, plans: list[UUID], sought: list[str]) -> Iterator[Found]:
        for plan_id, key, title, plan_title, at, id, *told in uow.ask(question, plans=plans):
            text = " · ".join(filter(None, told))
            if _holds(said := " ".join(words(text)), sought):
                yield Found(plan_id, key, title, escape(text), at, said, plan_title, type, id)

    return find


def _all_kept(_lens: Lens) -> Any:
    about = (Media.alt_text, Media.caption, Media.transcript_markdown, Media.filename)
    return _beside(Media, Media.created_at, Media.id, *about)


def _all_to_do(_lens: Lens) -> Any:
    told = (Action.what, Action.how, Action.progress_note)  # Not whose: not everybody may know all in the circle.
    question = _beside(Action, Action.created_at, Action.action_id, *told)
    return question.where(col(Action.replaced_at).is_(None), ~col(Action.put_away))


def _beside(table: Any, *shown: Any) -> Any:
    """The newest rows of some plans' sections in use, each after where it stands. Their words are in no index."""
    question = cast(Any, select)(Section.plan_id, Section.key, Section.title, Plan.title, *shown).select_from(table)
    question = question.join(Section, col(Section.id) == table.section_id).join(Plan, col(Plan.id) == Section.plan_id)
    there = question.where(_in_plans(table), Section.status == SectionStatus.ACTIVE)
    return there.order_by(table.id.desc()).limit(MOST_BESIDE)


def _holds(said: str, sought: list[str]) -> bool:
    return all(f" {word}" in f" {said}" for word in sought)


KINDS: dict[str, Kind] = {
    "section": _sections,
    "action": _told("action", _all_to_do),
    "contribution": _said,
    "media": _told("media", _all_kept),
}


def _bare(html: str) -> str:
    """Our own safe HTML, kept with what it shows: its tags come off, and what is left is text."""
    return Markup(html).striptags()  # noqa: S704 - the reason is above


def _hit(score: float, found: Found, sought: list[str]) -> SearchHit:
    return SearchHit(
        plan_id=found.plan_id,
        type=found.type,
        section_key=found.key,
        id=found.id,
        title=found.title,
        snippet_html=_snippet(_bare(found.body_html), sought),
        score=score,
        updated_at=found.updated_at,
        plan_title=found.plan_title,
    )


def _score(found: Found, sought: list[str]) -> float:
    """Words in the heading weigh five; in the text, more of them weigh more, in a long text less."""
    heading = words(found.heading)
    in_heading = sum(any(one.startswith(word) for one in heading) for word in sought)
    body = (
        found.words.split(" ", len(heading))[-1] if heading else found.words
    )  # The kept words begin with the heading's.
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
    last, begins = len(text), tuple(sought)
    for match in re.finditer(r"\w+(?:['’]\w+)*", text):
        if match.start() > last:
            return
        if _is_sought(match.group(), begins):
            last = min(last, match.start() + 3 * AROUND)
            yield match.span()


def _is_sought(word: str, sought: tuple[str, ...]) -> bool:
    if word.isascii() and word.isalnum():  # Most are: the same, ten times as fast.
        return word.lower().startswith(sought)
    return any(one.startswith(sought) for one in words(fold(word)))
