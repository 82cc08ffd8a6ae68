"""What every address for programs does alike: who may ask, how, in which form, and what it says when it will not."""

from datetime import timedelta
from uuid import uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.saying import Look, bare, problem
from tests.world import World

from planwiki.base import clock
from planwiki.web.contract import contract_of, routes_of

VOICE = {"whose": "family", "how": "own_words"}


def filled(world: World, path: str) -> str:
    """A path of the contract with Maya's plan in it."""
    values = {
        "plan_id": world.plan_id,
        "section_key": "money",
        "member_id": world.members["maya"],
        "invitation_id": uuid4(),
        "link_id": uuid4(),
        "media_id": uuid4(),
        "contribution_id": uuid4(),
        "action_id": uuid4(),
        "revision": 1,
    }
    return path.format(**values)


def calls(app: FastAPI) -> list[tuple[str, str, bool]]:
    """Method, path and whether it needs a token."""
    paths = contract_of(app)["paths"]
    return [
        (method.upper(), path, {"bearer": []} in operation.get("security", []))
        for path, operations in paths.items()
        for method, operation in operations.items()
    ]


def test_nobody_gets_in_without_a_token(world: World, nobody: TestClient) -> None:
    asked = 0
    for method, path, needs_token in calls(world.app):
        if needs_token:
            answer = nobody.request(method, filled(world, path), content=b"nonsense")
            assert problem(answer) == (401, "sign-in-needed"), path
            assert answer.headers["www-authenticate"] == 'Bearer realm="planwiki"'
            asked += 1
    assert asked > 30


def test_a_wrong_token_is_told_nothing_of_what_it_sent(world: World, nobody: TestClient) -> None:
    """Whatever else is wrong: the body, its media type, the form asked for, a number in the address or the query."""
    nobody.headers["Authorization"] = "Bearer pwt_nobody"
    wrong = ({"Content-Type": "text/plain"}, {"Content-Type": "application/json"}, {"Accept": "image/png"})
    for method, path, needs_token in calls(world.app):
        for headers in wrong if needs_token else ():
            answer = nobody.request(method, f"{filled(world, path)}?limit=no", content=b"{]", headers=headers)
            assert problem(answer) == (401, "sign-in-needed"), (path, headers)
    assert problem(nobody.get("/v1/plans/none")) == (401, "sign-in-needed")
    assert problem(nobody.post("/v1/plans", json={"tittle": "x"})) == (401, "sign-in-needed")


def test_what_is_no_token_of_ours_opens_nothing(nobody: TestClient) -> None:
    for header in ("Bearer", "Bearer ", "Bearer nonsense", "Basic ZGVlOng=", "bearer \u00e9", ""):
        answer = nobody.get("/v1/me", headers={"Authorization": header.encode("latin-1")})
        assert problem(answer) == (401, "sign-in-needed"), header


def test_a_browsers_cookie_opens_nothing_here(world: World, plan: str) -> None:
    browser = world.browser("dee")
    assert problem(browser.get(plan)) == (401, "sign-in-needed")
    secret = next(iter(browser.cookies.values()))
    assert problem(world.api(None).get(plan, headers={"Authorization": f"Bearer {secret}"})) == (401, "sign-in-needed")


def test_an_expired_token_is_told_apart(dee: TestClient) -> None:
    with clock.frozen(clock.now() + timedelta(days=2)):
        answer = dee.get("/v1/me")
    assert problem(answer) == (401, "token-expired")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_hidden_and_absent_answer_alike_on_every_path(world: World, nan: TestClient, kit: TestClient) -> None:
    """Nan may not read money; Kit is in no circle. Neither can tell it from what never was."""
    for method, path, needs_token in calls(world.app):
        if not needs_token or "{plan_id}" not in path:
            continue
        query = "?from=1&to=1" if path.endswith("diff") else ""
        if path.endswith("explain"):
            query = f"?subject_type=member&subject_id={world.members['lee']}&section_key=money&verb=read"
        how = {"headers": {"If-Match": "*"}} | ({"json": _body(path)} if method in {"POST", "PUT", "PATCH"} else {})
        real = filled(world, path) + query
        gone = real.replace(str(world.plan_id), str(uuid4()))
        assert bare(kit.request(method, real, **how)) == bare(kit.request(method, gone, **how)), (method, path)
        assert kit.request(method, real, **how).status_code == 404, (method, path)
        if "{section_key}" in path:
            absent = real.replace("/money", "/never-was")
            assert bare(nan.request(method, real, **how)) == bare(nan.request(method, absent, **how)), (method, path)
            assert nan.request(method, real, **how).status_code == 404, (method, path)


