"""Joins two changed versions of one text, sentence by sentence (diff3), and says where a person has to choose.

Each side is compared with the version both began from. A sentence that only one side touched is taken from that side.
Where both touched the same place in different ways, both texts are kept whole, line by line, one after the other:
nothing that either side wrote is ever left out, and what neither side removed stays. Nothing is marked in the text
itself; the segments tell a page where to ask.

Without a base, what both sides say alike stands once, and all else of both stays.

Measured at 100,000 characters in processor time of one small core: 200 changes by each side 0.03 s; the worst of seven
hostile texts (one line of 16,000 sentences, a tenth of them changed by each side) 0.6 s.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from planwiki.base import pieces
from planwiki.base.matching import matches

_LINE_ENDS = frozenset({"\n", "\r\n", "\r"})
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)]|[|>])(?:\s|$)|\|")  # A list item, quote or table row.


class Same(NamedTuple):
    """Text both sides agree on, or that one side alone changed."""

    text: str


class Clash(NamedTuple):
    """Both changed this place. A side that took everything away has an empty text."""

    mine: str
    theirs: str


Segment = Same | Clash


@dataclass(frozen=True)
class Merged:
    """`text` is a suggestion that holds every word of both; `conflicts` counts the places to choose in."""

    text: str
    conflicts: int
    segments: tuple[Segment, ...]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """The two versions `mine` and `theirs` of `base` as one.

    An empty `base` is also for a version that is closed to the writer, though they began from its text. To merge with
    such a text would tell of it: whoever sends a guess would see it left out when the hidden text had it.
    """
    before = pieces.sentences(base or _said_alike(mine, theirs))
    regions = _widened(_clusters(before, _edits(before, mine), _edits(before, theirs)), before)
    segments = tuple(_agreed_joined(_segments(before, regions)))
    end = "\r\n" if "\r\n" in mine else "\n"
    text = "".join(part.text if isinstance(part, Same) else _in_sequence(part, end) for part in segments)
    return Merged(text, sum(isinstance(part, Clash) for part in segments), segments)


class _Edit(NamedTuple):
    """Pieces `start` to `end` of the base became `new`."""

    start: int
    end: int
    new: list[str]


@dataclass
class _Region:
    """A stretch of the base and what each side did in it."""

    start: int
    end: int
    mine: list[_Edit] = field(default_factory=list)
    theirs: list[_Edit] = field(default_factory=list)
    clashes: bool = False
    whole_lines: bool = False

    def takes(self, other: "_Region") -> None:
        self.start, self.end = min(self.start, other.start), max(self.end, other.end)
        self.mine.extend(other.mine)
        self.theirs.extend(other.theirs)
        self.clashes, self.whole_lines = self.clashes or other.clashes, False


def _said_alike(mine: str, theirs: str) -> str:
    """What both sides say, in order, as the base they may have begun from. Blank lines alone are no likeness."""
    said = pieces.sentences(mine)
    runs = (said[one.old : one.old + one.length] for one in matches(said, pieces.sentences(theirs)))
    return "".join(piece for run in runs if any(map(str.strip, run)) for piece in run)


def _edits(before: list[str], text: str) -> list[_Edit]:
    after = pieces.sentences(text)
    edits, i, j = [], 0, 0
    for match in matches(before, after):
        if i < match.old or j < match.new:
            edits.append(_Edit(i, match.old, after[j : match.new]))
        i, j = match.old + match.length, match.new + match.length
    return edits


def _clusters(before: list[str], mine: list[_Edit], theirs: list[_Edit]) -> Iterator[_Region]:
    """Edits that overlap, together. Side by side is not overlapping, but two additions in one spot are."""
    regions: list[_Region] = []
    both = [_Region(one.start, one.end, mine=[one]) for one in mine]
    both += [_Region(one.start, one.end, theirs=[one]) for one in theirs]
    for region in sorted(both, key=lambda one: (one.start, one.end)):
        last = regions[-1] if regions else None
        if last and (region.start < last.end or last.start == last.end == region.start == region.end):
            last.takes(region)
        else:
            regions.append(region)
    for region in regions:
        region.clashes = bool(region.mine and region.theirs) and len(set(_both_texts(before, region))) == 2
        region.whole_lines = _adds_whole_lines(before, region)
        yield region


def _adds_whole_lines(before: list[str], region: _Region) -> bool:
    """Only new lines, put in where a line begins or ends: the lines around them are not touched."""
    new = [one.new for one in (*region.mine, *region.theirs)]
    if region.start != region.end or not all(new):
        return False
    if _starts_line(before, region.start) and all(one[-1] in _LINE_ENDS for one in new):
        return True
    return _ends_line(before, region.start) and all(one[0] in _LINE_ENDS for one in new)


def _widened(clusters: Iterator[_Region], before: list[str]) -> list[_Region]:
    """Clashes grow to whole lines and take in what else was done there: a person chooses between whole lines."""
    regions: list[_Region] = []
    for cluster in clusters:
        _grow(cluster, before)
        regions.append(cluster)
        while len(regions) > 1 and _belongs(regions[-2], regions[-1]):
            regions[-2].takes(regions.pop())
            _grow(regions[-1], before)
    return regions


def _grow(region: _Region, before: list[str]) -> None:
    if not region.clashes or region.whole_lines:
        return
    while not _starts_line(before, region.start):
        region.start -= 1
    while not _ends_line(before, region.end) and not (
        region.start < region.end and before[region.end - 1] in _LINE_ENDS
    ):
        region.end += 1


def _belongs(last: _Region, region: _Region) -> bool:
    """Overlapping, or an addition right beside a clash that is more than new lines of its own."""
    if region.start < last.end:
        return True
    added = region if last.clashes else last
    beside = region.start == last.end and last.clashes != region.clashes and added.start == added.end
    return beside and not last.whole_lines and not region.whole_lines


def _starts_line(before: list[str], at: int) -> bool:
    return at == 0 or before[at - 1] in _LINE_ENDS


def _ends_line(before: list[str], at: int) -> bool:
    return at == len(before) or before[at] in _LINE_ENDS


def _segments(before: list[str], regions: list[_Region]) -> Iterator[Segment]:
    at = 0
    for region in regions:
        yield Same("".join(before[at : region.start]))
        mine, theirs = _both_texts(before, region)
        if region.clashes and mine != theirs:
            yield Clash(mine, theirs)
        else:
            yield Same(mine if region.mine else theirs)
        at = region.end
    yield Same("".join(before[at:]))


def _both_texts(before: list[str], region: _Region) -> tuple[str, str]:
    return _text_of(before, region, region.mine), _text_of(before, region, region.theirs)


def _text_of(before: list[str], region: _Region, edits: Sequence[_Edit]) -> str:
    parts, at = [], region.start
    for edit in edits:
        parts += [*before[at : edit.start], *edit.new]
        at = edit.end
    return "".join([*parts, *before[at : region.end]])


def _agreed_joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    agreed: list[str] = []
    for segment in segments:
        if isinstance(segment, Same):
            agreed.append(segment.text)
            continue
        if any(agreed):
            yield Same("".join(agreed))
        agreed = []
        yield segment
    if any(agreed):
        yield Same("".join(agreed))


def _in_sequence(clash: Clash, end: str) -> str:
    """Mine, then theirs: as items of one list if both are, otherwise as paragraphs."""
    mine, theirs = clash
    if not mine or not theirs:
        return mine or theirs
    last, first = mine.rstrip("\r\n"), theirs.lstrip("\r\n")
    there = len(pieces.lines(mine[len(last) :])) + len(pieces.lines(theirs[: len(theirs) - len(first)]))
    items = _ITEM.match(pieces.lines(last)[-1] if last else "") and _ITEM.match(first)
    return mine + end * max(0, (1 if items else 2) - there) + theirs
