"""Questions about pictures, sound, video and papers. Each read is narrowed to the sections that may be read."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.vocabulary import Permission, SectionStatus
from planwiki.plans.models import Plan, Section
from planwiki.plans.queries import check_plan, find_section

from .models import Media
from .rules import check_room
from .schemas import MediaView
from .views import media_view


def media_of(
    uow: UnitOfWork, plan_id: UUID, key: str | None = None, *, after: UUID | None = None, limit: int | None = None
) -> list[MediaView]:
    """All the viewer may see of a plan or of one section, oldest first. Raises NotFound where that is hidden."""
    check_plan(uow, plan_id)
    question = _with_key().where(Media.plan_id == plan_id).order_by(col(Media.id))
    if key is not None:
        question = question.where(Media.section_id == find_section(uow, plan_id, key).id)
    if after is not None:
        question = question.where(col(Media.id) > after)
    return [media_view(*row) for row in uow.all(question.limit(limit) if limit else question)]


def media_in_document(uow: UnitOfWork, plan_id: UUID, keys: set[str] | None = None) -> list[MediaView]:
    """The same for the sections of a document: those in use."""
    rows = uow.ask(_in_document, plan_id=plan_id)
    return [media_view(row, row.key) for row in rows if keys is None or row.key in keys]


def _in_document(_lens: Lens) -> Any:
    there = (Media.plan_id == bindparam("plan_id"), Section.status == SectionStatus.ACTIVE)
    return _with_key().where(*there).order_by(col(Media.id))


def one_media(uow: UnitOfWork, plan_id: UUID, media_id: UUID, *, lock: bool = False) -> MediaView:
    """Raises NotFound when it is hidden or missing. `lock` holds it, as it is now, until the end of the transaction."""
    if lock:
        uow.get(Media, media_id, lock=True)
    return media_view(*uow.one(_with_key().where(Media.plan_id == plan_id, Media.id == media_id)))


def stands_for_something(uow: UnitOfWork, plan_id: UUID, media_id: UUID) -> bool:
    """Is it the photo of the plan, or the picture of a section the viewer may read? Then many pages show it small."""
    chosen = select(Section.id).where(Section.plan_id == plan_id, Section.picture_media_id == media_id)
    photo = select(Plan.id).where(Plan.id == plan_id, Plan.person_photo_media_id == media_id)
    return uow.first(chosen) is not None or uow.first(photo) is not None


def _with_key() -> Any:
    return cast(Any, select)(Media, Section.key).join(Section, col(Section.id) == Media.section_id)


def may_add_somewhere(uow: UnitOfWork, plan_id: UUID) -> None:
    """Before a body is read: somebody who may add nothing anywhere need not send it. Raises NotFound, Forbidden."""
    check_plan(uow, plan_id)
    permitted = uow.permissions(Section.plan_id == plan_id).values()
    if uow.principal.as_member_id or not any(Permission.EDIT in one for one in permitted):
        raise Forbidden("You can read this, but you cannot do that here.")


def may_add_here(uow: UnitOfWork, plan_id: UUID, key: str) -> None:
    """The same for one section."""
    uow.permit(Permission.EDIT, find_section(uow, plan_id, key).id)


def may_add_voice(uow: UnitOfWork, plan_id: UUID, key: str) -> None:
    """The same for a voice, on a shared tablet too."""
    uow.permit_to_add(find_section(uow, plan_id, key).id)


def check_quota(uow: UnitOfWork, plan_id: UUID, more: int, quota: int) -> None:
    """All files of the plan count, whoever sees them. Raises TooLarge."""
    with uow.system("how much a plan keeps, whoever may see it") as session:
        used = session.exec(select(func.coalesce(func.sum(Media.stored), 0)).where(Media.plan_id == plan_id)).one()
    check_room(int(used), more, quota)
