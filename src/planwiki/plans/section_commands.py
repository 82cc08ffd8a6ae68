"""Verbs on sections: get, require, rules, change, record — in this order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base import ids
from planwiki.base.errors import Conflict, invalid
from planwiki.base.markdown import plain, render
from planwiki.base.vocabulary import Label, MachineSharing, Permission, RevisionSource, SectionStatus
from planwiki.circle.models import Member
from planwiki.media.reference_queries import rendered
from planwiki.search.models import SearchEntry

from . import rules
from .models import Plan, Revision, Section
from .own_picture_commands import check_own_picture
from .queries import find_revision, find_section, section_view, shown_section
from .schemas import Mapping, MappingPatch, RestoreRequest, SectionDraft, SectionPatch, SectionView, Voice

_SETTINGS = ("picture", "picture_media_id", "kind", "label", "machine_sharing", "review_due_on")


def add_section(uow: UnitOfWork, plan_id: UUID, draft: SectionDraft) -> SectionView:
    """A new section, seen by the owners alone. Raises Conflict for a key the viewer can see, Invalid for a page's."""
    plan = uow.get(Plan, plan_id, lock=True)
    uow.require_owner(plan)
    uow.require_open(plan_id)
    rules.check_key(draft.key)
    there = uow.all(select(Section).where(Section.plan_id == plan_id))
    rules.check_room_for_one_more(len(there))
    _check_label(uow, plan_id, draft.label)
    check_speaker(uow, plan_id, draft.voice)
    voice = (
        rules.check_voice(draft.voice) if draft.body_markdown else draft.voice or rules.own_voice(uow.me(plan_id).role)
    )
    _take_key(uow, plan_id, draft.key, there)
    section = _section_of(uow, plan_id, draft, place=1 + max((one.position for one in there), default=0))
    keep_new_section(uow, section, voice, uow.principal.display_name)
    uow.record("section.created", plan_id, section_id=section.id)
    uow.flush()
    if draft.position is not None:
        _move(uow, section, draft.position)
    return shown_section(uow, section)


def _section_of(uow: UnitOfWork, plan_id: UUID, draft: SectionDraft, place: int) -> Section:
    return Section(
        plan_id=plan_id,
        key=draft.key,
        title=draft.title,
        kind=draft.kind,
        picture=draft.picture,
        position=place,
        status=SectionStatus.ACTIVE,
        label=draft.label,
        machine_sharing=draft.machine_sharing,
        mapping=draft.mapping.model_dump(mode="json"),
        body_markdown=draft.body_markdown,
        updated_at=uow.now,
    )


def _take_key(uow: UnitOfWork, plan_id: UUID, key: str, there: Sequence[Section]) -> None:
    """Nobody is told that a key exists on a section they cannot read: such a section moves aside."""
    if any(one.key == key for one in there):
        raise Conflict("There is already a section with that name.", "key-exists")
    with uow.system("free the key of a hidden section") as session:
        hidden = session.exec(select(Section).where(Section.plan_id == plan_id, Section.key == key)).first()
        if hidden is not None:
            hidden.key = f"{key[:50]}-{ids.new_id().hex[-8:]}"


def keep_new_section(uow: UnitOfWork, section: Section, voice: Voice, author: str) -> None:
    section.body_html = render(section.body_markdown)
    section.voice = voice.model_dump(mode="json") if section.body_markdown else None
    section.updated_by, section.updated_by_name = uow.principal.account_id, author
    uow.add(section)
    uow.flush()
    uow.add(_revision_of(uow, section, voice, RevisionSource.EDIT))
    uow.add(
        SearchEntry(
            plan_id=section.plan_id,
            section_id=section.id,
            words=rules.searchable(section.title, plain(section.body_markdown)),
        )
    )


