"""A paper as a PDF that screen readers can read (PDF/UA-1), made elsewhere and within limits: see press.

Measured on one small busy core: a plan of 20 sections 0.3 s; a million letters of prose 25 s; 100,000 lines of a table
never came to an end, with 1.4 GB of memory. So half a million letters or 15,000 lines are the most, and what takes too
long all the same is ended.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import structlog

from planwiki.base.errors import TooLarge, Unavailable
from planwiki.base.language import _
from planwiki.media.storage import Storage

from .drawing import Drawing, drawing
from .letters import LETTERS
from .press import MISSING, TRIES
from .rules import LayoutName
from .views import PaperView

HERE = Path(__file__).parent
PRESS, TEMPLATE = HERE / "press.py", HERE / "typst" / "paper.typ"
MOST_LETTERS, MOST_LINES, MOST_BYTES = 500_000, 15_000, 40_000_000
MEMORY, SECONDS, PATIENCE = 1_500_000_000, 25, 50
# Of letters, in points. One page is to be one page, where that is still easy to read.
LARGE, SIZES = (18.0,), {LayoutName.PROFILE: (13.0, 12.0, 11.0), LayoutName.CARD: (8.5,)}
_PLACES, _QUEUE = BoundedSemaphore(2), BoundedSemaphore(6)  # Two are made at once; four more may wait for a place.
_TOO_MUCH = _("This is too much for one PDF. Please choose fewer parts.")
_BUSY = _("We cannot make a PDF just now. Please try again soon.")


class Pressed(NamedTuple):
    """A PDF, or the letters that no face has."""

    pdf: bytes
    missing: frozenset[str]


def as_pdf(paper: PaperView, storage: Storage) -> bytes:
    """Raises TooLarge where it would take too long, and Unavailable where too many ask at once."""
    texts = [one.text for one in paper.parts]
    if sum(map(len, texts)) > MOST_LETTERS or sum(text.count("\n") for text in texts) > MOST_LINES:
        raise TooLarge(_TOO_MUCH)
    if not _QUEUE.acquire(blocking=False):
        raise Unavailable(_BUSY)
    try:
        with _PLACES:
            return _tried(paper, storage)
    finally:
        _QUEUE.release()


def _tried(paper: PaperView, storage: Storage) -> bytes:
    missing, sizes = frozenset[str](), LARGE if paper.large else SIZES.get(paper.layout, (13.0,))
    for _try in range(TRIES):
        with tempfile.TemporaryDirectory() as folder:
            drawn = drawing(paper, missing)
            _lay_out(drawn, Path(folder), storage)
            made = _pressed(drawn.said, {"folder": folder, "sizes": sizes, "at": int(paper.at.timestamp())})
        if made.pdf:
            return made.pdf
        missing |= made.missing
    raise Unavailable(_BUSY)


def _lay_out(drawn: Drawing, folder: Path, storage: Storage) -> None:
    """The pictures beside the template. Raises TooLarge where they are too many bytes."""
    for name, file in drawn.shipped.items():
        shutil.copyfile(file, folder / name)
    left = MOST_BYTES
    for name, one in drawn.kept.items():
        try:
            size = storage.size(one.plan_id, one.id, "large")
            left -= size
            if left < 0:
                raise TooLarge(_TOO_MUCH)
            (folder / name).write_bytes(b"".join(storage.read(one.plan_id, one.id, "large", 0, size)))
        except OSError as error:
            raise Unavailable(_BUSY) from error


def _pressed(said: str, about: dict[str, Any]) -> Pressed:
    plan = about | {"template": str(TEMPLATE), "letters": str(LETTERS), "memory": MEMORY, "seconds": SECONDS}
    command = [sys.executable, "-I", str(PRESS), json.dumps(plan)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, without a shell; words come in as data
            command, input=said.encode(), capture_output=True, timeout=PATIENCE, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TooLarge(_TOO_MUCH) from error
    if done.returncode == MISSING:
        return Pressed(b"", frozenset(json.loads(done.stdout)))
    if done.returncode:
        structlog.get_logger().error("pdf_not_made", code=done.returncode)  # What it said may hold words of a plan.
        raise TooLarge(_TOO_MUCH) if done.returncode < 0 else Unavailable(_BUSY)
    return Pressed(done.stdout, frozenset())
