"""Inviting somebody: asked, shown before it is done, and then a link that is shown this once."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Conflict, Invalid, invalid
from planwiki.base.language import _
from planwiki.base.vocabulary import Level, Way
from planwiki.plans.queries import sections
from planwiki.web.asking import PageDesk, settings_of
from planwiki.web.forms import Typed, by_need, drafted, errors_of, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.papers import letter_as_pdf, pdf_answer
from planwiki.web.rendering import day, page
from planwiki.web.trying import try_out

from . import invitation_commands
from .handing_commands import Handing
from .letter_pages import invitation_letter, spaced
from .pages import NEEDED, owners_frame
from .schemas import InvitationDraft
from .trial_commands import as_if_joined

router = APIRouter(include_in_schema=False)
INVITE, ONE = "/plans/{plan_id}/circle/invite", "/plans/{plan_id}/circle/invitations/{invitation_id}"


@router.get(INVITE)
async def ask_whom(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    return page(request, "circle/invite.html", **await desk.read(lambda uow: _form(uow, plan_id)), typed={})


@router.post(INVITE + "/change")
async def ask_again(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """Back from what was foretold, with everything as it was typed."""
    typed = await typed_in(request)
    return page(request, "circle/invite.html", **await desk.read(lambda uow: _form(uow, plan_id)), typed=typed)


def _form(uow: UnitOfWork, plan_id: UUID) -> dict[str, Any]:
    shown = owners_frame(uow, plan_id) | {"sections": sections(uow, plan_id)}
    return shown | {"person_waits": invitation_commands.person_may_join(uow, plan_id)}


@router.post(INVITE + "/check")
async def foretell(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """What whoever takes the link will see, by the rule itself. Nothing is kept."""
    typed = await typed_in(request)

    def foretold(uow: UnitOfWork) -> dict[str, Any]:
        draft, shown = drafted(InvitationDraft, as_invitation(typed)), sections(uow, plan_id)
        levels = as_if_joined(uow, plan_id, draft, _handing(request, typed))
        return frame(uow, plan_id) | {
            "draft": draft,
            "way": _way(typed),
            "opened": [(one, levels[one.key]) for one in shown if levels[one.key] is not Level.NONE],
            "closed": [one for one in shown if levels[one.key] is Level.NONE],
            "until": draft.grants[0].expires_on if draft.grants else None,
        }

    try:
        return page(request, "circle/invite_check.html", **await try_out(desk, foretold), typed=_told(typed))
    except (Invalid, Conflict) as error:
        return await _mend(request, desk, plan_id, typed, error)


@router.post(INVITE)
async def invite(request: Request, desk: PageDesk, plan_id: UUID) -> Response:
    """The link is in this answer and nowhere else: no address, cookie or store holds it, so there is no redirect."""
    typed = await typed_in(request)

    def make(uow: UnitOfWork) -> dict[str, Any]:
        draft = drafted(InvitationDraft, as_invitation(typed))
        made = invitation_commands.invite(uow, plan_id, draft, _handing(request, typed))
        return frame(uow, plan_id) | {"invitation": made}

    try:
        return _invited(request, _way(typed), await desk.write(make))
    except (Invalid, Conflict) as error:
        return await _mend(request, desk, plan_id, typed, error)


def _invited(request: Request, way: Way, shown: dict[str, Any]) -> Response:
    return page(request, "circle/invited.html", **shown, way=way, address=address_to_type(request))


def address_to_type(request: Request) -> str:
    """Where a code is typed, as people write it."""
    return settings_of(request).base_url.partition("://")[2] + "/join"


def _way(typed: Typed) -> Way:
    said = typed.get("way", Way.LINK)
    if said not in set(Way):
        raise invalid("way", "missing", _("Please choose how it reaches them."))
    return Way(said)


def _handing(request: Request, typed: Typed) -> Handing:
    settings = settings_of(request)
    return Handing(settings.base_url, _way(typed), settings.secret_key)


@router.post(ONE + "/again")
async def send_again(request: Request, desk: PageDesk, plan_id: UUID, invitation_id: UUID) -> Response:
    """A new link, letter or code; the old one is dead with this press."""
    handing = _handing(request, {})

    def make(uow: UnitOfWork) -> dict[str, Any]:
        made = invitation_commands.invite_again(uow, plan_id, invitation_id, handing)
        return frame(uow, plan_id) | {"invitation": made}

    shown = await desk.write(make)
    return _invited(request, shown["invitation"].way, shown)


@router.post(ONE + "/letter")
async def print_letter(request: Request, desk: PageDesk, plan_id: UUID, invitation_id: UUID) -> Response:
    """The letter, for whoever was just shown its secret: it comes in the form's body, since we keep none."""
    typed, settings = await typed_in(request), settings_of(request)
    secret, code = typed.get("token", ""), typed.get("code", "")

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        shown = frame(uow, plan_id)
        held = invitation_commands.letter_of(uow, plan_id, invitation_id, secret, code, settings.secret_key)
        return shown | {"invitation": held}

    shown = await desk.read(ask)
    link, sender = f"{settings.base_url}/join/{secret}", shown["viewer"].display_name
    ends = day(shown["invitation"].expires_at, ZoneInfo(settings.time_zone))
    letter = invitation_letter(shown["invitation"], sender, link, spaced(code), address_to_type(request), ends)
    return pdf_answer(letter_as_pdf(letter), "planwiki")


@router.post(ONE + "/withdraw")
async def withdraw(desk: PageDesk, plan_id: UUID, invitation_id: UUID) -> Response:
    await desk.write(lambda uow: invitation_commands.withdraw(uow, plan_id, invitation_id))
    return RedirectResponse(f"/plans/{plan_id}/circle#invitations", 303)


def as_invitation(typed: Typed) -> dict[str, Any]:
    """What was typed, as a draft; what was left empty is nothing."""
    said: dict[str, Any] = {
        name: typed.get(name) or None for name in ("display_name", "organisation", "email", "message")
    }
    said |= {name: typed.get(name, "") for name in ("role", "relationship")} | {"confirm_first": True}
    levels = {name.removeprefix("level-"): level for name, level in typed.items() if name.startswith("level-")}
    until = typed.get("expires_on") or None
    grants = [{"section_key": key, "level": level, "expires_on": until} for key, level in levels.items()]
    said["grants"] = [one for one in grants if one["level"] != Level.NONE]
    return said | {"expires_in_days": typed.get("expires_in_days", "7")}


def _told(typed: Typed) -> Typed:
    """What the next form carries: no closed section needs a word."""
    return {name: value for name, value in typed.items() if value and value != Level.NONE}


async def _mend(request: Request, desk: PageDesk, plan_id: UUID, typed: Typed, error: Invalid | Conflict) -> Response:
    shown = await desk.read(lambda uow: _form(uow, plan_id))
    status = 409 if isinstance(error, Conflict) else 422
    return page(
        request,
        "circle/invite.html",
        status,
        **shown,
        typed=typed,
        errors=by_need(_placed(errors_of(error)), typed, NEEDED),
    )


def _placed(errors: dict[str, str]) -> dict[str, str]:
    """Every grant has the same last day, so it is said once, by its field; the rest by the list of sections."""
    placed: dict[str, str] = {}
    for name, words in errors.items():
        if name.endswith("expires_on"):
            placed["expires_on"] = words
        else:
            placed["grants" if name.startswith("grants") or name == "level" else name] = words
    return placed
