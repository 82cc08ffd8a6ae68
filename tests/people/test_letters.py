"""Signing in by a letter, as its reader, a mail scanner and a thief meet it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.world import PASSWORD, World

from planwiki.activity.channels.mail import letters_in, mailbox_of
from planwiki.base import clock
from planwiki.people.models import Account
from planwiki.worker import Worker

COOKIE = "planwiki"


def letters(world: World) -> list[tuple[str, str, str]]:
    """(to, subject, text) of what was sent, newest first."""
    settings = world.app.state.settings
    Worker(settings, world.database).work()
    return [(one["To"], one["Subject"], one.get_content()) for one in letters_in(mailbox_of(settings))]


def asked(world: World, email: str = "dee@example.org", **more: str) -> tuple[TestClient, Response]:
    browser = world.browser(None)
    return browser, browser.post("/sign-in/letter", data={"email": email} | more)


def newest(world: World) -> tuple[str, str]:
    """The path of the link and the code in the newest letter."""
    text = letters(world)[0][2]
    link, code = re.search(r"http://testserver(\S+)", text), re.search(r"^    (\S{4} \S{4})\s*$", text, re.MULTILINE)
    assert link
    assert code
    return link[1], code[1]


def link_to(world: World, email: str) -> str:
    """The path of the link in the newest letter to this address."""
    found = re.search(r"http://testserver(\S+)", next(text for to, _, text in letters(world) if to == email))
    assert found
    return found[1]


def press(browser: TestClient, link: str) -> Response:
    return browser.post("/sign-in/link", data={"secret": link.rpartition("/")[2]})


def is_in(browser: TestClient) -> bool:
    return browser.get("/me").status_code == 200


def test_a_letter_signs_in_the_browser_that_asked(world: World) -> None:
    browser, answer = asked(world, " DEE@example.org", next=world.url("/circle"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/letter")
    link, _ = newest(world)
    assert browser.get(link).status_code == 200
    assert not is_in(browser), "a mail scanner that opens the link changes nothing"
    entered = press(browser, link)
    assert (entered.status_code, entered.headers["location"]) == (303, world.url("/circle"))
    assert is_in(browser)


def test_the_letter_holds_no_word_of_a_plan(world: World) -> None:
    asked(world)
    to, subject, text = letters(world)[0]
    assert (to, subject) == ("dee@example.org", "Your link to sign in")
    assert "Maya" not in text
    assert "Dee" not in text


def test_a_link_works_once(world: World) -> None:
    browser, _ = asked(world)
    link, code = newest(world)
    press(browser, link)
    again = world.browser(None)
    again.cookies = browser.cookies
    again.cookies.delete(COOKIE)
    assert press(again, link).status_code == 422
    assert again.post("/sign-in/code", data={"code": code}).status_code == 422
    assert not is_in(again)


def test_pressing_twice_goes_on_and_no_copy_comes_in(world: World) -> None:
    """The second press carries what the browser held before the first was answered; or comes from the page before."""
    browser, _ = asked(world, next=world.url("/circle"))
    link, code = newest(world)
    before = dict(browser.cookies)
    assert press(browser, link).status_code == 303
    assert press(browser, link).headers["location"] == "/plans", "from the page before, signed in"
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert press(holding(world, before), link).status_code == 422, "too late"
    assert press(world.browser("sam"), link).status_code == 422, "somebody else's browser"
    twice, thrice = holding(world, before), holding(world, before)
    assert press(twice, link).headers["location"] == world.url("/circle")
    assert is_in(twice)
    assert thrice.post("/sign-in/code", data={"code": code}).status_code == 422, "once more and no oftener"


def test_pressing_twice_lets_nobody_in_after_they_signed_out(world: World) -> None:
    browser, _ = asked(world)
    link, _code = newest(world)
    before = dict(browser.cookies)
    press(browser, link)
    browser.post("/sign-out")
    copy = holding(world, before)
    assert press(copy, link).status_code == 422
    assert not is_in(copy)


def test_only_the_browser_that_asked_presses_twice(world: World) -> None:
    """A program's letter works in any browser, and so in one alone."""
    account = {"display_name": "Jo", "email": "jo@example.org"}
    assert world.api(None).post("/v1/accounts", json=account).status_code == 202
    link, other = link_to(world, "jo@example.org"), asked(world)[0]
    reader = world.browser(None)
    assert press(reader, link).status_code == 303
    assert press(other, link).status_code == 422
    assert not is_in(other)


def holding(world: World, cookies: dict[str, str]) -> TestClient:
    """The same browser, as it was before its first press was answered."""
    browser = world.browser(None)
    browser.cookies.update(cookies)
    return browser


def test_a_link_ends_after_ten_minutes(world: World) -> None:
    browser, _ = asked(world)
    link, code = newest(world)
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert press(browser, link).status_code == 422
        assert browser.post("/sign-in/code", data={"code": code}).status_code == 422


def test_a_forwarded_link_signs_in_no_other_browser(world: World) -> None:
    browser, _ = asked(world)
    link, _code = newest(world)
    thief = world.browser(None)
    answer = press(thief, link)
    assert answer.status_code == 422
    assert "another place" in answer.text
    assert not is_in(thief)
    press(browser, link)
    assert is_in(browser), "and the thief has not used it up"


def test_the_code_is_typed_where_it_was_asked_for(world: World) -> None:
    browser, _ = asked(world)
    _link, code = newest(world)
    thief = world.browser(None)
    assert thief.post("/sign-in/code", data={"code": code}).status_code == 422
    assert browser.post("/sign-in/code", data={"code": code.lower().replace(" ", "-")}).status_code == 303
    assert is_in(browser)


