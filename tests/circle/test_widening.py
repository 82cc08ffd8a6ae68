"""What opens more to a member: who may do it, while who is here is known, and never while sharing is stopped."""

from datetime import timedelta
from typing import Any

import pytest
from tests.api.saying import problem
from tests.pages.seen import words_of
from tests.world import World

from planwiki.base import clock
from planwiki.circle.commands import change_member, end_member
from planwiki.circle.freeze_commands import freeze_sharing
from planwiki.circle.models import Member
from planwiki.circle.schemas import MemberPatch
from planwiki.circle.tablet_commands import enrol
from planwiki.circle.tablet_schemas import TabletDraft
from planwiki.people.models import Account

LATER, ANY = timedelta(minutes=6), {"If-Match": "*"}
KIMS = {"person": {"display_name": "Kim"}, "my_role": "steward"}
STEWARD = {"role": "steward", "relationship": "Father"}


def patch(world: World, who: str, whom: str, **said: Any) -> Any:
    """A change of a member, by a program."""
    return world.api(who).patch(f"/v1{world.url('/members/')}{world.members[whom]}", json=said, headers=ANY)


def as_it_stands(world: World) -> list[Any]:
    return [world.api("maya").get(f"/v1{world.url(path)}").json() for path in ("/members", "/access", "/invitations")]


def comes(world: World, who: str, draft: dict[str, Any], plan: str, by: str = "dee") -> str:
    """Somebody is invited and joins. Answers the address of the member."""
    made = world.api(by).post(f"{plan}/invitations", json=draft)
    assert made.status_code == 201, made.text
    token = {"token": made.json()["accept_url"].rpartition("/")[2]}
    joined = world.api(who).post("/v1/invitations/accept", json=token)
    assert joined.status_code == 201, joined.text
    assert world.api(who).get(joined.headers["location"]).json()["confirmed"] is not made.json()["confirm_first"]
    return str(joined.headers["location"])


def test_what_opens_more_asks_who_is_here_and_narrowing_does_not(world: World) -> None:
    dee, api, circle = world.browser("dee"), world.api("dee"), world.url("/circle")
    nan, sam, lee = (f"{circle}/{world.members[who]}" for who in ("nan", "sam", "lee"))
    kit = f"{circle}/{comes(world, 'kit', STEWARD, f'/v1{world.url()}').rpartition('/')[2]}"
    invited = api.post(f"/v1{world.url('/invitations')}", json={"role": "friend", "relationship": "Neighbour"}).json()
    patch(world, "dee", "lee", ends_on="2099-01-01")
    patch(world, "maya", "sam", status="suspended")
    with world.database.unit_of_work(world.principals["dee"], writes=True) as uow:
        end_member(uow, world.plan_id, world.members["rao"])
        gone = {"at": uow.now.isoformat()}
    wider = [
        (nan, {"role": "steward"}),
        (nan, {"role": "professional"}),
        (f"{sam}/pause", {"status": "active"}),
        (lee, {"ends_on": ""}),
        (lee, {"ends_on": "2099-01-02"}),
        (f"{circle}/{world.members['rao']}/bring-back", gone),
        (f"{circle}/invitations/{invited['id']}/again", {}),
        (world.url("/sections/family-only/settings"), {"label": "everyday"}),
    ]
    before = as_it_stands(world)
    with clock.frozen(clock.now() + LATER):
        for url, data in wider:
            asked = dee.post(url, data=data)
            assert (asked.status_code, "Please show it is you" in asked.text) == (403, True), (url, data)
        maya = world.browser("maya")
        with clock.frozen(clock.now() + LATER):
            for url, data in ((f"{kit}/came", {"answer": "yes"}), (f"{kit}/pause", {"status": "active"})):
                assert "Please show it is you" in maya.post(url, data=data).text
            assert as_it_stands(world) == before
            for url, data in ((lee, {"ends_on": "2098-01-01"}), (f"{nan}/pause", {"status": "suspended"})):
                assert dee.post(url, data=data).status_code == 303, url
    fresh = world.browser("dee")
    assert all(fresh.post(url, data=data).status_code in {200, 303} for url, data in wider[2:])


