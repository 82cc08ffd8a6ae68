"""Which pieces of two sequences stayed the same, in order. Comparing and merging both stand on this.

Pieces that occur once on each side are the surest anchors (patience diff). Between anchors a longest common subsequence
is found exactly, on the bits of large whole numbers (Hyyrö 2004): fast in Python, and without bad cases. The answer
depends on the two sequences alone, never on how busy the machine is. A stretch too large for that is said to have
nothing in common, which is always safe.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_MOST_CELLS = 100_000_000  # Rows times columns of one exact comparison: 12 MB, a tenth of a second.
_MOST_TURNS = 12  # How often anchors are looked for between anchors.


class Match(NamedTuple):
    """`length` pieces from `old` on in the one and from `new` on in the other are the same."""

    old: int
    new: int
    length: int


def matches(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """What both have, in order, longest runs joined; ends with an empty match at the two ends."""
    joined: list[Match] = []
    for i, j in _pairs(old, new):
        if joined and (i, j) == (joined[-1].old + joined[-1].length, joined[-1].new + joined[-1].length):
            joined[-1] = joined[-1]._replace(length=joined[-1].length + 1)
        else:
            joined.append(Match(i, j, 1))
    return [*joined, Match(len(old), len(new), 0)]


def _pairs(
    old: Sequence[str], new: Sequence[str], turn: int = 0, at: tuple[int, int] = (0, 0)
) -> Iterator[tuple[int, int]]:
    """Indexes of equal pieces, growing on both sides."""
    start = _same_start(old, new)
    end = _same_start(old[start:][::-1], new[start:][::-1])
    yield from ((at[0] + k, at[1] + k) for k in range(start))
    yield from _inside(old[start : len(old) - end], new[start : len(new) - end], turn, (at[0] + start, at[1] + start))
    yield from ((at[0] + len(old) - k, at[1] + len(new) - k) for k in range(end, 0, -1))


def _inside(old: Sequence[str], new: Sequence[str], turn: int, at: tuple[int, int]) -> Iterator[tuple[int, int]]:
    if not old or not new:
        return
    anchors = _anchors(old, new) if turn < _MOST_TURNS else []
    if not anchors:
        yield from ((at[0] + i, at[1] + j) for i, j in _longest_common(old, new))
        return
    i, j = 0, 0
    for next_i, next_j in [*anchors, (len(old), len(new))]:
        yield from _pairs(old[i:next_i], new[j:next_j], turn + 1, (at[0] + i, at[1] + j))
        if next_i < len(old):
            yield at[0] + next_i, at[1] + next_j
        i, j = next_i + 1, next_j + 1


def _same_start(old: Sequence[str], new: Sequence[str]) -> int:
    for k, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return k
    return min(len(old), len(new))


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pieces that occur once on each side, as many as keep their order (longest increasing run, by patience)."""
    once_old, once_new = Counter(old), Counter(new)
    place = {piece: j for j, piece in enumerate(new) if once_new[piece] == 1}
    tops: list[int] = []
    chains: list[tuple[int, int, int]] = []  # (place in old, place in new, the link before it)
    ends: list[int] = []
    for i, piece in enumerate(old):
        j = place.get(piece, -1)
        if j < 0 or once_old[piece] != 1:
            continue
        pile = bisect_left(tops, j)
        tops[pile : pile + 1], ends[pile : pile + 1] = [j], [len(chains)]
        chains.append((i, j, ends[pile - 1] if pile else -1))
    return _follow(chains, ends[-1] if ends else -1)


def _follow(chains: list[tuple[int, int, int]], link: int) -> list[tuple[int, int]]:
    anchors = []
    while link >= 0:
        i, j, link = chains[link]
        anchors.append((i, j))
    return anchors[::-1]


def _longest_common(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Bit j of row i is 0 where the longest common subsequence of old[:i+1] and new[:j+1] needs new[j]."""
    if len(old) * len(new) > _MOST_CELLS:
        return
    where: dict[str, int] = {}
    for j, piece in enumerate(new):
        where[piece] = where.get(piece, 0) | 1 << j
    full = row = (1 << len(new)) - 1
    rows = []
    for piece in old:
        common = row & where.get(piece, 0)
        row = ((row + common) | (row - common)) & full
        rows.append(row)
    yield from reversed(list(_walk_back(rows, len(new))))


def _walk_back(rows: list[int], columns: int) -> Iterator[tuple[int, int]]:
    i, j = len(rows), columns
    while i and j:
        if rows[i - 1] >> (j - 1) & 1:
            j -= 1
        elif i > 1 and not rows[i - 2] >> (j - 1) & 1:
            i -= 1
        else:
            i, j = i - 1, j - 1
            yield i, j
