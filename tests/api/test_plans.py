"""Plans over the API: started, read, changed, closed, and told whole in one document."""

from uuid import UUID

from fastapi.testclient import TestClient
from tests.api.saying import VOICE, Look, etag_of, problem, save
from tests.world import NAMES, READS, World, canary

START = {"person": {"display_name": "Kim", "date_of_birth": "2009-01-31"}, "my_role": "steward", "template": "about_me"}
PLAN_FIELDS = {
    *("id", "title", "person", "language", "status", "is_partial", "my_level", "section_keys", "review_due_on"),
    *("needs_reconfirmation", "revision", "created_at", "updated_at"),
}


def test_a_plan_starts_from_a_template(dee: TestClient) -> None:
    made = dee.post("/v1/plans", json=START)
    plan = made.json()
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/plans/{plan['id']}"
    assert set(plan) == PLAN_FIELDS
    assert UUID(plan["id"]).version == 7
    assert (plan["status"], plan["my_level"], plan["is_partial"]) == ("active", "manage", False)
    assert plan["person"]["date_of_birth"] == "2009-01-31"
    assert plan["created_at"].endswith("Z")
    templates = {one["key"]: one for one in dee.get("/v1/templates").json()["items"]}
    assert plan["section_keys"] == [part["key"] for part in templates["about_me"]["sections"]]
    got = dee.get(made.headers["location"])
    assert (got.json(), got.headers["etag"]) == (plan, made.headers["etag"])


