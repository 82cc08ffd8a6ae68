"""Questions about papers. Each reads what the plan's own pages read, so a paper holds no more than they show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
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
from planwiki.outcomes.queries import all_actions
from planwiki.outcomes.rules import in_order
from planwiki.outcomes.schemas import ActionView
from planwiki.plans.easy_queries import easy_in_plan
from planwiki.plans.easy_schemas import EasyView
from planwiki.plans.queries import sections
from planwiki.plans.schemas import PlanView, SectionView
from planwiki.talk.perspective_queries import how_people_see
from planwiki.talk.perspective_schemas import PerspectiveView
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
from .views import PaperView, PartView, SideView, ToDoView

_WORDS_OF_SIDE = {"working_markdown", "working_html", "not_working_markdown", "not_working_html"}


class Besides(NamedTuple):
    """What sections say beside their full words, by section."""

    easy: Mapping[UUID, EasyView]
    sides: Mapping[UUID, list[PerspectiveView]]
    to_do: Mapping[UUID, list[ActionView]]

    @property
    def said_in(self) -> set[UUID]:
        return {*self.easy, *self.sides, *self.to_do}


def offered(uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str]) -> dict[str, Any]:
    """For the page where somebody chooses. Raises NotFound."""
    shown = sections(uow, plan_id)
    besides = _besides(uow, plan_id, layout, shown)
    made = choices(layout, shown, asked, besides.said_in)
    return frame(uow, plan_id, shown) | {"choices": made, "besides": besides}


def _besides(uow: UnitOfWork, plan_id: UUID, layout: LayoutName, shown: Sequence[SectionView]) -> Besides:
    easy = easy_in_plan(uow, plan_id) if layout in IN_EASY_WORDS else {}
    if layout is not LayoutName.PLAN:  # Smaller papers have no room for the rest.
        return Besides(easy, {}, {})
    asking = [one for one in shown if one.kind is SectionKind.PERSPECTIVES]
    sides = {one.id: said for one in asking if (said := how_people_see(uow, one))}
    return Besides(easy, sides, _to_do(uow, plan_id, {one.key: one.id for one in shown}))


def _to_do(uow: UnitOfWork, plan_id: UUID, ids: Mapping[str, UUID]) -> dict[UUID, list[ActionView]]:
    """What is to be done, and what was, by section."""
    found = defaultdict[UUID, list[ActionView]](list)
    for one in in_order(all_actions(uow, plan_id)):
        found[ids[one.section_key]].append(one)
    return found


def paper(
    uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """What stands around a page, and `paper`: the PaperView of what was chosen. Raises NotFound."""
    shown = offered(uow, plan_id, layout, asked)
    besides: Besides = shown.pop("besides")
    if not is_easy(layout, asked):
        besides = besides._replace(easy={})
    taken = [one for one in shown.pop("choices") if one.taken and _says_anything(one.section, besides)]
    plan: PlanView = shown["plan"]
    made = PaperView(
        layout=layout,
        plan=plan,
        heading=layout_named(layout).heading % {"name": person_name(plan.person), "title": plan.title},
        parts=_parts(uow, plan, taken, besides, zone),
        ask=[_reached(one) for one in shown["ask"]],
        large=asked.get(LARGE) == YES,
        easy=is_easy(layout, asked),
        stamp=_stamp(uow, shown["viewer"].display_name, zone),
        at=uow.now,
        query=query_of(taken, large=asked.get(LARGE) == YES, easy=is_easy(layout, asked)),
    )
    return shown | {"paper": made}


def _says_anything(section: SectionView, besides: Besides) -> bool:
    return bool(section.body_markdown.strip()) or section.id in besides.said_in


def query_of(taken: Sequence[Choice], *, large: bool, easy: bool) -> str:
    """Asks for the same paper again. Made of what is on it, and of nothing that was asked for besides."""
    said = {CHOSEN: YES} | ({LARGE: YES} if large else {}) | ({EASY: YES} if easy else {})
    for one in taken:
        said |= {f"{TAKE}{one.section.key}": YES, f"{COLOUR}{one.section.key}": one.colour}
    return urlencode(said)


def _parts(
    uow: UnitOfWork, plan: PlanView, taken: Sequence[Choice], besides: Besides, zone: ZoneInfo
) -> list[PartView]:
    media = defaultdict[UUID, list[MediaView]](list)
    for one in media_in_document(uow, plan.id, {choice.section.key for choice in taken}):
        media[one.section_id].append(one)
    name = person_name(plan.person)
    return [_part(one, besides, media[one.section.id], name, zone) for one in taken]


def _part(one: Choice, besides: Besides, media: list[MediaView], name: str, zone: ZoneInfo) -> PartView:
    id = one.section.id
    easy = besides.easy.get(id)
    shown = [] if easy else media  # Easy words bring their own pictures.
    return PartView(
        section=one.section,
        colour=one.colour,
        voice=whose_words(easy.voice if easy else one.section.voice, name),
        media=shown,
        voices={one.id: whose_words(one.voice, name) for one in shown if one.voice},
        easy=easy,
        sides=[_side(said, name) for said in besides.sides.get(id, [])],
        to_do=[_to_be_done(action, zone) for action in besides.to_do.get(id, [])],
    )


def _side(said: PerspectiveView, name: str) -> SideView:
    is_own = said.voice.whose is Whose.PERSON
    wrote = " " + _("%(who)s wrote it down.") % {"who": said.author} if is_own and said.author != name else ""
    words = said.model_dump(include=_WORDS_OF_SIDE)
    return SideView(who=name if is_own else said.author, voice=whose_words(said.voice, name) + wrote, **words)


def _to_be_done(one: ActionView, zone: ZoneInfo) -> ToDoView:
    """Who does it, and by when. Others read paper too, so it says nothing of "you"."""
    facts = who_when(one.model_copy(update={"is_mine": False}), partial(day, zone=zone))
    return ToDoView(what=one.what, facts=facts, words=[*([one.how] if one.how else []), *going(one)])


def _reached(one: MemberView) -> str:
    phone = one.contact.phone if one.contact else None
    return f"{one.display_name}, {phone}" if phone else one.display_name


def _stamp(uow: UnitOfWork, who: str, zone: ZoneInfo) -> str:
    time = format_time(uow.now.astimezone(zone), "h:mm a", locale=spoken().replace("-", "_"))
    said = _("Printed for %(who)s on %(day)s at %(time)s. It may not be the whole plan.")
    return said % {"who": who, "day": day(uow.now, zone), "time": time}
