"""Leave this page, Tell someone, and a removal that nobody is told of."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from tests.pages.seen import words_of
from tests.world import World

from planwiki.base import clock
from planwiki.circle.commands import change_member, end_member
from planwiki.circle.schemas import MemberPatch
from planwiki.settings import Settings

LEAVE = '<a class="button quiet leave" href="/leave" rel="nofollow" data-island="leave">'
PAGES = (
    *("", "/settings", "/order", "/sections/new", "/circle", "/circle/add", "/circle/invite", "/sharing", "/looked"),
    *("/sections/great-things", "/sections/great-things/edit", "/sections/great-things/history"),
    *("/sections/great-things/who", "/sections/great-things/who/change", "/sections/great-things/settings"),
    *("/sections/never-was", "/nowhere"),
)


def test_every_page_of_a_plan_can_be_left_at_once(world: World) -> None:
    dee = world.browser("dee")
    for path in PAGES:
        assert dee.get(world.url(path)).text.count(LEAVE) == 1, path
    for path in ("/plans", "/search?q=great", "/me", "/help", "/tell-someone"):
        assert dee.get(path).text.count(LEAVE) == 1, path
    assert world.browser("nan").get(world.url("/sections/money")).text.count(LEAVE) == 1


def test_whoever_left_is_signed_out_of_that_browser(world: World) -> None:
    answer = world.browser("dee").get("/leave", headers={"Sec-Fetch-Site": "same-origin"})
    assert "Maya" not in answer.text
    assert "planwiki" not in words_of(answer) and "Worried" not in answer.text, "nothing tells where somebody was"
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "Max-Age=0" in answer.headers["set-cookie"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_site_signs_nobody_out(world: World, site: str) -> None:
    dee = world.browser("dee")
    assert "set-cookie" not in dee.get("/leave", headers={"Sec-Fetch-Site": site}).headers
    assert dee.get(world.url()).status_code == 200


def test_the_family_says_whom_to_tell(world: World) -> None:
    patch = MemberPatch.model_validate({"call_first": True, "contact": {"phone": "01632 960123"}})
    world.ask("dee", lambda uow: change_member(uow, world.plan_id, world.members["nan"], patch))
    address = f"/tell-someone?plan={world.plan_id}"
    maya = words_of(world.browser("maya").get(address))
    assert "Nan" in maya
    assert "01632 960123" in maya
    sam = words_of(world.browser("sam").get(address))
    assert "Nan" in sam
    assert "01632 960123" not in sam
    assert "Nan" not in words_of(world.browser("nan").get(address))
    today = world.database.day_of(clock.now())
    world.ask("dee", lambda uow: change_member(uow, world.plan_id, world.members["nan"], MemberPatch(ends_on=today)))
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert "Nan" not in words_of(world.browser("maya").get(address)), "whoever has left is asked no more"
    nobody = words_of(world.browser(None).get(address))
    assert "999" in nobody
    assert nobody == words_of(world.browser("kit").get(address))
    assert "Nan" not in nobody


def test_asking_whom_to_tell_leaves_no_entry(world: World) -> None:
    before = world.database.verify(world.plan_id).number
    for who in ("maya", "sam", "kit"):
        with world.browser(who) as browser:
            browser.get(f"/tell-someone?plan={world.plan_id}")
    assert world.database.verify(world.plan_id).number == before


def test_the_hosts_contact_is_shown(world: World) -> None:
    kept: Settings = world.app.state.settings
    world.app.state.settings = kept.model_copy(update={"safety_contact": "Ring Jo <on> 01632 960999"})
    assert "Ring Jo &lt;on&gt; 01632 960999" in world.browser(None).get("/tell-someone").text


def seen_by(browser: TestClient, world: World) -> list[tuple[int, str]]:
    paths = [world.url(path) for path in PAGES] + ["/plans", "/search?q=great"]
    answers = [browser.get(path) for path in paths]
    return [(one.status_code, re.sub(r'nonce="[^"]+"', "", one.text)) for one in answers]


def test_somebody_who_was_removed_sees_what_a_stranger_sees(world: World) -> None:
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, world.members["nan"]))
    assert seen_by(world.browser("nan"), world) == seen_by(world.browser("kit"), world)
