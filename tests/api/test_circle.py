"""The circle over the API: its members, what each was given, who can see what, and invitations."""

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from tests.api.saying import Look, etag_of, problem
from tests.world import NAMES, READS, World

from planwiki.base import clock

AUNT = {"display_name": "Aunt Jo", "role": "family", "relationship": "Aunt", "contact": {"phone": "01632 960123"}}
ANY = {"If-Match": "*"}


def grant(key: str, level: str, **more: object) -> dict[str, object]:
    return {"section_key": key, "level": level, **more}


def test_everybody_sees_names_and_owners_see_how_to_reach_them(
    world: World, dee: TestClient, nan: TestClient, plan: str
) -> None:
    made = dee.post(f"{plan}/members", json=AUNT)
    aunt = made.json()
    assert made.status_code == 201
    assert made.headers["location"] == f"{plan}/members/{aunt['id']}"
    assert (aunt["status"], aunt["account_id"], aunt["contact"]["phone"]) == ("contact_only", None, "01632 960123")
    seen = nan.get(f"{plan}/members/{aunt['id']}").json()
    assert (seen["display_name"], seen["contact"], seen["basis"]) == ("Aunt Jo", None, None)
    names = [one["display_name"] for one in nan.get(f"{plan}/members").json()["items"]]
    assert set(names) == {NAMES[who] for who in world.members} | {"Aunt Jo"}
    own = nan.get(f"{plan}/members/{world.members['nan']}").json()
    assert own["account_id"] == nan.get("/v1/me").json()["id"]
    assert nan.get(f"{plan}/members/{world.members['lee']}").json()["account_id"] is None


def test_only_owners_change_the_circle(world: World, plan: str, everything: Look) -> None:
    before, member = everything(), f"{plan}/members/{world.members['sam']}"
    for who in ("nan", "sam", "lee", "rao"):
        client = world.api(who)
        for answer in (
            client.post(f"{plan}/members", json=AUNT),
            client.patch(member, json={"role": "family"}, headers=ANY),
            client.patch(member, json={"role": "family"}),
            client.delete(member, headers=ANY),
            client.get(f"{member}/grants"),
            client.put(f"{member}/grants", json={"items": []}, headers=ANY),
            client.get(f"{plan}/access"),
            client.get(f"{plan}/invitations"),
            client.post(f"{plan}/invitations", json={"role": "family", "relationship": "Aunt"}),
        ):
            assert problem(answer) == (403, "not-allowed"), (who, answer.request.url)
        key = min(READS[who])
        assert problem(client.get(f"{plan}/sections/{key}/grants")) == (403, "not-allowed")
        body = {"roles": {"friend": "read"}}
        assert problem(client.put(f"{plan}/sections/{key}/grants", json=body, headers=ANY)) == (403, "not-allowed")
    assert everything() == before


def test_a_steward_cannot_lower_or_remove_the_person(
    dee: TestClient, world: World, plan: str, everything: Look
) -> None:
    before, maya = everything(), f"{plan}/members/{world.members['maya']}"
    for answer in (
        dee.patch(maya, json={"role": "family"}, headers=ANY),
        dee.patch(maya, json={"status": "suspended"}, headers=ANY),
        dee.delete(maya, headers=ANY),
        dee.put(f"{maya}/grants", json={"items": [grant("great-things", "none", withheld=True)]}, headers=ANY),
    ):
        assert problem(answer) == (403, "not-allowed"), answer.request.method
    assert everything() == before
    assert world.api("maya").get(f"{plan}/sections/great-things").status_code == 200


def test_a_member_is_changed_field_by_field(world: World, dee: TestClient, plan: str) -> None:
    url = f"{plan}/members/{world.members['nan']}"
    tag, after = etag_of(dee, url), {}
    for patch in (
        {"contact": {"phone": "01632 960123", "note": "Evenings"}},
        {"contact": {"note": None}, "call_first": True},
    ):
        saved = dee.patch(url, json=patch, headers={"If-Match": tag})
        assert saved.status_code == 200
        tag, after = saved.headers["etag"], saved.json()
    assert after["contact"] == {"email": None, "phone": "01632 960123", "note": None}
    assert (after["call_first"], after["relationship"], after["revision"]) == (True, "Nan", 4)
    assert dee.patch(url, json={"contact": None}, headers=ANY).json()["contact"] is None


