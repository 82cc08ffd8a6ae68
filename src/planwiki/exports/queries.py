"""Questions about papers. Each reads what the plan's own pages read, so a paper holds no more than they show."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_time

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.language import _, spoken
from planwiki.base.vocabulary import SectionKind, Whose
from planwiki.circle.schemas import MemberView
from planwiki.media.queries import media_in_document
from planwiki.media.schemas import MediaView
from planwiki.plans.easy_queries import easy_in_plan
from planwiki.plans.easy_schemas import EasyView
from planwiki.plans.queries import sections
from planwiki.plans.schemas import PlanView, SectionView
from planwiki.talk.perspective_queries import how_people_see
from planwiki.talk.perspective_schemas import PerspectiveView
from planwiki.web.page_frame import frame
from planwiki.web.rendering import day
from planwiki.web.voices import person_name, whose_words

from .rules import (
    CHOSEN,
    COLOUR,
    EASY,
    IN_EASY_WORDS,
    LARGE,
    TAKE,
    WITH_SIDES,
    YES,
    Choice,
    LayoutName,
    choices,
    is_easy,
    layout_named,
)
from .views import PaperView, PartView, SideView

WORDS_OF_SIDE = {"working_markdown", "working_html", "not_working_markdown", "not_working_html"}


class Besides(NamedTuple):
    """What sections say beside their words, by section."""

    easy: Mapping[UUID, EasyView]
    sides: Mapping[UUID, list[PerspectiveView]]


def offered(uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str]) -> dict[str, Any]:
    """For the page where somebody chooses. Raises NotFound."""
    shown = sections(uow, plan_id)
    easy = easy_in_plan(uow, plan_id) if layout in IN_EASY_WORDS else {}
    sides = _sides(uow, shown) if layout in WITH_SIDES else {}
    made = choices(layout, shown, asked, {*easy, *sides})
    return frame(uow, plan_id, shown) | {"choices": made, "easy": easy, "sides": sides}


def _sides(uow: UnitOfWork, shown: Sequence[SectionView]) -> dict[UUID, list[PerspectiveView]]:
    """By section, how people see it, where somebody said."""
    asked = [one for one in shown if one.kind is SectionKind.PERSPECTIVES]
    return {one.id: said for one in asked if (said := how_people_see(uow, one))}


def paper(
    uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """What stands around a page, and `paper`: the PaperView of what was chosen. Raises NotFound."""
    shown = offered(uow, plan_id, layout, asked)
    there: dict[UUID, EasyView] = shown.pop("easy")
    easy = there if is_easy(layout, asked) else {}
    sides: dict[UUID, list[PerspectiveView]] = shown.pop("sides")
    taken = [one for one in shown.pop("choices") if one.taken and _says(one.section, {*easy, *sides})]
    plan: PlanView = shown["plan"]
    made = PaperView(
        layout=layout,
        plan=plan,
        heading=layout_named(layout).heading % {"name": person_name(plan.person), "title": plan.title},
        parts=_parts(uow, plan, taken, Besides(easy, sides)),
        ask=[_reached(one) for one in shown["ask"]],
        large=asked.get(LARGE) == YES,
        easy=is_easy(layout, asked),
        stamp=_stamp(uow, shown["viewer"].display_name, zone),
        at=uow.now,
        query=query_of(taken, large=asked.get(LARGE) == YES, easy=is_easy(layout, asked)),
    )
    return shown | {"paper": made}


def _says(section: SectionView, besides: Collection[UUID]) -> bool:
    return bool(section.body_markdown.strip()) or section.id in besides


def query_of(taken: Sequence[Choice], *, large: bool, easy: bool) -> str:
    """Asks for the same paper again. Made of what is on it, and of nothing that was asked for besides."""
    said = {CHOSEN: YES} | ({LARGE: YES} if large else {}) | ({EASY: YES} if easy else {})
    for one in taken:
        said |= {f"{TAKE}{one.section.key}": YES, f"{COLOUR}{one.section.key}": one.colour}
    return urlencode(said)


def _parts(uow: UnitOfWork, plan: PlanView, taken: Sequence[Choice], besides: Besides) -> list[PartView]:
    media = defaultdict[UUID, list[MediaView]](list)
    for one in media_in_document(uow, plan.id, {choice.section.key for choice in taken}):
        media[one.section_id].append(one)
    return [_part(one, besides, media[one.section.id], person_name(plan.person)) for one in taken]


def _part(one: Choice, besides: Besides, media: list[MediaView], name: str) -> PartView:
    easy = besides.easy.get(one.section.id)
    shown = [] if easy else media  # Easy words bring their own pictures.
    return PartView(
        section=one.section,
        colour=one.colour,
        voice=whose_words(easy.voice if easy else one.section.voice, name),
        media=shown,
        voices={one.id: whose_words(one.voice, name) for one in shown if one.voice},
        easy=easy,
        sides=[_side(said, name) for said in besides.sides.get(one.section.id, [])],
    )


def _side(said: PerspectiveView, name: str) -> SideView:
    is_own = said.voice.whose is Whose.PERSON
    wrote = " " + _("%(who)s wrote it down.") % {"who": said.author} if is_own and said.author != name else ""
    words = said.model_dump(include=WORDS_OF_SIDE)
    return SideView(who=name if is_own else said.author, voice=whose_words(said.voice, name) + wrote, **words)


def _reached(one: MemberView) -> str:
    phone = one.contact.phone if one.contact else None
    return f"{one.display_name}, {phone}" if phone else one.display_name


def _stamp(uow: UnitOfWork, who: str, zone: ZoneInfo) -> str:
    time = format_time(uow.now.astimezone(zone), "h:mm a", locale=spoken().replace("-", "_"))
    said = _("Printed for %(who)s on %(day)s at %(time)s. It may not be the whole plan.")
    return said % {"who": who, "day": day(uow.now, zone), "time": time}
