"""What the words of a section show: its own files, and no others. For whoever renders or lists sections."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from planwiki.authz.lens import Lens
from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.markdown import Shown, render
from planwiki.base.vocabulary import MediaKind
from planwiki.plans.own_picture_schemas import OwnPicture

from .models import Media
from .rules import shown_in


def rendered(uow: UnitOfWork, section_id: UUID | None, markdown: str) -> str:
    """Safe HTML. `![words](media:ID)` shows a file of this section; any other id leaves its words alone.

    Without a section, any file that the viewer may see: for a look at words that are not kept.
    """
    named = shown_in(markdown)
    if not named:
        return render(markdown)
    question = select(Media).where(col(Media.id).in_(named[:500]))
    rows = uow.all(question if section_id is None else question.where(Media.section_id == section_id))
    return rendered_with(rows, markdown)


def rendered_with(files: Iterable[Media], markdown: str) -> str:
    """Safe HTML that shows these files where it names them."""
    return render(markdown, {str(one.id): _shown(one) for one in files})


def _shown(one: Media) -> Shown:
    address = f"/plans/{one.plan_id}/media/{one.id}"
    is_picture = one.kind is MediaKind.PICTURE
    return Shown(one.kind, f"{address}/large" if is_picture else address, one.width, one.height)


def seen_pictures(uow: UnitOfWork, ids: Iterable[UUID | None]) -> set[UUID]:
    """Those of these ids that are pictures the viewer may see."""
    named = [id for id in ids if id is not None]
    return {row.id for row in uow.ask(_pictures, ids=named)} if named else set()


def _pictures(_lens: Lens) -> Any:
    named = col(Media.id).in_(bindparam("ids", expanding=True))
    return cast(Any, select)(Media.id, Media.section_id, Media.alt_text).where(named, Media.kind == MediaKind.PICTURE)


def own_pictures(uow: UnitOfWork, sections: Iterable[Any]) -> dict[UUID, OwnPicture]:
    """By section, the picture of its own that stands for it, where the viewer may see that. Most have none."""
    chosen = {one.picture_media_id: one.id for one in sections if one.picture_media_id is not None}
    if not chosen:
        return {}
    rows = uow.ask(_pictures, ids=list(chosen))
    return {to: OwnPicture(media_id=id, words=words or "") for id, to, words in rows if chosen[id] == to}


def no_pictures_in(uow: UnitOfWork, section_id: UUID) -> set[UUID]:
    """Sound, video and papers of a section. All else that a text names was most likely a picture."""
    return set(uow.all(select(Media.id).where(Media.section_id == section_id, Media.kind != MediaKind.PICTURE)))


def ids_by_section(uow: UnitOfWork, plan_id: UUID) -> dict[UUID, list[UUID]]:
    """The files of each section the viewer may read, oldest first."""
    found = defaultdict[UUID, list[UUID]](list)
    for row in uow.ask(_ids, plan_id=plan_id):
        found[row.section_id].append(row.id)
    return found


def _ids(_lens: Lens) -> Any:
    there = select(Media.section_id, Media.id).where(Media.plan_id == bindparam("plan_id"))
    return there.order_by(col(Media.id))
