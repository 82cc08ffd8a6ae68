"""What people do that is news to others, and what each is told."""

from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from httpx2 import Response
from tests.media.keeping import keep_paper
from tests.pages.seen import words_of
from tests.world import OWN_WORDS, World

from planwiki.base.vocabulary import Level
from planwiki.circle.commands import change_member
from planwiki.circle.grant_commands import give
from planwiki.circle.schemas import MemberGrantDraft, MemberPatch
from planwiki.news.inbox_queries import inbox
from planwiki.news.queries import states
from planwiki.news.schemas import ToMark
from planwiki.news.seen_commands import mark_seen
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section
from planwiki.talk.checked_commands import mark_checked
from planwiki.talk.commands import contribute, decide
from planwiki.talk.schemas import CheckedDraft, ContributionDraft, DecisionRequest
from planwiki.web.news_sentences import sentence

EVERYBODY = ("maya", "dee", "nan", "sam", "lee", "rao")


def say_why(world: World) -> None:
    """Why Dee decides: else each owner is asked to think about it."""
    why = MemberPatch.model_validate({"basis": {"kind": "helper_by_consent"}})
    world.ask("maya", lambda uow: change_member(uow, world.plan_id, world.members["dee"], why))


def begin(world: World, *who: str) -> None:
    """They open the plan for the first time. Dee has said why she decides."""
    say_why(world)
    for one in who or EVERYBODY:
        world.ask(
            one, lambda uow: mark_seen(uow, world.plan_id, ToMark(sections=states(uow, world.plan_id), begins=True))
        )


def save(world: World, who: str, key: str, based_on: int = 1) -> None:
    patch = SectionPatch(body_markdown=f"Other words than in {based_on}.", voice=OWN_WORDS)
    world.ask(who, lambda uow: change_section(uow, world.plan_id, key, patch, based_on))


def say(world: World, who: str, kind: str, key: str) -> UUID:
    said: dict[str, Any] = {"kind": kind, "target": {"type": "section", "section_key": key}, "body_markdown": "Well."}
    said |= {"proposed_markdown": "Better words."} if kind == "suggestion" else {}
    draft = ContributionDraft.model_validate(said | {"voice": OWN_WORDS.model_dump()})
    made: Any = world.ask(who, lambda uow: contribute(uow, world.plan_id, draft))
    return UUID(str(made.id))


def answer(world: World, who: str, said: UUID, decision: str = "decline") -> None:
    request = DecisionRequest.model_validate({"decision": decision})
    world.ask(who, lambda uow: decide(uow, world.plan_id, said, request))


def check(world: World, who: str, key: str, revision: int) -> None:
    draft = CheckedDraft(how="own_words", revision=revision)
    world.ask(who, lambda uow: mark_checked(uow, world.plan_id, key, draft))


def add_paper(world: World, who: str, key: str) -> None:
    keep_paper(world, who, key, "words")


def let(world: World, whom: str, key: str, level: Level = Level.READ, **more: Any) -> None:
    draft = MemberGrantDraft(member_id=world.members[whom], level=level, **more)
    world.ask("maya", lambda uow: give(uow, world.plan_id, key, draft))


def told(world: World, who: str) -> tuple[list[str], list[str]]:
    """What is new for them, and what waits for them, in sentences."""
    found: Any = world.ask(who, inbox, writes=False)
    return [sentence(one) for one in found.new], [sentence(one) for one in found.waits]


def on_the_plan(browser: TestClient, world: World) -> str:
    return words_of(browser.get(world.url()))


def put_aside(browser: TestClient, about: str) -> Response:
    return browser.post("/news/aside", data={"about": about})
