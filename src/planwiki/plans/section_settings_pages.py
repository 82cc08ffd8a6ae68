"""How private a section is, its picture and its kind; putting it away and bringing it back. For owners."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Invalid
from planwiki.base.text import Key
from planwiki.base.vocabulary import MediaKind, Permission, SectionStatus
from planwiki.media.queries import media_of
from planwiki.web.asking import PageDesk
from planwiki.web.forms import Typed, drafted, errors_of, typed_in
from planwiki.web.page_frame import frame
from planwiki.web.pictures import choice, groups
from planwiki.web.rendering import page
from planwiki.web.sentences import effect_sentences
from planwiki.web.trying import try_out

from .queries import section_view
from .schemas import SectionPatch, SectionView
from .section_commands import archive_section, change_section
from .trial_commands import as_if_changed

router = APIRouter(include_in_schema=False)
SECTION = "/plans/{plan_id}/sections/{key}"
Part = Annotated[int, Query(ge=1, le=1_000)]
_SETTINGS = ("label", "kind", "picture", "picture_media_id")


@router.get(SECTION + "/settings")
async def show_settings(request: Request, desk: PageDesk, plan_id: UUID, key: Key, saved: str = "") -> Response:
    shown = await desk.read(lambda uow: _managed(uow, plan_id, key))
    return page(request, "plans/section_settings.html", **shown, typed=_as_typed(shown["section"]), saved=saved)


def _managed(uow: UnitOfWork, plan_id: UUID, key: str) -> dict[str, Any]:
    section = section_view(uow, plan_id, key)
    uow.permit(Permission.MANAGE, section.id)
    return frame(uow, plan_id) | {"section": section}


def _as_typed(section: SectionView) -> Typed:
    return {"label": section.label.value, "kind": section.kind.value}


@router.post(SECTION + "/settings")
async def change_settings(request: Request, desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    """What changes who can see it is said first, and saved when somebody says yes."""
    typed = await typed_in(request)
    try:
        patch = drafted(SectionPatch, _sent(typed))
        if patch.sent("label") and typed.get("sure") != "yes":
            effects = await try_out(desk, lambda uow: as_if_changed(uow, plan_id, key, patch))
            if effects:
                shown = await desk.read(lambda uow: _managed(uow, plan_id, key))
                said = effect_sentences(effects)
                return page(request, "plans/check_settings.html", **shown, typed=typed, sentences=said)
        await desk.write(lambda uow: _change(uow, plan_id, key, patch))
    except Invalid as error:
        shown = await desk.read(lambda uow: _managed(uow, plan_id, key))
        typed = _as_typed(shown["section"]) | typed
        return page(
            request, "plans/section_settings.html", 422, **shown, typed=typed, saved="", errors=errors_of(error)
        )
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}/settings?saved=yes", 303)


def _sent(typed: Typed) -> dict[str, Any]:
    """What was chosen. A plain picture takes the place of an own one."""
    sent: dict[str, Any] = {name: typed[name] for name in _SETTINGS if typed.get(name)}
    return {"picture_media_id": None} | sent if "picture" in sent else sent


def _change(uow: UnitOfWork, plan_id: UUID, key: str, patch: SectionPatch) -> None:
    change_section(uow, plan_id, key, patch, based_on=section_view(uow, plan_id, key).revision)


@router.get(SECTION + "/picture")
async def choose_picture(
    request: Request, desk: PageDesk, plan_id: UUID, key: Key, q: str = "", about: str = "", part: Part = 1
) -> Response:
    """A few pictures to choose from, those that a word finds, or those that are about something; and its own."""

    def ask(uow: UnitOfWork) -> dict[str, Any]:
        own = [one for one in media_of(uow, plan_id, key) if one.kind is MediaKind.PICTURE]
        return _managed(uow, plan_id, key) | {"own": own}

    shown = await desk.read(ask)
    found = choice(q, about, part, shown["section"].picture)
    return page(request, "plans/picture.html", **shown, q=q, about=about, found=found, groups=groups())


@router.post(SECTION + "/archive")
async def put_away(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    await desk.write(lambda uow: archive_section(uow, plan_id, key))
    return RedirectResponse(f"/plans/{plan_id}?said=put-away&section={key}", 303)


@router.post(SECTION + "/bring-back")
async def bring_back(desk: PageDesk, plan_id: UUID, key: Key) -> Response:
    patch = SectionPatch(status=SectionStatus.ACTIVE)
    await desk.write(lambda uow: _change(uow, plan_id, key, patch))
    return RedirectResponse(f"/plans/{plan_id}/sections/{key}?said=back", 303)