def test_while_sharing_is_stopped_nothing_opens_and_nobody_comes_to_own(world: World) -> None:
    kit = comes(world, "kit", STEWARD, f"/v1{world.url()}")
    patch(world, "dee", "sam", status="suspended")
    patch(world, "dee", "lee", ends_on="2099-01-01")
    world.ask("maya", lambda uow: freeze_sharing(uow, world.plan_id))
    before, dee = as_it_stands(world), world.api("dee")
    section = f"/v1{world.url('/sections/family-only')}"
    for answer in (
        patch(world, "dee", "nan", role="steward"),
        patch(world, "dee", "sam", status="active"),
        patch(world, "dee", "lee", ends_on=None),
        world.api("maya").patch(kit, json={"status": "active"}, headers=ANY),
        dee.patch(section, json={"label": "everyday"}, headers=ANY),
    ):
        assert problem(answer) == (409, "sharing-frozen")
    assert as_it_stands(world) == before
    assert world.api("nan").get(f"/v1{world.url()}").status_code == 404
    assert patch(world, "dee", "lee", ends_on="2098-01-01").status_code == 200, "narrowing goes on"


def test_a_steward_lifts_no_limit_that_was_set_for_them(world: World) -> None:
    until = str(world.database.day_of(clock.now()) + timedelta(days=30))
    ground = {"kind": "delegated", "valid_until": until}
    for limit, more in (({"basis": ground}, {"basis": {"valid_until": None}}), ({"ends_on": until}, {"ends_on": None})):
        assert patch(world, "maya", "dee", **limit).status_code == 200
        for wider in (more, {"basis": None}):
            assert problem(patch(world, "dee", "dee", **wider)) == (403, "not-allowed")
    assert patch(world, "dee", "dee", basis={"review_on": until}, relationship="Mum").status_code == 200
    assert patch(world, "dee", "dee", basis={"valid_until": str(world.database.day_of(clock.now()))}).status_code == 200
    assert patch(world, "maya", "dee", basis={"valid_until": None}).status_code == 200, "the person may"


def test_whoever_has_nobody_beside_them_goes_on_deciding(world: World) -> None:
    kit = world.api("kit")
    own = kit.post("/v1/plans", json=KIMS).json()["id"]
    me = next(one for one in kit.get(f"/v1/plans/{own}/members").json()["items"] if one["role"] == "steward")
    url = f"/v1/plans/{own}/members/{me['id']}"
    limited = kit.patch(url, json={"basis": {"kind": "delegated", "valid_until": "2098-01-01"}}, headers=ANY)
    assert limited.status_code == 200
    assert kit.patch(url, json={"basis": {"valid_until": "2099-01-01"}}, headers=ANY).status_code == 200


def test_nobody_makes_a_steward_for_longer_than_they_are_one(world: World) -> None:
    patch(world, "maya", "dee", basis={"kind": "delegated", "valid_until": "2098-01-01"})
    patch(world, "maya", "rao", role="steward")
    patch(world, "rao", "nan", role="steward")
    longer = {"kind": "delegated", "valid_until": "2098-01-02"}
    assert problem(patch(world, "dee", "nan", role="steward", basis=longer)) == (422, "invalid-content")
    made = patch(world, "dee", "nan", role="steward")
    assert made.json()["basis"]["valid_until"] == "2098-01-01"
    assert patch(world, "maya", "sam", role="steward").json()["basis"] is None, "the person may"