def test_five_wrong_codes_end_it(world: World) -> None:
    browser, _ = asked(world)
    link, code = newest(world)
    for _ in range(5):
        assert browser.post("/sign-in/code", data={"code": "AAAA AAAA"}).status_code == 422
    assert browser.post("/sign-in/code", data={"code": code}).status_code == 422
    assert press(browser, link).status_code == 422
    assert not is_in(browser)


def test_an_unknown_address_is_answered_alike_and_nothing_is_sent(world: World) -> None:
    told = []
    for email in ("dee@example.org", "nobody@example.org"):
        browser, answer = asked(world, email)
        shown = browser.get("/sign-in/letter")
        cookies = re.sub(r"pwb_\w+", "pwb", answer.headers["set-cookie"])
        told.append((answer.status_code, answer.headers["location"], cookies, re.sub(r"nonce=\S+", "", shown.text)))
    assert told[0] == told[1]
    assert [to for to, _, _ in letters(world)] == ["dee@example.org"]


def test_a_closed_account_gets_no_letter_and_an_open_letter_no_entry(world: World) -> None:
    browser, _ = asked(world)
    link, _code = newest(world)
    with world.database.system_session("the host closes an account") as session:
        session.get_one(Account, world.principals["dee"].account_id).closed_at = clock.now()
    assert press(browser, link).status_code == 422
    asked(world)
    assert len(letters(world)) == 1


def test_asking_too_often_is_slowed_down(world: World) -> None:
    for _ in range(10):
        assert asked(world)[1].status_code == 303
    answer = asked(world)[1]
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


@pytest.fixture
def newcomer(world: World) -> Iterator[TestClient]:
    browser = world.browser(None)
    data = {"display_name": "Jo", "email": "jo@example.org"}
    assert browser.post("/new-account", data=data).headers["location"] == "/sign-in/letter"
    yield browser


def test_a_new_account_is_made_once_its_letter_was_read(world: World, newcomer: TestClient) -> None:
    asked(world, "jo@example.org")
    found = letters(world)
    assert [subject for _, subject, _ in found] == ["Is this your address?"], "not before"
    press(newcomer, newest(world)[0])
    assert "Jo" in newcomer.get("/me").text


def test_an_address_that_has_an_account_gets_another_letter_and_the_same_answer(world: World) -> None:
    browser = world.browser(None)
    answer = browser.post("/new-account", data={"display_name": "Not Dee", "email": "dee@example.org"})
    assert answer.headers["location"] == "/sign-in/letter"
    to, subject, text = letters(world)[0]
    assert (to, subject) == ("dee@example.org", "You have an account already")
    assert "/sign-in/link" not in text


def test_a_program_asks_for_an_account(world: World) -> None:
    api = world.api(None)
    told = []
    for email in ("dee@example.org", "jo@example.org"):
        answer = api.post("/v1/accounts", json={"display_name": "Jo", "email": email, "password": PASSWORD})
        told.append((answer.status_code, answer.content, {*answer.headers} - {"x-request-id"}))
    assert told[0] == told[1]
    assert told[0][0] == 202
    browser = world.browser(None)
    link = link_to(world, "jo@example.org")
    assert "code" not in letters(world)[0][2], "a program has no place to type one"
    assert "The password you chose" in browser.get(link).text
    for wrong in range(2):
        answer = browser.post("/sign-in/link", data={"secret": link.rpartition("/")[2], "password": f"wrong {wrong}"})
        assert answer.status_code == 422
        assert "That is not the password" in answer.text
    browser.post("/sign-in/link", data={"secret": link.rpartition("/")[2], "password": PASSWORD})
    assert is_in(browser)
    session = api.post("/v1/login-sessions", json={"email": "jo@example.org", "password": PASSWORD})
    assert session.status_code == 201


def test_an_address_is_changed_by_reading_a_letter_there(world: World) -> None:
    dee = world.browser("dee")
    assert dee.post("/me/address", data={"new_email": "no address"}).status_code == 422
    dee.post("/me/address", data={"new_email": "dee.new@example.org"})
    link = link_to(world, "dee.new@example.org")
    assert "dee@example.org" in dee.get("/me").text, "not before"
    press(dee, link)
    assert "dee.new@example.org" in dee.get("/me").text
    to, subject, text = letters(world)[0]
    assert (to, subject) == ("dee@example.org", "The way you sign in has changed")
    assert "tell whoever runs this planwiki" in text
    assert "dee.new" not in text


def test_an_address_that_is_somebody_elses_is_never_taken(world: World) -> None:
    dee = world.browser("dee")
    dee.post("/me/address", data={"new_email": "nan@example.org"})
    assert press(dee, link_to(world, "nan@example.org")).status_code == 422
    assert "dee@example.org" in world.browser("dee").get("/me").text


def test_the_links_in_letters_ignore_what_a_request_says_of_its_host(world: World) -> None:
    browser = world.browser(None)
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    browser.post("/sign-in/letter", data={"email": "dee@example.org"}, headers=headers)
    assert "evil" not in letters(world)[0][2]


def test_the_mailbox_is_there_for_trying_out_alone(world: World) -> None:
    asked(world)
    letters(world)
    browser = world.browser(None)
    assert "Your link to sign in" in browser.get("/mailbox").text
    world.app.state.settings = world.app.state.settings.model_copy(update={"environment": "production"})
    assert browser.get("/mailbox").status_code == 404
