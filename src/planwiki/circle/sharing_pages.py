"""Who can see this? Said first in a sentence, stopped in one press, and changed only after it was foretold."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Forbidden, Invalid
from planwiki.base.language import _
from planwiki.base.text import Key
from planwiki.base.vocabulary import Level, MemberStatus, Role
from planwiki.plans.offer_queries import offers
from planwiki.plans.queries import section_view
from planwiki.web.asking import PageDesk
from planwiki.web.conditional import hash_of
from planwiki.web.forms import Typed, drafted, errors_of, moment, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.rendering import page
from planwiki.web.sentences import effect_sentences, who_can_see
from planwiki.web.trying import try_out

from .audience_schemas import AudienceView
from .grant_commands import replace_section_grants, stop_sharing
from .pages import GROUPS
from .queries import audiences, face_of, section_grants
from .schemas import SectionGrantsDraft, SectionGrantsView
from .sharing_queries import changed_at, sharing
from .sharing_rules import as_choices, as_grants
from .sharing_schemas import SharingView, StandingView
from .trial_commands import as_if_shared
from .undo_commands import put_sharing_back

router = APIRouter(include_in_schema=False)
WHO = "/plans/{plan_id}/sections/{key}/who"


@router.get(WHO)
async def show_who(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, stopped: UUID | None = None, at: str = ""
) -> Response:
    """The sentence and the names for every reader; for owners also how everybody stands, and stopping."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        section = section_view(uow, plan_id, key)
        audience = audiences(uow, plan_id, key)[section.id]
        shown = frame(uow, plan_id) | {"section": section} | _said_of(audience)
        if section.my_level is not Level.MANAGE:
            return shown | {"people": None}
        return shown | _for_owners(uow, plan_id, key, stopped, moment(at))

    return page(request, "circle/who.html", **({"undo": "", "said": ""} | await desk.read(ask)))


def _said_of(audience: AudienceView) -> dict[str, Any]:
    seeing = [{"member": one, "level": audience.levels[one.id]} for one in audience.members]
    return {
        "sentence": who_can_see(audience),
        "audience": [face_of(one) for one in audience.members],
        "seeing": seeing,
    }


def _for_owners(uow: UnitOfWork, plan_id: UUID, key: str, stopped: UUID | None, at: datetime | None) -> dict[str, Any]:
    stands = sharing(uow, plan_id, key)
    undo = at if at and changed_at(uow, stands.section.id, at) else None
    closed_to = [one.member.display_name for one in stands.people if one.member.id == stopped]
    closed = _("%(name)s cannot see this any more.") % {"name": closed_to[0]} if closed_to else ""
    return {
        "people": [one for _group, people in in_groups(stands.people) for one in people],
        "roles": [(role, level) for role, level in stands.given.roles.items() if level is not Level.NONE],
        "said": (closed or _("Saved. You can undo this for ten minutes.")) if undo else "",
        "undo": undo.isoformat() if undo else "",
    }


def in_groups(people: list[StandingView]) -> list[tuple[str, list[StandingView]]]:
    """Those who could sign in, by closeness."""
    here = [one for one in people if one.member.status is not MemberStatus.CONTACT_ONLY]
    groups = [(name, [one for one in here if one.member.role in roles]) for name, roles in GROUPS.items()]
    return [(name, found) for name, found in groups if found]


