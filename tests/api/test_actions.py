"""Who does what by when, over the API: it follows its section, is kept in versions, and names nobody who is hidden."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from tests.api.saying import bare, problem
from tests.api.test_lists import pages
from tests.world import World

from planwiki.base import clock
from planwiki.base.vocabulary import Label, Level, SectionKind
from planwiki.circle.commands import end_member
from planwiki.circle.grant_commands import give
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

FIELDS = {
    *("id", "section_key", "what", "how", "who_member_id", "who_text", "due_on", "status", "progress_note"),
    *("completed_at", "revision", "created_at", "updated_at"),
}


@pytest.fixture
def world(world: World) -> World:
    """Outcomes hold actions; Lee edits there. Money is about outcomes too, for owners alone."""
    for key in ("outcomes", "money"):
        patch = SectionPatch(kind=SectionKind.OUTCOMES)
        world.ask("dee", partial(change_section, plan_id=world.plan_id, key=key, patch=patch, based_on=1))
    return world


@pytest.fixture
def lee(world: World) -> TestClient:
    return world.api("lee")


def add(client: TestClient, plan: str, what: str = "Ride the number 7", **more: Any) -> dict[str, Any]:
    answer = client.post(f"{plan}/actions", json={"what": what, "section_key": "outcomes", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def change(client: TestClient, plan: str, one: dict[str, Any], **said: Any) -> Any:
    return client.patch(f"{plan}/actions/{one['id']}", json=said, headers={"If-Match": "*"})


def test_an_action_shows_as_the_contract_says(world: World, lee: TestClient, dee: TestClient, plan: str) -> None:
    due, nan = date(2030, 6, 3), str(world.members["nan"])
    said = {"what": "Ask the pool", "section_key": "outcomes", "how": "Ring them."}
    made = lee.post(f"{plan}/actions", json=said | {"who_member_id": nan, "due_on": due.isoformat()})
    one = made.json()
    assert set(one) == FIELDS
    assert made.headers["location"] == f"{plan}/actions/{one['id']}"
    assert (one["section_key"], one["what"], one["who_member_id"], one["who_text"]) == (
        "outcomes",
        "Ask the pool",
        nan,
        None,
    )
    assert (one["due_on"], one["status"], one["completed_at"], one["revision"]) == ("2030-06-03", "planned", None, 1)
    seen = dee.get(f"{plan}/actions/{one['id']}")
    assert seen.json() == one
    assert dee.get(f"{plan}/actions").json() == {"items": [one], "next_cursor": None}
    assert dee.get(f"{plan}/actions/{one['id']}", headers={"If-None-Match": seen.headers["etag"]}).status_code == 304
    assert dee.get(f"{plan}/document").json()["actions"] == [one]
    assert dee.get(f"{plan}/document?sections=great-things").json()["actions"] == []


def test_it_follows_the_section_it_stands_in(world: World, plan: str, dee: TestClient, lee: TestClient) -> None:
    hidden, seen = add(dee, plan, section_key="money"), add(dee, plan)
    same = {"X-Request-Id": "the-same"}
    assert [one["id"] for one in lee.get(f"{plan}/actions").json()["items"]] == [seen["id"]]
    for who in (lee, world.api("nan"), world.api("kit")):
        told = [
            bare(who.request(method, f"{plan}/actions/{id}", json=body, headers=same | {"If-Match": "*"}))
            for id in (hidden["id"], uuid4())
            for method, body in (("GET", None), ("PATCH", {"what": "x"}), ("DELETE", None))
        ]
        assert told[:3] == told[3:]
        assert {status for status, *_ in told} == {404}
    assert world.api("nan").get(f"{plan}/actions").json()["items"] == []
    assert world.api("kit").get(f"{plan}/actions").status_code == 404
    said = [{"what": "x", "section_key": key} for key in ("money", "never-was")]
    added = [bare(lee.post(f"{plan}/actions", json=one, headers=same)) for one in said]
    assert added[0] == added[1]
    assert added[0][0] == 404


def test_a_reader_changes_nothing(world: World, plan: str, dee: TestClient, lee: TestClient) -> None:
    """Nan may suggest in outcomes, no more; a reader's own name on it is no right to change it."""
    draft = MemberGrantDraft(member_id=world.members["nan"], level=Level.SUGGEST)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "outcomes", draft))
    one, nan = add(lee, plan, who_member_id=str(world.members["nan"])), world.api("nan")
    assert nan.get(f"{plan}/actions").json()["items"] == [one]
    for answer in (
        nan.post(f"{plan}/actions", json={"what": "x", "section_key": "outcomes"}),
        nan.post(f"{plan}/actions", json={"what": "x"}),
        change(nan, plan, one, status="done"),
        nan.delete(f"{plan}/actions/{one['id']}", headers={"If-Match": "*"}),
    ):
        assert problem(answer) == (403, "not-allowed")
    assert dee.get(f"{plan}/actions").json()["items"] == [one]


