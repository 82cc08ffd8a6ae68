"""Finding words, only where the viewer may read.

The index answers candidate ids within the viewer's own plans and nothing else: the sections are then read like any
others, narrowed, and snippets and scores are made from what was read. So no word, count or rank tells of a hidden
section. This file writes raw SQL, for the two databases' full-text operators.
"""

import re
from itertools import chain, takewhile
from typing import Any
from uuid import UUID

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, bindparam, column, func, literal_column, table
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
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def search(uow: UnitOfWork, asked: str, *, plan_id: UUID | None = None) -> list[SearchHit]:
    """Sections that hold every word (or one beginning with it), best first. Raises Invalid for no words."""
    sought = list(dict.fromkeys(words(asked)))[:MOST_WORDS]
    if not sought:
        raise invalid("q", "too-short", "Please write a word to look for.")
    plans = _plans(uow, plan_id)
    if not plans:
        return []
    question = select(Section, Plan.title, SearchEntry.words)
    question = question.join(SearchEntry, col(SearchEntry.section_id) == Section.id)
    question = question.join(Plan, col(Plan.id) == Section.plan_id)
    question = question.where(Section.status == SectionStatus.ACTIVE, col(SearchEntry.plan_id).in_(plans))
    rows = uow.all(question.where(_matches(uow.dialect, plans, sought)).limit(MOST_HITS))
    hits = [_hit(section, title, kept, sought) for section, title, kept in rows]
    return sorted(hits, key=lambda hit: (-hit.score, -hit.updated_at.timestamp(), str(hit.plan_id), hit.section_key))


def _plans(uow: UnitOfWork, plan_id: UUID | None) -> list[UUID]:
    """The plans to look in: those the viewer stands in."""
    question = select(Plan.id).where(col(Plan.id).in_(select(Member.plan_id).where(uow.is_me(Member))))
    return uow.all(question if plan_id is None else question.where(Plan.id == plan_id))


def _matches(dialect: str, plans: list[UUID], sought: list[str]) -> ColumnElement[bool]:
    """SQL: this entry holds every word. On SQLite the plans' tokens keep the index from reading other plans."""
    if dialect == "sqlite":
        shards = " OR ".join(f"p{plan.hex}" for plan in plans)
        every_word = " AND ".join(f'"{word}" *' for word in sought)
        match = f"shard : ({shards}) AND words : ({every_word})"
        index: Any = table("search_index", column("rowid"))
        found = select(index.c.rowid).where(literal_column("search_index").op("MATCH")(bindparam("sought", match)))
        return col(SearchEntry.id).in_(found)
    query = " & ".join(f"'{word}':*" for word in sought)
    return literal_column("search_entry.vector").op("@@", is_comparison=True)(func.to_tsquery("simple", query))


def _hit(section: Section, plan_title: str, kept: str, sought: list[str]) -> SearchHit:
    # Our own safe HTML, kept with the version: its tags come off here, and what is left is escaped again.
    text = Markup(section.body_html).striptags()  # noqa: S704 - the reason is above
    return SearchHit(
        plan_id=section.plan_id,
        type="section",
        section_key=section.key,
        id=None,
        title=section.title,
        snippet_html=_snippet(text, sought),
        score=_score(section.title, kept, sought),
        updated_at=section.updated_at,
        plan_title=plan_title,
    )


def _score(title: str, kept: str, sought: list[str]) -> float:
    """Words in the heading weigh five; in the text, more of them weigh more, in a long text less."""
    heading = words(title)
    body = kept.split(" ")[len(heading) :]  # The kept words begin with the heading's.
    in_heading = sum(any(one.startswith(word) for one in heading) for word in sought)
    in_body = sum(f" {' '.join(body)}".count(f" {word}") for word in sought) / (len(body) + 50)
    return round(5 * in_heading + 50 * in_body, 4)


def _snippet(text: str, sought: list[str]) -> str:
    """Words around the first place, with what was sought marked; escaped, so that text stays text."""
    found = (match.span() for match in _WORD.finditer(text) if _is_sought(match.group(), sought))
    first = next(found, None)
    start = max(0, (first[0] if first else 0) - AROUND)
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + 3 * AROUND)
    marks = takewhile(lambda mark: mark[1] <= end, chain([first] if first else [], found))
    shown, at = "", start
    for left, right in marks:
        if at <= left:
            shown += f"{escape(text[at:left])}<mark>{escape(text[left:right])}</mark>"
            at = right
    return f"{'… ' if start else ''}{shown}{escape(text[at:end])}{' …' if end < len(text) else ''}"


def _is_sought(word: str, sought: list[str]) -> bool:
    return any(one.startswith(begin) for one in words(fold(word)) for begin in sought)
