"""Guessing passwords at the sign-in page: for one account, from one address, and from everywhere."""

import pytest
from tests.world import PASSWORD, World, email_of

from planwiki.people import throttle
from planwiki.people.host_commands import close_account


def tries(world: World, count: int, email: str = "") -> list[int]:
    """Somebody at one address tries that often, each time another account where none is named."""
    emails = [email or f"someone{n}@example.org" for n in range(count)]
    return [enter(world, one, "a guess") for one in emails]


def enter(world: World, email: str, password: str = PASSWORD) -> int:
    return world.browser(None).post("/sign-in", data={"email": email, "password": password}).status_code


def test_one_account_is_guessed_ten_times(world: World) -> None:
    assert tries(world, 12, email_of("dee")) == [422] * 10 + [429] * 2
    assert enter(world, email_of("dee")) == 429


def test_one_account_is_guessed_ten_times_from_wherever(world: World) -> None:
    """Each guess comes from another machine. Control: somebody else's first try from one of them."""
    said = {"email": email_of("dee"), "password": "a guess"}
    told = [world.from_address(f"192.0.2.{n}").post("/sign-in", data=said).status_code for n in range(12)]
    assert told == [422] * 10 + [429] * 2
    said = {"email": email_of("nan"), "password": PASSWORD}
    assert world.from_address("192.0.2.1").post("/sign-in", data=said).status_code == 303


def test_one_address_guesses_ten_times_whosever_accounts(world: World) -> None:
    assert tries(world, 12) == [422] * 10 + [429] * 2


def test_signing_in_as_oneself_buys_no_more_guesses(world: World) -> None:
    """Kit tries other people's accounts, and between them signs in. Control: Kit's own sign-ins cost nothing."""
    assert [enter(world, email_of("kit")) for _ in range(12)] == [303] * 12
    told = []
    for _ in range(3):
        told += tries(world, 4)
        enter(world, email_of("kit"))
    assert told == [422] * 10 + [429] * 2


def test_all_together_are_slowed_down_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert throttle.MOST_IN_ALL == 1000
    monkeypatch.setattr(throttle, "MOST_IN_ALL", 5)
    monkeypatch.setattr(throttle, "MOST_FOR_ONE", 100)
    assert tries(world, 7) == [422] * 5 + [429] * 2


def test_a_closed_account_gets_no_token(world: World) -> None:
    said = {"email": email_of("lee"), "password": PASSWORD}
    assert world.api(None).post("/v1/login-sessions", json=said).status_code == 201
    close_account(world.database, email_of("lee"))
    closed = world.api(None).post("/v1/login-sessions", json=said)
    wrong = world.api(None).post("/v1/login-sessions", json=said | {"email": "nobody@example.org"})
    assert (closed.status_code, closed.json()["detail"]) == (422, wrong.json()["detail"])


def test_a_sign_in_begins_with_a_secret_of_its_own_and_ends_for_good(world: World) -> None:
    """Whoever plants a cookie before somebody signs in holds nothing afterwards; nor does a copy after signing out."""
    browser, cookie = world.browser(None), "planwiki"
    browser.cookies.set(cookie, "pws_planted")
    browser.post("/sign-in", data={"email": email_of("dee"), "password": PASSWORD})
    mine, thief = browser.cookies.get(cookie, domain="testserver.local"), world.browser(None)
    assert mine not in {None, "pws_planted"}
    thief.cookies.set(cookie, str(mine))
    assert thief.get("/me").status_code == 200
    browser.post("/sign-out")
    assert thief.get("/me").status_code == 303
