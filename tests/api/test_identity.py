"""Signing in and out over the API."""

from fastapi.testclient import TestClient
from tests.api.saying import bare, problem
from tests.world import PASSWORD, World


def sign_in(client: TestClient, email: str, password: str = PASSWORD) -> object:
    return client.post("/v1/login-sessions", json={"email": email, "password": password})


def test_a_password_gives_a_token_until_it_is_given_back(nobody: TestClient) -> None:
    made = sign_in(nobody, " Dee@Example.org ")
    session = made.json()
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    assert made.headers["location"] == "/v1/login-sessions/current"
    assert set(session) == {"token", "expires_at", "account"}
    assert set(session["account"]) == {"id", "display_name", "email", "created_at"}
    bearer = {"Authorization": f"Bearer {session['token']}"}
    me = nobody.get("/v1/me", headers=bearer).json()
    assert (me["type"], me["id"], me["display_name"]) == ("account", session["account"]["id"], "Dee")
    assert me["scopes"] == []
    assert nobody.delete("/v1/login-sessions/current", headers=bearer).status_code == 204
    assert problem(nobody.get("/v1/me", headers=bearer)) == (401, "sign-in-needed")
    assert problem(nobody.delete("/v1/login-sessions/current", headers=bearer)) == (401, "sign-in-needed")


def test_one_tokens_end_leaves_the_others(world: World, dee: TestClient) -> None:
    other = world.api("dee")
    assert other.delete("/v1/login-sessions/current").status_code == 204
    assert dee.get("/v1/me").status_code == 200


def test_a_wrong_password_and_an_unknown_address_answer_alike(nobody: TestClient) -> None:
    wrong, unknown = sign_in(nobody, "dee@example.org", "wrong words here"), sign_in(nobody, "zoe@example.org")
    assert problem(wrong) == (422, "invalid-content")
    assert bare(wrong) == bare(unknown)


def test_too_many_tries_have_to_wait(nobody: TestClient) -> None:
    answers = [sign_in(nobody, "dee@example.org", "wrong words here") for _ in range(11)]
    assert problem(answers[-1]) == (429, "slow-down")
    assert answers[-1].headers["ratelimit-policy"] == '"tries";q=10;w=300'
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 300
    assert answers[-1].headers["ratelimit-policy"] == '"tries";q=10;w=300'
    assert answers[-1].headers["ratelimit"].startswith('"tries";r=0;t=')