def _revision_of(
    uow: UnitOfWork,
    section: Section,
    voice: Voice,
    source: RevisionSource,
    note: str | None = None,
    restored_from: int | None = None,
    suggested_by: str | None = None,
) -> Revision:
    return Revision(
        plan_id=section.plan_id,
        section_id=section.id,
        number=section.revision,
        title=section.title,
        body_markdown=section.body_markdown,
        body_html=section.body_html,
        voice=voice.model_dump(mode="json"),
        label=section.label,
        author_id=uow.principal.account_id,
        author_name=section.updated_by_name,
        change_note=note,
        source=source,
        restored_from=restored_from,
        suggested_by_name=suggested_by,
        created_at=uow.now,
    )


def change_section(uow: UnitOfWork, plan_id: UUID, key: str, patch: SectionPatch, based_on: int) -> SectionView:
    """Text becomes a new revision and needs edit and a voice, which is one by itself too; settings need manage; all
    of it happens or nothing.

    Raises Stale when somebody saved since `based_on`, Forbidden when the viewer may not.
    """
    section = find_section(uow, plan_id, key, lock=True)
    if any(map(patch.sent, ("title", "body_markdown", "voice"))):
        _save_text(uow, section, patch, based_on)
    elif patch.change_note is not None:
        raise invalid("change_note", "nothing-changed", "A note goes with words that change.")
    if settings := [name for name in (*_SETTINGS, "mapping", "status", "position") if patch.sent(name)]:
        _change_settings(uow, section, patch, settings)
    uow.flush()
    return section_view(uow, plan_id, key)


def _save_text(uow: UnitOfWork, section: Section, patch: SectionPatch, based_on: int) -> None:
    uow.require(Permission.EDIT, section)
    rules.check_nobody_saved_since(section.revision, based_on)
    voice = rules.check_voice(patch.voice)
    check_speaker(uow, section.plan_id, voice)
    title = patch.title if patch.sent("title") else section.title
    body = patch.body_markdown if patch.sent("body_markdown") else section.body_markdown
    if (title, body, voice.model_dump(mode="json")) != (section.title, section.body_markdown, section.voice):
        keep_text(uow, section, title, body, voice, RevisionSource.EDIT, note=patch.change_note)


def keep_text(
    uow: UnitOfWork, section: Section, title: str, body: str, voice: Voice, source: RevisionSource, **more: Any
) -> None:
    section.title, section.body_markdown = title, body
    section.body_html = rendered(uow, section.id, body)
    section.voice, section.revision, section.updated_at = voice.model_dump(mode="json"), section.revision + 1, uow.now
    section.updated_by, section.updated_by_name = uow.principal.account_id, uow.principal.display_name
    uow.add(_revision_of(uow, section, voice, source, **more))
    entry = uow.one(select(SearchEntry).where(SearchEntry.section_id == section.id))
    entry.words = rules.searchable(title, plain(body))
    uow.record("section.updated", section.plan_id, section_id=section.id)


def _change_settings(uow: UnitOfWork, section: Section, patch: SectionPatch, settings: Sequence[str]) -> None:
    uow.require(Permission.MANAGE, section)
    uow.require_open(section.plan_id)
    wanted = {name: getattr(patch, name) for name in settings if name != "position"}
    if "mapping" in wanted:
        wanted["mapping"] = _merged(section.mapping, patch.mapping)
    changed = {name: value for name, value in wanted.items() if value != getattr(section, name)}
    if "label" in changed:
        _check_label(uow, section.plan_id, patch.label)
    if changed.get("picture_media_id"):
        check_own_picture(uow, section, changed["picture_media_id"])
    if _opens_more(uow, section, patch):
        rules.check_not_frozen(uow.get(Plan, section.plan_id))
        uow.require_fresh()
    if changed:
        _set(uow, section, changed)
    if "position" in settings and _move(uow, section, patch.position):
        _note_settings(uow, section)


def _set(uow: UnitOfWork, section: Section, changed: dict[str, Any]) -> None:
    """These settings, which it does not have yet: what stays as it is moves nothing."""
    for name, value in changed.items():
        setattr(section, name, value)
    if "status" in changed:
        away = section.status is SectionStatus.ARCHIVED
        verb = "section.archived" if away else "section.brought_back"
        uow.record(verb, section.plan_id, section_id=section.id)
    _note_settings(uow, section)


