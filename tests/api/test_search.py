"""Search over the API finds words only where the caller may read."""

from typing import cast
from uuid import uuid4

import pytest
from tests.api.saying import VOICE, save
from tests.media.keeping import keep_paper
from tests.world import READS, SECTIONS, World, canary

from planwiki.search import queries
from planwiki.talk.commands import contribute, withdraw
from planwiki.talk.schemas import ContributionDraft, ContributionView


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


def test_what_is_said_and_shown_is_found_too(world: World) -> None:
    keep_paper(world, "dee", "wellness", "x", caption="A letter about swimming", alt_text="Letter")
    keep_paper(world, "dee", "money", "x", caption="A letter about swimming lessons")
    said = {"kind": "comment", "target": {"type": "section", "section_key": "wellness"}, "voice": VOICE}
    asked = ContributionDraft.model_validate(said | {"body_markdown": "She loves *swimming*."})
    id = cast(ContributionView, world.ask("rao", lambda uow: contribute(uow, world.plan_id, asked))).id
    for who, types in {"nan": ["contribution", "media"], "dee": ["contribution", "media", "media"], "lee": []}.items():
        hits = world.api(who).get("/v1/search?q=swimm").json()["items"]
        assert sorted(hit["type"] for hit in hits) == types, who
        for kind in ("media", "contribution", "section"):
            some = world.api(who).get(f"/v1/search?q=swimm&type={kind}").json()["items"]
            assert some == [hit for hit in hits if hit["type"] == kind]
    (hit,) = world.api("nan").get("/v1/search?q=swimming&type=contribution").json()["items"]
    assert (hit["id"], hit["section_key"], hit["title"]) == (str(id), "wellness", "My wellness")
    assert hit["snippet_html"] == "She loves <mark>swimming</mark>."
    page = world.browser("nan").get("/search?q=swimming").text
    assert f"/sections/wellness/said/{id}" in page
    world.ask("rao", lambda uow: withdraw(uow, world.plan_id, id))
    assert world.api("rao").get("/v1/search?q=swimming&type=contribution").json()["items"] == []


def test_the_best_are_shown_where_more_are_found_than_can_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the one that fits best was written first."""
    monkeypatch.setattr(queries, "MOST_HITS", 2)
    dee, url = world.api("dee"), f"/v1{world.url('/sections')}"
    for key in ("great-things", "wellness", "outcomes", "money"):
        said = "Dancing. Dancing." if key == "wellness" else f"A long text, and dancing in it. {'More. ' * 40}"
        assert save(dee, f"{url}/{key}", said).is_success
    assert save(dee, f"{url}/great-things", "A word: dancing.", title="Dancing").is_success
    for key in ("outcomes", "money", "family-only"):
        assert save(dee, f"{url}/{key}", f"At last, dancing. {'More. ' * 40}").is_success
    hits = dee.get("/v1/search?q=dancing").json()["items"]
    assert [hit["section_key"] for hit in hits] == ["great-things", "wellness"]


def test_a_search_can_be_narrowed(world: World) -> None:
    dee = world.api("dee")
    whole = dee.get("/v1/search?q=canary").json()
    assert dee.get(f"/v1/search?q=canary&plan_id={world.plan_id}&type=section").json() == whole
    assert dee.get("/v1/search?q=canary&type=media").json() == {"items": [], "next_cursor": None}
    nowhere = dee.get(f"/v1/search?q=canary&plan_id={uuid4()}").json()
    assert nowhere == world.api("kit").get(f"/v1/search?q=canary&plan_id={world.plan_id}").json()
    assert nowhere == {"items": [], "next_cursor": None}
