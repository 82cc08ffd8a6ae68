"""Questions about papers. Each reads what the plan's own pages read, so a paper holds no more than they show."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import unescape
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
from planwiki.plans.queries import sections
from planwiki.plans.schemas import PlanView, Voice
from planwiki.web.page_frame import frame
from planwiki.web.rendering import day, environment

from .rules import CHOSEN, COLOUR, LARGE, TAKE, YES, Choice, LayoutName, choices, layout_named
from .views import PaperView, PartView


def offered(uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str]) -> dict[str, Any]:
    """For the page where somebody chooses. Raises NotFound."""
    shown = sections(uow, plan_id)
    return frame(uow, plan_id, shown) | {"choices": choices(layout, shown, asked)}


def paper(
    uow: UnitOfWork, plan_id: UUID, layout: LayoutName, asked: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """What stands around a page, and `paper`: the PaperView of what was chosen. Raises NotFound."""
    shown = offered(uow, plan_id, layout, asked)
    taken = [one for one in shown.pop("choices") if one.taken]
    plan: PlanView = shown["plan"]
    made = PaperView(
        layout=layout,
        plan=plan,
        heading=layout_named(layout).heading % {"name": name_of(plan), "title": plan.title},
        parts=_parts(uow, plan, taken),
        ask=[_reached(one) for one in shown["ask"]],
        large=asked.get(LARGE) == YES,
        stamp=_stamp(uow, shown["viewer"].display_name, zone),
        at=uow.now,
        query=query_of(taken, large=asked.get(LARGE) == YES),
    )
    return shown | {"paper": made}


def name_of(plan: PlanView) -> str:
    return plan.person.preferred_name or plan.person.display_name


def query_of(taken: Sequence[Choice], *, large: bool) -> str:
    """Asks for the same paper again. Made of what is on it, and of nothing that was asked for besides."""
    said = {CHOSEN: YES} | ({LARGE: YES} if large else {})
    for one in taken:
        said |= {f"{TAKE}{one.section.key}": YES, f"{COLOUR}{one.section.key}": one.colour}
    return urlencode(said)


def _parts(uow: UnitOfWork, plan: PlanView, taken: Sequence[Choice]) -> list[PartView]:
    media = defaultdict[UUID, list[MediaView]](list)
    for one in media_in_document(uow, plan.id, {choice.section.key for choice in taken}):
        media[one.section_id].append(one)
    return [
        PartView(
            section=one.section,
            colour=one.colour,
            voice=_whose_words(one.section.voice, name_of(plan)),
            media=media[one.section.id],
        )
        for one in taken
    ]


def _whose_words(voice: Voice | None, name: str) -> str:
    """As the section's page says it."""
    words: Any = environment().get_template("plans/words.html").module
    return unescape(str(words.whose_words(voice, name))).strip() if voice else ""


def _reached(one: MemberView) -> str:
    phone = one.contact.phone if one.contact else None
    return f"{one.display_name}, {phone}" if phone else one.display_name


def _stamp(uow: UnitOfWork, who: str, zone: ZoneInfo) -> str:
    time = format_time(uow.now.astimezone(zone), "h:mm a", locale=spoken().replace("-", "_"))
    said = _("Printed for %(who)s on %(day)s at %(time)s. It may not be the whole plan.")
    return said % {"who": who, "day": day(uow.now, zone), "time": time}
