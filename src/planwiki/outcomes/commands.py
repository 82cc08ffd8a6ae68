"""Verbs on actions: get, require, rules, change, record — in this order. Each change is a version of its own."""

from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden, invalid
from planwiki.base.ids import new_id
from planwiki.base.language import _
from planwiki.base.vocabulary import Level, Permission, SectionKind
from planwiki.circle.queries import members
from planwiki.plans.models import Section
from planwiki.plans.queries import check_plan, find_section, sections
from planwiki.plans.rules import check_nobody_saved_since

from . import rules
from .models import Action
from .queries import action, actions_in, find_action
from .schemas import ActionDraft, ActionPatch, ActionView

_KEPT = (
    *("what", "how", "who_member_id", "who_name", "due_on", "status", "progress_note", "completed_at"),
    *("put_away", "plan_id", "section_id", "action_id", "begun_at"),
)


def add_action(uow: UnitOfWork, plan_id: UUID, draft: ActionDraft) -> ActionView:
    """Raises NotFound for a section that is hidden, Forbidden without the right to change it."""
    section = find_section(uow, plan_id, draft.section_key or _first_to_change(uow, plan_id), lock=True)
    uow.require(Permission.EDIT, section)
    rules.check_holds_actions(section.kind)
    rules.check_room_for_one_more(_how_many(uow, section))
    said = {"what": draft.what} | rules.plain_changes(draft) | _whose(uow, plan_id, draft)
    said["completed_at"] = rules.done_at(draft.status, None, uow.now)
    made = _version(uow, section, said | {"action_id": new_id(), "begun_at": uow.now})
    uow.add(made)
    uow.record("action.created", plan_id, section_id=section.id, subject_id=made.action_id)
    return action(uow, plan_id, made.action_id)


def add_action_once(uow: UnitOfWork, plan_id: UUID, key: str, draft: ActionDraft) -> ActionView:
    """The same from a page: pressed twice, or sent again over a bad line, it is there once. Raises as `add_action`."""
    section = find_section(uow, plan_id, key, lock=True)
    uow.permit(Permission.EDIT, section.id)
    there = (one for one in actions_in(uow, plan_id, section.id) if one.is_open)
    same = next((one for one in there if rules.says_the_same(one, draft)), None)
    return same or add_action(uow, plan_id, draft)


def permit_to_add_action(uow: UnitOfWork, plan_id: UUID, draft: ActionDraft) -> None:
    """Go on only where the viewer could add this now; opens no change."""
    section = find_section(uow, plan_id, draft.section_key or _first_to_change(uow, plan_id))
    uow.permit(Permission.EDIT, section.id)


def change_action(
    uow: UnitOfWork, plan_id: UUID, action_id: UUID, patch: ActionPatch, *, based_on: int | None = None
) -> ActionView:
    """A new version, unless it says what stands there. Raises Stale when somebody saved since `based_on`."""
    shown = action(uow, plan_id, action_id)
    section, now = _held(uow, plan_id, shown)
    uow.require(Permission.EDIT, section)
    check_nobody_saved_since(now.number, based_on or now.number)
    said = rules.plain_changes(patch) | _whose(uow, plan_id, patch, shown)
    said["completed_at"] = rules.done_at(said.get("status", now.status), now.completed_at, uow.now)
    if _replace(uow, section, now, said):
        uow.record("action.updated", plan_id, section_id=section.id, subject_id=action_id)
    return action(uow, plan_id, action_id)


def action_to_change(uow: UnitOfWork, plan_id: UUID, action_id: UUID) -> ActionView:
    """As it stands, held until the end of the transaction. Raises Forbidden without the right to change it."""
    section = find_section(uow, plan_id, action(uow, plan_id, action_id).section_key, lock=True)
    uow.permit(Permission.EDIT, section.id)
    return action(uow, plan_id, action_id)


def put_action_away(uow: UnitOfWork, plan_id: UUID, action_id: UUID) -> None:
    """Whoever may change it still finds it, and its versions stay."""
    section, now = _held(uow, plan_id, action(uow, plan_id, action_id))
    uow.require(Permission.EDIT, section)
    if _replace(uow, section, now, {"put_away": True}):
        uow.record("action.put_away", plan_id, section_id=section.id, subject_id=action_id)


def bring_action_back(uow: UnitOfWork, plan_id: UUID, action_id: UUID) -> None:
    section, now = _held(uow, plan_id, action(uow, plan_id, action_id, put_away=True))
    uow.require(Permission.EDIT, section)
    if _replace(uow, section, now, {"put_away": False}):
        uow.record("action.brought_back", plan_id, section_id=section.id, subject_id=action_id)


def _held(uow: UnitOfWork, plan_id: UUID, shown: ActionView) -> tuple[Section, Action]:
    """The section first, as whoever writes here holds it: two who save at once come one after the other."""
    return find_section(uow, plan_id, shown.section_key, lock=True), find_action(uow, plan_id, shown.id)


def _replace(uow: UnitOfWork, section: Section, now: Action, said: dict[str, Any]) -> bool:
    """The next version takes its place; did anything change?"""
    kept = {name: getattr(now, name) for name in _KEPT}
    if kept | said == kept:
        return False
    now.replaced_at = uow.now
    uow.flush()
    uow.add(_version(uow, section, kept | said | {"number": now.number + 1}))
    return True


def _version(uow: UnitOfWork, section: Section, said: dict[str, Any]) -> Action:
    mine = {"author_id": uow.principal.account_id, "author_name": uow.principal.display_name}
    here = {"plan_id": section.plan_id, "section_id": section.id, "label": section.label}
    return Action(**{**said, **mine, **here, "created_at": uow.now})


def _whose(uow: UnitOfWork, plan_id: UUID, draft: ActionPatch, shown: ActionView | None = None) -> dict[str, Any]:
    """Whoever was chosen, with the name as it is now; or a name alone. `shown`: as the viewer was shown it.

    Null takes away what it names (RFC 7396), and what was sent back as it came changes nothing.
    """
    rules.check_one_person(draft)
    if draft.who_member_id is not None:
        who = next((one for one in members(uow, plan_id) if one.id == draft.who_member_id and not one.has_left), None)
        if who is None:
            raise invalid("who_member_id", "unknown-member", _("Choose somebody who is in the circle now."))
        return {"who_member_id": who.id, "who_name": who.display_name}
    if draft.who_text is not None:
        same = shown is not None and shown.who_text == draft.who_text
        return {} if same else {"who_member_id": None, "who_name": draft.who_text}
    ends = [name for name in ("who_member_id", "who_text") if draft.sent(name) and getattr(shown, name, None)]
    return {"who_member_id": None, "who_name": ""} if ends else {}


def _how_many(uow: UnitOfWork, section: Section) -> int:
    there = (Action.section_id == section.id, col(Action.replaced_at).is_(None), ~col(Action.put_away))
    return int(uow.one(select(func.count(col(Action.id))).where(*there)))


def _first_to_change(uow: UnitOfWork, plan_id: UUID) -> str:
    """The key of the first section of outcomes that the viewer may change. Of those they do not see nothing is told."""
    check_plan(uow, plan_id)
    there = [one for one in sections(uow, plan_id) if one.kind is SectionKind.OUTCOMES]
    mine = next((one for one in there if one.my_level.rank >= Level.EDIT.rank), None)
    if mine is not None:
        return mine.key
    if there:
        raise Forbidden("You can read this, but you cannot do that here.")
    raise invalid("section_key", "missing", _("There is no part about outcomes here. Name the part."))