def test_the_templates_are_there_for_everybody(nobody: TestClient) -> None:
    answer = nobody.get("/v1/templates")
    keys = {one["key"] for one in answer.json()["items"]}
    assert keys >= {"about_me", "one_page_profile", "preparing_for_adulthood", "blank"}
    again = nobody.get("/v1/templates", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_an_unknown_template_is_refused(dee: TestClient, everything: Look) -> None:
    before = everything()
    assert problem(dee.post("/v1/plans", json=START | {"template": "diary"})) == (422, "invalid-content")
    assert everything() == before


def test_each_sees_their_own_plans_alone(world: World) -> None:
    for who in NAMES:
        client = world.api(who)
        items = client.get("/v1/plans").json()["items"]
        me = client.get("/v1/me").json()
        if who == "kit":
            assert (items, me["plans"]) == ([], [])
            continue
        (plan,) = items
        assert set(plan["section_keys"]) == READS[who]
        assert plan == client.get(f"/v1/plans/{world.plan_id}").json()
        assert me["plans"] == [{"plan_id": str(world.plan_id), "level": plan["my_level"]}]


def test_plans_can_be_picked_by_status_and_time(dee: TestClient, plan: str) -> None:
    header = dee.get(plan).json()
    for query, there in {
        "status=active": True,
        "status=paused": False,
        f"updated_since={header['updated_at']}": True,
        "updated_since=2100-01-01T00:00:00Z": False,
    }.items():
        assert (dee.get(f"/v1/plans?{query}").json()["items"] == [header]) is there, query


def test_only_the_fields_asked_for_are_sent(dee: TestClient, nan: TestClient, plan: str) -> None:
    whole = dee.get(plan)
    some = dee.get(f"{plan}?fields=title,%20my_level")
    assert some.json() == {name: whole.json()[name] for name in ("title", "my_level")}
    assert some.headers["etag"] == whole.headers["etag"]
    assert dee.get("/v1/plans?fields=id").json()["items"] == [{"id": whole.json()["id"]}]
    assert nan.get(f"{plan}?fields=person").json()["person"]["date_of_birth"] is None


def test_an_owner_changes_the_header(dee: TestClient, plan: str) -> None:
    read = dee.get(plan)
    person = {"preferred_name": "May", "communication": ["Makaton"], "date_of_birth": "2009-05-01"}
    patch = {"title": "All about Maya", "person": person, "review_due_on": "2027-01-01"}
    saved = dee.patch(plan, json=patch, headers={"If-Match": read.headers["etag"]})
    assert saved.status_code == 200
    after = saved.json()
    assert (after["title"], after["review_due_on"], after["revision"]) == ("All about Maya", "2027-01-01", 2)
    assert after["person"] == read.json()["person"] | person
    assert saved.headers["etag"] == etag_of(dee, plan)
    nothing = {"preferred_name": None, "communication": None}
    gone = dee.patch(plan, json={"person": nothing}, headers={"If-Match": saved.headers["etag"]})
    assert gone.json()["person"] == after["person"] | {"preferred_name": None, "communication": []}


def test_changes_of_a_plan_hang_on_its_etag(dee: TestClient, plan: str, everything: Look) -> None:
    before, read = everything(), etag_of(dee, plan)
    for ask in (lambda **how: dee.patch(plan, json={"title": "x"}, **how), lambda **how: dee.delete(plan, **how)):
        assert problem(ask()) == (428, "if-match-required")
        stale = ask(headers={"If-Match": '"r1-old"'})
        assert problem(stale) == (412, "changed-since-you-read-it")
        assert stale.json()["current_etag"] == read
    assert everything() == before


def test_only_owners_change_or_close_a_plan(world: World, plan: str, everything: Look) -> None:
    before = everything()
    for who in ("nan", "sam", "lee", "rao"):
        client = world.api(who)
        for headers in ({}, {"If-Match": "*"}, {"If-Match": '"r1-old"'}):
            assert problem(client.patch(plan, json={"title": "x"}, headers=headers)) == (403, "not-allowed")
            assert problem(client.delete(plan, headers=headers)) == (403, "not-allowed")
    assert everything() == before


def test_a_closed_plan_is_there_for_its_owners_alone(dee: TestClient, nan: TestClient, plan: str) -> None:
    assert dee.delete(plan, headers={"If-Match": etag_of(dee, plan)}).status_code == 204
    assert problem(nan.get(plan)) == (404, "not-found")
    assert nan.get("/v1/plans").json()["items"] == []
    assert dee.get(plan).json()["status"] == "closed"
    opened = dee.patch(plan, json={"status": "active"}, headers={"If-Match": "*"})
    assert opened.json()["status"] == "active"
    assert nan.get(plan).status_code == 200


def test_what_a_closed_plan_says_stays_as_it_is(world: World, dee: TestClient, plan: str) -> None:
    """Until an owner opens it again. What somebody was given can be taken away meanwhile."""
    url, always = f"{plan}/sections/outcomes", {"If-Match": "*"}
    assert dee.patch(plan, json={"status": "closed"}, headers=always).json()["status"] == "closed"
    assert dee.delete(plan, headers=always).status_code == 204
    before = dee.get(plan).json(), dee.get(f"{plan}/sections").json(), dee.get(f"{plan}/members").json()
    said = {"kind": "comment", "target": {"type": "section", "section_key": "outcomes"}, "body_markdown": "x"}
    asked = {"role": "friend", "relationship": "Neighbour"}
    nans = {"members": [{"member_id": str(world.members["nan"]), "level": "edit"}]}
    for answer in (
        dee.patch(plan, json={"title": "x"}, headers=always),
        save(dee, url, "x"),
        dee.patch(url, json={"label": "health"}, headers=always),
        dee.post(f"{url}/revisions/1/restore", json={"voice": VOICE}, headers=always),
        dee.post(f"{plan}/sections", json={"key": "more", "title": "More"}),
        dee.post(f"{plan}/contributions", json=said | {"voice": VOICE}),
        dee.post(f"{plan}/invitations", json=asked),
        dee.post(f"{plan}/members", json=asked | {"display_name": "Jo"}),
        dee.put(f"{url}/grants", json=nans, headers=always),
    ):
        assert problem(answer) == (403, "not-allowed")
        assert answer.json()["detail"] == "This plan is closed. Open it again first."
    edit = world.browser("dee").get(world.url("/sections/outcomes/edit"), follow_redirects=True)
    assert (edit.status_code, "This plan is closed" in edit.text) == (403, True)
    assert (dee.get(plan).json(), dee.get(f"{plan}/sections").json(), dee.get(f"{plan}/members").json()) == before
    assert dee.put(f"{url}/grants", json={}, headers=always).is_success
    assert dee.patch(plan, json={"status": "paused", "title": "x"}, headers=always).json()["title"] == "x"
    assert save(dee, url, "Open again.").is_success


def test_the_document_is_the_union_of_the_single_calls(world: World) -> None:
    plan = f"/v1/plans/{world.plan_id}"
    for who in world.members:
        client = world.api(who)
        document = client.get(f"{plan}/document").json()
        assert document["plan"] == client.get(plan).json()
        assert document["sections"] == client.get(f"{plan}/sections").json()["items"]
        assert document["sections"] == [client.get(f"{plan}/sections/{key}").json() for key in _keys(document)]
        assert document["circle"] == client.get(f"{plan}/members").json()["items"]
        assert (document["outcomes"], document["actions"], document["media"]) == ([], [], [])
        assert {key for key in READS["dee"] if canary(key) in str(document)} == READS[who] == set(_keys(document))


def _keys(document: dict[str, list[dict[str, str]]]) -> list[str]:
    return [section["key"] for section in document["sections"]]


def test_a_document_may_be_of_some_sections(nan: TestClient, plan: str) -> None:
    """A hidden key and one that never was are passed over alike."""
    document = nan.get(f"{plan}/document?sections=wellness,money,never").json()
    assert _keys(document) == ["wellness"]
    assert document["plan"] == nan.get(plan).json()
    assert _keys(nan.get(f"{plan}/document?sections=").json()) == []


def test_the_document_gathers_the_about_me_headings(dee: TestClient, plan: str) -> None:
    for key in ("great-things", "wellness"):
        mapping = {"mapping": {"prsb": "how-i-communicate"}}
        dee.patch(f"{plan}/sections/{key}", json=mapping, headers={"If-Match": "*"})
    texts = [dee.get(f"{plan}/sections/{key}").json()["body_markdown"] for key in ("great-things", "wellness")]
    assert dee.get(f"{plan}/document").json()["about_me"] == {"how-i-communicate": "\n\n".join(texts)}


def test_a_preview_equals_what_that_member_gets(world: World, dee: TestClient, plan: str) -> None:
    maya = world.api("maya")
    contact = {"contact": {"phone": "01632 960123"}}
    for who in ("nan", "dee"):
        maya.patch(f"{plan}/members/{world.members[who]}", json=contact, headers={"If-Match": "*"})
    for who, member in world.members.items():
        seen = dee.get(f"{plan}/document?as_member={member}")
        own = world.api(who).get(f"{plan}/document")
        assert seen.headers["etag"] == own.headers["etag"], who
        assert seen.json() | {"generated_at": 0} == own.json() | {"generated_at": 0}, who


def test_only_owners_see_as_somebody_else(world: World, nan: TestClient, kit: TestClient, plan: str) -> None:
    address = f"{plan}/document?as_member={world.members['lee']}"
    assert problem(nan.get(address)) == (403, "not-allowed")
    assert problem(kit.get(address)) == (404, "not-found")
    assert problem(world.api("dee").get(f"{plan}/document?as_member={world.plan_id}")) == (404, "not-found")


def test_the_documents_etag_moves_with_what_is_seen_alone(dee: TestClient, nan: TestClient, plan: str) -> None:
    address = f"{plan}/document"
    read = nan.get(address)
    assert nan.get(address, headers={"If-None-Match": read.headers["etag"]}).status_code == 304
    assert save(dee, f"{plan}/sections/money", "Hidden from Nan.").is_success
    dee.post(f"{plan}/sections", json={"key": "secret", "title": "Secret", "position": 1, "voice": VOICE})
    assert nan.get(address, headers={"If-None-Match": read.headers["etag"]}).status_code == 304
    assert save(dee, f"{plan}/sections/wellness", "Nan reads this.").is_success
    again = nan.get(address, headers={"If-None-Match": read.headers["etag"]})
    assert again.status_code == 200
    assert again.headers["etag"] != read.headers["etag"]
