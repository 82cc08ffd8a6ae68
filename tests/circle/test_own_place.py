"""A young person whose account a shared tablet made is invited to a sign-in of their own; the tablet goes on."""

import pytest
from fastapi.testclient import TestClient
from tests.rights.test_tablet import Shared
from tests.world import World, canary

from planwiki.base.vocabulary import MemberStatus
from planwiki.circle.models import Member

SAYS = {"words": "I like drums."}
ME = {"role": "person", "relationship": "Me", "display_name": "Maya"}


@pytest.fixture
def shared(world: World) -> Shared:
    """Maya has no account; Dee has set up a tablet, and Maya has said something there."""
    with world.database.system_session("Maya never had an account") as session:
        maya = session.get_one(Member, world.members["maya"])
        maya.account_id, maya.status, maya.confirmed_at = None, MemberStatus.CONTACT_ONLY, None
    made = Shared(world)
    assert made.open().post("/tablet/sections/great-things", data=SAYS).status_code == 303
    return made


def invited(world: World) -> str:
    answer = world.api("dee").post(f"/v1{world.url('/invitations')}", json=ME)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["accept_url"].rpartition("/")[2])


def joined(world: World, who: str) -> TestClient:
    browser = world.browser(who)
    assert browser.post("/join", data={"token": invited(world)}).status_code == 303
    return browser


def waiting(world: World) -> dict[str, str]:
    found = world.api("dee").get(f"/v1{world.url('/members')}").json()["items"]
    (one,) = [each for each in found if each["confirmed"] is False]
    return dict(one)


def works(shared: Shared) -> bool:
    return canary("money") in shared.open().get("/tablet/sections/money").text


def test_the_form_offers_it_and_the_young_person_takes_their_place(world: World, shared: Shared) -> None:
    assert 'value="person"' in world.browser("dee").get(world.url("/circle/invite")).text
    kit, money = joined(world, "kit"), world.url("/sections/money")
    assert kit.get(money).status_code == 404, "nothing but everyday opens before an owner's word"
    assert works(shared), "the tablet goes on meanwhile"
    came = world.url(f"/circle/{waiting(world)['id']}/came")
    dee = world.browser("dee")
    assert "Is this Maya?" in dee.get(came).text
    assert dee.post(came, data={"answer": "yes"}).status_code == 303
    assert kit.get(money).status_code == 200
    assert kit.get(world.url("/settings")).status_code == 200, "it is their own plan"
    assert works(shared), "and the tablet goes on afterwards"
    people = world.api("dee").get(f"/v1{world.url('/members')}").json()["items"]
    assert [one["display_name"] for one in people if one["role"] == "person"] == ["Maya"]


def test_the_words_they_said_before_stay_theirs(world: World, shared: Shared) -> None:
    joined(world, "kit")
    url = f"/v1{world.url('/sections/great-things')}/revisions"
    before = world.api("dee").get(url).json()
    world.browser("dee").post(world.url(f"/circle/{waiting(world)['id']}/came"), data={"answer": "yes"})
    after = world.api("dee").get(url).json()
    assert after == before
    assert after["items"][0]["author"]["display_name"] == "Maya"
    assert works(shared)


def test_a_no_leaves_everything_as_it_was(world: World, shared: Shared) -> None:
    kit = joined(world, "kit")
    world.browser("dee").post(world.url(f"/circle/{waiting(world)['id']}/came"), data={"answer": "no"})
    assert kit.get(world.url()).status_code == 404
    assert works(shared)


def test_nobody_takes_the_place_of_a_person_who_signs_in(world: World, shared: Shared) -> None:
    """Two invitations were made; the first one is answered and confirmed."""
    second = invited(world)
    joined(world, "kit")
    world.browser("dee").post(world.url(f"/circle/{waiting(world)['id']}/came"), data={"answer": "yes"})
    late = world.api("sam")
    world.api("dee").delete(f"/v1{world.url('/members')}/{world.members['sam']}", headers={"If-Match": "*"})
    assert late.post("/v1/invitations/accept", json={"token": second}).status_code == 410
    refused = world.api("dee").post(f"/v1{world.url('/invitations')}", json=ME)
    assert refused.status_code == 409
    assert 'value="person"' not in world.browser("dee").get(world.url("/circle/invite")).text
    assert works(shared)


def test_a_program_says_yes_the_same_way(world: World, shared: Shared) -> None:
    kit, dee = joined(world, "kit"), world.api("dee")
    one = f"/v1{world.url('/members')}/{waiting(world)['id']}"
    said = dee.patch(one, json={"status": "active"}, headers={"If-Match": "*"})
    assert said.status_code == 200, said.text
    assert kit.get(world.url("/sections/money")).status_code == 200
    assert works(shared)
