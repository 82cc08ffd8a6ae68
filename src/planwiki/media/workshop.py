"""Has a file made safe by another process, which knows nothing and may use little: see cleaning.

The process gets no environment, no secret and no open file of ours, and stands in an empty folder. Two at a time are
enough for a small machine.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from planwiki.base.errors import Unavailable, invalid
from planwiki.base.language import _
from planwiki.base.vocabulary import MediaKind

from .rules import MOST, MOST_PIXELS, MOST_VIDEO, Sort
from .storage import PIECE, WHOLE

SCRIPT = Path(__file__).with_name("cleaning.py")
MEMORY = {MediaKind.PICTURE: 1_500_000_000, MediaKind.SOUND: 1_000_000_000, MediaKind.VIDEO: 1_500_000_000}
SECONDS = {MediaKind.PICTURE: 40, MediaKind.SOUND: 40, MediaKind.VIDEO: 120}  # Of processor time.
WAITS = 3  # Times as long by the clock, on a busy machine.
_PLACES = BoundedSemaphore(2)
_SAID = {
    "too-many-pixels": _("This picture has too many points. 50 million are enough."),
    "too-much-inside": _("There is more in this file than we can open."),
    "unreadable-picture": _("We could not open this picture. It may be broken."),
    "unreadable-recording": _("We could not play this. It may be broken."),
    "unreadable-paper": _("We could not read this PDF to its end. It may be broken."),
}


def make_safe(source: Path, folder: Path, sort: Sort) -> dict[str, Any]:
    """Leaves what may be kept in `folder`, and tells its kind, content type and measures. Raises Invalid.

    A paper is kept as it came: it is never shown in a page, only taken away.
    """
    if sort.kind is MediaKind.PAPER:
        return _paper(source, folder)
    plan = {"kind": sort.kind, "format": sort.format, "memory": MEMORY[sort.kind], "seconds": SECONDS[sort.kind]}
    most = {"bytes": 2 * (MOST_VIDEO if sort.kind is MediaKind.VIDEO else MOST), "pixels": MOST_PIXELS}
    with _PLACES:
        found = _elsewhere(source, folder, plan | most, WAITS * SECONDS[sort.kind])
    if "refused" in found:
        raise _refused(found["refused"])
    return found


def _elsewhere(source: Path, folder: Path, plan: dict[str, Any], patience: int) -> dict[str, Any]:
    places = (str(one.resolve()) for one in (SCRIPT, source, folder))
    command = [sys.executable, "-I", *places, json.dumps(plan)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, without a shell; what came in is one of its files
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=patience, env={}, cwd=folder, check=True
        )
        return dict(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError):
        return {"refused": "too-much-inside"}
    except OSError as error:
        raise Unavailable(_("We cannot take files just now. Please try again soon.")) from error


def _paper(source: Path, folder: Path) -> dict[str, Any]:
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - 2048))
        if b"%%EOF" not in file.read():
            raise _refused("unreadable-paper")
    source.rename(folder / WHOLE)
    return {"kind": MediaKind.PAPER, "content_type": "application/pdf"}


def _refused(why: str) -> Exception:
    return invalid("file", why, _SAID.get(why, _SAID["too-much-inside"]))


def sha256_of(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            found.update(piece)
    return found.hexdigest()
