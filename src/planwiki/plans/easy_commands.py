"""Saving the easy words of a section, written by a person: get, require, rules, change, record — in this order."""

from uuid import UUID

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Stale, invalid
from planwiki.base.language import _
from planwiki.base.vocabulary import Permission

from .easy_queries import find_easy, newest_easy
from .easy_schemas import EasyDraft, EasyView
from .models import EasyText, Section
from .queries import find_section
from .rules import check_voice
from .schemas import Voice
from .section_commands import check_speaker


def save_easy(uow: UnitOfWork, plan_id: UUID, key: str, draft: EasyDraft) -> None:
    """A new version. Raises Stale when somebody saved since `based_on`. The same words again save nothing."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    voice = check_voice(draft.voice)
    check_speaker(uow, plan_id, voice)
    if draft.explains > section.revision:
        raise invalid("explains", "unknown-version", _("There is no such version."))
    now = newest_easy(uow, section.id)
    if _says_the_same(now, draft, voice):
        return
    if draft.based_on != (now.id if now else None):
        raise Stale
    if draft.lines or (now and now.lines):
        _keep(uow, section, draft, voice)


def put_easy_back(uow: UnitOfWork, plan_id: UUID, key: str, easy_id: UUID, based_on: UUID | None) -> None:
    """Earlier easy words become the newest, in their voice and about their version. Raises Stale as saving does."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    uow.require(Permission.HISTORY, section)
    old = find_easy(uow, section.id, easy_id)
    draft = EasyDraft(lines=old.lines, voice=old.voice, explains=old.explains, based_on=based_on)
    save_easy(uow, plan_id, key, draft)


def _says_the_same(now: EasyView | None, draft: EasyDraft, voice: Voice) -> bool:
    return now is not None and (now.lines, now.voice, now.explains) == (draft.lines, voice, draft.explains)


def _keep(uow: UnitOfWork, section: Section, draft: EasyDraft, voice: Voice) -> None:
    """Numbered over all there are, also those under a label that is closed to this writer: nothing is overwritten."""
    section.easy_number += 1
    kept = EasyText(
        plan_id=section.plan_id,
        section_id=section.id,
        number=section.easy_number,
        lines=[line.model_dump(mode="json") for line in draft.lines],
        explains=draft.explains,
        voice=voice.model_dump(mode="json"),
        label=section.label,
        author_id=uow.principal.account_id,
        author_name=uow.principal.display_name,
        created_at=uow.now,
    )
    uow.add(kept)
    uow.record("section.easy_saved", section.plan_id, section_id=section.id, subject_id=kept.id)
