"""Verbs on pictures, sound, video and papers: get, require, rules, change, record — in this order.

A shared tablet may add a voice in the person's own words, and nothing else.

The bytes are in the storage before a row is added, and leave it after a row is gone: a row never points at nothing.
"""

from typing import Any
from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import NotFound, Stale
from planwiki.base.vocabulary import How, Method, Permission, Whose
from planwiki.plans.models import Plan, Section
from planwiki.plans.own_picture_commands import let_go_of_picture
from planwiki.plans.queries import find_section, hold_plan
from planwiki.plans.schemas import Voice
from planwiki.plans.section_commands import check_speaker

from . import rules
from .models import Media
from .queries import check_quota, one_media
from .reference_queries import rendered
from .schemas import Kept, MediaDraft, MediaPatch, MediaView, SaidDraft

_SAID = tuple(SaidDraft.model_fields)


def add_media(uow: UnitOfWork, plan_id: UUID, draft: MediaDraft, kept: Kept, quota: int) -> MediaView:
    """A file that is kept already belongs to a section from now on. Raises TooLarge when the plan is full."""
    section = find_section(uow, plan_id, draft.section_key)
    uow.require(Permission.EDIT, section)
    return _add(uow, section, draft, kept, quota)


def add_own_voice(uow: UnitOfWork, plan_id: UUID, draft: MediaDraft, kept: Kept, quota: int) -> MediaView:
    """What the person said aloud, as a sound of the section. Raises TooLarge when the plan is full."""
    section = find_section(uow, plan_id, draft.section_key)
    uow.require_to_add(section)
    rules.check_sound(kept.kind)
    voice = Voice(whose=Whose.PERSON, how=How.OWN_WORDS, method=Method.SPOKEN)
    return _add(uow, section, draft.model_copy(update={"voice": voice}), kept, quota)


def _add(uow: UnitOfWork, section: Section, draft: MediaDraft, kept: Kept, quota: int) -> MediaView:
    plan_id = section.plan_id
    hold_plan(uow, plan_id)
    rules.check_described(kept.kind, draft.alt_text, decorative=draft.decorative)
    check_speaker(uow, plan_id, draft.voice)
    check_quota(uow, plan_id, kept.stored, quota)
    row: dict[str, Any] = {name: _as_kept(getattr(draft, name)) for name in _SAID} | kept.model_dump()
    row |= {"plan_id": plan_id, "section_id": section.id}
    uow.add(Media(**row, created_by=uow.principal.account_id, created_at=uow.now))
    uow.record("media.added", plan_id, section_id=section.id)
    return one_media(uow, plan_id, kept.id)


def _as_kept(said: Any) -> Any:
    return said.model_dump(mode="json") if isinstance(said, Voice) else said


def change_media(
    uow: UnitOfWork, plan_id: UUID, media_id: UUID, patch: MediaPatch, based_on: int | None = None
) -> MediaView:
    """What is said about it, or which section it belongs to. To move it, one may change both sections.

    Raises Stale when somebody changed it since `based_on`, where that is known.
    """
    row, section = _to_change(uow, plan_id, media_id)
    if based_on is not None and based_on != row.revision:
        raise Stale(based_on, row.revision)
    said = {name: _as_kept(getattr(patch, name)) for name in _SAID if patch.sent(name)}
    now = {name: said.get(name, getattr(row, name)) for name in _SAID}
    rules.check_described(row.kind, now["alt_text"], decorative=bool(now["decorative"]))
    check_speaker(uow, plan_id, patch.voice)
    to = find_section(uow, plan_id, patch.section_key) if patch.sent("section_key") else section
    if to.id != section.id:
        _move(uow, row, (section, to), now)
    elif all(value == getattr(row, name) for name, value in said.items()):
        return one_media(uow, plan_id, media_id)  # What stays as it is moves nothing, not even the version.
    else:
        for name, value in said.items():
            setattr(row, name, value)
        row.revision += 1
    uow.record("media.changed", plan_id, section_id=to.id)
    uow.flush()
    return one_media(uow, plan_id, media_id)


def _move(uow: UnitOfWork, row: Media, sections: tuple[Section, Section], said: dict[str, Any]) -> None:
    """A row never changes its section: it goes, and comes again under the same id. Each section is asked about.

    The text that showed it shows its words from now on, and a text that named it before it came shows it.
    """
    _, to = sections
    uow.require(Permission.EDIT, to)
    kept = row.model_dump() | said | {"section_id": to.id, "revision": row.revision + 1}
    uow.delete(row)
    uow.flush()
    uow.add(Media(**kept))
    for one in sorted(
        sections, key=lambda one: one.id
    ):  # In one order, so that two who move never wait for each other.
        held = uow.get(Section, one.id, lock=True)
        if kept["id"] in rules.shown_in(held.body_markdown):
            held.body_html = rendered(uow, held.id, held.body_markdown)
        if held.id != to.id:
            let_go_of_picture(held, kept["id"])


def remove_media(uow: UnitOfWork, plan_id: UUID, media_id: UUID) -> None:
    """The row; whoever calls erases the bytes once that is kept. Raises Conflict while the words show it."""
    row, section = _to_change(uow, plan_id, media_id)
    held = uow.get(Section, section.id, lock=True)
    rules.check_not_shown(media_id, held.body_markdown)
    rules.check_no_photo(media_id, uow.get(Plan, plan_id).person_photo_media_id)
    let_go_of_picture(held, media_id)
    uow.delete(row)
    uow.record("media.removed", plan_id, section_id=section.id)
    uow.flush()


def _to_change(uow: UnitOfWork, plan_id: UUID, media_id: UUID) -> tuple[Media, Section]:
    row: Media = uow.get(Media, media_id, lock=True)
    if row.plan_id != plan_id:
        raise NotFound
    section = uow.get(Section, row.section_id)
    uow.require(Permission.EDIT, section)
    return row, section