def _note_settings(uow: UnitOfWork, section: Section) -> None:
    section.settings, section.updated_at = section.settings + 1, uow.now
    uow.record("section.settings_changed", section.plan_id, section_id=section.id)
    uow.flush()


def _merged(mapping: dict[str, Any], patch: MappingPatch | None) -> dict[str, Any]:
    """Field by field, as a merge patch says (RFC 7396); null takes one away, or all of it."""
    nothing = Mapping().model_dump(mode="json")
    if patch is None:
        return nothing
    said = patch.model_dump(mode="json", exclude_unset=True)
    return {**nothing, **mapping, **{name: nothing[name] if one is None else one for name, one in said.items()}}


def _opens_more(uow: UnitOfWork, section: Section, patch: SectionPatch) -> bool:
    """Would somebody see or do what is closed to them now? A less private label, bringing back, letting programs in."""
    relabels = patch.sent("label") and uow.opens_more(section.label, patch.label)
    returns = patch.sent("status") and (section.status, patch.status) == (SectionStatus.ARCHIVED, SectionStatus.ACTIVE)
    shut, allowed = MachineSharing.NEVER, MachineSharing.ALLOWED
    lets_in = patch.sent("machine_sharing") and (section.machine_sharing, patch.machine_sharing) == (shut, allowed)
    return relabels or returns or lets_in


def _move(uow: UnitOfWork, section: Section, position: int) -> bool:
    """To `position` among the sections the viewer sees. Those they cannot see keep their places. Did it move?"""
    seen = uow.all(
        select(Section).where(Section.plan_id == section.plan_id).order_by(col(Section.position), col(Section.id))
    )
    active = [one for one in seen if one.status is section.status]
    if (wanted := rules.moved(active, section, position)) == active:
        return False
    places = _places(active)
    for one, place in zip(wanted, places, strict=True):
        if one.position != place:
            uow.require(Permission.MANAGE, one)
            one.position = place
    uow.flush()
    return True


def _places(sections: Sequence[Section]) -> list[int]:
    """The places these sections hold now, made distinct where two shared one."""
    places: list[int] = []
    for one in sections:
        places.append(max(one.position, places[-1] + 1) if places else one.position)
    return places


def archive_section(uow: UnitOfWork, plan_id: UUID, key: str) -> None:
    """Takes a section away from all but owners; its versions are kept."""
    section = find_section(uow, plan_id, key, lock=True)
    _change_settings(uow, section, SectionPatch(status=SectionStatus.ARCHIVED), ["status"])


def restore_revision(
    uow: UnitOfWork, plan_id: UUID, key: str, number: int, request: RestoreRequest, based_on: int
) -> SectionView:
    """An earlier text becomes the current one, as a new revision. Rights, label and settings stay as they are."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.require(Permission.EDIT, section)
    uow.require(Permission.HISTORY, section)
    old = find_revision(uow, section, number)
    rules.check_nobody_saved_since(section.revision, based_on)
    check_speaker(uow, plan_id, request.voice)
    keep_text(
        uow,
        section,
        old.title,
        old.body_markdown,
        request.voice,
        RevisionSource.RESTORE,
        note=request.change_note,
        restored_from=number,
    )
    uow.flush()
    return section_view(uow, plan_id, key)


def _check_label(uow: UnitOfWork, plan_id: UUID, label: Label) -> None:
    """Nobody puts a section under a label that would close it to themselves."""
    if not uow.may_label(uow.me(plan_id), label):
        raise invalid("label", "closed-to-you", "Only the person whose plan this is can do that.")


def check_speaker(uow: UnitOfWork, plan_id: UUID, voice: Voice | None) -> None:
    """The member whose words they are is somebody in this circle."""
    if voice is None or voice.member_id is None:
        return
    if uow.first(select(Member.id).where(Member.id == voice.member_id, Member.plan_id == plan_id)) is None:
        raise invalid("voice/member_id", "unknown-member", "That person is not in this circle.")
