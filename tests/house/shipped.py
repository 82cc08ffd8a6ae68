"""Finds every string that people are shown: plan templates, pages, and what the code says to them."""

import ast
import html
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, nodes

from planwiki.base import errors
from planwiki.plans.templating import PlanTemplate, templates

from .tree import ROOT, SRC, Source, at, dotted, floor, sources

# Where words are for those who run planwiki or write programs for it.
FOR_OTHERS = {"planwiki.settings", "planwiki.web.contract", "planwiki.web.health", "planwiki.plans.templating"}
DESCRIBING = {"description", "summary", "examples", "openapi_examples", "responses", "json_schema_extra", "help"}
SAYING = {"invalid", "FieldError", "PydanticCustomError", "HttpProblem", "_", "gettext", "ngettext"}
SAYING |= {name for name, one in vars(errors).items() if isinstance(one, type)}

_INLINE = r"</?(?:strong|em|b|i|mark|span|abbr|time|code)\b[^>]*>"
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\b(?:alt|title|placeholder|aria-label|aria-description)=("[^"]+"|'[^']+')""")
_ONLY_ATTRIBUTES = re.compile(r"""(\s*[\w-]+="[^"]*")+\s*""")  # Set aside by a page, for a tag to come.
_SILENT_JINJA = re.compile(r"{#.*?#}|{%-?\s*trans\b.*?endtrans\s*-?%}", re.DOTALL)
_HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
_PHRASE = re.compile(r"[“‘]?[A-Z][a-z’]*,? [a-z]")
_PAGES = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
NAME = "Maya"  # Stands where a name or a number will stand.


class Said(NamedTuple):
    place: str
    text: str


@cache
def everything() -> tuple[Said, ...]:
    prompts = (said for one in templates().values() for said in of_template(one))
    return (*prompts, *of_pictures(), *of_hints(), *of_pages(), *of_code())


def of_template(template: PlanTemplate) -> Iterator[Said]:
    texts = [template.title, template.description]
    for section in template.sections:
        texts += [section.title, *section.prompts]
    yield from (Said(f"plans/templates/{template.key}.md", text) for text in texts)


def of_pictures() -> Iterator[Said]:
    kept = json.loads((ROOT / "client" / "pictures.json").read_text("utf-8"))
    yield from (Said("client/pictures.json", one["label"]) for one in kept.values())


def of_hints() -> Iterator[Said]:
    """The plain words; the others are there because they are not."""
    kept = json.loads((ROOT / "client" / "src" / "hints" / "en.json").read_text("utf-8"))
    yield from (Said("client/src/hints/en.json", plain) for plain in kept.values())


def of_pages() -> Iterator[Said]:
    for path in sorted((SRC / "web" / "templates").rglob("*.*")):  # Letters are .txt.
        page = path.read_text("utf-8")
        yield from (Said(at(path), text) for text in (*translated(page), *untranslated(page)))


def translated(page: str) -> Iterator[str]:
    """What a page says through gettext, with a name in every gap."""
    yield from (_plain(_HOLE.sub(NAME, text)) for text in messages_of(page))


def messages_of(page: str) -> Iterator[str]:
    for _, _, message in _PAGES.extract_translations(page):  # type: ignore[attr-defined]  # the i18n extension adds it
        yield from (message,) if isinstance(message, str) else filter(None, message)


def untranslated(page: str) -> Iterator[str]:
    """Words of a page that went around gettext: between tags, in attributes, or given to a macro."""
    markup = re.sub(r"{%.*?%}", "\n", _SILENT_JINJA.sub("\n", page), flags=re.DOTALL)
    markup = re.sub(r"{{.*?}}", NAME, markup, flags=re.DOTALL)
    for text in [*_plain(markup).splitlines(), *_ATTRIBUTE.findall(markup)]:
        worded = re.search(r"[^\W\d_]{2}", re.sub(rf"{NAME}|planwiki", "", text))
        if worded and not _ONLY_ATTRIBUTES.fullmatch(text):
            yield text.strip("\"' ")
    known = set(messages_of(page))
    constants = (node.value for node in _PAGES.parse(page).find_all(nodes.Const))
    yield from (one for one in constants if isinstance(one, str) and _PHRASE.match(one) and one not in known)


def _plain(markup: str) -> str:
    """The text of markup; a tag that is not part of a line of words ends the line."""
    return html.unescape(_TAG.sub("\n", re.sub(_INLINE, "", markup))).strip()


def of_code() -> Iterator[Said]:
    for source in sources():
        if source.module not in FOR_OTHERS and floor(source.module) != 5:
            yield from (Said(source.module, text) for text in dict.fromkeys(said_by(source)))


def said_by(source: Source) -> Iterator[str]:
    """Every string given to an error or to gettext, and whatever else reads like a phrase."""
    silent = set(_silent(source))
    for node in source.nodes:
        if isinstance(node, ast.Call) and _name(node) in SAYING:
            yield from (text for one in node.args if id(one) not in silent and " " in (text := _text(one)))
        elif isinstance(node, ast.JoinedStr | ast.Constant) and id(node) not in silent and _PHRASE.match(_text(node)):
            yield _text(node)


def _silent(source: Source) -> Iterator[int]:
    """Docstrings, descriptions for programs, patterns, parts of f-strings, and what a fault of our own says."""
    for node in source.nodes:
        if isinstance(node, ast.Expr | ast.JoinedStr):
            yield from (id(one) for one in ast.walk(node) if isinstance(one, ast.Constant))
        elif isinstance(node, ast.keyword) and node.arg in DESCRIBING:
            yield from map(id, ast.walk(node.value))
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc) not in SAYING:
            yield from map(id, ast.walk(node.exc))


def _name(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[2]


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.Constant):
        return _HOLE.sub(NAME, node.value) if isinstance(node.value, str) else ""
    return NAME if isinstance(node, ast.FormattedValue) else ""
