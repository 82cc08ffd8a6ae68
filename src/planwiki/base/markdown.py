"""Markdown into safe HTML, and into plain words. The source is only read: what is kept stays as it was typed.

Three steps: CommonMark with tables, raw HTML off (`MarkdownIt()` alone would pass it); then our own rules for headings,
links and pictures, on the tokens; then nh3, which trusts neither and keeps only the tags and attributes named here.

Bounded: text that nests deeper than 20 levels (ten lists in one another), is longer than a body may be, or has more
than 10,000 lines or 5,000 `[`, is shown as plain paragraphs with every sign as typed. Measured at 100,000 characters in
processor time of one small core: ordinary text 0.13 s; the worst of 100 hand-made and 1,300 generated texts 1.2 s (a
table row of 10,000 cells over one-letter rows; `|-![` a hundred times before `a*|`). With the library's own bounds,
50,000 lazy lines under a hundred `>` took over 12 s and 100,000 `[` 5 s.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .vocabulary import MediaKind

_DEEPEST, _MOST_LINES, _MOST_BRACKETS, _LONGEST = 20, 10_000, 5_000, 100_000

_LAYOUT_TAGS = ("p", "br", "hr", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li")
_TABLE_TAGS = ("table", "thead", "tbody", "tr", "th", "td")
TAGS = frozenset({*_LAYOUT_TAGS, *_TABLE_TAGS, "em", "strong", "s", "a", "img", "audio", "video", "code"})
_PLAYER = {"src", "controls", "preload", "aria-label", "width", "height"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "audio": _PLAYER,
    "video": _PLAYER,
    "ol": {"start"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

# A web address with a host and no user name before it, mail, telephone, or a path here (`//` names another site).
# Browsers read a backslash as a slash and skip tabs and line ends, so none of these may occur anywhere.
_LINK = re.compile(
    r"https?://[^\s\\/?#@]+([/?#][^\s\\]*)?|mailto:[^\s\\]+|tel:[^\s\\]+|/(?!/)[^\s\\]*", re.IGNORECASE | re.ASCII
)
_OUR_MEDIA = re.compile(r"/plans/[A-Za-z0-9-]+/media(/[A-Za-z0-9_-]+(\.[A-Za-z0-9]+)?)+")
_OURS, _MEDIA, _PICTURES = "media:", "media", "pictures"
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")


class Shown(NamedTuple):
    """A file that `![words](media:ID)` may show: what it is, where it is, and its measures where it has some."""

    kind: MediaKind
    address: str
    width: int | None = None
    height: int | None = None


def render(markdown: str, media: Mapping[str, Shown] | None = None, *, pictures: bool = True) -> str:
    """Safe HTML. Its highest heading is h3, since a section's own heading above it is h2.

    `media` says what each id shows. Of an id that is not in it the words stay, and nothing tells whether there is one.
    Without `pictures` the words of each stay, wherever it is: for readers whom we serve no bytes.
    """
    markdown = _whole(markdown)
    try:
        made = _parser.renderer.render(_tokens(markdown, media, pictures=pictures), _parser.options, {})
    except _TooMuchError:
        made = _as_typed(markdown)
    return _cleaner.clean(made)


def plain(markdown: str) -> str:
    """The words alone, a line for each paragraph, heading, list item and table cell; for search and snippets."""
    markdown = _whole(markdown)
    try:
        return "\n".join(filter(None, map(_words_of, _tokens(markdown))))
    except _TooMuchError:
        return markdown


def tokens(markdown: str, media: Mapping[str, Shown] | None = None) -> list[Token] | None:
    """What `render` shows, in the parser's own parts, for whoever draws it on paper. None where it is shown as typed.

    A file stands as a token `media` with its `id` in `meta`, and with its words as `info`.
    """
    try:
        return _tokens(_whole(markdown), media)
    except _TooMuchError:
        return None


class _TooMuchError(Exception):
    """This text would take too long to lay out."""


class _BoundedBlocks(ParserBlock):
    """markdown-it leaves out what nests too deep. We would rather show it as it was typed."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 - the library's names
        if state.level >= _DEEPEST:
            raise _TooMuchError
        super().tokenize(state, startLine, endLine)


