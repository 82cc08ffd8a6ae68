"""What is signed in is listed for its owner, who ends it; passwords that everybody knows are refused."""

import re

import pytest
from tests.pages.seen import words_of
from tests.world import PASSWORD, World, email_of

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"


def sign_in(world: World, agent: str = FIREFOX) -> object:
    browser = world.browser(None)
    browser.headers["user-agent"] = agent
    browser.post("/sign-in", data={"email": email_of("dee"), "password": PASSWORD})
    return browser


def test_devices_are_listed_by_what_they_are(world: World) -> None:
    world.api("dee")
    shown = words_of(sign_in(world).get("/me"))  # type: ignore[attr-defined]  # a browser
    assert "Firefox Mobile · Android" in shown
    assert "A program" in shown
    assert "This device" in shown


def test_one_device_is_signed_out_from_another(world: World) -> None:
    here, there = world.browser("dee"), world.browser("dee")
    [end] = re.findall(r'action="(/me/devices/[0-9a-f-]+/end)"', here.get("/me").text)
    assert here.post(end).status_code == 303
    assert (here.get("/me").status_code, there.get("/me").status_code) == (200, 303)


def test_everywhere_else_is_one_press(world: World) -> None:
    here, there, program = world.browser("dee"), world.browser("dee"), world.api("dee")
    assert here.post("/me/devices/end-others").status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert program.get("/v1/me").status_code == 401


def test_nobody_ends_somebody_elses_device(world: World) -> None:
    dee, nan = world.browser("dee"), world.browser("nan")
    world.browser("dee")
    [end] = re.findall(r'action="(/me/devices/[0-9a-f-]+/end)"', dee.get("/me").text)
    assert nan.post(end).status_code == 404
    assert re.findall(r'action="(/me/devices/[0-9a-f-]+/end)"', dee.get("/me").text) == [end]


@pytest.mark.parametrize("password", ["password123", "qwertyuiop", "1234567890", "aaaaaaaaaaaa", "Liverpool2024"])
def test_a_password_that_everybody_knows_is_refused(world: World, password: str) -> None:
    dee = world.browser("dee")
    answer = dee.post("/me/password", data={"current": PASSWORD, "new": password})
    assert answer.status_code == 422
    assert "Please choose another" in answer.text
    made = world.api(None).post(
        "/v1/accounts", json={"display_name": "x", "email": "x@example.org", "password": password}
    )
    assert made.status_code == 422
