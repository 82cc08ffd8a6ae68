"""A request with an Idempotency-Key is done once, however often it comes, and told again only to who may know."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from tests.api.saying import VOICE, problem
from tests.world import World

from planwiki.base import clock
from planwiki.people.commands import issue_token

PLAN = {"person": {"display_name": "Kim"}, "my_role": "steward"}
SECTION = {"key": "newest", "title": "New", "body_markdown": "Words.", "voice": VOICE}
MEMBER = {"display_name": "Aunt", "role": "family", "relationship": "Aunt"}
INVITATION = {"role": "family", "relationship": "Aunt"}


def post(client: TestClient, url: str, body: Any, key: str = "key-1") -> Any:
    return client.post(url, json=body, headers={"Idempotency-Key": key})


def test_the_same_request_gives_the_same_answer(dee: TestClient, plan: str) -> None:
    for number, (url, body) in enumerate(
        [
            ("/v1/plans", PLAN),
            (f"{plan}/sections", SECTION),
            (f"{plan}/members", MEMBER),
            (f"{plan}/invitations", INVITATION),
        ]
    ):
        first = post(dee, url, body, f"key-{number}")
        before = len(dee.get(url).json()["items"])
        again = post(dee, url, body, f"key-{number}")
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.json() == first.json()
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        for name in ("location", "etag", "content-type", "cache-control"):
            assert again.headers[name] == first.headers[name]
        assert len(dee.get(url).json()["items"]) == before


def test_a_key_is_for_one_request(dee: TestClient, plan: str) -> None:
    assert post(dee, f"{plan}/members", MEMBER).status_code == 201
    before = dee.get(f"{plan}/members").json()
    other = dee.post("/v1/plans", json=PLAN).headers["location"]
    for url, body in (
        (f"{other}/members", MEMBER),
        (f"{plan}/members", MEMBER | {"display_name": "Uncle"}),
        (f"{plan}/sections", SECTION),
        ("/v1/plans", PLAN),
    ):
        assert problem(post(dee, url, body)) == (422, "idempotency-key-reused")
    assert dee.get(f"{plan}/members").json() == before


def test_a_key_is_for_one_caller(world: World, dee: TestClient, plan: str) -> None:
    first = post(dee, f"{plan}/members", MEMBER).json()
    others = post(world.api("maya"), f"{plan}/members", MEMBER)
    assert "idempotency-replayed" not in others.headers
    assert others.json()["id"] != first["id"]


def test_a_key_is_kept_for_a_day(world: World, plan: str) -> None:
    token = issue_token(world.database, "dee@example.org", timedelta(days=3)).token
    dee, start = world.api(None), clock.now()
    dee.headers["Authorization"] = f"Bearer {token}"
    first = post(dee, f"{plan}/members", MEMBER).json()
    for hours, same in ((23.9, True), (24.1, False)):
        with clock.frozen(start + timedelta(hours=hours)):
            assert (post(dee, f"{plan}/members", MEMBER).json() == first) is same


def test_what_failed_can_be_tried_again_under_its_key(dee: TestClient, plan: str) -> None:
    assert problem(post(dee, f"{plan}/sections", SECTION | {"key": "money"})) == (409, "key-exists")
    assert post(dee, f"{plan}/sections", SECTION).status_code == 201


def test_rights_are_asked_again(world: World, dee: TestClient, plan: str) -> None:
    """Once Dee owns the plan no more, her old answers are closed to her too."""
    assert post(dee, f"{plan}/invitations", INVITATION).status_code == 201
    maya, member = world.api("maya"), f"{plan}/members/{world.members['dee']}"
    patch = {"role": "friend"}
    assert maya.patch(member, json=patch, headers={"If-Match": "*"}).status_code == 200
    assert problem(post(dee, f"{plan}/invitations", INVITATION)) == (403, "not-allowed")
    assert maya.delete(member, headers={"If-Match": "*"}).status_code == 204
    assert problem(post(dee, f"{plan}/invitations", INVITATION)) == (404, "not-found")


def test_many_at_once_make_one(dee: TestClient, plan: str) -> None:
    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: post(dee, f"{plan}/sections", SECTION), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


def test_what_is_kept_cannot_be_read_in_the_database(world: World, dee: TestClient, plan: str) -> None:
    made = post(dee, f"{plan}/invitations", INVITATION).json()
    secret = made["accept_url"].rsplit("/", 1)[-1]
    with world.database.connection() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM kept_answer").fetchall()
    assert len(rows) == 1
    assert secret not in str(rows)
    assert "Aunt" not in str(rows)
