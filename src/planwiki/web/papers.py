"""Papers to print: what a letter says goes in as data and comes out as a PDF that screen readers can read (PDF/UA)."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import segno
import typst
from starlette.responses import Response

from planwiki.base.errors import Unavailable
from planwiki.base.language import _
from planwiki.exports.letters import LETTERS, Letters
from planwiki.exports.press import TRIES, missing_in

_SIDE = 240  # Fits the smallest screen.
_LETTER = Path(__file__).parent / "typst" / "letter.typ"


@dataclass(frozen=True)
class Letter:
    """One page: to whom, what for, what to do, and the code to hold a telephone over."""

    title: str
    opening: Sequence[str]
    steps: Sequence[str]
    link: str
    qr_alt: str
    closing: Sequence[str]
    for_whom: str | None = None
    code: str | None = None
    code_words: str | None = None


def letter_as_pdf(letter: Letter) -> bytes:
    """A sign that no face has is named in words. Where a letter is missing altogether, the paper says so."""
    missing = frozenset[str]()
    for _try in range(TRIES):
        try:
            return _pressed(_printable(letter, missing))
        except typst.TypstError as error:
            found = missing_in(error)
            if not found - missing:
                raise
            missing |= found
    raise Unavailable(_("We cannot make a PDF just now. Please try again soon."))


def _printable(letter: Letter, missing: frozenset[str]) -> Letter:
    """The same with what can be printed. A greeting that has lost letters is left out."""
    greeting, rest = Letters(missing), Letters(missing)
    for_whom = greeting.plain(letter.for_whom or "")
    opening = [rest.plain(one) for one in letter.opening]
    lost = greeting.lost or rest.lost
    note = [_("Some letters could not be printed. You can read them on planwiki.")] if lost else []
    shown = None if greeting.lost else for_whom or None
    return replace(letter, for_whom=shown, opening=opening, closing=[*letter.closing, *note])


def _pressed(letter: Letter) -> bytes:
    said = json.dumps({**asdict(letter), "qr": qr_as_svg(letter.link)})
    made = _compiler().compile(_LETTER.read_bytes(), format="pdf", sys_inputs={"said": said}, pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("A letter is one document.")
    return made


def qr_as_svg(link: str) -> str:
    """Black on white with a white rim, whatever the page's colours are."""
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        out,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return out.getvalue().decode().replace("<svg ", f'<svg width="{_SIDE}" height="{_SIDE}" ', 1)


def pdf_answer(pdf: bytes, name: str) -> Response:
    """Shown in the browser, to print; kept by nobody."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, headers=headers, media_type="application/pdf")


@cache
def _compiler() -> typst.Compiler:
    """Finding the machine's letters takes a while, so it is done once."""
    return typst.Compiler(font_paths=[LETTERS])