def test_whoever_invites_an_owner_does_not_say_yes_while_another_owner_can(world: World) -> None:
    """Else one steward brings somebody in as the person, and that one takes the other steward out."""
    dee = world.api("dee")
    plan = f"/v1/plans/{dee.post('/v1/plans', json=KIMS).json()['id']}"
    sam = comes(world, "sam", STEWARD, plan)
    assert dee.patch(sam, json={"status": "active"}, headers=ANY).json()["confirmed"] is True, "nobody else was there"
    kit = comes(world, "kit", {"role": "person", "relationship": "Me"}, plan)
    assert world.api("kit").delete(sam, headers=ANY).status_code == 404
    assert problem(dee.patch(kit, json={"status": "active"}, headers=ANY)) == (403, "not-allowed")
    asked = world.browser("dee").get(f"{plan.removeprefix('/v1')}/circle/{kit.rpartition('/')[2]}/came")
    assert "So somebody else who decides has to say yes." in words_of(asked)
    assert 'value="yes"' not in asked.text
    assert world.api("sam").patch(kit, json={"status": "active"}, headers=ANY).json()["confirmed"] is True


@pytest.mark.parametrize("way", ["a tablet alone", "a closed account"])
def test_the_last_owner_who_can_sign_in_cannot_go(world: World, way: str) -> None:
    with world.database.system_session("Maya signs in no more") as session:
        maya = session.get_one(Member, world.members["maya"])
        if way == "a tablet alone":
            maya.account_id, maya.status, maya.confirmed_at = None, "contact_only", None  # type: ignore[assignment]  # as a row is kept
        else:
            session.get_one(Account, maya.account_id).closed_at = clock.now()
    if way == "a tablet alone":
        world.ask("dee", lambda uow: enrol(uow, world.plan_id, TabletDraft(name="Blue")))
    dee = world.api("dee")
    mine = f"/v1{world.url('/members/')}{world.members['dee']}"
    for answer in (dee.delete(mine, headers=ANY), patch(world, "dee", "dee", role="family")):
        assert problem(answer) == (409, "last-steward")
    assert dee.get(mine).json()["role"] == "steward"


def test_only_the_person_brings_an_owner_back(world: World) -> None:
    patch(world, "maya", "nan", role="steward")
    with world.database.unit_of_work(world.principals["maya"], writes=True) as uow:
        end_member(uow, world.plan_id, world.members["dee"])
        gone = {"at": uow.now.isoformat()}
    back = world.url(f"/circle/{world.members['dee']}/bring-back")
    assert world.browser("nan").post(back, data=gone).status_code == 403
    assert world.api("dee").get(f"/v1{world.url()}").status_code == 404
    assert world.browser("maya").post(back, data=gone).status_code == 303


def test_an_invitation_waits_for_a_yes_where_more_than_everyday_opens(world: World) -> None:
    plan, health = f"/v1{world.url()}", {"section_key": "wellness", "level": "read"}
    every, friend = {"section_key": "great-things", "level": "read"}, {"role": "friend", "relationship": "Friend"}
    for draft, asks in (
        (friend | {"grants": [every]}, False),
        (friend | {"grants": [every, health], "confirm_first": False}, True),
        (STEWARD, True),
        ({"role": "family", "relationship": "Aunt", "grants": [every]}, True),
    ):
        if draft["role"] == "family":  # What a role is given opens to whoever comes in it.
            roles = {"roles": {"family": "read"}, "members": []}
            assert world.api("dee").put(f"{plan}/sections/money/grants", json=roles, headers=ANY).status_code == 200
        member = comes(world, "kit", draft, plan)
        seen = world.api("kit").get(member).json()
        assert seen["confirmed"] is not asks, draft
        if asks:
            keys = world.api("kit").get(plan).json()["section_keys"]
            assert keys == (["great-things"] if draft.get("grants") else [])
        assert world.api("dee").delete(member, headers=ANY).status_code in {204, 403}


def test_who_waits_meets_whoever_invited_them_and_nobody_else(world: World) -> None:
    draft = {"role": "friend", "relationship": "Friend", "confirm_first": True}
    member = comes(world, "kit", draft, f"/v1{world.url()}")
    kit, circle = world.api("kit"), f"/v1{world.url('/members')}"
    assert {one["display_name"] for one in kit.get(circle).json()["items"]} == {"Dee", "Kit"}
    assert kit.get(f"{circle}/{world.members['nan']}").status_code == 404
    assert "Nan" not in words_of(world.browser("kit").get(world.url("/circle")))
    world.api("dee").patch(member, json={"status": "active"}, headers=ANY)
    assert "Nan" in {one["display_name"] for one in kit.get(circle).json()["items"]}


