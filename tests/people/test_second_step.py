"""A second step: set up with an app, asked after a password and after a letter, and never guessed or used twice."""

import re
from contextlib import AbstractContextManager
from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select
from tests.people.test_letters import asked, letters, link_to, newest, press
from tests.world import PASSWORD, World, email_of

from planwiki.base import clock
from planwiki.people.host_commands import end_second_step
from planwiki.people.models import Account, RecoveryCode


class App:
    """Dee's phone."""

    def __init__(self, world: World) -> None:
        self.world, self.dee = world, world.browser("dee")
        shown = self.dee.post("/me/second-step").text
        found = re.search(r"<code>((?:[A-Z2-7]{4} ?){8})</code>", shown)
        assert found
        assert "<svg" in shown
        self.totp = pyotp.TOTP(found[1].replace(" ", ""))
        done = self.dee.post("/me/second-step/check", data={"code": self.code(), "secret": "", "address": ""})
        self.paper = re.findall(r"<code>(\w{5} \w{5})</code>", done.text)

    def code(self) -> str:
        return self.totp.at(clock.now())


@pytest.fixture
def app_of_dee(world: World) -> App:
    return App(world)


def first_step(world: World) -> tuple[TestClient, Response]:
    browser = world.browser(None)
    data = {"email": email_of("dee"), "password": PASSWORD, "next": world.url()}
    return browser, browser.post("/sign-in", data=data)


def is_in(browser: TestClient) -> bool:
    return browser.get("/me").status_code == 200


def later(seconds: int = 61) -> AbstractContextManager[object]:
    return clock.frozen(clock.now() + timedelta(seconds=seconds))


def test_a_password_alone_is_not_enough(world: World, app_of_dee: App) -> None:
    assert len(set(app_of_dee.paper)) == 10
    with later():
        browser, answer = first_step(world)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/second")
        assert not is_in(browser)
        assert browser.post("/sign-in/second", data={"code": "000000"}).status_code == 422
        done = browser.post("/sign-in/second", data={"code": app_of_dee.code()})
        assert (done.status_code, done.headers["location"]) == (303, world.url())
        assert is_in(browser)


def test_a_letter_alone_is_not_enough(world: World, app_of_dee: App) -> None:
    with later():
        browser, _ = asked(world)
        link, _code = newest(world)
        assert press(browser, link).headers["location"] == "/sign-in/second"
        assert not is_in(browser)
        browser.post("/sign-in/second", data={"code": app_of_dee.code()})
        assert is_in(browser)


def test_the_press_uses_the_letter_up_before_the_second_step(world: World, app_of_dee: App) -> None:
    """Whoever takes the letter and the browser's secret afterwards does not even get as far as the second step."""
    with later():
        browser, _ = asked(world, next="/plans?said=back")
        link, code = newest(world)
        thief = world.browser(None)
        thief.cookies.update(browser.cookies)
        press(browser, link)
        assert press(thief, link).status_code == 422
        assert thief.post("/sign-in/code", data={"code": code}).status_code == 422
        assert thief.post("/sign-in/second", data={"code": app_of_dee.code()}).status_code == 422
        done = browser.post("/sign-in/second", data={"code": app_of_dee.code()})
        assert done.headers["location"] == "/plans?said=back"
        assert is_in(browser)
        assert not is_in(thief)


@pytest.mark.usefixtures("app_of_dee")
def test_a_code_from_the_letter_is_used_up_too(world: World) -> None:
    with later():
        browser, _ = asked(world)
        _link, code = newest(world)
        told = [browser.post("/sign-in/code", data={"code": code}).status_code for _ in range(2)]
        assert told == [303, 422]


def test_a_new_address_counts_where_a_second_step_is_asked(world: World, app_of_dee: App) -> None:
    app_of_dee.dee.post("/me/address", data={"new_email": "dee@example.com"})
    press(app_of_dee.dee, link_to(world, "dee@example.com"))
    assert "dee@example.com" in app_of_dee.dee.get("/me").text


def test_a_code_works_once(world: World, app_of_dee: App) -> None:
    with later():
        code = app_of_dee.code()
        for expected in (True, False):
            browser, _ = first_step(world)
            browser.post("/sign-in/second", data={"code": code})
            assert is_in(browser) is expected


def test_an_old_code_is_too_old(world: World, app_of_dee: App) -> None:
    old = app_of_dee.code()
    with later(120):
        browser, _ = first_step(world)
        assert browser.post("/sign-in/second", data={"code": old}).status_code == 422


def test_paper_helps_once(world: World, app_of_dee: App) -> None:
    for expected in (True, False):
        browser, _ = first_step(world)
        browser.post("/sign-in/second", data={"code": app_of_dee.paper[0].lower()})
        assert is_in(browser) is expected


