"""Questions about papers. Each reads what the plan's own pages read, so a paper holds no more than they show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_time

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.language import _, spoken
from planwiki.circle.schemas import MemberView
from planwiki.media.queries import media_in_document
from planwiki.media.schemas import MediaView
from planwiki.outcomes.queries import all_actions
from planwiki.outcomes.rules import in_order
from planwiki.outcomes.schemas import ActionView
from planwiki.plans.easy_queries import easy_in_plan
from planwiki.plans.easy_schemas import EasyView
from planwiki.plans.queries import sections
from planwiki.plans.schemas import PlanView, SectionView
from planwiki.web.action_sentences import going, who_when
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
    YES,
    Choice,
    LayoutName,
    choices,
    is_easy,
    layout_named,
)
from .views import PaperView, PartView, ToDoView


def offered(uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str]) -> dict[str, Any]:
    """For the page where somebody chooses. Raises NotFound."""
    shown = sections(uow, plan_id)
    easy = easy_in_plan(uow, plan_id) if layout in IN_EASY_WORDS else {}
    to_do = _to_do(uow, plan_id) if layout is LayoutName.PLAN else {}
    more = {*easy, *(one.id for one in shown if one.key in to_do)}
    return frame(uow, plan_id, shown) | {"choices": choices(layout, shown, asked, more), "easy": easy, "to_do": to_do}


def _to_do(uow: UnitOfWork, plan_id: UUID) -> dict[str, list[ActionView]]:
    """What is to be done, and what was, by section."""
    found = defaultdict[str, list[ActionView]](list)
    for one in in_order(all_actions(uow, plan_id)):
        found[one.section_key].append(one)
    return found


def paper(
    uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """What stands around a page, and `paper`: the PaperView of what was chosen. Raises NotFound."""
    shown = offered(uow, plan_id, layout, asked)
    there: dict[UUID, EasyView] = shown.pop("easy")
    easy = there if is_easy(layout, asked) else {}
    to_do: dict[str, list[ActionView]] = shown.pop("to_do")
    taken = [one for one in shown.pop("choices") if one.taken and _says_anything(one.section, easy, to_do)]
    plan: PlanView = shown["plan"]
    made = PaperView(
        layout=layout,
        plan=plan,
        heading=layout_named(layout).heading % {"name": person_name(plan.person), "title": plan.title},
        parts=[_with_to_do(one, to_do, zone) for one in _parts(uow, plan, taken, easy)],
        ask=[_reached(one) for one in shown["ask"]],
        large=asked.get(LARGE) == YES,
        easy=is_easy(layout, asked),
        stamp=_stamp(uow, shown["viewer"].display_name, zone),
        at=uow.now,
        query=query_of(taken, large=asked.get(LARGE) == YES, easy=is_easy(layout, asked)),
    )
    return shown | {"paper": made}


def _says_anything(section: SectionView, easy: Mapping[UUID, EasyView], to_do: Mapping[str, Any]) -> bool:
    return bool(section.body_markdown.strip()) or section.id in easy or section.key in to_do


def query_of(taken: Sequence[Choice], *, large: bool, easy: bool) -> str:
    """Asks for the same paper again. Made of what is on it, and of nothing that was asked for besides."""
    said = {CHOSEN: YES} | ({LARGE: YES} if large else {}) | ({EASY: YES} if easy else {})
    for one in taken:
        said |= {f"{TAKE}{one.section.key}": YES, f"{COLOUR}{one.section.key}": one.colour}
    return urlencode(said)


def _parts(uow: UnitOfWork, plan: PlanView, taken: Sequence[Choice], easy: Mapping[UUID, EasyView]) -> list[PartView]:
    media = defaultdict[UUID, list[MediaView]](list)
    for one in media_in_document(uow, plan.id, {choice.section.key for choice in taken}):
        media[one.section_id].append(one)
    return [_part(one, easy.get(one.section.id), media[one.section.id], person_name(plan.person)) for one in taken]


def _part(one: Choice, easy: EasyView | None, media: list[MediaView], name: str) -> PartView:
    shown = [] if easy else media  # Easy words bring their own pictures.
    return PartView(
        section=one.section,
        colour=one.colour,
        voice=whose_words(easy.voice if easy else one.section.voice, name),
        media=shown,
        voices={one.id: whose_words(one.voice, name) for one in shown if one.voice},
        easy=easy,
        to_do=[],
    )


def _with_to_do(part: PartView, to_do: Mapping[str, list[ActionView]], zone: ZoneInfo) -> PartView:
    """Who does what there, and by when. Others read paper too, so it says nothing of "you"."""
    lines = [
        ToDoView(
            what=one.what,
            facts=who_when(one.model_copy(update={"is_mine": False}), partial(day, zone=zone)),
            words=[*([one.how] if one.how else []), *going(one)],
        )
        for one in to_do.get(part.section.key, [])
    ]
    return part.model_copy(update={"to_do": lines})


def _reached(one: MemberView) -> str:
    phone = one.contact.phone if one.contact else None
    return f"{one.display_name}, {phone}" if phone else one.display_name


def _stamp(uow: UnitOfWork, who: str, zone: ZoneInfo) -> str:
    time = format_time(uow.now.astimezone(zone), "h:mm a", locale=spoken().replace("-", "_"))
    said = _("Printed for %(who)s on %(day)s at %(time)s. It may not be the whole plan.")
    return said % {"who": who, "day": day(uow.now, zone), "time": time}
