"""Writing how one sees it, taking it away and bringing it back: get, require, rules, change, record — in this order.

Nothing is overwritten: the older view of the same writer ends, and stays to read for them and for owners.
"""

from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.language import _
from planwiki.base.markdown import render
from planwiki.base.vocabulary import Permission
from planwiki.plans.models import Section
from planwiki.plans.queries import find_section
from planwiki.plans.rules import check_voice
from planwiki.plans.schemas import Voice
from planwiki.plans.section_commands import check_speaker

from . import perspective_rules as rules
from .models import Perspective
from .perspective_queries import find_perspective
from .perspective_schemas import PerspectiveDraft


def write_perspective(uow: UnitOfWork, plan_id: UUID, key: str, draft: PerspectiveDraft) -> None:
    """Takes the place of the writer's older one in that sort of voice, and of the one it was begun from."""
    section = find_section(uow, plan_id, key, lock=True)
    rules.check_is_asked_here(section.kind)
    uow.require(Permission.COMMENT, section)
    rules.check_says_something(draft)
    voice = check_voice(draft.voice)
    check_speaker(uow, plan_id, voice)
    older = [row for row in _mine(uow, section) if row.voice["whose"] == voice.whose or row.id == draft.replaces]
    if any(_says_the_same(row, draft, voice) for row in older):
        return
    for row in older:
        _end(uow, row)
    made = _perspective_of(uow, section, draft, voice)
    uow.add(made)
    uow.record("perspective.written", plan_id, section_id=section.id, subject_id=made.id)


def _mine(uow: UnitOfWork, section: Section) -> list[Perspective]:
    mine = (Perspective.section_id == section.id, Perspective.author_id == uow.principal.account_id)
    return uow.all(select(Perspective).where(*mine, col(Perspective.ended_at).is_(None)))


def _says_the_same(row: Perspective, draft: PerspectiveDraft, voice: Voice) -> bool:
    """A second press saves nothing more."""
    kept = (row.working_markdown, row.not_working_markdown, row.voice)
    return kept == (draft.working, draft.not_working, voice.model_dump(mode="json"))


def _perspective_of(uow: UnitOfWork, section: Section, draft: PerspectiveDraft, voice: Voice) -> Perspective:
    return Perspective(
        plan_id=section.plan_id,
        section_id=section.id,
        working_markdown=draft.working,
        working_html=render(draft.working),
        not_working_markdown=draft.not_working,
        not_working_html=render(draft.not_working),
        voice=voice.model_dump(mode="json"),
        label=section.label,
        author_id=uow.principal.account_id,
        author_name=uow.principal.display_name,
        created_at=uow.now,
    )


def take_perspective_away(uow: UnitOfWork, plan_id: UUID, key: str, id: UUID) -> None:
    """Whoever wrote it takes it back; an owner removes any."""
    section, row = _held(uow, plan_id, key, id)
    uow.require(Permission.COMMENT, section)
    if row.author_id != uow.principal.account_id:
        uow.require(Permission.MANAGE, section)
    if row.ended_at is None:
        _end(uow, row)
        uow.record("perspective.ended", plan_id, section_id=section.id, subject_id=row.id)


def bring_perspective_back(uow: UnitOfWork, plan_id: UUID, key: str, id: UUID) -> None:
    """Undoes that, for whoever did it. Where the writer wrote anew meanwhile, the newer one stays the one shown."""
    section, row = _held(uow, plan_id, key, id)
    uow.require(Permission.COMMENT, section)
    if row.ended_by != uow.principal.account_id:
        raise Forbidden(_("Only who took it away can bring it back."))
    row.ended_at = row.ended_by = None
    uow.record("perspective.brought_back", plan_id, section_id=section.id, subject_id=row.id)


def _held(uow: UnitOfWork, plan_id: UUID, key: str, id: UUID) -> tuple[Section, Perspective]:
    """The section first, as whoever writes here holds it."""
    return find_section(uow, plan_id, key, lock=True), find_perspective(uow, plan_id, key, id)


def _end(uow: UnitOfWork, row: Perspective) -> None:
    row.ended_at, row.ended_by = uow.now, uow.principal.account_id
