"""Whether planwiki lives, is ready and how it fares."""

from fastapi.testclient import TestClient
from tests.api.saying import problem
from tests.world import World

from planwiki.app import close, create_app
from planwiki.settings import Settings


def test_it_lives_and_is_ready(nobody: TestClient) -> None:
    assert nobody.get("/healthz").json()["status"] == "ok"
    assert nobody.get("/readyz").json() == {
        "status": "ok",
        "checks": {"database": "ok", "storage": "ok", "policy": "ok"},
    }


def test_without_its_database_it_lives_and_is_not_ready() -> None:
    """Nothing listens on port 9 of this machine."""
    app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2"))
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/healthz").status_code == 200
    assert problem(client.get("/readyz")) == (503, "not-ready")
    assert client.get("/readyz").headers["retry-after"] == "30"
    assert problem(client.get("/v1/me", headers={"Authorization": "Bearer x"})) == (503, "not-ready")
    close(app)


def test_metrics_are_for_the_host_alone(world: World, nobody: TestClient, dee: TestClient) -> None:
    assert problem(nobody.get("/metrics")) == (401, "sign-in-needed")
    for token in ("wrong", world.token("dee"), "metrics"):
        answer = nobody.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert problem(answer) == (403, "not-allowed")
    dee.get(f"/v1/plans/{world.plan_id}/sections/money")
    told = nobody.get("/metrics", headers={"Authorization": "Bearer metrics please"})
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/plain")
    assert 'route="/v1/plans/{plan_id}/sections/{section_key}",status="200"' in told.text
    for personal in (str(world.plan_id), "money", "dee", "Dee", str(world.members["nan"])):
        assert personal not in told.text


def test_without_a_token_of_its_own_nobody_reads_metrics() -> None:
    app = create_app(Settings(metrics_token=""))
    client = TestClient(app)
    for header in ("Bearer x", "Bearer metrics please"):
        assert problem(client.get("/metrics", headers={"Authorization": header})) == (403, "not-allowed")
    close(app)


def test_the_service_document_leads_on(nobody: TestClient, dee: TestClient) -> None:
    document = nobody.get("/v1").json()
    assert document["limits"]["page_limit"] == 200
    media = [document["limits"][name] for name in ("media_bytes", "video_bytes", "media_bytes_in_a_plan")]
    assert media == [25_000_000, 256_000_000, 2_000_000_000]
    for name, path in document["links"].items():
        expected = {"search": 422, "login_sessions": 405}.get(name, 200)
        assert dee.get(path).status_code == expected, path
