"""Attacks on letters and their links: S14 to S17 of docs/security.md. Whoever tries here never gets in."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event
from sqlmodel import select
from tests.people.test_letters import asked, is_in, letters, link_to, newest, press
from tests.world import World

from planwiki.base import clock
from planwiki.base.errors import PlanwikiError
from planwiki.base.vocabulary import MailKind
from planwiki.circle.commands import end_member
from planwiki.people import link_commands, passwords
from planwiki.people.models import MailedLink
from planwiki.people.schemas import AskDraft

STRANGERS = "the stranger's own words"
HOUR = timedelta(hours=1)


def ask_as_a_program(world: World, email: str, **more: str) -> int:
    draft = {"display_name": "Zoe", "email": email} | more
    return world.api(None).post("/v1/accounts", json=draft).status_code


def test_a_strangers_password_never_waits_in_somebodys_new_account(world: World) -> None:
    """A stranger asks with her address and a password of his own; she presses the link, taking it for hers."""
    assert ask_as_a_program(world, "zoe@example.org", password=STRANGERS) == 202
    hers = world.browser(None)
    press(hers, link_to(world, "zoe@example.org"))
    assert is_in(hers)
    his = world.api(None).post("/v1/login-sessions", json={"email": "zoe@example.org", "password": STRANGERS})
    assert his.status_code == 422


@pytest.mark.parametrize(
    "email",
    [
        "zoe@example.org,kit@example.org",
        "zoe@example.org;kit@example.org",
        "zoe<kit@example.org>@example.org",
        '"zoe"@example.org',
        "friends:zoe@example.org",
        "zoe@kit@example.org",
    ],
)
def test_what_asks_with_one_address_is_one_address(world: World, email: str) -> None:
    """A letter holds a key: it goes to the one address that is kept, and to nobody beside it."""
    assert ask_as_a_program(world, email) == 422
    assert letters(world) == []


def test_a_letter_to_several_is_sent_to_nobody(world: World) -> None:
    with world.database.system_session("an address that no form was asked about") as session:
        world.database.post(session, MailKind.SIGN_IN_CHANGED, "zoe@example.org,kit@example.org", clock.now())
    assert letters(world) == []


@pytest.mark.parametrize(
    "next", ["/plans/„", '/plans?a="b";c', "/plans/" + "x" * 5000, "//evil.example", "/\\evil.example"]
)
def test_wherever_somebody_was_going_they_stay_with_us(world: World, next: str) -> None:
    browser, answer = asked(world, next=next)
    assert answer.status_code == 303
    assert press(browser, newest(world)[0]).headers["location"].startswith("/plans")


def test_letters_to_the_old_address_end_with_it(world: World) -> None:
    thief, _ = asked(world)
    old = newest(world)[0]
    dee = world.browser("dee")
    dee.post("/me/address", data={"new_email": "dee.new@example.org"})
    press(dee, link_to(world, "dee.new@example.org"))
    assert press(thief, old).status_code == 422
    assert not is_in(thief)


def test_guessing_codes_leads_nowhere(world: World) -> None:
    """Ten letters are what one address gets in five minutes; five guesses each."""
    for _ in range(10):
        thief, _answer = asked(world)
        code = newest(world)[1]
        guesses = [thief.post("/sign-in/code", data={"code": f"GUES S22{number + 2}"}) for number in range(6)]
        assert [one.status_code for one in guesses] == [422] * 6
        assert thief.post("/sign-in/code", data={"code": code}).status_code == 422
        assert not is_in(thief)
    assert asked(world)[1].status_code == 429


def test_asking_is_counted_before_a_password_is_hashed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose: whoever asks again and again must not keep the machine busy with it."""
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hash_password", lambda password: hashed.append(password) or "hash")
    told = [ask_as_a_program(world, "zoe@example.org", password=STRANGERS) for _ in range(30)]
    assert told == [202] * 10 + [429] * 20
    assert len(hashed) == 10


@pytest.mark.parametrize(
    "ask",
    [
        lambda browser, email: browser.post("/sign-in/letter", data={"email": email}),
        lambda browser, email: browser.post("/new-account", data={"display_name": "Zoe", "email": email}),
    ],
)
def test_known_and_unknown_cost_the_same_work(world: World, ask: Callable[[TestClient, str], Any]) -> None:
    """The same statements, so that the time tells nothing either."""
    done = {}
    for email in ("dee@example.org", "who@example.org"):
        statements: list[str] = []
        listener = _into(statements)
        event.listen(Engine, "before_cursor_execute", listener)
        ask(world.browser(None), email)
        event.remove(Engine, "before_cursor_execute", listener)
        done[email] = [re.sub(r"\s+", " ", one) for one in statements]
    assert done["dee@example.org"] == done["who@example.org"]


def _into(statements: list[str]) -> Callable[..., None]:
    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    return note


def test_a_letter_whose_link_has_ended_is_not_sent(world: World) -> None:
    with clock.frozen(clock.now()) as now:
        asked(world)
        now.move(HOUR)
        assert letters(world) == []


def test_news_of_a_plan_goes_to_those_who_own_it_when_it_is_sent(world: World) -> None:
    for owner in ("maya", "dee"):
        link = f"http://testserver{world.url('/circle')}"
        with world.database.system_session("somebody joined") as session:
            world.database.post(session, MailKind.SOMEONE_JOINED, f"{owner}@example.org", clock.now(), link=link)
    world.ask("maya", lambda uow: end_member(uow, world.plan_id, world.members["dee"]))
    assert [to for to, _, _ in letters(world)] == ["maya@example.org"]


def test_one_link_and_its_code_let_its_browser_in_twice_at_most_however_many_try_at_once(world: World) -> None:
    link, code = _asked_at_the_door(world)
    ways = [lambda: link_commands.use_link(world.database, link, "browser", HOUR)] * 10
    ways += [lambda: link_commands.use_code(world.database, code, "browser", HOUR)] * 10
    assert _all_at_once(ways).count("in") == 2  # Two presses of a finger that trembles.


def test_guesses_at_once_are_all_counted(world: World) -> None:
    _link, code = _asked_at_the_door(world)
    told = _all_at_once([lambda: link_commands.use_code(world.database, "GUESS222", "browser", HOUR)] * 20)
    with world.database.system_session("how often?", writes=False) as session:
        assert session.exec(select(MailedLink)).one().tries == told.count("wrong-code") >= 5
    assert _all_at_once([lambda: link_commands.use_code(world.database, code, "browser", HOUR)]) != ["in"]


def _asked_at_the_door(world: World) -> tuple[str, str]:
    asker = {"browser": "browser", "base_url": "http://testserver", "key": "tests", "address": "here"}
    link_commands.ask_for_link(world.database, AskDraft(email="dee@example.org"), **asker)
    link, code = newest(world)
    return link.rpartition("/")[2], code


def _all_at_once(ways: list[Callable[[], object]]) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(_try, ways))


def _try(way: Callable[[], object]) -> str:
    try:
        way()
    except PlanwikiError as error:
        return error.code
    return "in"
