"""A form with one file, as it comes in: straight to disk, piece by piece, and no further than its kind may go.

Everything is gone again when the block ends, whatever happened in it.
"""

import hashlib
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, BinaryIO

from anyio import to_thread
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from planwiki.base.errors import Unavailable, invalid
from planwiki.base.ids import new_id
from planwiki.base.language import _

from .problems import HttpProblem

FILE, MOST_FIELDS, LONGEST_FIELD, AT_ONCE = "file", 40, 500_000, 1 << 20
Check = Callable[[bytes, int], None]


class Upload:
    """What came: the fields as text, and the file with the name its sender gave it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "came"
        self.fields: dict[str, str] = {}
        self.filename, self.size, self.head = "", 0, b""
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of the bytes as they came, before anything is done to them."""
        return self._hash.hexdigest()

    def came(self, piece: bytes) -> None:
        """The file's next bytes are here."""
        self.head = (self.head + piece[:64])[:64] if len(self.head) < 64 else self.head
        self.size += len(piece)
        self._hash.update(piece)


@asynccontextmanager
async def received(request: Request, folder: Path, check: Check) -> AsyncIterator[Upload]:
    """`check` is told the file's first bytes and how many came so far, and raises when that is enough.

    Raises HttpProblem for what is no such form, Invalid for no file or for two, Unavailable when the disk is full.
    """
    upload = Upload(folder / new_id().hex)
    try:
        upload.folder.mkdir(parents=True)
        await _read(request, upload, check)
        if not upload.size:
            raise invalid(FILE, "missing", _("Please choose a file."))
        yield upload
    except OSError as error:
        raise Unavailable(_("We cannot keep files just now. Nothing was changed.")) from error
    finally:
        await to_thread.run_sync(lambda: shutil.rmtree(upload.folder, ignore_errors=True))


async def _read(request: Request, upload: Upload, check: Check) -> None:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise HttpProblem(415, "unsupported-media-type", "Please send this as a form with a file.")
    with upload.path.open("wb") as file:
        reader = _Reader(upload, file, check)
        parser = MultipartParser(options[b"boundary"], reader.callbacks())
        waiting = b""
        try:
            async for piece in request.stream():
                waiting += piece
                if len(waiting) >= AT_ONCE:
                    await to_thread.run_sync(parser.write, waiting)
                    waiting = b""
            await to_thread.run_sync(parser.write, waiting)
        except (FormParserError, UnicodeDecodeError):
            raise _malformed() from None
    if not reader.ended:
        raise _malformed()


def _malformed() -> HttpProblem:
    return HttpProblem(400, "malformed", "We could not read that form. Nothing was changed.")


class _Reader:
    """Takes what the parser finds: the part called `file` to disk, every other one as text."""

    def __init__(self, upload: Upload, file: BinaryIO, check: Check) -> None:
        self.upload, self.file, self.check = upload, file, check
        self.ended = self._has_file = False
        self._name, self._field, self._value, self._text = "", b"", b"", b""

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all,
        }

    def _begin(self) -> None:
        self._name, self._text = "", b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._name = options.get(b"name", b"").decode()
            if self._name == FILE:
                self._begin_file(options.get(b"filename", b"").decode())
        self._field, self._value = b"", b""

    def _begin_file(self, filename: str) -> None:
        """One alone: two would run into each other."""
        if self._has_file:
            raise invalid(FILE, "more-than-one", _("Please send one file at a time."))
        self._has_file, self.upload.filename = True, filename

    def _data(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if self._name == FILE:
            self._keep(piece)
            return
        self._text += piece
        if len(self._text) > LONGEST_FIELD:
            raise HttpProblem(413, "too-large", "That is more than planwiki takes at once.")

    def _keep(self, piece: bytes) -> None:
        self.upload.came(piece)
        self.check(self.upload.head, self.upload.size)
        self.file.write(piece)

    def _end(self) -> None:
        if self._name and self._name != FILE:
            self.upload.fields[self._name] = self._text.decode().replace("\r\n", "\n")
        if len(self.upload.fields) > MOST_FIELDS:
            raise _malformed()

    def _all(self) -> None:
        self.ended = True
