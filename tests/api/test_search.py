"""Search over the API finds words only where the caller may read."""

from uuid import uuid4

from tests.world import READS, SECTIONS, World, canary


def test_each_finds_what_they_may_read(world: World) -> None:
    for who, readable in READS.items():
        client = world.api(who)
        hits = client.get("/v1/search?q=canary").json()["items"]
        assert {hit["section_key"] for hit in hits} == readable
        for key in SECTIONS:
            found = client.get(f"/v1/search?q={canary(key)}").json()["items"]
            assert bool(found) is (key in readable)


def test_a_hit_says_where_and_marks_the_word(world: World) -> None:
    (hit,) = world.api("nan").get(f"/v1/search?q={canary('wellness')}").json()["items"]
    assert set(hit) == {"plan_id", "type", "section_key", "id", "title", "snippet_html", "score", "updated_at"}
    assert (hit["plan_id"], hit["type"], hit["section_key"]) == (str(world.plan_id), "section", "wellness")
    assert f"<mark>{canary('wellness')}</mark>" in hit["snippet_html"]


def test_a_search_can_be_narrowed(world: World) -> None:
    dee = world.api("dee")
    whole = dee.get("/v1/search?q=canary").json()
    assert dee.get(f"/v1/search?q=canary&plan_id={world.plan_id}&type=section").json() == whole
    assert dee.get("/v1/search?q=canary&type=media").json() == {"items": [], "next_cursor": None}
    nowhere = dee.get(f"/v1/search?q=canary&plan_id={uuid4()}").json()
    assert nowhere == world.api("kit").get(f"/v1/search?q=canary&plan_id={world.plan_id}").json()
    assert nowhere == {"items": [], "next_cursor": None}
