"""Turns a template and what it shows into a page.

Every template sees `asset`, `picture`, `language`, `_` and the filters below; every page also sees `request`, `nonce`
and `viewer`, which the guards and dependencies leave in `request.state`, and `reading`: how pages look to whoever asks.
A name that a page forgot to pass is an error, never a gap.
"""

import json
import re
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from planwiki.base.language import gettext, ngettext, spoken
from planwiki.media.rules import in_pieces

from .action_sentences import going, how_far, who_when
from .reading import reading_of

HERE = Path(__file__).parent
STATIC = HERE / "static"
TINTS = 5  # As many as the style sheet has.


class ClientNotBuiltError(RuntimeError):
    """The package was installed without its built client."""


class Picture(NamedTuple):
    """A shipped picture: its name in addresses, what it is called, more words to find it by, and what it is about."""

    name: str
    label: str
    words: str
    group: str = ""


def page(request: Request, name: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """The page `name` as an answer. Dates are told in the time zone kept in `app.state.time_zone`."""
    zone = getattr(request.app.state, "time_zone", "Europe/London")
    around: dict[str, Any] = {
        "request": request,
        "nonce": getattr(request.state, "nonce", ""),
        "viewer": getattr(request.state, "viewer", None),
        "reading": reading_of(request, shown.get("viewer")),
        "errors": {},
    }
    return HTMLResponse(environment(zone).get_template(name).render(around | shown), status)


@cache
def environment(zone: str = "Europe/London") -> Environment:
    """Escapes everything; words go through gettext, in the language of the request."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # Else each page asks the disk whether one of its templates has changed.
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # The extension adds it.
    made.globals |= {"asset": asset, "picture": picture, "pictures": pictures, "language": spoken}
    made.globals["picture_label"] = picture_label
    here = ZoneInfo(zone)
    made.filters["date"] = partial(day, zone=here)
    made.filters["when"] = partial(day_and_time, zone=here)
    made.filters["who_when"] = partial(who_when, day=partial(day, zone=here))
    made.filters["how_far"] = how_far
    made.filters["going"] = going
    made.filters["initials"] = initials
    made.filters["dialled"] = dialled
    made.filters["in_pieces"] = in_pieces
    made.filters["tint"] = tint
    return made


@cache
def text_environment() -> Environment:
    """For plain text, where nothing is escaped: letters."""
    made = Environment(  # noqa: S701 - its templates are plain text, never HTML
        loader=FileSystemLoader(HERE / "templates"),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # The extension adds it.
    return made


@cache
def asset(name: str, static: Path = STATIC) -> str:
    """The address of a built file, by its source's name: `src/app.css`. Its content never changes."""
    return f"/static/{_manifest(static)[name]['file']}"


def picture(name: str | None) -> str:
    """The address of a shipped picture; a plain page for a name nobody knows."""
    return f"/static/pictures/{name if name in _by_name() else 'page'}.svg"


def picture_label(name: str) -> str:
    """What a shipped picture is called."""
    known = _by_name().get(name)
    return gettext(known.label) if known else ""


def pictures() -> list[Picture]:
    """Every shipped picture, in the order to offer them."""
    return [one._replace(label=gettext(one.label)) for one in _by_name().values()]


def day(moment: date, zone: ZoneInfo) -> str:
    """3 June 2026. A moment falls on a day of the reader's zone; a day is the same everywhere."""
    local = moment.astimezone(zone) if isinstance(moment, datetime) else moment
    return format_date(local, "d MMMM y", locale=_locale())


def day_and_time(moment: datetime, zone: ZoneInfo) -> str:
    """3 June 2026, 2:05 pm."""
    return f"{day(moment, zone)}, {format_time(moment.astimezone(zone), 'h:mm a', locale=_locale())}"


def _locale() -> str:
    return spoken().replace("-", "_")


def initials(name: str) -> str:
    """One or two letters for a face: two for one word (Dee, De), so that Dee and Dan differ."""
    words = name.split() or ["?"]
    return words[0][:2].title() if len(words) == 1 else (words[0][0] + words[-1][0]).upper()


def dialled(phone: str) -> str:
    """What a phone dials for a number as somebody wrote it; nothing where more than a number stands there."""
    abroad = phone.replace("(0)", "") if phone.strip().startswith("+") else phone
    return re.sub(r"[^+0-9]", "", abroad) if re.fullmatch(r"\+?[0-9 ()./-]{3,40}", phone.strip()) else ""


def tint(name: str | None) -> int:
    """The same one of a few tints for the same name, on every page and every day."""
    return sum((name or "").encode()) % TINTS


@cache
def _manifest(static: Path) -> dict[str, dict[str, Any]]:
    return dict(_built(static / ".vite" / "manifest.json"))


@cache
def _by_name() -> dict[str, Picture]:
    kept = _built(STATIC / "pictures" / "index.json")
    return {name: Picture(name, one["label"], one["words"], one.get("group", "")) for name, one in kept.items()}


def _built(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise ClientNotBuiltError("The client is not built. Run `uv sync --reinstall-package planwiki`.")
    return dict(json.loads(file.read_text("utf-8")))
