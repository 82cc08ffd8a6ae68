"""What we take, how much of it, and when a text shows it. No database, no web.

What a file is, its first bytes say: never its name, and never what its sender calls it.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from planwiki.base.errors import Conflict, FieldError, Invalid, NotTaken, TooLarge
from planwiki.base.ids import as_id
from planwiki.base.language import _
from planwiki.base.vocabulary import MediaKind

MEGABYTE = 1_000_000
MOST, MOST_VIDEO = 25 * MEGABYTE, 256 * MEGABYTE
MOST_PIXELS = 50_000_000
HEAD = 64  # As many bytes as it takes to know.
SIZES = ("small", "large")
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_MP4 = frozenset({b"isom", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"iso2", b"iso4", b"iso5", b"iso6"})
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/mp4": "m4a",
    "audio/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "application/pdf": "pdf",
}
_REFERENCE = re.compile(r"media:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_SHOWN = re.compile(r"!\[(?:[^\[\]\\]|\\.)*\]\(" + _REFERENCE.pattern + r"\)")
# As the renderer writes it: a picture, a player or a link to a paper, and nothing beside it.
_ALONE = re.compile(
    r'<p>(?P<shown><(?:img|audio|video|a) (?:src|href)="/plans/[0-9a-f-]{36}/media/(?P<id>[0-9a-f-]{36})(?:/large)?"'
    r"[^>]*>(?:[^<>]*</(?:audio|video|a)>)?)</p>"
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff/\\]+")


class Sort(NamedTuple):
    """What a file is by its first bytes. A film may turn out to be sound alone."""

    format: str
    kind: MediaKind

    @property
    def most(self) -> int:
        return MOST_VIDEO if self.kind is MediaKind.VIDEO else MOST


def sort_of(head: bytes) -> Sort:
    """Raises NotTaken for all that is not on the list."""
    found = _picture(head) or _film(head) or _sound(head)
    if found is None and head.startswith(b"%PDF-"):
        found = Sort("pdf", MediaKind.PAPER)
    if found is None:
        raise NotTaken(_("We keep photos, sound, video and PDF. This file is something else."))
    return found


def _picture(head: bytes) -> Sort | None:
    name = ""
    if head.startswith(b"\xff\xd8\xff"):
        name = "jpeg"
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        name = "png"
    elif head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        name = "webp"
    elif head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        name = "heic"
    return Sort(name, MediaKind.PICTURE) if name else None


def _film(head: bytes) -> Sort | None:
    if head[4:8] == b"ftyp" and head[8:12] in _MP4:
        return Sort("mp4", MediaKind.VIDEO)
    if head[4:12] == b"ftypqt  ":
        return Sort("mov", MediaKind.VIDEO)
    is_webm = head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:HEAD]
    return Sort("webm", MediaKind.VIDEO) if is_webm else None


def _sound(head: bytes) -> Sort | None:
    name = ""
    if head[4:8] == b"ftyp" and head[8:12] in {b"M4A ", b"M4B "}:
        name = "m4a"
    elif head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        name = "wav"
    elif head.startswith(b"OggS"):
        name = "ogg"
    elif head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        name = "mp3"
    return Sort(name, MediaKind.SOUND) if name else None


def check_size(size: int, most: int) -> None:
    if size > most:
        raise TooLarge(_("That is too large. A video may have 256 MB, everything else 25 MB."))


def check_room(used: int, more: int, quota: int) -> None:
    if used + more > quota:
        raise TooLarge(_("This plan has no room for it. Take something away first."))


def check_described(kind: MediaKind, alt_text: str | None, *, decorative: bool) -> None:
    """A picture says something to everybody, or is only for looks."""
    if kind is MediaKind.PICTURE and not decorative and not (alt_text or "").strip():
        message = _("Please say what is in the picture, or that it is only for looks.")
        raise Invalid(message, FieldError("/alt_text", "alt-text-needed", message), code="alt-text-needed")


def check_sound(kind: MediaKind) -> None:
    """On a shared tablet one adds a voice, and no other file."""
    if kind is not MediaKind.SOUND:
        raise NotTaken(_("Here you can add your voice. This file is something else."))


def check_not_shown(media_id: UUID, body: str) -> None:
    """In use is what the words of its own section show. Other texts count for nothing: they may be hidden."""
    if media_id in shown_in(body):
        raise Conflict(_("The words still show this. Take it out of the words first."), "media-in-use")


def check_no_photo(media_id: UUID, photo: UUID | None) -> None:
    """Whoever may take a picture away sees that it is the photo of the plan."""
    if media_id == photo:
        raise Conflict(_("This is the photo of the plan. Somebody who decides can choose another one."), "media-in-use")


def shown_in(body: str) -> list[UUID]:
    """The files that a text names, each once, in order."""
    return list(dict.fromkeys(id for id in map(as_id, _REFERENCE.findall(body)) if id))


def without_shown(body: str) -> str:
    """The words alone: what a text shows is no sentence."""
    return _SHOWN.sub("", body)


def showing(body: str, id: UUID, words: str) -> str:
    """The text with one file more, below all the rest; as it is when it shows that one already."""
    if id in shown_in(body):
        return body
    said = re.sub(r"([\\`*_\[\]<>&~|!])", r"\\\1", " ".join(words.split()))
    before = f"{body.rstrip()}\n\n" if body.strip() else ""
    return f"{before}![{said}](media:{id})\n"


def left_over(body: str, there: Collection[UUID]) -> set[UUID]:
    """Those of a section that its words do not show."""
    return set(there) - set(shown_in(body))


def in_pieces(html: str, media: Iterable[Any]) -> list[tuple[str, Any]]:
    """A text's HTML, cut where a file stands in a paragraph of its own and something is said about it.

    (HTML, none) and (what shows the file, the file), in order. So a caption stands in its place, and is never part of
    the HTML that is kept with a version: it may change without one.
    """
    said = {str(one.id): one for one in media if one.caption or one.transcript_markdown or one.voice}
    pieces: list[tuple[str, Any]] = []
    at = 0
    for found in _ALONE.finditer(html):
        if one := said.get(found["id"]):
            pieces += [(html[at : found.start()], None), (found["shown"], one)]
            at = found.end()
    return [*pieces, (html[at:], None)]


def tidy_name(name: str, content_type: str) -> str:
    """What the file was called, without folders or signs that could pass for something else, ending as what it is."""
    last = re.split(r"[/\\]", name)[-1]
    stem = _UNSAFE.sub("", last).rpartition(".")[0] or _UNSAFE.sub("", last)
    return f"{stem.strip(' .')[:150] or 'file'}.{_ENDINGS[content_type]}"