def test_it_goes_to_the_first_section_that_the_caller_may_change(world: World, plan: str, lee: TestClient) -> None:
    assert lee.post(f"{plan}/actions", json={"what": "x"}).json()["section_key"] == "outcomes"
    sent = world.api("sam").post(f"{plan}/actions", json={"what": "x"})
    assert problem(sent) == (422, "invalid-content")
    assert sent.json()["errors"][0]["pointer"] == "/section_key"


def test_what_does_not_fit_is_refused_with_its_reason(
    world: World, plan: str, dee: TestClient, lee: TestClient
) -> None:
    lee_id = str(world.members["lee"])
    for said, pointer in (
        ({"what": ""}, "/what"),
        ({"what": "x" * 201}, "/what"),
        ({"what": None}, "/what"),
        ({"due_on": "soon"}, "/due_on"),
        ({"status": "late"}, "/status"),
        ({"who_member_id": str(uuid4())}, "/who_member_id"),
        ({"who_member_id": lee_id, "who_text": "The dentist"}, "/who_text"),
        ({"how": "x" * 2001}, "/how"),
        ({"outcome": 1}, "/outcome"),
    ):
        sent = lee.post(f"{plan}/actions", json={"what": "x", "section_key": "outcomes"} | said)
        assert problem(sent) == (422, "invalid-content"), said
        assert sent.json()["errors"][0]["pointer"] == pointer
    text = dee.post(f"{plan}/actions", json={"what": "x", "section_key": "great-things"})
    assert text.json()["errors"][0]["pointer"] == "/section_key"
    assert dee.get(f"{plan}/actions").json()["items"] == []


def test_a_change_needs_what_was_read_and_says_when_it_was_done(plan: str, dee: TestClient, lee: TestClient) -> None:
    one = add(lee, plan)
    url = f"{plan}/actions/{one['id']}"
    read = lee.get(url).headers["etag"]
    assert lee.patch(url, json={"status": "done"}).status_code == 428
    done = lee.patch(url, json={"status": "done"}, headers={"If-Match": read})
    assert (done.status_code, done.json()["revision"], done.json()["status"]) == (200, 2, "done")
    assert done.json()["completed_at"] == done.json()["updated_at"]
    stale = dee.patch(url, json={"what": "Mine"}, headers={"If-Match": read})
    assert stale.status_code == 412
    assert stale.json()["current_etag"] == done.headers["etag"]
    note = lee.patch(url, json={"progress_note": "Twice."}, headers={"If-Match": done.headers["etag"]}).json()
    assert (note["what"], note["completed_at"]) == (one["what"], done.json()["completed_at"])
    assert change(lee, plan, one, status="in_progress").json()["completed_at"] is None
    before = lee.get(url)
    assert change(lee, plan, one, status="in_progress").headers["etag"] == before.headers["etag"]


def test_null_takes_away_what_it_names(world: World, plan: str, lee: TestClient) -> None:
    who = {"who_member_id": str(world.members["nan"])}
    one = add(lee, plan, due_on="2030-06-03", **who)
    assert change(lee, plan, one, who_text=None).json()["who_member_id"] == who["who_member_id"]
    assert change(lee, plan, one, who_member_id=None, due_on=None).json()["who_member_id"] is None
    assert change(lee, plan, one, who_text="The dentist").json()["who_text"] == "The dentist"
    assert change(lee, plan, one, who_member_id=None).json()["who_text"] == "The dentist"
    back = change(lee, plan, one, **who).json()
    assert (back["who_member_id"], back["who_text"], back["due_on"]) == (who["who_member_id"], None, None)
    assert change(lee, plan, one, who_member_id=None, who_text=None).json()["who_text"] is None


def test_lists_are_asked_for_by_what_matters_between_meetings(world: World, plan: str, lee: TestClient) -> None:
    nan = str(world.members["nan"])
    first = add(lee, plan, "first", due_on="2030-01-01", who_member_id=nan)
    second = add(lee, plan, "second", due_on="2030-01-02")
    third = add(lee, plan, "third", status="done")

    def found(asked: str) -> list[str]:
        return [one["what"] for one in lee.get(f"{plan}/actions?{asked}").json()["items"]]

    assert found("due_before=2030-01-02") == ["first"]
    assert found("status=done") == ["third"]
    assert found(f"member_id={nan}") == ["first"]
    assert found(f"member_id={uuid4()}") == []
    assert lee.get(f"{plan}/actions?status=late").status_code == 422
    ids = [first["id"], second["id"], third["id"]]
    assert [one["id"] for one in pages(lee, f"{plan}/actions?limit=2")] == ids


