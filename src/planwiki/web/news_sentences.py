"""Sentences about what is new for one reader, and where each leads."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from planwiki.base.language import _
from planwiki.base.vocabulary import NewsKind
from planwiki.news.schemas import NewsView

WORDS = {
    NewsKind.SHARED: _("“%(what)s” is new for you."),
    NewsKind.CHANGED: _("%(who)s changed “%(what)s”."),
    NewsKind.CHECKED: _("%(who)s marked “%(what)s” as checked."),
    NewsKind.PICTURE: _("There is a new picture in “%(what)s”."),
    NewsKind.SOUND: _("There is a new sound in “%(what)s”."),
    NewsKind.VIDEO: _("There is a new video in “%(what)s”."),
    NewsKind.PAPER: _("There is a new paper in “%(what)s”."),
    NewsKind.COMMENT: _("%(who)s said something about “%(what)s”."),
    NewsKind.SUGGESTION: _("%(who)s suggested a change to “%(what)s”."),
    NewsKind.APPRECIATION: _("%(who)s said something kind about “%(what)s”."),
    NewsKind.QUESTION: _("%(who)s asked a question about “%(what)s”."),
    NewsKind.ACCEPTED: _("%(who)s used what you suggested for “%(what)s”."),
    NewsKind.DECLINED: _("%(who)s answered what you suggested for “%(what)s”: not now."),
    NewsKind.RESOLVED: _("%(who)s answered what you said about “%(what)s”."),
    NewsKind.ACTION: _("%(who)s changed what is to be done in “%(what)s”."),
    NewsKind.FOR_YOU: _("%(who)s wrote down something for you to do in “%(what)s”."),
    NewsKind.CAME: _("Somebody took your invitation. Is it %(who)s?"),
    NewsKind.TO_THINK: _("%(what)s That is something to think about."),
}


class NewsLine(NamedTuple):
    """One sentence, the page it leads to, and a day where there is one. `about` names it to put it aside."""

    about: str
    sentence: str
    href: str
    at: datetime | None
    whose_plan: str


def lines(news: Sequence[NewsView]) -> list[NewsLine]:
    return [NewsLine(one.about, sentence(one), _leads_to(one), one.at, one.whose_plan) for one in news]


def sentence(one: NewsView) -> str:
    """`Dee changed “Great things about me”.`"""
    asks = one.kind is NewsKind.TO_THINK and not one.what.endswith("?")
    return _(WORDS[one.kind]) % {"who": one.who or _("Someone"), "what": f"{one.what}." if asks else one.what}


def _leads_to(one: NewsView) -> str:
    plan = f"/plans/{one.plan_id}"
    if one.kind is NewsKind.CAME:
        return f"{plan}/circle/{one.member_id}/came"
    if one.kind is NewsKind.TO_THINK:
        return f"{plan}/tasks"
    section = f"{plan}/sections/{one.section_key}"
    return f"{section}/said/{one.said_id}" if one.said_id else section