def test_guessing_ends_after_five(world: World, app_of_dee: App) -> None:
    with later():
        browser, _ = first_step(world)
        told = [browser.post("/sign-in/second", data={"code": f"{n:06}"}).status_code for n in range(5)]
        told.append(browser.post("/sign-in/second", data={"code": app_of_dee.code()}).status_code)
        assert told == [422] * 5 + [429]
        assert not is_in(browser)


def test_the_second_step_cannot_be_taken_first_or_late(world: World, app_of_dee: App) -> None:
    stranger = world.browser(None)
    assert stranger.post("/sign-in/second", data={"code": app_of_dee.code()}).status_code == 422
    browser, _ = first_step(world)
    with later(301):
        assert browser.post("/sign-in/second", data={"code": app_of_dee.code()}).status_code == 422
        assert not is_in(browser)


def test_programs_send_the_code_along(world: World, app_of_dee: App) -> None:
    api, said = world.api(None), {"email": email_of("dee"), "password": PASSWORD}
    refused = api.post("/v1/login-sessions", json=said)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/second-step-needed")
    with later():
        wrong = api.post("/v1/login-sessions", json=said | {"one_time_code": "000000"})
        assert wrong.json()["type"] == "/problems/second-step-needed"
        right = api.post("/v1/login-sessions", json=said | {"one_time_code": app_of_dee.code()})
        assert right.status_code == 201


def test_it_counts_only_once_a_right_code_was_typed(world: World) -> None:
    dee = world.browser("dee")
    dee.post("/me/second-step")
    assert dee.post("/me/second-step/check", data={"code": "000000"}).status_code == 422
    assert is_in(first_step(world)[0])


def test_the_secret_is_kept_sealed(world: World, app_of_dee: App) -> None:
    with world.database.system_session("what is kept?", writes=False) as session:
        kept = session.get_one(Account, world.principals["dee"].account_id).totp_sealed or ""
    assert kept
    assert app_of_dee.totp.secret not in kept


def test_ending_it_needs_a_fresh_sign_in(world: World, app_of_dee: App) -> None:
    with later(301):
        assert app_of_dee.dee.post("/me/second-step/end").status_code == 403
    assert app_of_dee.dee.post("/me/second-step/end").status_code == 303
    assert is_in(first_step(world)[0])


def test_a_new_app_counts_once_its_code_was_right(world: World, app_of_dee: App) -> None:
    """Somebody at Dee's unlocked browser begins to set up an app of their own, and goes no further."""
    begun = re.search(r"<code>((?:[A-Z2-7]{4} ?){8})</code>", app_of_dee.dee.post("/me/second-step").text)
    assert begun
    with later():
        browser, answer = first_step(world)
        assert answer.headers["location"] == "/sign-in/second"
        theirs = pyotp.TOTP(begun[1].replace(" ", "")).at(clock.now())
        assert browser.post("/sign-in/second", data={"code": theirs}).status_code == 422
        assert browser.post("/sign-in/second", data={"code": app_of_dee.code()}).status_code == 303
        assert app_of_dee.dee.post("/me/second-step/check", data={"code": "000000"}).status_code == 422
        assert app_of_dee.dee.post("/me/second-step/check", data={"code": theirs}).status_code == 200
    with later(122):
        browser, _ = first_step(world)
        assert browser.post("/sign-in/second", data={"code": app_of_dee.code()}).status_code == 422
        assert (
            browser.post(
                "/sign-in/second", data={"code": pyotp.TOTP(begun[1].replace(" ", "")).at(clock.now())}
            ).status_code
            == 303
        )


def test_showing_again_takes_the_second_step_too(world: World, app_of_dee: App) -> None:
    with later(400):
        asked = app_of_dee.dee.post("/me/second-step/end")
        assert 'name="confirm-password-code"' in asked.text
        typed = {"confirm-to": "/me/second-step/end", "confirm-password": PASSWORD}
        assert app_of_dee.dee.post("/confirm", data=typed).status_code == 422
        assert app_of_dee.dee.post("/me/second-step/end").status_code == 403
        right = typed | {"confirm-password-code": app_of_dee.code()}
        assert app_of_dee.dee.post("/confirm", data=right).status_code == 200
        assert app_of_dee.dee.post("/me/second-step/end").status_code == 303
    assert first_step(world)[1].headers["location"] == world.url()


def test_the_host_helps_whoever_lost_both(world: World, app_of_dee: App) -> None:
    """The letter tells the real one, should it have been another who asked; nobody stays signed in."""
    end_second_step(world.database, "dee@example.org")
    assert not is_in(app_of_dee.dee)
    browser, _ = asked(world)
    told = [subject for to, subject, _ in letters(world) if to == "dee@example.org"]
    assert "The way you sign in has changed" in told
    assert press(browser, newest(world)[0]).headers["location"] != "/sign-in/second"
    assert is_in(browser)
    assert browser.post("/me/second-step/end").status_code == 303, "and no paper of before is left"
    with world.database.system_session("is paper left?", writes=False) as session:
        assert session.exec(select(RecoveryCode)).first() is None