def _body(path: str) -> dict[str, object]:
    target = {"type": "section", "section_key": "money"}
    fitting: dict[str, dict[str, object]] = {
        "/members/{member_id}/grants": {"items": []},
        "/restore": {"voice": VOICE},
        "/sections": {"key": "newest", "title": "New"},
        "/members": {"display_name": "Aunt", "role": "family", "relationship": "Aunt"},
        "/contributions": {"kind": "comment", "target": target, "body_markdown": "So do I.", "voice": VOICE},
        "/actions": {"what": "Ride the bus"},
        "/decision": {"decision": "resolve"},
        "/share-links": {"section_keys": ["money"], "expires_in_hours": 1},
        "/invitations": {"role": "family", "relationship": "Aunt"},
    }
    return next((body for end, body in fitting.items() if path.endswith(end)), {})


def test_what_is_no_id_is_not_there(dee: TestClient, world: World) -> None:
    own = str(world.plan_id)
    for id in ("x", "0", "%00", "%ED%A0%80", own.upper(), f"{{{own}}}", f"urn:uuid:{own}", own.replace("-", "")):
        assert problem(dee.get(f"/v1/plans/{id}")) == (404, "not-found"), id


def test_what_is_no_key_is_not_there(dee: TestClient, plan: str) -> None:
    for key in ("%00", "Money", "money%20", "money%0A", "a" * 65, "%ED%A0%80", "mon\u00e9y"):
        assert problem(dee.get(f"{plan}/sections/{key}")) == (404, "not-found"), key


def test_what_is_no_number_of_a_version_is_not_there(dee: TestClient, plan: str) -> None:
    for number in ("0", "-1", "x", "2147483648", "9" * 400, "1.0"):
        assert problem(dee.get(f"{plan}/sections/money/revisions/{number}")) == (404, "not-found"), number


def test_another_method_is_told_what_there_is(world: World, dee: TestClient) -> None:
    """OPTIONS, 405 and the routes name the same methods."""
    there: dict[str, set[str]] = {}
    for route in routes_of(world.app):
        there.setdefault(route.path_format, {"OPTIONS"}).update(route.methods or set())
    for path, methods in there.items():
        expected = methods | ({"HEAD"} if "GET" in methods else set())
        options = dee.options(filled(world, path))
        assert (options.status_code, options.content) == (204, b"")
        assert set(options.headers["allow"].split(", ")) == expected
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} - expected:
            answer = dee.request(method, filled(world, path))
            assert answer.status_code == 405, (method, path)
            assert set(answer.headers["allow"].split(", ")) == expected


def test_head_is_get_without_its_body(world: World, dee: TestClient) -> None:
    for path in ("/v1", "/v1/me", "/v1/plans", f"/v1/plans/{world.plan_id}/sections/money", "/healthz"):
        got, head = dee.get(path), dee.head(path)
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["content-length"] == got.headers["content-length"]
        assert head.headers.get("etag") == got.headers.get("etag")


def test_a_form_we_do_not_have_is_refused_before_anything_is_done(dee: TestClient, everything: Look) -> None:
    before = everything()
    body = {"person": {"display_name": "Kim"}, "my_role": "steward"}
    for accept in ("text/csv", "application/json;q=0", "text/html", "*/*;q=0", "application/json;q=x"):
        answer = dee.post("/v1/plans", json=body, headers={"Accept": accept})
        assert problem(answer) == (406, "not-acceptable"), accept
    assert everything() == before


def test_any_way_to_ask_for_json_gets_it(dee: TestClient) -> None:
    for accept in ("application/*", "text/csv, */*;q=0.1", "APPLICATION/JSON", "text/csv, application/json"):
        assert dee.get("/v1/me", headers={"Accept": accept}).headers["content-type"] == "application/json"


def test_unknown_parameters_of_a_query_are_passed_over(dee: TestClient, plan: str) -> None:
    assert dee.get(f"{plan}?colour=blue").status_code == 200


def test_a_request_keeps_the_name_it_came_with(dee: TestClient) -> None:
    answer = dee.get("/v1/plans/none", headers={"X-Request-Id": "my-own.name_1"})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "my-own.name_1"
    assert dee.get("/v1/me", headers={"X-Request-Id": "no good"}).headers["x-request-id"] != "no good"


def test_an_unknown_address_is_a_problem_too(dee: TestClient) -> None:
    assert problem(dee.get("/v1/nothing")) == (404, "not-found")
    assert problem(dee.get("/v1/plans/")) == (404, "not-found")