def test_what_is_put_away_is_missing_to_programs(plan: str, dee: TestClient, lee: TestClient) -> None:
    one = add(lee, plan)
    url = f"{plan}/actions/{one['id']}"
    assert lee.delete(url).status_code == 428
    assert lee.delete(url, headers={"If-Match": lee.get(url).headers["etag"]}).status_code == 204
    for who in (lee, dee):
        assert who.get(url).status_code == 404
        assert who.get(f"{plan}/actions").json()["items"] == []
        assert who.get(f"{plan}/document").json()["actions"] == []
    assert change(lee, plan, one, what="x").status_code == 404


def test_whoever_left_is_a_name_alone(world: World, plan: str, dee: TestClient, lee: TestClient) -> None:
    one = add(lee, plan, who_member_id=str(world.members["sam"]))
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, world.members["sam"]))
    for who in (dee, lee):
        shown = who.get(f"{plan}/actions/{one['id']}").json()
        assert (shown["who_member_id"], shown["who_text"]) == (None, "Sam")
    assert lee.get(f"{plan}/actions?member_id={world.members['sam']}").json()["items"] == []
    kept = change(lee, plan, one, who_text="Sam", how="Together.").json()
    assert (kept["who_text"], kept["how"]) == ("Sam", "Together.")
    refused = change(lee, plan, one, who_member_id=str(world.members["sam"]))
    assert problem(refused) == (422, "invalid-content")


def test_whoever_waits_is_told_no_name_of_the_circle(world: World, plan: str, dee: TestClient, lee: TestClient) -> None:
    """Kit took an invitation, and no owner has said yet that it is Kit. They meet Dee alone."""
    for who, what in (("sam", "first"), ("dee", "second")):
        add(lee, plan, what, who_member_id=str(world.members[who]))
    add(lee, plan, "third", who_text="The dentist")
    draft = {"role": "friend", "relationship": "Friend", "confirm_first": True}
    draft |= {"grants": [{"section_key": "outcomes", "level": "read"}]}
    url, kit = dee.post(f"{plan}/invitations", json=draft).json()["accept_url"], world.api("kit")
    joined = kit.post("/v1/invitations/accept", json={"token": url.rpartition("/")[2]}).json()

    def doers() -> list[tuple[bool, str | None]]:
        there = kit.get(f"{plan}/actions").json()["items"]
        return [(one["who_member_id"] is not None, one["who_text"]) for one in there]

    assert doers() == [(False, "Somebody in the circle"), (True, None), (False, "The dentist")]
    assert "Sam" not in kit.get(f"{plan}/document").text
    assert kit.get("/v1/search?q=sam").json()["items"] == []
    dee.patch(f"{plan}/members/{joined['id']}", json={"status": "active"}, headers={"If-Match": "*"})
    assert doers() == [(True, None), (True, None), (False, "The dentist")]


def test_a_relaxed_label_opens_nothing_older(world: World, plan: str, dee: TestClient, lee: TestClient) -> None:
    def relabel(label: Label) -> None:
        world.ask("maya", lambda uow: change_section(uow, world.plan_id, "outcomes", SectionPatch(label=label), 1))

    relabel(Label.DIARY)
    hers = add(world.api("maya"), plan, "In the diary")
    relabel(Label.EVERYDAY)
    now = add(lee, plan, "For all")
    assert [one["what"] for one in lee.get(f"{plan}/actions").json()["items"]] == ["For all"]
    assert [one["what"] for one in dee.get(f"{plan}/actions").json()["items"]] == ["For all"]
    assert lee.get(f"{plan}/actions/{hers['id']}").status_code == 404
    assert world.api("maya").get(f"{plan}/actions").json()["items"] == [hers, now]


def test_the_same_key_adds_it_once(world: World, plan: str, lee: TestClient) -> None:
    said = {"what": "Once", "section_key": "outcomes"}
    first, again = (lee.post(f"{plan}/actions", json=said, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(lee.get(f"{plan}/actions").json()["items"]) == 1
    draft = MemberGrantDraft(member_id=world.members["lee"], level=Level.READ)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "outcomes", draft))
    assert lee.post(f"{plan}/actions", json=said, headers={"Idempotency-Key": "one"}).status_code == 403


def test_a_closed_plan_keeps_its_actions_as_they_are(plan: str, dee: TestClient) -> None:
    one = add(dee, plan)
    dee.delete(plan, headers={"If-Match": "*"})
    assert change(dee, plan, one, what="x").status_code == 403
    assert dee.get(f"{plan}/actions").json()["items"] == [one]


def test_a_day_that_has_passed_is_a_day_like_any_other(plan: str, lee: TestClient) -> None:
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    assert add(lee, plan, due_on=yesterday)["due_on"] == yesterday