def test_what_owners_alone_are_shown_moves_nothing_for_the_others(world: World, dee: TestClient, plan: str) -> None:
    """How to reach somebody, a ground, a pause, a word for a steward, a birthday: no number and no tag tells of it."""
    sams, dees = (f"{plan}/members/{world.members[who]}" for who in ("sam", "dee"))
    secrets: tuple[tuple[TestClient, str, dict[str, Any]], ...] = (
        (dee, sams, {"contact": {"phone": "01632 960123"}}),
        (dee, sams, {"role": "steward"}),
        (dee, sams, {"role": "friend", "status": "suspended"}),
        (dee, sams, {"status": "active", "ends_on": "2099-01-01"}),
        (world.api("maya"), dees, {"basis": {"kind": "delegated", "review_on": "2099-01-01"}}),
        (dee, plan, {"person": {"date_of_birth": "2009-05-04"}}),
    )
    looks = ("/v1/plans", plan, f"{plan}/members", f"{plan}/document", sams, dees)

    def told(who: str) -> list[Any]:
        answers = [world.api(who).get(url) for url in looks]
        shown = [answer.json() | {"generated_at": None} for answer in answers]
        return [[answer.headers["etag"] for answer in answers], shown]

    for asker, url, secret in secrets:
        others, owners = [told("nan"), told("lee")], told("dee")
        assert asker.patch(url, json=secret, headers=ANY).is_success, secret
        assert [told("nan"), told("lee")] == others, secret
        assert told("dee")[0] != owners[0], secret
    assert "revision" not in told("nan")[1][4]


def test_what_a_member_is_already_moves_nothing(world: World, dee: TestClient, plan: str) -> None:
    url = f"{plan}/members/{world.members['lee']}"
    before, record = dee.get(url), dee.get(f"{plan}/access-log?action=update").json()["items"]
    same = {name: before.json()[name] for name in ("role", "status", "organisation", "contact", "call_first")}
    assert dee.patch(url, json=same, headers=ANY).headers["etag"] == before.headers["etag"]
    assert dee.get(f"{plan}/access-log?action=update").json()["items"] == record


def test_a_stewards_ground_is_merged_too(world: World, plan: str) -> None:
    maya, url = world.api("maya"), f"{plan}/members/{world.members['dee']}"
    assert problem(maya.patch(url, json={"basis": {"valid_until": "2030-01-01"}}, headers=ANY))[0] == 422
    ground = {"kind": "parental_responsibility", "scope": ["health"]}
    assert maya.patch(url, json={"basis": ground}, headers=ANY).json()["basis"]["scope"] == ["health"]
    after = maya.patch(url, json={"basis": {"valid_until": "2030-01-01"}}, headers=ANY).json()["basis"]
    assert after == ground | {"proof_seen_by": None, "valid_from": None, "valid_until": "2030-01-01", "review_on": None}


def test_changes_of_a_member_hang_on_its_etag(world: World, dee: TestClient, plan: str, everything: Look) -> None:
    url, before = f"{plan}/members/{world.members['sam']}", everything()
    for ask in (
        lambda **how: dee.patch(url, json={"call_first": True}, **how),
        lambda **how: dee.delete(url, **how),
        lambda **how: dee.put(f"{url}/grants", json={"items": []}, **how),
        lambda **how: dee.put(f"{plan}/sections/money/grants", json={}, **how),
    ):
        assert problem(ask()) == (428, "if-match-required")
        stale = ask(headers={"If-Match": '"old"'})
        assert problem(stale) == (412, "changed-since-you-read-it")
        assert stale.json()["current_etag"].startswith('"')
    assert everything() == before


def test_somebody_has_to_own_the_plan(world: World, plan: str) -> None:
    kit = world.api("kit")
    own = kit.post("/v1/plans", json={"person": {"display_name": "Kim"}, "my_role": "steward"}).json()["id"]
    members = kit.get(f"/v1/plans/{own}/members").json()["items"]
    me = next(one for one in members if one["role"] == "steward")
    url = f"/v1/plans/{own}/members/{me['id']}"
    assert problem(kit.delete(url, headers=ANY)) == (409, "last-steward")
    assert problem(kit.patch(url, json={"role": "friend"}, headers=ANY)) == (409, "last-steward")
    assert problem(kit.patch(url, json={"status": "suspended"}, headers=ANY)) == (409, "last-steward")
    assert kit.get(url).json() == me
    assert problem(world.api("dee").delete(f"{plan}/members/{world.members['maya']}", headers=ANY))[0] in {403, 409}


