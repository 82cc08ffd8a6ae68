"""Verbs on what people say: get, require, rules, change, record — in this order."""

from uuid import UUID

from sqlmodel import col, select

from planwiki.authz.unit_of_work import UnitOfWork
from planwiki.base.errors import Forbidden
from planwiki.base.language import _
from planwiki.base.markdown import render
from planwiki.base.vocabulary import ContributionStatus, Decision, Permission, RevisionSource
from planwiki.plans.models import Section
from planwiki.plans.queries import find_section
from planwiki.plans.rules import check_nobody_saved_since, check_voice
from planwiki.plans.schemas import Voice
from planwiki.plans.section_commands import check_speaker, keep_text

from . import rules
from .models import Contribution
from .queries import contribution, find_contribution
from .schemas import ContributionDraft, ContributionView, DecisionRequest


def contribute(uow: UnitOfWork, plan_id: UUID, draft: ContributionDraft) -> ContributionView:
    """Says something about a section. Raises NotFound for one that is hidden, Forbidden without the right to say it."""
    section = find_section(uow, plan_id, rules.key_of(draft.target))
    uow.require(rules.needed_for(draft.kind), section)
    uow.require(Permission.COMMENT, section)
    rules.check_version(draft.target.revision or section.revision, section.revision)
    rules.check_says_something(draft, section.body_markdown)
    voice = check_voice(draft.voice)
    check_speaker(uow, plan_id, voice)
    made = _contribution_of(uow, section, draft, voice)
    uow.add(made)
    uow.record("contribution.created", plan_id, section_id=section.id, subject_id=made.id)
    return contribution(uow, plan_id, made.id)


def contribute_once(uow: UnitOfWork, plan_id: UUID, draft: ContributionDraft) -> None:
    """The same from a page: pressed twice, or sent again over a bad line, it is said once. Raises as `contribute`."""
    permit_to_contribute(uow, plan_id, draft)
    section = find_section(uow, plan_id, rules.key_of(draft.target), lock=True)
    voice = check_voice(draft.voice).model_dump(mode="json")
    if not any(one.voice == voice for one in _said_before(uow, section, draft)):
        contribute(uow, plan_id, draft)


def _said_before(uow: UnitOfWork, section: Section, draft: ContributionDraft) -> list[Contribution]:
    """In the same words, by the same person, and nobody has answered it yet."""
    mine = (Contribution.section_id == section.id, Contribution.author_id == uow.principal.account_id)
    waits = (Contribution.status == ContributionStatus.OPEN, col(Contribution.withdrawn_at).is_(None))
    words = (Contribution.kind == draft.kind, Contribution.body_markdown == draft.body_markdown)
    proposed = col(Contribution.proposed_markdown).is_not_distinct_from(draft.proposed_markdown)
    return uow.all(select(Contribution).where(*mine, *waits, *words, proposed))


def permit_to_contribute(uow: UnitOfWork, plan_id: UUID, draft: ContributionDraft) -> None:
    """Go on only where the viewer could say this now; opens no change."""
    section = find_section(uow, plan_id, rules.key_of(draft.target))
    uow.permit(rules.needed_for(draft.kind), section.id)


def _contribution_of(uow: UnitOfWork, section: Section, draft: ContributionDraft, voice: Voice) -> Contribution:
    return Contribution(
        plan_id=section.plan_id,
        section_id=section.id,
        kind=draft.kind,
        body_markdown=draft.body_markdown,
        body_html=render(draft.body_markdown),
        proposed_markdown=draft.proposed_markdown,
        base_revision=draft.target.revision or section.revision,
        voice=voice.model_dump(mode="json"),
        label=section.label,
        answer_label=section.label,
        author_id=uow.principal.account_id,
        author_name=uow.principal.display_name,
        created_at=uow.now,
    )


def withdraw(uow: UnitOfWork, plan_id: UUID, contribution_id: UUID) -> None:
    """Its author takes back what nobody has answered; an owner removes anything. Afterwards both can still read it."""
    said = find_contribution(uow, plan_id, contribution_id)
    section = uow.get(Section, said.section_id)
    uow.require(Permission.COMMENT, section)
    removes = said.author_id != uow.principal.account_id
    if removes:
        uow.require(Permission.MANAGE, section)
    elif said.status is not ContributionStatus.OPEN and not uow.may(Permission.MANAGE, section.id):
        raise Forbidden(_("This was answered. It stays, with its answer."))
    if said.withdrawn_at is None:
        said.withdrawn_at, said.withdrawn_by = uow.now, uow.principal.account_id
        verb = "contribution.removed" if removes else "contribution.withdrawn"
        uow.record(verb, plan_id, section_id=section.id, subject_id=said.id)


def decide(
    uow: UnitOfWork, plan_id: UUID, contribution_id: UUID, request: DecisionRequest, *, based_on: int | None = None
) -> ContributionView:
    """An editor answers, once. Accepting a suggestion makes a version in the suggester's voice.

    Raises Conflict when it was answered before, or was suggested for another text and nobody joined them; and Stale
    when somebody saved since `based_on`, the version that the editor had before their eyes.
    """
    section, said = _held(uow, plan_id, contribution_id)
    uow.require(Permission.EDIT, section)
    rules.check_open(said.status, withdrawn=said.withdrawn_at is not None)
    rules.check_fits(said.kind, request)
    if request.decision is Decision.ACCEPT:
        check_nobody_saved_since(section.revision, based_on or section.revision)
        _take_over(uow, section, said, request)
    said.status, said.answer_label = rules.STATUS[request.decision], section.label
    said.decided_by, said.decided_by_name = uow.principal.account_id, uow.principal.display_name
    said.decision_note, said.decided_at = request.note, uow.now
    uow.record("contribution.decided", plan_id, section_id=section.id, subject_id=said.id)
    uow.flush()
    return contribution(uow, plan_id, said.id)


def _held(uow: UnitOfWork, plan_id: UUID, contribution_id: UUID) -> tuple[Section, Contribution]:
    """The section first, as whoever saves it holds it: two who answer at once come one after the other."""
    there = contribution(uow, plan_id, contribution_id)
    section = find_section(uow, plan_id, str(there.target.section_key), lock=True)
    return section, find_contribution(uow, plan_id, contribution_id)


def _take_over(uow: UnitOfWork, section: Section, said: Contribution, request: DecisionRequest) -> None:
    """The suggested words, or what was made of them, become the text. Whose words they are stays."""
    rules.check_not_moved_on(said.base_revision, section.revision, request.edited_markdown)
    text = request.edited_markdown if request.edited_markdown is not None else said.proposed_markdown or ""
    voice = Voice.model_validate(said.voice)
    suggested = {"note": _short(request.note), "suggested_by": said.author_name}
    keep_text(uow, section, section.title, text, voice, RevisionSource.SUGGESTION, **suggested)
    said.resulting_revision = section.revision


def _short(note: str | None) -> str | None:
    """What stands beside a version is one line."""
    return " ".join(note.split())[:200] or None if note else None
