"""What is always true of things people say, whoever asks. No database, no web."""

from planwiki.base.errors import Conflict, invalid
from planwiki.base.language import _
from planwiki.base.shapes import Target
from planwiki.base.vocabulary import ContributionKind, ContributionStatus, Decision, Permission

from .schemas import ContributionDraft, DecisionRequest

STATUS = {
    Decision.ACCEPT: ContributionStatus.ACCEPTED,
    Decision.DECLINE: ContributionStatus.DECLINED,
    Decision.RESOLVE: ContributionStatus.RESOLVED,
}
_SUGGESTION = ContributionKind.SUGGESTION


def needed_for(kind: ContributionKind) -> Permission:
    return Permission.SUGGEST if kind is _SUGGESTION else Permission.COMMENT


def key_of(target: Target) -> str:
    """The section that is spoken of. A plan as a whole has no readers of its own, so nothing is said beside it."""
    if target.type != "section":
        raise invalid("target/type", "unknown-target", _("For now, people say things about a section."))
    if target.section_key is None:
        raise invalid("target/section_key", "missing", _("This is needed."))
    if target.id is not None:
        raise invalid("target/id", "unknown-target", _("A section goes by its key."))
    return target.section_key


def check_version(revision: int, current: int) -> None:
    """Nobody has read a version that is not there yet."""
    if revision > current:
        raise invalid("target/revision", "unknown-version", _("There is no such version."))


def check_says_something(draft: ContributionDraft, text_now: str) -> None:
    """A suggestion brings another text; everything else brings words and nothing but words."""
    if draft.kind is not _SUGGESTION:
        if draft.proposed_markdown is not None:
            raise invalid("proposed_markdown", "not-a-suggestion", _("Only a suggestion brings a new text."))
        if not draft.body_markdown.strip():
            raise invalid("body_markdown", "too-short", _("Please write something here."))
    elif draft.proposed_markdown is None:
        raise invalid("proposed_markdown", "missing", _("Please write the text as it should be."))
    elif draft.proposed_markdown == text_now:
        raise invalid("proposed_markdown", "nothing-changed", _("These are the words that stand there now."))


def check_open(status: ContributionStatus, *, withdrawn: bool) -> None:
    if withdrawn:
        raise Conflict(_("This was taken back."), "already-decided")
    if status is not ContributionStatus.OPEN:
        raise Conflict(_("This was answered before."), "already-decided")


def check_fits(kind: ContributionKind, request: DecisionRequest) -> None:
    if request.decision is Decision.ACCEPT and kind is not _SUGGESTION:
        raise invalid("decision", "not-a-suggestion", _("Only a suggestion can be accepted."))
    if request.edited_markdown is not None and request.decision is not Decision.ACCEPT:
        raise invalid("edited_markdown", "not-accepted", _("A new text comes with “accept”."))


def check_not_moved_on(base: int, current: int, edited: str | None) -> None:
    """What was suggested for another text is joined with the one that stands there now, by a person."""
    if base != current and edited is None:
        raise Conflict(_("Someone saved this section after it was suggested. Join both texts."), "section-moved-on")
