"""What owners are asked to think about, in words, and when an answer rests. Never a silent change."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from planwiki.base.language import _
from planwiki.base.vocabulary import TaskAnswer

RESTS = timedelta(days=30)


class Words(NamedTuple):
    """A title, a few sentences, and where one may go from here. `%(name)s` is the young person."""

    title: str
    words: str
    leads_to: Literal["basis", "hand-over", "circle", "member", "unused", "actions", ""] = ""


MILESTONES = {
    "age-11": Words(
        _("%(name)s is 11"), _("A new school may come soon. What should new people there know about %(name)s?")
    ),
    "age-13": Words(_("%(name)s is 13"), _("Some parts may become more private now. Ask %(name)s which ones.")),
    "age-15-and-a-half": Words(
        _("Getting ready for 16"),
        _("From 16 on, the law starts from this: %(name)s can decide. Talk about choices %(name)s makes already."),
    ),
    "school-age-ends": Words(
        _("School age is over"),
        _("Many choices about school and training are now for %(name)s to make. Help is still fine."),
        "hand-over",
    ),
    "age-17-and-a-half": Words(
        _("Getting ready for 18"), _("Other teams help adults. Ask now who they will be, and invite them."), "circle"
    ),
    "age-18": Words(
        _("%(name)s is 18"),
        _("A parent's right to decide is over. Write down why you help to decide now."),
        "basis",
    ),
    "age-25": Words(
        _("%(name)s is 25"), _("What the council planned for school and training may end now. This plan stays."), ""
    ),
}
TO_ONESELF = {
    "age-18": Words(_("You are 18"), _("You decide now. You also choose who helps you to decide."), "hand-over"),
}
REVIEW = Words(
    _("Time to look at why %(steward)s helps to decide"),
    _("Is it still right? You can change it or leave it."),
    "basis",
)

PARENT_AT_18 = Words(
    _("Why does %(steward)s help to decide now?"),
    _("%(steward)s decides as a parent. The law ends that at 18. Talk about what is right now."),
    "basis",
)
NO_REASON = Words(
    _("Why does %(steward)s help to decide?"),
    _("Nobody has written it down yet. You can write why, and until when."),
    "basis",
)
WORD = Words(
    _("Shall %(steward)s decide too?"),
    _("Somebody who decides asked for it. It takes two of you: say yes or no."),
    "member",
)
LEFT = Words(_("Somebody left. Who does it now?"), _("There is something to do that nobody here does now."), "actions")
UNUSED = Words(_("Some shares are not used"), _("Nobody opened them for 90 days. You choose what happens."), "unused")


def rests(answer: TaskAnswer, ask_again_on: date | None, today: date) -> bool:
    """Answered for good, or not to be asked again before that day."""
    return answer is not TaskAnswer.NOT_NOW or (ask_again_on is not None and ask_again_on > today)
