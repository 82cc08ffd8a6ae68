"""How pages look: chosen by each reader, for their account or for a device, and held by every page there is."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.pages.seen import form_of, words_of
from tests.rights.test_every_channel import EXAMPLES
from tests.rights.test_tablet import Shared, filled
from tests.world import World

from planwiki.people.queries import my_account
from planwiki.people.reading_schemas import Reading
from planwiki.web.asking import PageDesk

CHOSEN = {
    "look": "dark",
    "text_size": "largest",
    "line_spacing": "roomy",
    "letters": "serif",
    "pictures": "off",
    "motion": "gentle",
    "speed": "slow",
}
AT_FIRST = {name: str(word) for name, word in Reading().model_dump().items()}
# For whoever is nobody yet: as the device has it.
BEFORE_SIGNING_IN = {"/sign-in/letter", "/sign-in/second", "/sign-in/link/{secret}", "/new-account"}
ON_PAGE = {"look": "look", "text_size": "text", "line_spacing": "spacing"}
ON_PAGE |= {name: name for name in ("letters", "pictures", "motion")}


def looks(answer: Response) -> dict[str, str]:
    """How this page looks, as its first tag says."""
    found = dict(re.findall(r'data-(\w+)="(\w+)"', re.findall(r"<html[^>]*>", answer.text)[0]))
    return {name: found[stands] for name, stands in ON_PAGE.items()}


def of(chosen: dict[str, str]) -> dict[str, str]:
    return {name: word for name, word in chosen.items() if name in ON_PAGE}


def choose(browser: TestClient, **chosen: str) -> Response:
    answer = browser.post("/reading", data=chosen)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_an_account_chose_holds_on_every_page_there_is(world: World) -> None:
    async def broken(desk: PageDesk) -> None:
        await desk.read(my_account)
        raise KeyError

    world.app.add_api_route("/broken", broken, include_in_schema=False)
    dee = world.browser("dee")
    looked: dict[str, dict[str, str]] = {}
    choose(dee, **CHOSEN)
    for route, queries in {**EXAMPLES, "/broken": ("",), "/nonsense": ("",)}.items():
        if route.startswith(("/v1", "/tablet", "/leave")):  # A device's own, and a page of nobody's.
            continue
        answer = dee.get(filled(world, route + queries[0]))
        if "<html" in answer.text:
            looked[route] = looks(answer)
    assert {route for route, look in looked.items() if look != of(CHOSEN)} == BEFORE_SIGNING_IN
    assert len(looked) > 50


def test_it_is_theirs_alone_and_goes_where_they_sign_in(world: World) -> None:
    choose(world.browser("nan"), **CHOSEN)
    again = world.browser("nan")
    assert form_of(again.get("/reading"), "/reading") | CHOSEN == form_of(again.get("/reading"), "/reading")
    assert looks(world.browser("sam").get("/plans")) == looks(world.browser(None).get("/help")) == of(AT_FIRST)
    assert "dark" not in world.api("nan").get("/v1/me").text


def test_a_device_has_its_own_before_and_after_somebody_signs_in(world: World) -> None:
    browser, nan = world.browser(None), world.browser("nan")
    choose(browser, **CHOSEN)
    for path in ("/sign-in", "/help", "/nonsense", "/reading", "/shared", "/new-account"):
        assert looks(browser.get(path)) == of(CHOSEN), path
    for name, secret in nan.cookies.items():
        browser.cookies.set(name, secret, domain="testserver.local", path="/")
    assert looks(browser.get("/plans")) == of(AT_FIRST)
    browser.post("/sign-out")
    assert looks(browser.get("/sign-in?out=yes")) == of(CHOSEN)
    assert list(browser.cookies) == ["planwiki-reading"]


def test_an_account_is_asked_about_the_device_too(world: World) -> None:
    nan = world.browser("nan")
    choose(nan, asked_device="yes", **CHOSEN)
    assert "planwiki-reading" not in nan.cookies
    choose(nan, asked_device="yes", device="yes", **CHOSEN)
    nan.post("/sign-out")
    assert looks(nan.get("/sign-in")) == of(CHOSEN)


def test_a_shared_tablet_is_a_device(world: World) -> None:
    choose(world.browser("maya"), look="sepia")
    shared = Shared(world)
    choose(shared.tablet, look="dark", pictures="off")
    tablet = shared.open()
    for path in ("/tablet/plan", "/tablet/sections/great-things", "/reading"):
        assert (looks(tablet.get(path))["look"], looks(tablet.get(path))["pictures"]) == ("dark", "off"), path
    choose(tablet, look="contrast")
    assert looks(tablet.get("/tablet/plan"))["look"] == "contrast"
    assert looks(world.browser("maya").get("/plans"))["look"] == "sepia"


def test_it_is_undone_in_one_press_and_starts_again_in_another(world: World) -> None:
    nan = world.browser("nan")
    choose(nan, **CHOSEN)
    saved = choose(nan, **CHOSEN | {"look": "sepia"})
    assert "Saved. Your pages look like this now." in words_of(saved)
    undo = form_of(saved, "/reading")
    assert {name: undo[name] for name in CHOSEN} == CHOSEN
    assert looks(choose(nan, **undo)) == of(CHOSEN)
    assert looks(choose(nan)) == of(AT_FIRST)


@pytest.mark.parametrize("who", ["nan", None])
def test_a_word_nobody_offered_is_refused_kindly_and_changes_nothing(world: World, who: str | None) -> None:
    browser = world.browser(who)
    choose(browser, **CHOSEN)
    answer = browser.post("/reading", data=CHOSEN | {"letters": "plain", "look": "pink"})
    assert answer.status_code == 422
    assert 'href="#field-look">Please choose one of these.' in answer.text
    assert "pink" not in answer.text
    form = form_of(answer, "/reading")
    assert (form["look"], form["letters"]) == ("dark", "plain")
    assert looks(answer) == looks(browser.get("/help")) == of(CHOSEN)


def test_no_page_ends_for_what_a_browser_kept(world: World) -> None:
    browser = world.browser(None)
    for kept in ("look=pink", "nonsense", "look=<b>", "&&=&", "text_size=large&text_size=huge", "%00", "x" * 5000):
        browser.cookies.set("planwiki-reading", kept)
        large = {"text_size": "large"} if "large" in kept else {}
        assert looks(browser.get("/help")) == of(AT_FIRST) | large, kept


def test_whoever_came_from_a_page_of_ours_goes_back_to_it(world: World) -> None:
    nan, here = world.browser("nan"), world.url("/sections/wellness?said=saved")
    from_there = {f"http://testserver{here}": here, "https://evil.example/x": "", "http://testserver/reading": ""}
    for referer, back in from_there.items():
        shown = nan.get("/reading", headers={"Referer": referer})
        assert form_of(shown, "/reading")["back"] == back, referer
    answer = nan.post("/reading", data={"look": "dark", "back": "//evil.example"})
    assert parse_qs(urlsplit(answer.headers["location"]).query)["saved"] == ["yes"]
    assert "evil.example" not in nan.get(answer.headers["location"]).text
