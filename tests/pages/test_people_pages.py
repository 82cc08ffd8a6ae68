"""Signing in and out, and Me, as a browser meets them."""

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.pages.seen import form_of, words_of
from tests.world import PASSWORD, World

COOKIE = "planwiki"


def sign_in(browser: TestClient, who: str = "dee", password: str = PASSWORD, next: str = "/plans") -> Response:
    return browser.post("/sign-in", data={"email": f"{who}@example.org", "password": password, "next": next})


def test_somebody_signs_in_and_goes_on_to_where_they_wanted(world: World) -> None:
    browser = world.browser(None)
    asked = browser.get(world.url("/circle"))
    assert asked.status_code == 303
    form = form_of(browser.get(asked.headers["location"]), "/sign-in")
    answer = browser.post("/sign-in", data=form | {"email": " DEE@example.org", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, world.url("/circle"))
    assert "Family and friends" in words_of(browser.get(world.url("/circle")))


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(world: World) -> None:
    cookie = sign_in(world.browser(None)).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=pws_")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_each_sign_in_has_a_new_secret_and_ends_the_one_before(world: World) -> None:
    browser = world.browser(None)
    sign_in(browser)
    first = browser.cookies[COOKIE]
    sign_in(browser)
    second = browser.cookies[COOKIE]
    assert first != second
    old = world.browser(None)
    old.cookies.set(COOKIE, first)
    assert old.get("/me").status_code == 303
    assert browser.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("who", "password"), [("dee", "not it at all"), ("nobody", PASSWORD), ("", ""), ("dee\x00", PASSWORD)]
)
def test_a_wrong_try_keeps_the_address_and_not_the_password(world: World, who: str, password: str) -> None:
    answer = sign_in(world.browser(None), who, password)
    assert answer.status_code == 422
    assert "do not fit together" in words_of(answer)
    assert form_of(answer, "/sign-in")["password"] == ""
    assert not password or password not in answer.text
    assert "set-cookie" not in answer.headers


def test_too_many_tries_are_slowed_down_kindly(world: World) -> None:
    browser = world.browser(None)
    answers = [sign_in(browser, password="no") for _ in range(11)]
    assert [one.status_code for one in answers] == [422] * 10 + [429]
    assert "Please wait a little" in words_of(answers[-1])
    assert form_of(answers[-1], "/sign-in")["email"] == "dee@example.org"
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\t/evil.example",
        "http:evil.example",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(world: World, elsewhere: str) -> None:
    assert sign_in(world.browser(None), next=elsewhere).headers["location"] == "/plans"


def test_signing_out_ends_it_at_once_and_clears_the_browser(world: World) -> None:
    browser = world.browser(None)
    sign_in(browser)
    secret = browser.cookies[COOKIE]
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?out=yes")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, secret)
    assert browser.get("/me").status_code == 303


def test_signing_out_by_a_link_is_not_possible(world: World) -> None:
    assert world.browser("dee").get("/sign-out").status_code == 405


def test_another_site_cannot_sign_somebody_in(world: World) -> None:
    data = {"email": "dee@example.org", "password": PASSWORD}
    answer = world.browser(None).post("/sign-in", data=data, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_new_name_is_used_from_now_on(world: World) -> None:
    browser = world.browser("nan")
    assert browser.post("/me/name", data={"display_name": "Nana"}).headers["location"] == "/me?saved=name"
    assert words_of(browser.get("/me?saved=name")).startswith("Your name is saved. Nana nan@example.org")


def test_an_empty_name_is_refused_beside_its_field(world: World) -> None:
    browser = world.browser("nan")
    answer = browser.post("/me/name", data={"display_name": "  "})
    assert answer.status_code == 422
    assert 'href="#field-display_name"' in answer.text
    assert words_of(browser.get("/me")).startswith("Nan ")


def test_a_new_password_signs_all_other_devices_out(world: World) -> None:
    here, there = world.browser("nan"), world.browser("nan")
    new = "four other small words"
    assert here.post("/me/password", data={"current": PASSWORD, "new": new}).status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert sign_in(world.browser(None), "nan").status_code == 422
    assert sign_in(world.browser(None), "nan", new).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "field"), [("wrong", "long enough now", "current"), (PASSWORD, "short", "new")]
)
def test_a_password_that_does_not_fit_changes_nothing(world: World, current: str, new: str, field: str) -> None:
    browser = world.browser("nan")
    answer = browser.post("/me/password", data={"current": current, "new": new})
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert new not in answer.text
    assert sign_in(world.browser(None), "nan").status_code == 303


def test_anybody_may_read_help_and_leave(world: World) -> None:
    for browser in (world.browser(None), world.browser("dee")):
        assert "How do I stop sharing?" in words_of(browser.get("/help"))
        assert "Maya" not in browser.get("/leave").text
    assert world.browser(None).get("/").status_code == 200
    assert world.browser("dee").get("/").headers["location"] == "/plans"


def test_a_problem_is_told_by_its_name(world: World) -> None:
    assert "Too many tries" in words_of(world.browser(None).get("/problems/slow-down"))
    assert world.browser(None).get("/problems/never-was").status_code == 404
    assert world.browser(None).get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
