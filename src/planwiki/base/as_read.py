"""A text as people read it, without the marks of Markdown: for a page that shows what changed in it.

Headings, bold words and the like are words. Items keep their dots and numbers, and what stands inside something stands
further in. An address is written out where it is not there to read: a change of where a link leads has to be seen.
"""

import re
from collections.abc import Iterable, Iterator

from planwiki.base.diff import Hunk, word_diff
from planwiki.base.language import _
from planwiki.base.vocabulary import MediaKind

from .markdown import Shown
from .markdown_tree import Inline, Part, address_beside, tree

_FILE = re.compile(r"media:([A-Za-z0-9-]+)")
_FURTHER = "    "


def changes_as_read(old: str, new: str) -> tuple[Hunk, ...]:
    """What changed for who reads it. Where that is nothing, what changed in the marks: no change is kept quiet."""
    hunks = word_diff(as_read(old), as_read(new))
    return hunks if any(hunk.op != "equal" for hunk in hunks) else word_diff(old, new)


def as_read(markdown: str) -> str:
    """The words, with an empty line between two blocks."""
    files = {id: Shown(MediaKind.PICTURE, "") for id in _FILE.findall(markdown)}
    return _blocks(tree(markdown, files), "\n\n")


def _blocks(blocks: Iterable[Part], between: str = "\n") -> str:
    return between.join(said for one in blocks if (said := _block(one)).strip())


def _block(one: Part) -> str:
    match one["is"]:
        case "list":
            return "\n".join(_items(one))
        case "quote":
            return _FURTHER + _further(_blocks(one["in"]), _FURTHER)
        case "table":
            return "\n".join(" · ".join(map(_inline, row)) for row in one["rows"])
        case "code":
            return str(one["text"])
        case "line":
            return "———"
    return _inline(one["in"])


def _items(one: Part) -> Iterator[str]:
    for at, item in enumerate(one["items"]):
        sign = "• " if one["start"] is None else f"{one['start'] + at}. "
        yield sign + _further(_blocks(item), " " * len(sign))


def _further(said: str, by: str) -> str:
    return said.replace("\n", "\n" + by)


def _inline(parts: Inline) -> str:
    return "".join(one if isinstance(one, str) else _part(one) for one in parts)


def _part(one: Part) -> str:
    match one["is"]:
        case "break":
            return "\n"
        case "code":
            return str(one["text"])
        case "media":
            return _("[Picture or sound: %(words)s]") % {"words": one["words"]}
        case "link":
            words = _inline(one["in"])
            address = address_beside(one["to"], words)
            return f"{words} ({address})" if address else words
    return _inline(one["in"])