def test_removal_ends_access_at_once(world: World, dee: TestClient, nan: TestClient, plan: str) -> None:
    url = f"{plan}/members/{world.members['nan']}"
    assert nan.get(plan).status_code == 200
    assert dee.delete(url, headers={"If-Match": etag_of(dee, url)}).status_code == 204
    for address in (plan, f"{plan}/document", f"{plan}/sections/wellness", f"{plan}/members", url):
        assert problem(nan.get(address)) == (404, "not-found")
    assert nan.get("/v1/search?q=canary").json()["items"] == []
    assert problem(dee.get(url)) == (404, "not-found")


def test_what_a_member_is_given_is_replaced_as_a_whole(
    world: World, dee: TestClient, nan: TestClient, plan: str
) -> None:
    url = f"{plan}/members/{world.members['nan']}/grants"
    before = dee.get(url)
    assert [(one["section_key"], one["level"]) for one in before.json()["items"]] == [
        ("great-things", "read"),
        ("wellness", "read"),
    ]
    wanted = [grant("wellness", "comment", history=True, expires_on="2999-01-01"), grant("money", "edit")]
    saved = dee.put(url, json={"items": wanted}, headers={"If-Match": before.headers["etag"]})
    assert saved.status_code == 200
    assert saved.json()["items"] == [one | _TERMS | one for one in wanted]
    assert saved.headers["etag"] == etag_of(dee, url)
    assert nan.get(plan).json()["section_keys"] == ["wellness", "money"]
    assert nan.get(f"{plan}/sections/money").json()["my_level"] == "edit"


_TERMS = {"withheld": False, "history": False, "earlier_history": False, "from_on": None, "expires_on": None}


def test_what_a_section_is_given_to_is_replaced_as_a_whole(
    world: World, dee: TestClient, nan: TestClient, lee: TestClient, plan: str
) -> None:
    url = f"{plan}/sections/outcomes/grants"
    nans = {"member_id": str(world.members["nan"]), "level": "none", **_TERMS, "withheld": True}
    saved = dee.put(url, json={"roles": {"family": "read", "friend": "comment"}, "members": [nans]}, headers=ANY)
    assert saved.json() == {"roles": {"family": "read", "friend": "comment"}, "members": [nans]}
    assert problem(lee.get(f"{plan}/sections/outcomes")) == (404, "not-found")
    assert problem(nan.get(f"{plan}/sections/outcomes")) == (404, "not-found")
    assert world.api("sam").get(f"{plan}/sections/outcomes").json()["my_level"] == "comment"


def test_what_cannot_be_given_is_refused(world: World, dee: TestClient, plan: str, everything: Look) -> None:
    before, nan = everything(), str(world.members["nan"])
    by_member, by_section = f"{plan}/members/{nan}/grants", f"{plan}/sections/money/grants"
    more = (403, "cannot-grant-more-than-you-hold")
    unfit = (422, "invalid-content")
    for url, body, expected in (
        (by_member, {"items": [grant("money", "manage")]}, more),
        (by_section, {"roles": {"family": "manage"}}, more),
        (by_section, {"members": [{"member_id": nan, "level": "manage"}]}, more),
        (by_section, {"roles": {"steward": "read"}}, unfit),
        (by_section, {"roles": {"nobody": "read"}}, unfit),
        (by_section, {"members": [{"member_id": str(world.plan_id), "level": "read"}]}, unfit),
        (by_member, {"items": [grant("never", "read")]}, unfit),
        (by_member, {"items": [grant("money", "all")]}, unfit),
        (by_member, {"items": [grant("money", "read", expires_on="2020-01-01")]}, unfit),
        (by_member, {"items": [{"section_key": "money"}]}, unfit),
        (by_member, {"items": [grant("money", "read", expires_on="tomorrow")]}, unfit),
        (by_member, {}, unfit),
    ):
        assert problem(dee.put(url, json=body, headers=ANY)) == expected, body
    assert everything() == before


def test_what_is_named_twice_is_refused(world: World, dee: TestClient, plan: str, everything: Look) -> None:
    """The last one would count, and nobody would know."""
    before, nan = everything(), str(world.members["nan"])
    twice = [grant("money", "edit"), grant("money", "read")]
    asked = {"role": "friend", "relationship": "Neighbour", "grants": twice}
    named = [{"member_id": nan, "level": "edit"}, {"member_id": nan, "level": "read"}]
    for answer, pointer in (
        (dee.put(f"{plan}/members/{nan}/grants", json={"items": twice}, headers=ANY), "/items/1/section_key"),
        (dee.put(f"{plan}/sections/money/grants", json={"members": named}, headers=ANY), "/members/1/member_id"),
        (dee.post(f"{plan}/invitations", json=asked), "/grants/1/section_key"),
        (dee.put(f"{plan}/sections/money/grants", json={"roles": {"zork": "read"}}, headers=ANY), "/roles/zork"),
    ):
        assert problem(answer) == (422, "invalid-content")
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert everything() == before


