"""The plan templates we ship: one Markdown file each in templates/, read once.

A file opens with its settings in YAML between two lines of `---`. Below stand, for each section, a line `## key` and
its open questions as list items (`- What do you love?`). A new file is a new template; nothing else has to change.
Starting a plan copies the sections, so a changed template never changes a plan. Offers are ideas that owners read
where they choose who can see a section: they share nothing.
"""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from planwiki.base.errors import invalid
from planwiki.base.shapes import View
from planwiki.base.text import Line
from planwiki.base.vocabulary import GRANTABLE_LEVELS, MEMBER_ROLES, OWNER_ROLES, Label, Level, Role, SectionKind

from .schemas import Mapping

FOLDER = Path(__file__).parent / "templates"
_PARTS = re.compile(r"---\n(?P<settings>.*?\n)---\n(?P<body>.*)", re.DOTALL)


class TemplateUnusable(RuntimeError):
    """A template file is not as it must be: the application does not start."""


class Stage(StrEnum):
    """When in planning together a section is first written."""

    SESSION_ONE = "session-one"
    SESSION_TWO = "session-two"
    SESSION_THREE = "session-three"
    SIX_MONTHS = "six-months"


def _mapping(given: dict[str, Any]) -> dict[str, Any]:
    return Mapping.model_validate(given).model_dump(mode="json")


def _offers(given: dict[Role, Level]) -> dict[Role, Level]:
    """Owners hold all that can be held already, and guests and programs are asked about one by one."""
    for role, level in given.items():
        if role not in MEMBER_ROLES or role in OWNER_ROLES or level not in GRANTABLE_LEVELS:
            raise ValueError(f"{role}: {level} cannot be offered")
    return given


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class TemplateSection(View):
    """One section that a new plan gets."""

    key: Slug
    title: Line
    kind: SectionKind
    label: Label
    picture: Slug
    prompts: tuple[Line, ...] = Field(min_length=1)
    mapping: Annotated[dict[str, Any], AfterValidator(_mapping)]
    offers: Annotated[dict[Role, Level], AfterValidator(_offers)]
    stage: Stage | None = None


class PlanTemplate(View):
    """What a plan can start from. `order` is its place among the templates."""

    key: Slug
    title: Line
    description: Line
    picture: Slug
    order: int = 100
    sections: tuple[TemplateSection, ...]

    @model_validator(mode="after")
    def _keys_differ(self) -> "PlanTemplate":
        keys = [section.key for section in self.sections]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"sections: more than one is called {', '.join(twice)}")
        return self


@cache
def templates() -> dict[str, PlanTemplate]:
    """Every shipped template by its key, in the order in which people are asked. Raises TemplateUnusable."""
    return read_templates(FOLDER)


def template(key: str) -> PlanTemplate:
    """The template of that name; `about_me` is `about-me`. Raises Invalid for a name we do not know."""
    found = templates().get(key.replace("_", "-"))
    if found is None:
        raise invalid("template", "unknown-template", "Please choose one of the plans we offer to start from.")
    return found


def read_templates(folder: Path) -> dict[str, PlanTemplate]:
    """The templates in `folder`. Raises TemplateUnusable, which names the file and the field."""
    found = [_read(path) for path in folder.glob("*.md")]
    return {one.key: one for one in sorted(found, key=lambda one: (one.order, one.key))}


def _read(path: Path) -> PlanTemplate:
    settings, questions = _settings_and_questions(path)
    try:
        sections = [section | {"prompts": questions.get(section["key"], ())} for section in settings["sections"]]
        found = PlanTemplate.model_validate(settings | {"sections": sections})
    except ValidationError as error:
        raise TemplateUnusable(f"{path.name}: {_first_fault(error)}") from error
    except (KeyError, TypeError) as error:
        raise TemplateUnusable(f"{path.name}: sections: every section needs its settings and a key") from error
    if homeless := questions.keys() - {section.key for section in found.sections}:
        raise TemplateUnusable(f"{path.name}: ## {min(homeless)}: no section has this key")
    if found.key != path.stem:
        raise TemplateUnusable(f"{path.name}: key: it has to be the name of the file, not {found.key}")
    return found


def _settings_and_questions(path: Path) -> tuple[dict[str, Any], dict[str, list[str]]]:
    parts = _PARTS.fullmatch(path.read_text(encoding="utf-8"))
    if parts is None:
        raise TemplateUnusable(f"{path.name}: it has to open with settings between two lines of ---")
    try:
        settings = yaml.safe_load(parts["settings"])
    except yaml.YAMLError as error:
        raise TemplateUnusable(f"{path.name}: the settings are not YAML: {error}") from error
    if not isinstance(settings, dict):
        raise TemplateUnusable(f"{path.name}: the settings need a name before each value")
    return settings, _questions(path.name, parts["body"])


def _questions(name: str, body: str) -> dict[str, list[str]]:
    """The list items under each heading. Anything else in a body would be lost, so it is refused."""
    found: dict[str, list[str]] = {}
    for line in filter(None, map(str.rstrip, body.splitlines())):
        if line.startswith("## "):
            found[line[3:].strip()] = []
        elif line.startswith("- ") and found:
            found[next(reversed(found))].append(line[2:].strip())
        else:
            raise TemplateUnusable(f"{name}: not a heading nor a question below one: {line[:40]}")
    return found


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    return ".".join(map(str, fault["loc"])) + f": {fault['msg']}"
