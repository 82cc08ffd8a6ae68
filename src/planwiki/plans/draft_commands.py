"""Words that somebody is writing: kept for them alone, thrown away, brought back, ended by saving.

Nothing is recorded about a draft, and nobody is told of one. Two opened pages never write over each other: the one that
kept last goes on, and so does a page that was opened from it.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from planwiki.authz.database import Database
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import clock
from planwiki.base.errors import Conflict
from planwiki.base.vocabulary import Face, Permission

from . import easy_rules, rules
from .draft_queries import drafts_here
from .draft_schemas import WordsInHand
from .easy_queries import newest_easy
from .models import Section, WrittenDraft
from .queries import find_section

KEPT_FOR, THROWN_AWAY_FOR = timedelta(days=90), timedelta(days=1)


def keep_draft(uow: UnitOfWork, plan_id: UUID, key: str, hand: WordsInHand) -> None:
    """Raises Conflict when another opened page keeps words here, Invalid for more than a section may hold."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    rules.check_fits_a_draft(hand.words)
    draft = drafts_here(uow, section.id, hand.face).kept
    _check_is_theirs(draft, hand)
    if _changes_nothing(uow, section, hand):
        _take_away(uow, draft)
    elif draft is None:
        uow.add(_draft_of(uow, section, hand))
    else:
        draft.page, draft.words, draft.kept_at = hand.page, hand.words, uow.now


def _changes_nothing(uow: UnitOfWork, section: Section, hand: WordsInHand) -> bool:
    """Would saving these words change nothing that can be read?"""
    if hand.face is Face.FULL:
        return (hand.words.get("title"), hand.words.get("body_markdown")) == (section.title, section.body_markdown)
    now = newest_easy(uow, section.id)
    return easy_rules.says_the_same(easy_rules.rows_in(hand.words), now.lines if now else [])


def _check_is_theirs(draft: WrittenDraft | None, hand: WordsInHand) -> None:
    if draft is not None and draft.page not in hand.pages:
        raise Conflict("You write here on another page too. Keep your words there, or save them here.", "open-twice")


def _draft_of(uow: UnitOfWork, section: Section, hand: WordsInHand) -> WrittenDraft:
    return WrittenDraft(
        plan_id=section.plan_id,
        section_id=section.id,
        account_id=uow.principal.account_id,
        face=hand.face,
        page=hand.page,
        words=hand.words,
        kept_at=uow.now,
    )


def _take_away(uow: UnitOfWork, draft: WrittenDraft | None) -> None:
    if draft is not None:
        uow.delete(draft)
        uow.flush()


def end_draft(uow: UnitOfWork, plan_id: UUID, key: str, hand: WordsInHand) -> None:
    """The words of these pages were saved. Words that another page keeps stay."""
    section = find_section(uow, plan_id, key)
    uow.require(Permission.EDIT, section)
    draft = drafts_here(uow, section.id, hand.face).kept
    if draft is not None and draft.page in hand.pages:
        _take_away(uow, draft)


def throw_away(uow: UnitOfWork, plan_id: UUID, key: str, face: Face = Face.FULL) -> None:
    """For a day it can be brought back."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    kept, _ = drafts_here(uow, section.id, face)
    if kept is not None:
        kept.thrown_away_at = uow.now
        uow.flush()


def bring_back(uow: UnitOfWork, plan_id: UUID, key: str, face: Face = Face.FULL) -> None:
    """What was thrown away last. Words kept meanwhile change places with it, and can be brought back the same way."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    kept, thrown = drafts_here(uow, section.id, face)
    if thrown is None:
        return
    if kept is not None:
        kept.thrown_away_at = uow.now
        uow.flush()
    thrown.thrown_away_at, thrown.kept_at = None, uow.now
    uow.flush()


def clear_drafts(database: Database) -> None:
    """What nobody came back to in 90 days, and what was thrown away a day ago."""
    now, draft = clock.now(), WrittenDraft
    with database.system_session("clear away drafts nobody came back to") as session:
        session.execute(delete(draft).where(col(draft.kept_at) <= now - KEPT_FOR))
        session.execute(delete(draft).where(col(draft.thrown_away_at) <= now - THROWN_AWAY_FOR))
