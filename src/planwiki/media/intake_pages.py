"""How a file comes in, by a form or a program: body, cleaning, storage, row. Where one fails, nothing is left."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from anyio import to_thread
from fastapi import Request, Response
from starlette.responses import RedirectResponse

from planwiki.activity.ledger import Erasure, Ledger
from planwiki.base.errors import PlanwikiError, Unavailable
from planwiki.base.ids import as_id, new_id
from planwiki.base.language import _
from planwiki.base.vocabulary import MediaKind
from planwiki.integrations.commands import Made, Once
from planwiki.web.asking import settings_of
from planwiki.web.idempotent import once_of
from planwiki.web.json_bodies import JSON
from planwiki.web.methods import wishes
from planwiki.web.uploads import Upload, received

from . import rules, workshop
from .schemas import Kept, MediaDraft
from .storage import WHOLE, Storage

Answer = TypeVar("Answer", bound=Response)
Keep = Callable[[MediaDraft, Upload, Kept], Awaitable[Answer]]
Earlier = Callable[[MediaDraft, Upload], Awaitable[Answer | None]]
Draft = Callable[[dict[str, str]], MediaDraft]
KNOWN_FROM = 16  # So many first bytes say what a file is; a shorter file is looked at when it has come.


def storage_of(request: Request) -> Storage:
    return request.app.state.storage


def quota_of(request: Request) -> int:
    return settings_of(request).media_quota_mb * rules.MEGABYTE


async def take(request: Request, plan_id: UUID, drafted: Draft, keep: Keep[Answer], earlier: Earlier[Answer]) -> Answer:
    """`drafted` reads what is said about the file, `keep` adds the row. Whoever calls has asked about rights before.

    `earlier` is asked first whether the same was sent before, by the bytes as they came: made safe, they may differ.
    """
    folder = settings_of(request).data_dir / "incoming"
    async with received(request, folder, _check_as_it_comes) as upload:
        sort = rules.sort_of(upload.head)
        rules.check_size(upload.size, sort.most)
        draft = drafted(upload.fields)
        rules.check_described(sort.kind, draft.alt_text, decorative=draft.decorative)
        if answer := await earlier(draft, upload):
            return answer
        kept = await to_thread.run_sync(_make_safe, upload, sort)
        folder = upload.folder / "safe"
        return await _store(storage_of(request), plan_id, kept, folder, lambda: keep(draft, upload, kept))


class Sent(MediaDraft):
    """What tells whether two uploads are the same: what is said, and the file as it came."""

    file: str
    filename: str


def sent(draft: MediaDraft, upload: Upload) -> Sent:
    return Sent(**draft.model_dump(), file=upload.sha256, filename=upload.filename)


def once_from(request: Request, page: str, said: Sent) -> Once:
    """An opened page adds the same file once, however often it is sent; another file is another thing to add."""
    once = once_of(request, "", said)
    return replace(once, key=f"page:{as_id(page) or new_id()}:{once.fingerprint}")


def added(request: Request, made: Made) -> Response:
    """To where it stands now; for a script that asks for JSON, what was kept."""
    headers = {"Idempotency-Replayed": "true"} if made.replayed else {}
    if asks_for_json(request):
        return Response(made.body, 201, headers, media_type=JSON)
    return RedirectResponse(made.location, 303, headers)


def asks_for_json(request: Request) -> bool:
    return wishes(request.headers.get("accept", "")).get(JSON, 0) > 0


def _check_as_it_comes(head: bytes, size: int) -> None:
    if len(head) >= KNOWN_FROM:
        rules.check_size(size, rules.sort_of(head).most)
    rules.check_size(size, rules.MOST_VIDEO)


def _make_safe(upload: Upload, sort: rules.Sort) -> Kept:
    safe = upload.folder / "safe"
    safe.mkdir()
    found: dict[str, Any] = workshop.make_safe(upload.path, safe, sort)
    size = (safe / WHOLE).stat().st_size
    if found["kind"] != MediaKind.VIDEO:
        rules.check_size(upload.size, rules.MOST)
    return Kept(
        id=new_id(),
        filename=rules.tidy_name(upload.filename, found["content_type"]),
        size=size,
        stored=sum(one.stat().st_size for one in safe.iterdir()),
        sha256=workshop.sha256_of(safe / WHOLE),
        **found,
    )


async def _store(
    storage: Storage, plan_id: UUID, kept: Kept, folder: Path, keep: Callable[[], Awaitable[Answer]]
) -> Answer:
    """The bytes first, then the row. Where there is no row for certain, the bytes go again.

    A database that went away may have kept the row and not been able to say so: then the bytes are left to the sweep.
    """
    try:
        await to_thread.run_sync(storage.keep, plan_id, kept.id, folder)
    except OSError as error:
        await erase(storage, plan_id, kept.id)
        raise Unavailable(_("We cannot keep files just now. Nothing was changed.")) from error
    try:
        answer = await keep()
    except PlanwikiError as error:
        if not isinstance(error, Unavailable):
            await erase(storage, plan_id, kept.id)
        raise
    if "Idempotency-Replayed" in answer.headers:  # It is there already, under the id it got then.
        await erase(storage, plan_id, kept.id)
    return answer


async def forget(request: Request, plan_id: UUID, media_id: UUID) -> None:
    """The bytes of what somebody took away. Written down first; where that fails, the sweep takes the bytes later."""

    def write_and_erase() -> None:
        Ledger(settings_of(request).data_dir).write(Erasure(plan_id, media_id))
        storage_of(request).erase(plan_id, media_id)

    with suppress(OSError):
        await to_thread.run_sync(write_and_erase)


async def erase(storage: Storage, plan_id: UUID, media_id: UUID) -> None:
    """What cannot be erased now is swept away later: no row points at it."""
    try:
        await to_thread.run_sync(storage.erase, plan_id, media_id)
    except OSError:
        return