@router.get(WHO + "/change")
async def ask_who(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    return page(request, "circle/change_who.html", **await desk.read(lambda uow: _form(uow, plan_id, key)))


@router.post(WHO + "/change")
async def ask_who_again(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    """Back from what was foretold, with every choice as it was made."""
    typed = await typed_in(request)
    return page(request, "circle/change_who.html", **await desk.read(lambda uow: _form(uow, plan_id, key, typed)))


def _form(uow: UnitOfWork, plan_id: UUID, key: str, typed: Typed | None = None) -> dict[str, Any]:
    stands = sharing(uow, plan_id, key)
    mine = next(one.member for one in stands.people if one.member.is_me)
    return frame(uow, plan_id) | {
        "section": stands.section,
        "groups": [one for one in _choosable(stands, i_am_the_person=mine.role is Role.PERSON) if one[1] or one[2]],
        "typed": as_choices(stands.given) | (typed or {}),
        "seal": seal(stands.given),
        "offered": offers(uow, plan_id, stands.section),
    }


def _choosable(stands: SharingView, *, i_am_the_person: bool) -> list[tuple[str, list[StandingView], list[Role]]]:
    """Whom the form offers: everybody but owners; to the person also the stewards, to keep something from them."""
    groups = dict(in_groups(stands.people))
    offered: list[tuple[str, list[StandingView], list[Role]]] = []
    for name, roles in GROUPS.items():
        people = [one for one in groups.get(name, []) if not one.owner or (i_am_the_person and not one.member.is_me)]
        offered.append((name, people, [role for role in roles if name != "owners"]))
    return offered


def seal(given: SectionGrantsView) -> str:
    """Two who share at the same moment do not undo each other: the second is told."""
    return hash_of(given.model_dump_json().encode())


@router.post(WHO + "/check")
async def foretell(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    """What the change would do, by names. It is made, asked about and forgotten, so it is what saving then does."""
    typed = await typed_in(request)

    def foretold(uow: UnitOfWork) -> dict[str, Any]:
        shown = frame(uow, plan_id) | {"section": section_view(uow, plan_id, key), "typed": typed}
        effects = as_if_shared(uow, plan_id, key, _draft(uow, plan_id, key, typed))
        return shown | {"effects": effects, "sentences": effect_sentences(effects)}

    try:
        return page(request, "circle/check_who.html", **await try_out(desk, foretold))
    except (Invalid, Conflict) as error:
        return await _mend(request, desk, plan_id, key, typed, error)


@router.post(WHO)
async def share(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    typed = await typed_in(request)

    def replace(uow: UnitOfWork) -> None:
        replace_section_grants(uow, plan_id, key, _draft(uow, plan_id, key, typed))

    try:
        at = await desk.write(_and_when(replace))
    except (Invalid, Conflict) as error:
        return await _mend(request, desk, plan_id, key, typed, error)
    return _back(plan_id, key, at=at.isoformat())


def _draft(uow: UnitOfWork, plan_id: UUID, key: str, typed: Typed) -> SectionGrantsDraft:
    given = section_grants(uow, plan_id, key)
    if typed.get("seal") != seal(given):
        raise Conflict(_("Someone changed the sharing at the same moment. Please look once more."))
    return drafted(SectionGrantsDraft, as_grants(typed, given))


async def _mend(
    request: Request, desk: PageDesk, plan_id: UUID, key: str, typed: Typed, error: Invalid | Conflict
) -> Response:
    """The form again, with what was chosen and what to change."""
    shown = await desk.read(lambda uow: _form(uow, plan_id, key, typed))
    status = 409 if isinstance(error, Conflict) else 422
    return page(request, "circle/change_who.html", status, **shown, errors=errors_by_choice(error, typed))


def errors_by_choice(error: Invalid | Conflict, typed: Typed) -> dict[str, str]:
    """`members-2-expires_on` is said beside the third person who was given something; `roles-friend` by its group."""
    given = [name for name, level in typed.items() if name.startswith("level-") and level != Level.NONE]
    return {_choice(name.split("-"), given): words for name, words in errors_of(error).items()}


_DAYS = {"from_on": "from-", "expires_on": "until-"}


def _choice(place: list[str], given: list[str]) -> str:
    """The field of the form that a place in the draft came from; the whole form when there is none."""
    if place[0] == "members" and len(place) > 2 and int(place[1]) < len(given):
        return given[int(place[1])].replace("level-", _DAYS.get(place[2], "level-"))
    return f"role-{place[1]}" if place[0] == "roles" and len(place) > 1 else "form"


@router.post(WHO + "/stop")
async def stop(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    """One press closes it to one person, whatever they or their role were given."""
    member_id = _member_in(await typed_in(request))
    at = await desk.write(_and_when(lambda uow: stop_sharing(uow, plan_id, key, member_id)))
    return _back(plan_id, key, stopped=str(member_id), at=at.isoformat())


def _member_in(typed: Typed) -> UUID:
    try:
        return UUID(typed.get("member", ""))
    except ValueError:
        raise Forbidden(_("We cannot tell whom you mean.")) from None


@router.post(WHO + "/undo")
async def undo(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    at = moment((await typed_in(request)).get("at", ""))
    if at is None:
        raise Forbidden(_("We cannot tell what to undo."))
    await desk.write(lambda uow: put_sharing_back(uow, plan_id, key, at))
    return _back(plan_id, key)


def _and_when(verb: Callable[[UnitOfWork], None]) -> Callable[[UnitOfWork], datetime]:
    """The verb, answering the instant it counts from: undoing asks for that."""

    def done(uow: UnitOfWork) -> datetime:
        verb(uow)
        return uow.now

    return done


def _back(plan_id: UUID, key: str, **said: str) -> Response:
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}/who{'?' if said else ''}{urlencode(said)}", 303)
