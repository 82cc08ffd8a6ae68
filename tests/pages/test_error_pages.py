"""When something does not work: the same frame as on every page, and signing in comes before anything else."""

import re
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from tests.pages.seen import words_of
from tests.world import World

from planwiki.web.asking import cookie_name


def ways(answer: Response) -> list[str]:
    """The words of the navigation."""
    return re.findall(r"<a [^>]*>([^<]+)</a>", answer.text[answer.text.index("<nav") : answer.text.index("</nav>")])


def signed_out(world: World) -> TestClient:
    """A browser that kept the cookie of a sign-in which has ended."""
    browser = world.browser(None)
    browser.cookies.set(cookie_name(world.app.state.settings), "pws_ended")
    return browser


def test_somebody_signed_in_meets_the_same_frame_around_an_error(world: World) -> None:
    with world.browser("nan") as nan:
        usual = ways(nan.get("/plans"))
        assert len(usual) == 5
        for path, status in (("/nonsense", 404), (f"/plans/{uuid4()}", 404), (world.url("/settings"), 403)):
            answer = nan.get(path)
            assert (answer.status_code, ways(answer)) == (status, usual), path
        assert ways(nan.delete("/plans")) == usual
    assert ways(world.browser(None).get("/nonsense")) == ["Help"]


def test_a_hidden_plan_and_none_at_all_look_alike_in_their_frame(world: World) -> None:
    with world.browser("kit") as kit:  # So that the refused look is kept before the database closes.
        hidden, absent = kit.get(world.url()), kit.get(f"/plans/{uuid4()}")
    assert words_of(hidden) == words_of(absent) and "Maya" not in hidden.text
    assert len(hidden.content) == len(absent.content)


def test_an_error_page_needs_nothing_that_may_be_broken(world: World) -> None:
    nan = world.browser("nan")
    with world.database.connection() as connection:
        connection.execute(text("ALTER TABLE login RENAME TO gone"))
    answer = nan.get("/nonsense")
    assert (answer.status_code, ways(answer)) == (404, ["Help"])


def test_a_fault_of_ours_keeps_the_frame(world: World) -> None:
    nan = world.browser("nan")
    with world.database.connection() as connection:
        connection.execute(text("ALTER TABLE section RENAME COLUMN title TO heading"))
    answer = nan.get(world.url())
    assert answer.status_code >= 500
    assert "My plans" in ways(answer)


@pytest.mark.parametrize("ended", [True, False])
def test_signing_in_comes_before_what_was_wrong_with_a_form(world: World, ended: bool) -> None:
    browser = signed_out(world) if ended else world.browser(None)
    for path in (f"/plans/{world.plan_id}/circle/add", "/plans/none/settings", "/me/name"):
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            answer = browser.post(path, content=b"\xff", headers={"Content-Type": kind})
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
    asked = browser.get("/plans/none?removed=none")
    assert (asked.status_code, asked.headers["location"][:8]) == (303, "/sign-in")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_pressed_something_goes_back_to_where_they_did(world: World) -> None:
    """And never to another machine, whatever its name is hidden in."""
    nan, circle = world.browser("nan"), world.url("/circle/invite")
    for referer, way in (
        (f"http://testserver{world.url('?face=easy')}", world.url("?face=easy")),
        ("http://evil.example/x", "/"),
        ("http://testserver//evil.example/x", "/"),
        ("http://testserver/\\evil.example", "/"),
        ("http://[", "/"),
    ):
        answer = nan.post(circle, headers={"Referer": referer})
        assert answer.status_code == 403
        assert f'<a class="button" href="{way}">' in answer.text, referer
    assert '<a class="button" href="/">' in nan.get(circle, headers={"Referer": "http://testserver/me"}).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_choice_that_nobody_offers_is_told_without_the_names_that_programs_use(world: World) -> None:
    draft = {"display_name": "Jo", "relationship": "Aunt", "role": "queen", "way": "code"}
    answer = world.browser("dee").post(world.url("/circle/invite"), data=draft)
    assert (answer.status_code, "Please choose one of these." in words_of(answer)) == (422, True)
    assert "key_worker" not in words_of(answer)
