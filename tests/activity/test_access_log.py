"""Who looked and who changed what: for programs as JSON and CSV, for owners as sentences."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from tests.pages.seen import words_of
from tests.world import OWN_WORDS, World

from planwiki.base import clock
from planwiki.base.vocabulary import Label, Level
from planwiki.circle.commands import change_member, end_member
from planwiki.circle.grant_commands import give
from planwiki.circle.models import Member
from planwiki.circle.schemas import MemberGrantDraft, MemberPatch
from planwiki.plans.schemas import SectionDraft
from planwiki.plans.section_commands import add_section


@pytest.fixture
def log(world: World) -> str:
    return f"/v1/plans/{world.plan_id}/access-log"


def items(world: World, log: str, who: str = "dee", **asked: str) -> list[dict[str, Any]]:
    answer = world.api(who).get(log, params={"limit": "200", **asked})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_owners_read_who_looked_and_nobody_else_does(world: World, log: str) -> None:
    world.browser("nan").get(world.url("/sections/great-things"))
    newest = items(world, log)[0]
    assert (newest["actor"]["display_name"], newest["action"], newest["outcome"]) == ("Nan", "view", "allowed")
    assert newest["resource"] == {"type": "section", "section_key": "great-things", "id": None, "revision": None}
    assert {world.api(who).get(log).status_code for who in ("nan", "lee", "rao")} == {403}
    assert world.api("kit").get(log).status_code == 404
    assert world.browser("nan").get(world.url("/looked")).status_code == 403
    assert world.browser("kit").get(world.url("/looked")).status_code == 404


def test_filters_choose_days_kinds_and_actors(world: World, log: str) -> None:
    everything = items(world, log)
    assert {one["action"] for one in items(world, log, action="create")} == {"create"}
    assert items(world, log, actor_type="account") == everything
    assert items(world, log, actor_type="system") == []
    assert world.api("dee").get(log, params={"actor_type": "guest"}).status_code == 422
    today = world.database.day_of(clock.now())
    before, after = str(today - timedelta(days=1)), str(today + timedelta(days=1))
    assert items(world, log, from_date=before, to_date=after) == everything
    assert items(world, log, to_date=before) == []
    assert items(world, log, from_date=after) == []
    assert items(world, log, to_date="9999-12-31") == everything
    assert world.api("dee").get(log, params={"action": "gossip"}).status_code == 422


def test_pages_follow_each_other_without_a_gap(world: World, log: str) -> None:
    whole, seen, dee = [one["id"] for one in items(world, log)], [], world.api("dee")
    address: str | None = f"{log}?limit=7"
    while address:
        answer = dee.get(address)
        seen += [one["id"] for one in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url")
    assert seen == whole


def test_no_number_tells_of_entries_that_are_left_out(world: World, log: str) -> None:
    assert {"number", "seal"}.isdisjoint(items(world, log)[0])


def test_a_steward_closed_out_of_a_section_reads_nothing_about_it(world: World, log: str) -> None:
    closed = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    world.ask("maya", lambda uow: give(uow, world.plan_id, "outcomes", closed))
    before = items(world, log)
    assert not any(one["resource"]["section_key"] == "outcomes" for one in before)
    lee = world.browser("lee")
    lee.get(world.url("/sections/outcomes"))
    lee.get("/search?q=different")
    assert items(world, log) == before
    assert [one["action"] for one in items(world, log, "maya")[:2]] == ["search", "view"]
    assert "What I want to be different" not in words_of(world.browser("dee").get(world.url("/looked")))


def test_what_the_person_reads_is_nowhere(world: World, log: str) -> None:
    before = items(world, log)
    maya = world.browser("maya")
    for path in ("", "/sections/great-things", "/sections/great-things/history", "/circle"):
        assert maya.get(world.url(path)).status_code == 200
    maya.get("/search?q=great")
    assert items(world, log) == before


def test_a_search_is_told_by_what_it_found_and_never_by_what_was_sought(world: World, log: str) -> None:
    with world.api("nan") as nan:
        assert len(nan.get("/v1/search?q=canarywellness").json()["items"]) == 1
        nan.get("/v1/search?q=nothingofthekind")
    newest = world.api("dee").get(log)
    assert "canarywellness" not in newest.text
    assert [one["action"] for one in newest.json()["items"]].count("search") == 1
    assert newest.json()["items"][0]["resource"]["section_key"] == "wellness"


def test_a_refusal_is_kept_and_somebody_outside_is_not_named(world: World, log: str) -> None:
    for who in ("nan", "kit"):
        with world.api(who) as client:
            client.get(f"/v1/plans/{world.plan_id}/sections/money")
    kit, nan = items(world, log)[:2]
    assert (nan["actor"]["display_name"], nan["outcome"]) == ("Nan", "refused")
    assert (kit["actor"]["display_name"], kit["actor"]["id"]) == ("Someone outside the circle", None)
    assert "Nan tried to open Money. It stayed closed." in words_of(world.browser("dee").get(world.url("/looked")))


def test_somebody_who_left_is_still_named(world: World, log: str) -> None:
    world.browser("nan").get(world.url("/sections/great-things"))
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, world.members["nan"]))
    assert "Nan" in {one["actor"]["display_name"] for one in items(world, log)}


def test_a_spreadsheet_gets_no_sums(world: World, log: str) -> None:
    for name in ("=HYPERLINK(1)", "+1", "@SUM(A1)", "-1", " =1"):
        patch = MemberPatch(display_name=name)
        world.ask("dee", lambda uow, patch=patch: change_member(uow, world.plan_id, world.members["nan"], patch))
        world.browser("nan").get(world.url("/sections/great-things"))
        answer = world.api("dee").get(log, headers={"Accept": "text/csv"})
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.DictReader(StringIO(answer.text)))
        assert f"'{name.strip()}" in {row["actor"] for row in rows}
        assert not [cell for row in rows for cell in row.values() if cell.lstrip().startswith(tuple("=+-@"))]


def test_the_table_has_an_etag_of_its_own(world: World, log: str) -> None:
    world.browser("nan").get(world.url("/sections/great-things"))
    dee, as_table = world.api("dee"), {"Accept": "text/csv"}
    listed, table = dee.get(log), dee.get(log, headers=as_table)
    tags = [answer.headers["etag"] for answer in (listed, table)]
    assert tags[0] != tags[1]
    assert [dee.get(log, headers=as_table | {"If-None-Match": tag}).status_code for tag in tags] == [200, 304]
    assert dee.get(f"{log}?limit=1", headers=as_table).headers["link"].endswith('rel="next"')


def test_sentences_count_what_was_done_again(world: World) -> None:
    nan = world.browser("nan")
    for _ in range(2):
        nan.get(world.url("/sections/great-things"))
    for _ in range(3):
        nan.get(world.url())
    words = words_of(world.browser("dee").get(world.url("/looked")))
    assert "Nan read Great things about me, twice." in words
    assert "Nan opened the plan, 3 times." in words
    assert "You shared My wellness with Nan." in words
    assert "What Maya reads is not written down, and shown to nobody." in words


def test_one_person_can_be_chosen(world: World) -> None:
    world.browser("nan").get(world.url("/sections/great-things"))
    world.browser("sam").get(world.url("/sections/great-things"))
    words = words_of(world.browser("dee").get(world.url(f"/looked?who={world.members['sam']}")))
    assert "Sam read" in words
    assert "Nan read" not in words


def test_many_days_are_read_a_few_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planwiki.activity.pages.MOST", 3)
    for days in range(1, 4):
        with clock.frozen(clock.now() + timedelta(days=days)):
            world.browser("nan").get(world.url("/sections/great-things"))
            world.browser("nan").get(world.url())
    dee, address, days_seen = world.browser("dee"), world.url("/looked"), 0
    for _ in range(3):
        answer = dee.get(address)
        days_seen += answer.text.count("Nan read Great things about me.")
        address = next((one for one in answer.text.split('"') if "looked?before=" in one), "")
    assert days_seen == 3


def test_the_diary_is_hers_alone_in_the_record_too(world: World, log: str) -> None:
    draft = SectionDraft(key="diary", title="Secret", label=Label.DIARY, body_markdown="x", voice=OWN_WORDS)
    before = items(world, log)
    world.ask("maya", lambda uow: add_section(uow, world.plan_id, draft))
    assert items(world, log) == before
    assert items(world, log, "maya")[0]["resource"]["section_key"] == "diary"


def test_pages_of_the_circle_are_looks_and_owners_own_papers_are_not(world: World, log: str) -> None:
    before = len(items(world, log))
    for path in ("/circle", "/circle/rings", f"/circle/{world.members['sam']}"):
        assert world.browser("nan").get(world.url(path)).status_code == 200
    for path in ("/circle/invite", "/circle/unused", "/sharing", "/looked", "/tasks"):
        assert world.browser("dee").get(world.url(path)).status_code == 200
    assert len(items(world, log)) == before + 3
    assert "Nan looked at the circle, 3 times." in words_of(world.browser("dee").get(world.url("/looked")))


def test_each_refusal_is_kept_wherever_it_was(world: World, log: str) -> None:
    pages = ("/sharing", "/looked", "/tablets", "/settings", "/circle/invite", "/tasks", "/circle/unused")
    papers = ("/access", "/access-log", "/invitations", "/share-links")
    with world.api("nan") as api, world.browser("nan") as browser:
        for path in papers:
            assert api.get(f"/v1{world.url(path)}").status_code == 403, path
        for path in pages:
            assert browser.get(world.url(path)).status_code == 403, path
    told = items(world, log)[: len(pages) + len(papers)]
    assert {(one["actor"]["display_name"], one["outcome"]) for one in told} == {("Nan", "refused")}


def test_a_list_of_sections_is_a_look_at_each(world: World, log: str) -> None:
    """Else nobody could tell which were read, and a share that a program uses would count as unused."""
    lee, plan = world.api("lee"), f"/v1{world.url()}"
    before = {one["id"] for one in items(world, log)}
    answer = lee.get(f"{plan}/sections")
    assert lee.get(f"{plan}/sections", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    looks = [one["resource"]["section_key"] for one in items(world, log) if one["id"] not in before]
    assert sorted(filter(None, looks)) == ["great-things", "outcomes"]
    about, own = {"type": "section", "section_key": "great-things"}, {"whose": "friend", "how": "own_words"}
    said = {"kind": "comment", "target": about, "body_markdown": "Hello", "voice": own}
    assert world.api("sam").post(f"{plan}/contributions", json=said).status_code == 201
    lee.get(f"{plan}/contributions")
    newest = items(world, log)[:2]
    assert "great-things" in {one["resource"]["section_key"] for one in newest if one["action"] == "view"}


def test_a_change_says_with_which_request_it_came(world: World, log: str) -> None:
    grants, role = f"/v1{world.url('/sections/outcomes/grants')}", {"roles": {"friend": "read"}, "members": []}
    put = world.api("dee").put(grants, json=role, headers={"If-Match": "*", "X-Request-Id": "of-a-program"})
    assert put.status_code == 200
    assert items(world, log, action="grant")[0]["request_id"] == "of-a-program"


def test_a_guest_is_told_of_by_the_link_and_a_no_by_the_invitation(world: World, log: str) -> None:
    dee, nobody, plan = world.api("dee"), world.api(None), f"/v1{world.url()}"
    opens = {"section_keys": ["great-things"], "purpose_note": "A+E", "expires_in_hours": 1, "max_uses": 1}
    link = dee.post(f"{plan}/share-links", json=opens).json()
    guest = {"Authorization": f"Bearer {link['url'].partition('#')[2]}"}
    assert nobody.head("/v1/shared", headers=guest).status_code == 200
    assert dee.get(f"{plan}/share-links").json()["items"][0]["uses"] == 0, "its head shows nothing"
    assert nobody.get("/v1/shared", headers=guest).status_code == 200
    assert nobody.get("/v1/shared", headers=guest).status_code == 410
    used = items(world, log)[0]
    assert (used["actor"]["type"], used["actor"]["display_name"]) == ("system", "Someone with a link")
    assert used["resource"]["id"] == link["id"]
    assert used in items(world, log, actor_type="system")
    made = dee.post(f"{plan}/invitations", json={"role": "friend", "relationship": "Neighbour"}).json()
    nobody.post("/v1/invitations/decline", json={"token": made["accept_url"].rpartition("/")[2]})
    assert items(world, log)[0]["resource"]["id"] == made["id"]
    words = words_of(world.browser("dee").get(world.url("/looked")))
    assert "Someone with a link read what a guest link opens (A+E)." in words
    assert "Someone with a link said no to the invitation for Neighbour." in words


def test_whoever_waits_in_the_persons_place_is_told_of_like_anybody(world: World, log: str) -> None:
    with world.database.system_session("nobody has said yes to her yet") as session:
        session.get_one(Member, world.members["maya"]).confirmed_at = None
    world.browser("maya").get(world.url())
    assert items(world, log)[0]["actor"]["display_name"] == "Maya"
