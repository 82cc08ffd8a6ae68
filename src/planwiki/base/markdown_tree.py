"""Markdown as a small tree that goes out as JSON: what a paper draws, from the same tokens as the page shows.

A block is one of

    {"is": "p", "in": inline, "rtl": bool}      {"is": "h", "level": 1.., "in": inline, "rtl": bool}
    {"is": "list", "start": int | None, "items": [[block]]}        {"is": "quote", "in": [block]}
    {"is": "code", "text": str}      {"is": "line"}      {"is": "table", "rows": [[inline]]}, the head first

and an inline part is a string or

    {"is": "bold" | "slanted" | "struck", "in": inline}      {"is": "link", "to": str, "in": inline}
    {"is": "code", "text": str}      {"is": "break"}         {"is": "media", "id": str, "words": str}

What nests deeper than a paper can draw is drawn one after another.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from markdown_it.token import Token

from .markdown import Shown, tokens

Part = dict[str, Any]
Inline = list[str | Part]
_DEEPEST = 5
_MARKS = {"strong": "bold", "em": "slanted", "s": "struck"}
_ENDS = -1
_HOW_REACHED = re.compile(r"^(https?://|mailto:|tel:)", re.IGNORECASE)


def tree(markdown: str, media: Mapping[str, Shown] | None = None) -> list[Part]:
    """The blocks of a text, in order."""
    found = tokens(markdown, media)
    if found is None:
        return [_paragraph(_lines(part)) for part in markdown.split("\n\n") if part.strip()]
    return list(_blocks(iter(found), 0))


def _lines(text: str) -> Inline:
    """As it was typed, line by line."""
    said: Inline = []
    for line in text.strip("\n").split("\n"):
        said += [line, {"is": "break"}]
    return said[:-1]


def _blocks(found: Iterator[Token], depth: int) -> Iterator[Part]:
    """Until the block that these stand in ends."""
    for token in found:
        if token.nesting == _ENDS:
            return
        yield from _block(token, found, depth)


def _block(token: Token, found: Iterator[Token], depth: int) -> Iterator[Part]:
    match token.type:
        case "inline":
            yield _paragraph(_inline(token))
        case "paragraph_open":
            yield from _blocks(found, depth)
        case "heading_open":
            inner = list(_blocks(found, depth))
            yield from ({**one, "is": "h", "level": int(token.tag[1])} for one in inner)
        case "bullet_list_open" | "ordered_list_open":
            yield from _list(token, found, depth)
        case "blockquote_open":
            inner = list(_blocks(found, depth + 1))
            yield from [{"is": "quote", "in": inner}] if depth < _DEEPEST else inner
        case "fence" | "code_block":
            yield {"is": "code", "text": token.content.rstrip("\n")}
        case "hr":
            yield {"is": "line"}
        case "table_open":
            yield {"is": "table", "rows": list(_rows(found))}
        case _ if token.nesting == 1:
            yield from _blocks(found, depth)


def _list(token: Token, found: Iterator[Token], depth: int) -> Iterator[Part]:
    items = [list(_blocks(found, depth + 1)) for item in _until_end(found) if item.type == "list_item_open"]
    if depth >= _DEEPEST:
        yield from (block for item in items for block in item)
        return
    start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
    yield {"is": "list", "start": start, "items": items}


def _until_end(found: Iterator[Token]) -> Iterator[Token]:
    for token in found:
        if token.nesting == _ENDS:
            return
        yield token


def _rows(found: Iterator[Token]) -> Iterator[list[Inline]]:
    row: list[Inline] = []
    for token in found:
        if token.type == "table_close":
            return
        if token.type == "inline":
            row.append(_inline(token))
        elif token.type == "tr_close":
            yield row
            row = []


def _paragraph(said: Inline) -> Part:
    return {"is": "p", "in": said, "rtl": _reads_from_the_right(said)}


def _inline(token: Token) -> Inline:
    """Without recursion: emphasis may nest as deep as a text is long."""
    open_: list[tuple[Token | None, Inline]] = [(None, [])]
    for child in token.children or []:
        if child.nesting == 1:
            open_.append((child, []))
        elif child.nesting == _ENDS and len(open_) > 1:
            mark, inner = open_.pop()
            open_[-1][1].extend([_marked(mark, inner)] if mark and len(open_) <= _DEEPEST else inner)
        else:
            open_[-1][1].extend(_leaf(child))
    return [part for _, said in open_ for part in said]


def _leaf(token: Token) -> Inline:
    match token.type:
        case "hardbreak":
            return [{"is": "break"}]
        case "softbreak":
            return [" "]
        case "media":
            return [{"is": "media", "id": token.meta["id"], "words": token.info}]
        case "code_inline":
            return [{"is": "code", "text": token.content}]
    return [token.content] if token.content else []


def _marked(token: Token, inner: Inline) -> Part:
    if token.type == "link_open":
        return {"is": "link", "to": str(token.attrs.get("href", "")), "in": inner}
    return {"is": _MARKS.get(token.tag, "bold"), "in": inner}


def words_of(said: Inline) -> str:
    """The words alone."""
    return "".join(
        one if isinstance(one, str) else one.get("text") or one.get("words") or words_of(one.get("in", []))
        for one in said
    )


def _reads_from_the_right(said: Inline) -> bool:
    """By the first letter that has a direction (Unicode, UAX 9, P2)."""
    ways = (unicodedata.bidirectional(letter) for letter in words_of(said))
    return next((way in {"R", "AL"} for way in ways if way in {"L", "R", "AL"}), False)


def address_beside(to: str, words: str) -> str:
    """Where a link leads, as people read it, to stand beside its words; nothing where they hold it already."""
    short = _HOW_REACHED.sub("", to)
    return "" if short.rstrip("/") in words else short
