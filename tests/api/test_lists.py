"""Lists come in pages; their cursors open for one caller and one list alone."""

from fastapi.testclient import TestClient
from tests.api.saying import problem, save
from tests.world import World


def pages(client: TestClient, url: str) -> list[dict[str, object]]:
    """Every item, page after page, by the links; each page is checked against its cursor."""
    items: list[dict[str, object]] = []
    for _ in range(50):
        answer = client.get(url)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert set(body) == {"items", "next_cursor"}
        items += body["items"]
        assert (body["next_cursor"] is None) == ("next" not in answer.links)
        if body["next_cursor"] is None:
            return items
        assert len(body["items"]) == 2
        url = answer.links["next"]["url"]
    raise AssertionError("The list never ended.")


def test_pages_put_together_are_the_whole_list(dee: TestClient, plan: str) -> None:
    for text in ("two", "three", "four"):
        save(dee, f"{plan}/sections/outcomes", text)
    for number in range(3):
        dee.post("/v1/plans", json={"person": {"display_name": f"Kim {number}"}, "my_role": "steward"})
    for url in (
        "/v1/plans",
        f"{plan}/sections",
        f"{plan}/members",
        f"{plan}/invitations",
        f"{plan}/sections/outcomes/revisions",
        "/v1/search?q=canary",
    ):
        joint = "&" if "?" in url else "?"
        whole = dee.get(url).json()
        assert whole["next_cursor"] is None
        assert len(whole["items"]) > 3, url
        assert pages(dee, f"{url}{joint}limit=2") == whole["items"], url


def test_a_link_keeps_what_was_asked(dee: TestClient, plan: str) -> None:
    answer = dee.get(f"{plan}/sections?limit=2&fields=key,title")
    following = dee.get(answer.links["next"]["url"]).json()["items"]
    assert [set(one) for one in following] == [{"key", "title"}] * 2


def test_a_cursor_is_for_one_caller_and_one_list(world: World, dee: TestClient, plan: str) -> None:
    cursor = dee.get(f"{plan}/sections?limit=1").json()["next_cursor"]
    assert dee.get(f"{plan}/sections?cursor={cursor}").status_code == 200
    for client, url in (
        (world.api("maya"), f"{plan}/sections"),
        (dee, f"{plan}/members"),
        (dee, "/v1/plans"),
        (dee, "/v1/search?q=canary"),
    ):
        joint = "&" if "?" in url else "?"
        assert problem(client.get(f"{url}{joint}cursor={cursor}")) == (400, "bad-cursor")
    words = dee.get("/v1/search?q=canary&limit=1").json()["next_cursor"]
    assert problem(dee.get(f"/v1/search?q=other&cursor={words}")) == (400, "bad-cursor")
    assert problem(dee.get(f"{plan}/sections?cursor={cursor[:-1]}")) == (400, "bad-cursor")


def test_the_end_of_a_list_tells_nothing_of_what_is_hidden(world: World, dee: TestClient, plan: str) -> None:
    """Nan reads two sections of five: her second page is her last, whatever stands behind it."""
    nan = world.api("nan")
    assert nan.get(f"{plan}/sections?limit=2").json()["next_cursor"] is None
    before = nan.get(f"{plan}/sections?limit=1").json()["next_cursor"]
    dee.post(f"{plan}/sections", json={"key": "newest", "title": "New", "position": 1})
    assert nan.get(f"{plan}/sections?limit=1").json()["next_cursor"] == before


def test_a_list_has_an_etag(dee: TestClient, plan: str) -> None:
    for url in ("/v1/plans", f"{plan}/sections?limit=2", f"{plan}/members"):
        read = dee.get(url)
        same = dee.get(url, headers={"If-None-Match": read.headers["etag"]})
        assert same.status_code == 304
        assert same.headers.get("link") == read.headers.get("link")