def _whole(markdown: str) -> str:
    """Half a surrogate pair cannot become bytes, so it is shown as a question mark."""
    return markdown.encode("utf-8", "replace").decode()


def _tokens(markdown: str, media: Mapping[str, Shown] | None = None, *, pictures: bool = True) -> list[Token]:
    lines = markdown.count("\n") + markdown.count("\r")
    if len(markdown) > _LONGEST or lines > _MOST_LINES or markdown.count("[") > _MOST_BRACKETS:
        raise _TooMuchError
    return _parser.parse(markdown, {_MEDIA: media or {}, _PICTURES: pictures})


def _as_typed(markdown: str) -> str:
    text = html.escape(markdown.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").strip())
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>\n" for part in _PARAGRAPH_END.split(text))


def _our_rules(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        elif token.children:
            token.children = list(_safe(token.children, state.env))


def _safe(tokens: Iterable[Token], env: Mapping[str, Any]) -> Iterator[Token]:
    """Without the links and pictures we do not allow: their words stay. Links never lie inside links."""
    linked = True
    for token in tokens:
        if token.type == "link_open":
            linked = _keeps(token.tag, "href", str(token.attrs.get("href", "")))
        if token.type == "image":
            yield _picture(token, env.get(_MEDIA, {})) if env.get(_PICTURES, True) else _words_alone(token)
        elif linked or token.type not in {"link_open", "link_close"}:
            yield token


def _picture(image: Token, media: Mapping[str, Shown]) -> Token:
    words = _words_alone(image)
    id = str(image.attrs.get("src", "")).removeprefix(_OURS)
    shown = media.get(id)
    if shown is not None:
        return Token("media", "", 0, content=_shown_as(shown, words.content), info=words.content, meta={"id": id})
    if not _keeps("img", "src", str(image.attrs.get("src", ""))):
        return words
    image.children = [words]
    return image


def _words_alone(image: Token) -> Token:
    return Token("text", "", 0, content=_words_of(image))


def _shown_as(shown: Shown, words: str) -> str:
    """A picture; sound and video that play where they stand; a paper as a link."""
    at, said = html.escape(shown.address), html.escape(words)
    size = f' width="{shown.width}" height="{shown.height}"' if shown.width and shown.height else ""
    if shown.kind is MediaKind.PICTURE:
        return f'<img src="{at}" alt="{said}"{size}>'
    if shown.kind is MediaKind.PAPER:
        return f'<a href="{at}">{said or "PDF"}</a>'
    tag = "video" if shown.kind is MediaKind.VIDEO else "audio"
    return f'<{tag} src="{at}" aria-label="{said}" controls preload="metadata"{size}></{tag}>'


def _keeps(tag: str, attribute: str, value: str) -> bool:
    if attribute == "href":
        return _LINK.fullmatch(value) is not None and _CONTROL.search(value) is None
    if attribute == "src":
        return tag in {"img", "audio", "video"} and _OUR_MEDIA.fullmatch(value) is not None
    return attribute not in {"start", "width", "height"} or (value.isascii() and value.isdecimal())


def _words_of(token: Token) -> str:
    if token.children is not None:
        return "".join(_words_of(child) for child in token.children)
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    return token.content.strip("\n") if token.block else token.content


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"maxNesting": _DEEPEST})
    parser.block = _BoundedBlocks()
    parser.core.ruler.push("our_rules", _our_rules)
    parser.add_render_rule("media", lambda _renderer, tokens, at, *_: tokens[at].content)
    # The rules are put in order at the first use, which is not safe with threads: so the first use is here.
    parser.render("a\n\n> b")
    return parser


_parser = _make_parser()
_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    attribute_filter=lambda tag, name, value: value if _keeps(tag, name, value) else None,
    link_rel="noopener nofollow ugc",
    url_schemes=set(SCHEMES),
)