def test_what_is_withheld_needs_no_level_and_gives_nothing(
    world: World, dee: TestClient, nan: TestClient, plan: str
) -> None:
    nans, url = str(world.members["nan"]), f"{plan}/sections/wellness/grants"
    for given in ({"withheld": True}, {"withheld": True, "level": "read"}):
        dee.put(url, json={"members": [{"member_id": nans, "level": "read"}]}, headers=ANY)
        kept = dee.put(url, json={"members": [{"member_id": nans} | given]}, headers=ANY).json()
        assert [(one["level"], one["withheld"]) for one in kept["members"]] == [("none", True)]
        assert problem(nan.get(f"{plan}/sections/wellness")) == (404, "not-found")
        read = dee.get(url)
        again = dee.put(url, json=read.json(), headers={"If-Match": read.headers["etag"]})
        assert (again.json(), again.headers["etag"]) == (read.json(), read.headers["etag"])


def test_an_invitation_promises_only_what_can_be_given(world: World, plan: str) -> None:
    maya, asked = world.api("maya"), {"role": "friend", "relationship": "Neighbour"}
    diary = {"key": "my-diary", "title": "Diary", "label": "diary"}
    assert maya.post(f"{plan}/sections", json=diary).status_code == 201
    before = maya.get(f"{plan}/invitations").json()
    for role, offered, code in (
        ("friend", grant("my-diary", "read"), "closed-by-policy"),
        ("steward", grant("my-diary", "read"), "closed-by-policy"),
        ("friend", grant("money", "read", expires_on="2020-01-01"), "ends-before-it-begins"),
    ):
        answer = maya.post(f"{plan}/invitations", json=asked | {"role": role, "grants": [offered]})
        assert problem(answer) == (422, "invalid-content")
        pointer = f"/grants/0/{'expires_on' if 'expires_on' in offered else 'level'}"
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    closed = asked | {"role": "steward", "grants": [grant("money", "none", withheld=True)]}
    assert problem(world.api("dee").post(f"{plan}/invitations", json=closed)) == (403, "not-allowed")
    assert maya.get(f"{plan}/invitations").json() == before


def test_the_matrix_and_its_reasons_agree_with_what_each_can_do(world: World, dee: TestClient, plan: str) -> None:
    matrix = dee.get(f"{plan}/access").json()
    rows = {one["name"]: one["levels"] for one in matrix["subjects"]}
    for who, member in world.members.items():
        read = {key for key, level in rows[NAMES[who]].items() if level != "none"}
        assert read == READS[who]
        for key in ("money", "wellness"):
            query = f"subject_type=member&subject_id={member}&section_key={key}&verb=read"
            answer = dee.get(f"{plan}/access/explain?{query}").json()
            assert answer["allowed"] is (key in read)
            assert answer["sentence"].startswith(NAMES[who])
    query = f"subject_id={world.members['nan']}&section_key=money&verb=read"
    assert problem(dee.get(f"{plan}/access/explain?subject_type=client&{query}")) == (404, "not-found")


def test_an_invitation_is_made_looked_at_and_accepted(
    world: World, dee: TestClient, kit: TestClient, nobody: TestClient, plan: str
) -> None:
    body = {"role": "friend", "relationship": "Neighbour", "grants": [grant("great-things", "read")], "message": "Hi!"}
    made = dee.post(f"{plan}/invitations", json=body)
    invitation = made.json()
    assert made.status_code == 201
    assert invitation["id"] in {one["id"] for one in dee.get(made.headers["location"]).json()["items"]}
    assert made.headers["cache-control"] == "no-store"
    assert invitation["status"] == "pending"
    secret = invitation["accept_url"].rsplit("/", 1)[-1]
    listed = dee.get(f"{plan}/invitations")
    assert listed.headers["cache-control"] == "no-store"
    assert listed.json()["items"][0] == invitation | {"accept_url": None}
    shown = nobody.post("/v1/invitations/preview", json={"token": secret})
    assert shown.headers["cache-control"] == "no-store"
    assert shown.json() == {
        "invited_by": "Dee",
        "plan_title": None,
        "role": "friend",
        "relationship": "Neighbour",
        "expires_at": invitation["expires_at"],
    }
    joined = kit.post("/v1/invitations/accept", json={"token": secret})
    assert joined.status_code == 201
    assert joined.headers["location"] == f"{plan}/members/{joined.json()['id']}"
    assert kit.get(joined.headers["location"]).json() == joined.json()
    assert kit.get(plan).json()["section_keys"] == ["great-things"]
    assert problem(world.api("sam").post("/v1/invitations/accept", json={"token": secret})) == (409, "already-decided")
    assert dee.get(f"{plan}/invitations").json()["items"][0]["status"] == "accepted"
    assert problem(dee.delete(f"{plan}/invitations/{invitation['id']}")) == (409, "already-decided")


