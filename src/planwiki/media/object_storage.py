"""Where the bytes lie when a host chose a store that speaks S3: the same places, named by ids alone.

s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=NAME
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from planwiki.base.ids import as_id, new_id

from .storage import PIECE, WHOLE


class ObjectStorage:
    """One object for each file, under its plan's id and its own. Other errors of the store become OSError too."""

    def __init__(self, url: str) -> None:
        self._store = _store_at(url)

    def keep(self, plan_id: UUID, media_id: UUID, folder: Path) -> None:
        """Each object is there whole or not at all; the whole file comes last."""
        with _as_os_error():
            for file in sorted(folder.iterdir(), key=lambda file: file.name == WHOLE):
                obstore.put(self._store, _path(plan_id, media_id, file.name), file)

    def read(self, plan_id: UUID, media_id: UUID, name: str, start: int, end: int) -> Iterator[bytes]:
        with _as_os_error():
            found = obstore.get(self._store, _path(plan_id, media_id, name), options={"range": (start, end)})

        def pieces() -> Iterator[bytes]:
            with _as_os_error():
                for piece in found.stream(min_chunk_size=PIECE):
                    yield bytes(piece)

        return pieces()

    def size(self, plan_id: UUID, media_id: UUID, name: str) -> int:
        with _as_os_error():
            return obstore.head(self._store, _path(plan_id, media_id, name))["size"]

    def erase(self, plan_id: UUID, media_id: UUID) -> None:
        with _as_os_error():
            there = [one["path"] for some in obstore.list(self._store, f"{plan_id}/{media_id}") for one in some]
            if there:
                obstore.delete(self._store, there)

    def everything(self) -> Iterator[tuple[UUID, UUID]]:
        with _as_os_error():
            paths = (one["path"].split("/") for some in obstore.list(self._store) for one in some)
            for (plan, media), _ in groupby((path[-3], path[-2]) for path in paths if len(path) >= 3):
                plan_id, media_id = as_id(plan), as_id(media)
                if plan_id and media_id:
                    yield plan_id, media_id

    def check(self) -> None:
        """By asking for what is not there: a store that knows us says so, and says it at once."""
        with _as_os_error():
            next(iter(obstore.list(self._store, str(new_id()), chunk_size=1)), None)


def _store_at(url: str) -> S3Store:
    at = urlsplit(url)
    bucket, _, folder = at.path.strip("/").partition("/")
    scheme = "http" if at.scheme == "s3+insecure" else "https"
    return S3Store(
        bucket,
        prefix=folder or None,
        endpoint=f"{scheme}://{at.netloc.rpartition('@')[2]}",
        access_key_id=unquote(at.username or ""),
        secret_access_key=unquote(at.password or ""),
        region=parse_qs(at.query).get("region", ["us-east-1"])[0],
        virtual_hosted_style_request=False,
        client_options={"allow_http": scheme == "http", "connect_timeout": "5s", "timeout": "60s"},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )


def _path(plan_id: UUID, media_id: UUID, name: str) -> str:
    return f"{plan_id}/{media_id}/{name}"


@contextmanager
def _as_os_error() -> Iterator[None]:
    """As a disk's errors come: see Storage."""
    try:
        yield
    except BaseError as error:
        raise _as_said_by_a_disk(error) from error


def _as_said_by_a_disk(error: BaseError) -> OSError:
    """Its kind alone: the rest may hold a bucket's name or a key's."""
    return OSError(type(error).__name__)
