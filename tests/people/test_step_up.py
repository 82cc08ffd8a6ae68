"""Before something opens wider, whoever is here shows once more that it is them; what they typed is not lost."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select
from tests.pages.seen import form_of
from tests.people.test_letters import newest, press
from tests.world import PASSWORD, World, email_of

from planwiki.base import clock
from planwiki.people.models import Account, Challenge

LATER = timedelta(minutes=6)


def shares(world: World) -> dict[str, str]:
    return {f"level-{world.members['sam']}": "edit"}


def share(browser: TestClient, world: World, **changed: str) -> Response:
    """The sharing form of a section, sent for good."""
    who = world.url("/sections/wellness/who")
    form = form_of(browser.get(f"{who}/change"), f"{who}/check")
    return browser.post(who, data=form | (changed or shares(world)))


def may_sam_read(world: World) -> bool:
    return world.api("sam").get(f"/v1/plans/{world.plan_id}/sections/wellness").status_code == 200


def test_a_fresh_sign_in_is_not_asked_again(world: World) -> None:
    dee = world.browser("dee")
    share(dee, world)
    assert may_sam_read(world)


def test_sharing_wider_asks_and_then_goes_on_with_what_was_typed(world: World) -> None:
    dee = world.browser("dee")
    with clock.frozen(clock.now() + LATER):
        asked = share(dee, world)
        assert asked.status_code == 403
        assert "Please show it is you" in asked.text
        assert not may_sam_read(world)
        wrong = dee.post("/confirm", data=form_of(asked, "/confirm") | {"confirm-password": "not this one"})
        assert wrong.status_code == 422
        right = dee.post("/confirm", data=form_of(wrong, "/confirm") | {"confirm-password": PASSWORD})
        assert right.status_code == 200
        assert not may_sam_read(world), "nothing is done before they press"
        url = world.url("/sections/wellness/who")
        assert dee.post(url, data=form_of(right, url)).status_code == 303
        assert may_sam_read(world)


def has_no_password(world: World, who: str) -> None:
    with world.database.system_session("somebody who never chose a password") as session:
        session.get_one(Account, world.principals[who].account_id).password_hash = None


def asked_by_letter(world: World, dee: TestClient) -> str:
    """What was typed is held up, and a letter is on its way. Answers the path of its link."""
    asked = share(dee, world)
    assert 'name="confirm-password"' not in asked.text
    sent = dee.post("/confirm/letter", data=form_of(asked, "/confirm/letter"))
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in/letter")
    return newest(world)[0]


def test_a_letter_brings_back_what_was_typed(world: World) -> None:
    dee, url = world.browser("dee"), world.url("/sections/wellness/who")
    has_no_password(world, "dee")
    with clock.frozen(clock.now() + LATER):
        link = asked_by_letter(world, dee)
        entered = press(dee, link)
        assert (entered.status_code, entered.headers["location"]) == (303, "/confirm/held")
        for _ in range(2):  # Looking at it, and looking again, sends nothing.
            back = dee.get("/confirm/held")
            assert back.status_code == 200
            assert not may_sam_read(world)
        assert dee.post(url, data=form_of(back, url)).status_code == 303
        assert may_sam_read(world)


def test_what_waits_is_for_one_account_in_one_browser_and_not_for_long(world: World) -> None:
    dee, elsewhere, kit = world.browser("dee"), world.browser("dee"), world.browser("kit")
    with clock.frozen(clock.now() + LATER):
        asked = share(dee, world)
        dee.post("/confirm/letter", data=form_of(asked, "/confirm/letter"))
        assert dee.get("/confirm/held").status_code == 200
        assert elsewhere.get("/confirm/held").status_code == 410
        kit.cookies.set("planwiki-held", dee.cookies["planwiki-held"])
        assert kit.get("/confirm/held").status_code == 410
    with clock.frozen(clock.now() + LATER + timedelta(minutes=15)):
        assert dee.get("/confirm/held").status_code == 410


def test_what_waits_is_kept_sealed_and_goes_when_somebody_signs_out(world: World) -> None:
    dee = world.browser("dee")
    dee.post("/confirm/letter", data={"confirm-to": "/plans", "was-words": "only mine"})
    assert [list(kept) for kept in waiting(world)] == [["sealed"]]
    assert "only mine" not in str(waiting(world))
    dee.post("/sign-out")
    assert waiting(world) == []


def waiting(world: World) -> list[dict[str, str]]:
    with world.database.system_session("what waits?", writes=False) as session:
        return [one.data for one in session.exec(select(Challenge).where(Challenge.kind == "held"))]


def test_too_many_letters_lose_nothing(world: World) -> None:
    dee, typed = world.browser("dee"), {"confirm-to": "/plans", "was-words": "typed"}
    answers = [dee.post("/confirm/letter", data=typed) for _ in range(11)]
    assert [one.status_code for one in answers] == [303] * 10 + [429]
    assert form_of(answers[-1], "/confirm/letter") == typed


def test_narrowing_never_asks(world: World) -> None:
    dee = world.browser("dee")
    nan = world.members["nan"]
    with clock.frozen(clock.now() + LATER):
        assert share(dee, world, **{f"level-{nan}": "none"}).status_code == 303
    assert world.api("nan").get(f"/v1/plans/{world.plan_id}/sections/wellness").status_code == 404


def test_inviting_asks(world: World) -> None:
    dee = world.browser("dee")
    typed = {"role": "family", "relationship": "Aunt", "level-wellness": "read"}
    with clock.frozen(clock.now() + LATER):
        answer = dee.post(world.url("/circle/invite"), data=typed)
    assert answer.status_code == 403
    assert 'name="was-relationship" value="Aunt"' in answer.text


def test_programs_are_not_asked(world: World) -> None:
    dee, url = world.api("dee"), f"/v1/plans/{world.plan_id}/sections/wellness/grants"
    with clock.frozen(clock.now() + LATER):
        assert dee.put(url, json={"roles": {"friend": "read"}}, headers={"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_it_goes_on_nowhere_but_here(world: World, to: str) -> None:
    data = {"confirm-to": to, "confirm-password": PASSWORD, "was-x": "y"}
    shown = world.browser("dee").post("/confirm", data=data)
    assert re.findall(r'action="([^"]*)"', shown.text.split("<main")[1]) == ["/plans"]


def test_guessing_is_slowed_down(world: World) -> None:
    dee = world.browser("dee")
    told = [dee.post("/confirm", data={"confirm-password": f"wrong {n}"}).status_code for n in range(12)]
    assert told == [422] * 10 + [429] * 2


def test_confirming_one_browser_confirms_no_other(world: World) -> None:
    one, other = world.browser("dee"), world.browser("dee")
    with clock.frozen(clock.now() + LATER):
        assert one.post("/confirm", data={"confirm-to": "/plans", "confirm-password": PASSWORD}).status_code == 200
        assert share(other, world).status_code == 403
        assert share(one, world).status_code == 303


def test_guessing_the_password_where_it_is_changed_is_slowed_down(world: World) -> None:
    dee, new = world.browser("dee"), "three kind words"
    told = [dee.post("/me/password", data={"current": f"no {n}", "new": new}).status_code for n in range(12)]
    assert told == [422] * 10 + [429] * 2
    assert world.browser(None).post("/sign-in", data={"email": email_of("dee"), "password": new}).status_code != 303


def test_a_password_is_changed_by_whoever_knows_it_and_then_signs_in(world: World) -> None:
    dee, new = world.browser("dee"), "three kind words"
    with clock.frozen(clock.now() + LATER):
        assert dee.post("/me/password", data={"current": PASSWORD, "new": new}).status_code == 303
    answer = world.browser(None).post("/sign-in", data={"email": email_of("dee"), "password": new})
    assert answer.status_code == 303
    has_no_password(world, "dee")
    with clock.frozen(clock.now() + 2 * LATER):
        assert dee.post("/me/password", data={"new": new}).status_code == 403
