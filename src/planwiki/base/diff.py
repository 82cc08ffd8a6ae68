"""What changed between two texts: word by word, line by line, and as a number of sentences.

Words are matched inside the lines and sentences that changed, so that a new paragraph borrows no words from others. A
word or two that stayed by chance in the middle of a rewritten stretch would be confetti: they count as rewritten too.
Measured at 100,000 characters in processor time of one small core: 200 small changes 0.02 s; two texts with nothing in
common 0.1 s; the worst of 20 hostile pairs (50,000 line ends; 300 lines of 140 one-letter words) 0.2 s.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from planwiki.base import pieces
from planwiki.base.matching import matches


class Hunk(NamedTuple):
    """A run of text that both have, or that only one of them has."""

    op: Literal["equal", "insert", "delete"]
    text: str


class Change(NamedTuple):
    """How many sentences (a heading or list item is one too) came, went, or were rewritten in their place."""

    sentences_added: int
    sentences_removed: int
    sentences_changed: int


class _Step(NamedTuple):
    """Which pieces went, which came instead, how many words that was, and the text that stayed after it."""

    gone: list[str]
    come: list[str]
    words: tuple[int, int]
    kept: str


# A change is looked for in lines first, then in the sentences of those that changed, then in their words.
_CUTS = (pieces.lines, pieces.spaced_sentences, pieces.words)


def word_diff(old: str, new: str) -> tuple[Hunk, ...]:
    """Equal and delete hunks joined are `old` to the byte; equal and insert hunks are `new`."""
    return tuple(_hunks(_without_confetti(_steps(old, new))))


def describe(old: str, new: str) -> Change:
    """How much changed, for words such as "changed 2 sentences"; white space alone counts for nothing."""
    added = removed = changed = i = j = 0
    before, after = _said(old), _said(new)
    for match in matches(before, after):
        gone, come = match.old - i, match.new - j
        both = min(gone, come)
        added, removed, changed = added + come - both, removed + gone - both, changed + both
        i, j = match.old + match.length, match.new + match.length
    return Change(added, removed, changed)


def unified(old: str, new: str, from_label: str, to_label: str) -> str:
    """A unified diff with three lines around each change, which `patch` can apply; empty if nothing changed."""
    if old == new:
        return ""
    before, after = _lines_for_patch(old), _lines_for_patch(new)
    head = f"--- {_one_line(from_label)}\n+++ {_one_line(to_label)}\n"
    return "".join([head, *(_group(group, before, after) for group in _Grouping(before, after).get_grouped_opcodes(3))])


class _Grouping(SequenceMatcher[str]):
    """Only the library's grouping of changes with the lines around them; its matching can take very long."""

    def __init__(self, before: list[str], after: list[str]) -> None:
        super().__init__(None, before, after)
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[difflib.Match]:
        return [difflib.Match(*match) for match in matches(self._before, self._after)]


def _said(text: str) -> list[str]:
    return [sentence for piece in pieces.sentences(text) if (sentence := piece.strip())]


def _steps(old: str, new: str, cuts: tuple[Callable[[str], list[str]], ...] = _CUTS) -> Iterator[_Step]:
    cut, *finer = cuts
    before, after = cut(old), cut(new)
    i = j = 0
    for match in matches(before, after):
        gone, come = before[i : match.old], after[j : match.new]
        i, j = match.old + match.length, match.new + match.length
        kept = "".join(before[match.old : i])
        if finer and gone and come:
            yield from _steps("".join(gone), "".join(come), tuple(finer))
            yield _Step([], [], (0, 0), kept)
        else:
            yield _Step(gone, come, (_word_count(gone), _word_count(come)), kept)


def _without_confetti(steps: Iterable[_Step]) -> Iterable[_Step]:
    for most in (0, 1, 2):  # Spaces and signs first, so that what surrounds a word has its full size when it is judged.
        steps = _joined(steps, most)
    return steps


def _joined(steps: Iterable[_Step], most: int) -> list[_Step]:
    joined = [_Step([], [], (0, 0), "")]
    for step in steps:
        last = joined[-1]
        if not step.gone and not step.come:
            joined[-1] = last._replace(kept=last.kept + step.kept)
        elif not last.kept or _is_confetti(last, step, most):
            joined[-1] = _one(last, step)
        else:
            joined.append(step)
    return joined


def _one(last: _Step, step: _Step) -> _Step:
    """Both changes as one. The lists grow in place, so that a long chain of changes stays cheap."""
    stayed = _word_count([last.kept])
    last.gone.extend([last.kept, *step.gone])
    last.come.extend([last.kept, *step.come])
    words = (last.words[0] + stayed + step.words[0], last.words[1] + stayed + step.words[1])
    return last._replace(words=words, kept=step.kept)


def _is_confetti(last: _Step, step: _Step, most: int) -> bool:
    """Only inside a line, where words went and words came, and if fewer stayed than changed on either side."""
    if len(last.kept) > 80 or "\n" in last.kept or "\r" in last.kept:
        return False
    if not last.words[0] + step.words[0] or not last.words[1] + step.words[1]:
        return False
    stayed = _word_count([last.kept])
    return stayed == 0 or (stayed <= most and stayed < min(max(last.words), max(step.words)))


def _word_count(texts: Iterable[str]) -> int:
    return sum(word[0].isalnum() for text in texts for word in pieces.words(text))


def _hunks(steps: Iterable[_Step]) -> Iterator[Hunk]:
    for step in steps:
        hunks = Hunk("delete", "".join(step.gone)), Hunk("insert", "".join(step.come)), Hunk("equal", step.kept)
        yield from (hunk for hunk in hunks if hunk.text)


def _lines_for_patch(text: str) -> list[str]:
    """Each as a line of the diff; for `patch` only a line feed ends a line, and a missing last one has to be said."""
    whole, end, rest = text.rpartition("\n")
    lines = [f"{line}\n" for line in whole.split("\n")] if end else []
    return [*lines, f"{rest}\n\\ No newline at end of file\n"] if rest else lines


def _group(group: list[tuple[str, int, int, int, int]], before: list[str], after: list[str]) -> str:
    (_, i, _, j, _), (_, _, i_end, _, j_end) = group[0], group[-1]
    parts = [f"@@ -{_range(i, i_end)} +{_range(j, j_end)} @@\n"]
    for tag, start, end, new_start, new_end in group:
        if tag == "equal":
            parts += [f" {line}" for line in before[start:end]]
        else:
            parts += [f"-{line}" for line in before[start:end]]
            parts += [f"+{line}" for line in after[new_start:new_end]]
    return "".join(parts)


def _range(start: int, end: int) -> str:
    """As POSIX has it: counted from 1; an empty range names the line before it."""
    return f"{start + 1 if end > start else start},{end - start}"


def _one_line(label: str) -> str:
    return " ".join(label.split())