def test_a_pause_is_told_to_owners_alone(world: World) -> None:
    world.ask(
        "dee", lambda uow: change_member(uow, world.plan_id, world.members["lee"], MemberPatch(status="suspended"))
    )
    lee = f"/v1{world.url('/members/')}{world.members['lee']}"
    assert [world.api(who).get(lee).json()["status"] for who in ("dee", "nan")] == ["suspended", "active"]
    assert "paused" not in words_of(world.browser("nan").get(world.url("/circle")))


def test_a_steward_is_made_by_two_owners_or_by_the_person(world: World) -> None:
    """Else one of two parents makes a friend an owner, whom the other cannot remove."""
    kim, sam = world.api("dee"), world.api("sam")
    plan = f"/v1/plans/{kim.post('/v1/plans', json=KIMS).json()['id']}"
    pages, up = plan.removeprefix("/v1"), {"role": "steward"}
    alone = comes(world, "sam", {"role": "friend", "relationship": "Friend"}, plan)
    assert kim.patch(alone, json=up, headers=ANY).json()["role"] == "steward", "nobody else was there to ask"
    nan = comes(world, "nan", {"role": "friend", "relationship": "Friend"}, plan)
    for _ in range(2):  # The same owner twice is one word.
        asked = kim.patch(nan, json=up | {"call_first": True}, headers=ANY).json()
        assert (asked["role"], asked["steward_asked"], asked["call_first"]) == ("friend", True, True)
    assert world.api("nan").patch(nan, json=up, headers=ANY).status_code in {403, 404}
    assert world.api("nan").get(nan).json()["steward_asked"] is None, "it is for owners"
    page = f"{pages}/circle/{nan.rpartition('/')[2]}"
    assert "You asked that Nan decides too." in words_of(world.browser("dee").get(page))
    assert "Shall Nan decide too?" not in words_of(world.browser("dee").get(f"{pages}/tasks"))
    other = world.browser("sam")
    assert "Shall Nan decide too?" in words_of(other.get(f"{pages}/tasks"))
    assert "Dee asks that Nan decides too. It takes two of you." in words_of(other.get(page))
    assert other.post(f"{page}/steward", data={"answer": "perhaps"}).status_code == 403
    assert other.post(f"{page}/steward", data={"answer": "no"}).status_code == 303
    assert kim.get(nan).json()["steward_asked"] is False
    kim.patch(nan, json=up, headers=ANY)
    with clock.frozen(clock.now() + LATER):
        assert "Please show it is you" in other.post(f"{page}/steward", data={"answer": "yes"}).text
    assert other.post(f"{page}/steward", data={"answer": "yes"}).status_code == 303
    assert kim.get(nan).json()["role"] == "steward"
    assert problem(kim.patch(nan, json={"role": "friend"}, headers=ANY)) == (403, "not-allowed"), "not Dee's to undo"
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert problem(sam.patch(nan, json={"role": "friend"}, headers=ANY)) == (403, "not-allowed")
    assert sam.patch(nan, json={"role": "friend"}, headers=ANY).json()["role"] == "friend", "undone by who did it"
    assert patch(world, "maya", "nan", **up).json()["role"] == "steward", "it is Maya's own plan"


def test_a_word_counts_while_its_owner_decides(world: World) -> None:
    """Who was taken out does not go on deciding by what they asked before."""
    patch(world, "maya", "sam", role="steward")
    assert patch(world, "sam", "nan", role="steward").json()["steward_asked"] is True
    patch(world, "maya", "sam", role="friend")
    assert patch(world, "dee", "nan", role="steward").json()["role"] == "family"
