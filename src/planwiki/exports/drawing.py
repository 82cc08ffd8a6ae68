"""What a PDF says, as data, and the files of its pictures."""

import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from planwiki.base.language import _
from planwiki.base.markdown import Shown
from planwiki.base.markdown_tree import Inline, Part, address_beside, tree, words_of
from planwiki.base.vocabulary import MediaKind
from planwiki.media.schemas import MediaView
from planwiki.plans.easy_schemas import EasyView
from planwiki.web.rendering import picture_label

from .letters import Letters, signs
from .rules import BANDS, MOVED_ON, LayoutName, called, heard
from .views import PaperView, PartView, SideView

MOST_PICTURES = 60
MOST_COLUMNS = 8
_A4, _CARD = (330, 300), (200, 90)  # The widest and the highest a picture gets, in points.


class Drawing(NamedTuple):
    """The words as JSON, and which files have to lie beside the template, by the names that the words use."""

    said: str
    shipped: dict[str, Path]
    kept: dict[str, MediaView]


def drawing(paper: PaperView, missing: frozenset[str] = frozenset()) -> Drawing:
    """`missing` are the letters that no face turned out to have."""
    return _Drawer(paper, missing).draw()


class _Drawer(Letters):
    """Gathers files while it goes through one paper."""

    def __init__(self, paper: PaperView, missing: frozenset[str]) -> None:
        super().__init__(missing)
        self.paper = paper
        self.voices = {id: words for one in paper.parts for id, words in one.voices.items()}
        self.kept: dict[str, MediaView] = {}
        self.told: set[UUID] = set()  # Files about which all is said.

    def draw(self) -> Drawing:
        paper, person = self.paper, self.paper.plan.person
        in_bands = paper.layout is LayoutName.PASSPORT
        language, region = _language(paper.plan.language)
        talks = _("How I talk with you: %(ways)s") % {"ways": ", ".join(person.communication)}
        said: dict[str, Any] = {
            "layout": paper.layout,
            "large": paper.large,
            "lang": language,
            "region": region,
            "title": self.plain(paper.heading),
            "heading": self.plain(paper.heading),
            "pronouns": self.plain(person.pronouns or ""),
            "talks": self.plain(talks) if person.communication else "",
            "ask": self.plain(_("Who to ask: %(names)s") % {"names": "; ".join(paper.ask)}) if paper.ask else "",
            "stamp": self.plain(paper.stamp),
            "parts": [] if in_bands else [self.part(one, 2) for one in paper.parts],
            "bands": [
                {"colour": colour, "words": _(BANDS[colour]), "parts": [self.part(one, 3) for one in parts]}
                for colour, parts in (paper.bands if in_bands else [])
            ],
        }
        said["notes"] = self.notes()
        return Drawing(json.dumps(said), self.shipped, self.kept)

    def notes(self) -> list[str]:
        lost = _("Some letters could not be printed. You can read them on planwiki.") if self.lost else ""
        credit = _("Pictures by OpenMoji, licence CC BY-SA 4.0.") if self.shipped else ""
        return [self.paper.stamp, lost, credit]

    def part(self, one: PartView, level: int) -> dict[str, Any]:
        """A section. The headings in its words stand below its own, and leave no step out."""
        sides = [drawn for side in one.sides for drawn in self.side(side, level)]
        if one.easy is not None:
            return self.titled(one, level, [*sides, *self.easy(one.easy), *self.to_do(one)])
        ids = {str(media.id): media for media in one.media}
        shown = {id: Shown(media.kind, media.address) for id, media in ids.items()}
        found = tree(one.section.body_markdown, shown)
        named = {media["id"] for media in _media_in(found)}
        blocks = [drawn for block in self.stepped(found, level) for drawn in self.block_and_said(block, ids)]
        beside = [self.beside(media) for id, media in ids.items() if id not in named]
        blocks += [part for parts in beside for part in parts]
        return self.titled(one, level, [*sides, *blocks, *self.to_do(one)])

    def side(self, one: SideView, level: int) -> list[Part]:
        """How somebody sees it, below their name."""
        drawn: list[Part] = [{"is": "h", "level": level + 1, "rtl": False, "in": self.signed(one.who)}]
        for title, markdown, _shown in one.halves:
            drawn.append({"is": "h", "level": level + 2, "rtl": False, "in": self.signed(title)})
            drawn += self.blocks(tree(markdown), {}, inside=True)
        return [*drawn, *self.noted([one.voice])]

    def to_do(self, one: PartView) -> list[Part]:
        """Who does what, as a list below the words."""
        items = [
            [
                {"is": "p", "rtl": False, "in": [{"is": "bold", "in": self.signed(each.what)}]},
                *self.noted([each.facts]),
                *({"is": "p", "rtl": False, "in": self.signed(words)} for words in each.words),
            ]
            for each in one.to_do
        ]
        head: Part = {"is": "p", "rtl": False, "in": [{"is": "bold", "in": self.signed(_("Who does what"))}]}
        return [head, {"is": "list", "start": None, "items": items}] if items else []

    def titled(self, one: PartView, level: int, blocks: list[Part]) -> dict[str, Any]:
        return {
            "level": level,
            "title": self.plain(one.section.title),
            "picture": self.part_picture(one),
            "voice": self.plain(one.voice),
            "blocks": blocks,
        }

    def easy(self, easy: EasyView) -> list[Part]:
        """A line with its picture, one below another; before them, that the full words have moved on."""
        moved = [{"is": "note", "text": self.plain(_(MOVED_ON))}] if easy.moved_on else []
        lines = [
            {
                "in": self.signed(line.words),
                "file": self.shipped_picture(line.picture) if line.picture else None,
                "alt": self.plain(picture_label(line.picture)) if line.picture else "",
            }
            for line in easy.lines
        ]
        return [*moved, {"is": "easy", "lines": lines}]

    def part_picture(self, one: PartView) -> str | None:
        """The section's own picture; else the one that planwiki brings, where there is one."""
        own = next((media for media in one.media if media.id == one.section.picture_media_id), None)
        drawn = self.picture(own, "")
        if drawn:
            return str(drawn["file"])
        return self.shipped_picture(one.section.picture) if one.section.picture else None

    def stepped(self, found: Iterable[Part], above: int) -> list[Part]:
        """Headings one step at a time; on a card, and inside anything else, they are bold words."""
        levels, made = [above], []
        for one in found:
            if one["is"] == "h" and self.paper.layout is not LayoutName.CARD and not self.says_nothing(one["in"]):
                levels = [level for level in levels if level < above + one["level"] - 2] or [above]
                levels.append(min(levels[-1] + 1, 6))
                made.append({**one, "level": levels[-1]})
            else:
                made.append(one)
        return made

    def blocks(self, found: Iterable[Part], ids: dict[str, MediaView], *, inside: bool = False) -> list[Part]:
        return [drawn for one in found for drawn in self.block(one, ids, inside=inside)]

    def block_and_said(self, one: Part, ids: dict[str, MediaView]) -> list[Part]:
        """Below it, what is said in the sound and film that stand in a line of it."""
        drawn = self.block(one, ids, inside=False)
        for found in _media_in([one]):
            media = ids.get(found["id"])
            if media is not None and media.id not in self.told:
                drawn += self.about(media, found["words"] or media.words)
        return drawn

    def block(self, one: Part, ids: dict[str, MediaView], *, inside: bool) -> list[Part]:
        is_bold = one["is"] == "h" and (inside or self.paper.layout is LayoutName.CARD or self.says_nothing(one["in"]))
        if is_bold:
            return [{"is": "p", "rtl": one["rtl"], "in": [{"is": "bold", "in": self.inline(one["in"], ids)}]}]
        match one["is"]:
            case "p" | "h":
                return self.paragraph(one, ids)
            case "table":
                return self.table(one["rows"], ids)
            case "list":
                return [one | {"items": [self.blocks(item, ids, inside=True) for item in one["items"]]}]
            case "quote":
                return [one | {"in": self.blocks(one["in"], ids, inside=True)}]
        return [one | {"text": self.plain(one["text"])}] if one["is"] == "code" else [one]

    def says_nothing(self, parts: Inline) -> bool:
        """Pictures alone, and signs that cannot be seen, are no heading and nothing to press."""
        said = self.plain(words_of([one for one in parts if isinstance(one, str) or one["is"] != "media"]))
        return not any(unicodedata.category(one)[0] in "LNPS" and one not in signs() for one in said)

    def paragraph(self, one: Part, ids: dict[str, MediaView]) -> list[Part]:
        """A picture that stands alone is a block of its own, with the words below it."""
        parts = one["in"]
        if len(parts) == 1 and isinstance(parts[0], dict) and parts[0]["is"] == "media":
            media = ids.get(parts[0]["id"])
            if media is not None:
                return self.beside(media, parts[0]["words"])
        return [one | {"in": self.inline(parts, ids)}]

    def table(self, rows: list[list[Inline]], ids: dict[str, MediaView]) -> list[Part]:
        """A table that is too wide for any paper is told line by line."""
        if rows and len(rows[0]) <= MOST_COLUMNS:
            return [{"is": "table", "rows": [[self.inline(cell, ids) for cell in row] for row in rows]}]
        cells = [[part for cell in row if cell for part in (*cell, " · ")][:-1] for row in rows]
        return [{"is": "p", "rtl": False, "in": self.inline(row, ids)} for row in cells if row]

    def inline(self, parts: Inline, ids: dict[str, MediaView], *, struck: bool = False) -> Inline:
        """Nothing is struck twice: PDF/UA knows no such thing."""
        made: Inline = []
        for one in parts:
            if isinstance(one, str):
                made += self.signed(one)
            elif one["is"] == "media":
                made += self.media(ids.get(one["id"]), one["words"])
            elif one["is"] == "code":
                made.append(one | {"text": self.plain(one["text"])})
            elif one["is"] == "link":
                made += self.link(one, self.inline(one["in"], ids, struck=struck))
            elif "in" in one:
                inner = self.inline(one["in"], ids, struck=struck or one["is"] == "struck")
                made += inner if struck and one["is"] == "struck" else [one | {"in": inner}]
            else:
                made.append(one)
        return made

    def link(self, one: Part, inner: Inline) -> Inline:
        """Paper cannot be pressed, so an address that leads somewhere is written out as well."""
        to = one["to"]
        if not re.match(r"(https?|mailto|tel):", to, re.IGNORECASE) or self.says_nothing(one["in"]):
            return inner
        address = address_beside(to, words_of(one["in"]))
        return [{"is": "link", "to": to, "in": inner}, *([self.plain(f" ({address})")] if address else [])]

    def media(self, media: MediaView | None, words: str) -> Inline:
        """A picture in its line; of sound, film and paper the words."""
        picture = self.picture(media, words) if media is not None else None
        if picture is not None:
            return [picture]
        said = called(media.kind, words or media.words) if media else words
        return [{"is": "slanted", "in": self.signed(said)}] if said else []

    def beside(self, media: MediaView, words: str = "") -> list[Part]:
        """A block of its own, with what is said in it, and whose words these are."""
        picture = self.picture(media, words)
        if picture:
            drawn: list[Part] = [picture | {"caption": self.plain(media.caption or "")}]
        else:
            drawn = [{"is": "p", "rtl": False, "in": self.media(media, words)}]
        return drawn + self.about(media, words or media.words, beside=True)

    def about(self, media: MediaView, name: str, *, beside: bool = False) -> list[Part]:
        """What is said in it, or that this is not written down; and whose words it holds. `beside`: right below it."""
        self.told.add(media.id)
        spoken = media.transcript_markdown or ""
        is_captioned = beside and media.kind is MediaKind.PICTURE
        notes = [media.caption if not is_captioned and media.caption != name else ""]
        notes.append(heard(media, name) if not (beside and spoken.strip()) else "")
        said = self.blocks([{"is": "quote", "in": tree(spoken)}] if spoken.strip() else [], {})
        return [*self.noted(notes), *said, *self.noted([self.voices.get(media.id, "")])]

    def noted(self, notes: Iterable[str | None]) -> list[Part]:
        return [{"is": "note", "text": self.plain(one)} for one in notes if one]

    def picture(self, media: MediaView | None, words: str) -> Part | None:
        if media is None or media.kind is not MediaKind.PICTURE or len(self.kept) >= MOST_PICTURES:
            return None
        alt = self.plain(media.alt_text or words or media.caption or "")
        name = next((name for name, one in self.kept.items() if one.id == media.id), f"kept-{len(self.kept)}.webp")
        self.kept[name] = media
        return {"is": "picture", "file": name, "alt": alt, "decorative": not alt, "width": self.width(media)}

    def width(self, media: MediaView) -> float:
        widest, highest = _CARD if self.paper.layout is LayoutName.CARD else _A4
        wide, high = media.width or 1, media.height or 1
        return min(widest, highest * wide / high, wide * 0.75)


def _media_in(found: Iterable[Any]) -> Iterable[Part]:
    for one in found:
        if isinstance(one, list):
            yield from _media_in(one)
        elif isinstance(one, dict):
            if one.get("is") == "media":
                yield one
            yield from _media_in(value for value in one.values() if isinstance(value, list))


def _language(tag: str) -> tuple[str, str | None]:
    """A language and a country as typst knows them."""
    first, *rest = tag.split("-")
    region = next((one.upper() for one in rest if re.fullmatch(r"[A-Za-z]{2}", one)), None)
    return first.lower(), region