def test_an_invitation_can_be_declined_withdrawn_or_run_out(
    dee: TestClient, kit: TestClient, nobody: TestClient, plan: str
) -> None:
    body = {"role": "friend", "relationship": "Neighbour", "expires_in_days": 1}
    made = [dee.post(f"{plan}/invitations", json=body).json() for _ in range(3)]
    declined, withdrawn, late = [{"token": one["accept_url"].rsplit("/", 1)[-1]} for one in made]
    assert nobody.post("/v1/invitations/decline", json=declined).status_code == 204
    assert problem(kit.post("/v1/invitations/accept", json=declined)) == (409, "already-decided")
    assert dee.delete(f"{plan}/invitations/{made[1]['id']}").status_code == 204
    assert problem(kit.post("/v1/invitations/accept", json=withdrawn)) == (410, "invitation-ended")
    with clock.frozen(clock.now() + timedelta(days=1)):
        kits = {"token": "never was"}
        for path, token in (("preview", late), ("decline", late), ("preview", kits), ("decline", kits)):
            assert problem(nobody.post(f"/v1/invitations/{path}", json=token)) == (410, "invitation-ended")
    states = {one["id"]: one["status"] for one in dee.get(f"{plan}/invitations").json()["items"]}
    assert [states[one["id"]] for one in made] == ["declined", "withdrawn", "pending"]


def test_a_program_may_ask_that_an_owner_says_who_came(
    world: World, dee: TestClient, kit: TestClient, plan: str
) -> None:
    """Saying yes is a change of the member to active; saying no is removing them. Nobody says yes to themselves."""
    draft = {"role": "steward", "relationship": "Uncle", "display_name": "Ben", "confirm_first": True}
    made = dee.post(f"{plan}/invitations", json=draft).json()
    assert (made["confirm_first"], made["display_name"]) == (True, "Ben")
    token = {"token": made["accept_url"].rpartition("/")[2]}
    joined = kit.post("/v1/invitations/accept", json=token)
    assert (joined.json()["display_name"], joined.json()["confirmed"]) == ("Ben", False)
    member = f"{plan}/members/{joined.json()['id']}"
    yes, always = {"status": "active"}, {"If-Match": "*"}
    assert kit.patch(member, json=yes, headers=always).status_code == 403
    assert kit.get(f"{plan}/invitations").status_code == 403
    assert world.api("nan").get(member).json()["confirmed"] is None
    assert dee.patch(member, json=yes, headers=always).status_code == 403, "she invited, and Maya can say yes"
    assert world.api("maya").patch(member, json=yes, headers=always).json()["confirmed"] is True
    assert kit.get(f"{plan}/invitations").status_code == 200


def test_one_who_waits_is_turned_away_even_as_an_owner_to_be(dee: TestClient, kit: TestClient, plan: str) -> None:
    made = dee.post(f"{plan}/invitations", json={"role": "steward", "relationship": "Uncle", "confirm_first": True})
    joined = kit.post("/v1/invitations/accept", json={"token": made.json()["accept_url"].rpartition("/")[2]})
    member = f"{plan}/members/{joined.json()['id']}"
    assert dee.delete(member, headers={"If-Match": "*"}).status_code == 204
    assert kit.get(plan).status_code == 404


def test_one_person_is_asked_first(world: World, dee: TestClient, plan: str) -> None:
    always = {"If-Match": "*"}
    for who in ("lee", "nan"):
        answer = dee.patch(f"{plan}/members/{world.members[who]}", json={"is_key_worker": True}, headers=always)
        assert answer.json()["is_key_worker"] is True
    marked = [one["display_name"] for one in dee.get(f"{plan}/members").json()["items"] if one["is_key_worker"]]
    assert marked == ["Nan"]
    wrong = dee.patch(f"{plan}/members/{world.members['nan']}", json={"closeness": 5}, headers=always)
    assert wrong.json()["errors"][0]["pointer"] == "/closeness"
