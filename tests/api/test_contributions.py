"""What people say beside a section, over the API: by level, answered once, kept under its label, whose words it is."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from tests.api.saying import VOICE, Look, bare, problem, save
from tests.api.test_lists import pages
from tests.world import World, canary

from planwiki.base.vocabulary import Level
from planwiki.circle.grant_commands import give, stop_sharing
from planwiki.circle.schemas import MemberGrantDraft

FIELDS = {
    *("id", "kind", "target", "body_markdown", "proposed_markdown", "voice", "author", "status", "decided_by"),
    *("decision_note", "resulting_revision", "created_at", "decided_at"),
}
DOCTORS = {"whose": "professional", "how": "own_words"}
KINDS = ("comment", "question", "appreciation", "suggestion")
MAY_SAY = {
    "maya": set(KINDS),
    "dee": set(KINDS),
    "rao": set(KINDS),
    "sam": {"comment", "question", "appreciation"},
    "nan": set(),
}


@pytest.fixture
def rao(world: World) -> TestClient:
    """Dr Rao: suggests in wellness."""
    return world.api("rao")


def saying(
    kind: str = "comment", key: str = "wellness", text: str = "Swimming helps her.", **more: Any
) -> dict[str, Any]:
    proposed = {"proposed_markdown": "She swims on Mondays."} if kind == "suggestion" else {}
    target = {"type": "section", "section_key": key}
    return {"kind": kind, "target": target, "body_markdown": text, "voice": VOICE, **proposed, **more}


def say(client: TestClient, plan: str, kind: str = "comment", key: str = "wellness", **more: Any) -> dict[str, Any]:
    answer = client.post(f"{plan}/contributions", json=saying(kind, key, **more))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def decide(client: TestClient, plan: str, said: dict[str, Any], decision: str, **more: Any) -> Any:
    return client.post(f"{plan}/contributions/{said['id']}/decision", json={"decision": decision, **more})


def test_what_was_said_shows_as_the_contract_says(rao: TestClient, nan: TestClient, plan: str) -> None:
    made = rao.post(f"{plan}/contributions", json=saying("suggestion", voice=DOCTORS))
    said = made.json()
    assert set(said) == FIELDS
    assert made.headers["location"] == f"{plan}/contributions/{said['id']}"
    assert said["target"] == {"type": "section", "section_key": "wellness", "id": None, "revision": 1}
    assert (said["status"], said["author"]["display_name"], said["voice"]["whose"]) == (
        "open",
        "Dr Rao",
        "professional",
    )
    seen = nan.get(f"{plan}/contributions/{said['id']}")
    assert seen.json() == said
    assert nan.get(f"{plan}/contributions").json() == {"items": [said], "next_cursor": None}
    again = nan.get(f"{plan}/contributions/{said['id']}", headers={"If-None-Match": seen.headers["etag"]})
    assert again.status_code == 304


def test_each_says_what_their_level_allows(world: World, plan: str, everything: Look) -> None:
    """Sam comments on great-things and Dr Rao suggests in wellness; Nan reads both."""
    before = everything()
    for who, able in MAY_SAY.items():
        key, client = "wellness" if who == "rao" else "great-things", world.api(who)
        for kind in KINDS:
            answer = client.post(f"{plan}/contributions", json=saying(kind, key))
            assert answer.status_code == (201 if kind in able else 403), (who, kind)
            if kind not in able:
                assert problem(answer) == (403, "not-allowed")
    assert everything() == before  # Nothing that was said changes a section.


def test_a_hidden_section_is_missing_to_whoever_speaks_of_it(
    rao: TestClient, dee: TestClient, kit: TestClient, plan: str
) -> None:
    hidden = say(dee, plan, key="money")
    url, same = f"{plan}/contributions", {"X-Request-Id": "the-same"}
    assert rao.get(url).json()["items"] == []
    for who in (rao, kit):
        told = [
            bare(who.request(method, f"{url}/{id}{rest}", json=body, headers=same))
            for id in (hidden["id"], uuid4())
            for method, rest, body in (
                ("GET", "", None),
                ("DELETE", "", None),
                ("POST", "/decision", {"decision": "decline"}),
            )
        ]
        assert told[:3] == told[3:]
        assert {status for status, *_ in told} == {404}
        spoken = [bare(who.post(url, json=saying(key=key), headers=same)) for key in ("money", "never-was")]
        assert spoken[0] == spoken[1]
        assert spoken[0][0] == 404
    asked = [bare(rao.get(f"{url}?section_key={key}", headers=same)) for key in ("money", "never-was")]
    assert asked[0] == asked[1]
    assert kit.get(url).status_code == 404


def test_what_does_not_fit_is_refused_with_its_reason(rao: TestClient, plan: str) -> None:
    for change, pointer in (
        ({"voice": None}, "/voice"),
        ({"target": {"type": "plan"}}, "/target/type"),
        ({"target": {"type": "outcome", "id": str(uuid4())}}, "/target/type"),
        ({"target": {"type": "section"}}, "/target/section_key"),
        ({"target": {"type": "section", "section_key": "wellness", "id": str(uuid4())}}, "/target/id"),
        ({"target": {"type": "section", "section_key": "wellness", "revision": 2}}, "/target/revision"),
        ({"body_markdown": " \n"}, "/body_markdown"),
        ({"proposed_markdown": "x"}, "/proposed_markdown"),
        ({"kind": "suggestion"}, "/proposed_markdown"),
        ({"kind": "suggestion", "proposed_markdown": f"My wellness: {canary('wellness')}."}, "/proposed_markdown"),
        ({"voice": VOICE | {"member_id": str(uuid4())}}, "/voice/member_id"),
        ({"kind": "shout"}, "/kind"),
        ({"label": "everyday"}, "/label"),
    ):
        answer = rao.post(f"{plan}/contributions", json=saying() | change)
        assert answer.status_code == 422, change
        assert answer.json()["errors"][0]["pointer"] == pointer
    nobodys = {name: value for name, value in saying().items() if name != "voice"}
    assert problem(rao.post(f"{plan}/contributions", json=nobodys)) == (422, "voice-needed")
    assert rao.get(f"{plan}/contributions").json()["items"] == []


def test_an_accepted_suggestion_stays_the_suggesters_words(rao: TestClient, dee: TestClient, plan: str) -> None:
    said = say(rao, plan, "suggestion", voice=DOCTORS)
    for client in (rao,):
        assert problem(decide(client, plan, said, "accept")) == (403, "not-allowed")
    answer = decide(dee, plan, said, "accept", note="Thank you")
    assert answer.status_code == 200
    done = answer.json()
    assert (done["status"], done["resulting_revision"], done["decision_note"]) == ("accepted", 2, "Thank you")
    assert done["decided_by"]["display_name"] == "Dee"
    version = dee.get(f"{plan}/sections/wellness/revisions/2").json()
    assert (version["source"], version["body_markdown"]) == ("suggestion", "She swims on Mondays.")
    assert (version["author"]["display_name"], version["voice"]["whose"]) == ("Dee", "professional")
    assert rao.get(f"{plan}/sections/wellness").json()["voice"]["whose"] == "professional"
    assert dee.get("/v1/search?q=mondays").json()["items"]


def test_what_was_answered_is_never_answered_again(rao: TestClient, dee: TestClient, plan: str) -> None:
    for first in ("accept", "decline", "resolve"):
        said = say(rao, plan, "suggestion", proposed_markdown=f"She likes to {first}.")
        assert decide(dee, plan, said, first).status_code == 200
        before = dee.get(f"{plan}/sections/wellness").json()
        for again in ("accept", "decline", "resolve"):
            assert problem(decide(dee, plan, said, again)) == (409, "already-decided")
        assert problem(rao.delete(f"{plan}/contributions/{said['id']}")) == (403, "not-allowed")
        assert dee.get(f"{plan}/sections/wellness").json() == before
    comment = say(rao, plan, "question")
    assert problem(decide(dee, plan, comment, "accept")) == (422, "invalid-content")
    assert problem(decide(dee, plan, comment, "resolve", edited_markdown="x")) == (422, "invalid-content")
    assert decide(dee, plan, comment, "resolve", note="On Mondays.").json()["status"] == "resolved"


def test_of_two_who_accept_at_once_one_does(world: World, rao: TestClient, plan: str) -> None:
    said, owners = say(rao, plan, "suggestion"), [world.api("dee"), world.api("maya")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: decide(client, plan, said, "accept"), owners))
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert owners[0].get(f"{plan}/sections/wellness").json()["revision"] == 2


def test_a_suggestion_for_an_older_text_is_joined_by_a_person(rao: TestClient, dee: TestClient, plan: str) -> None:
    said = say(rao, plan, "suggestion", voice=DOCTORS)
    save(dee, f"{plan}/sections/wellness", "Dee wrote meanwhile.")
    before = dee.get(f"{plan}/sections/wellness").json()
    assert problem(decide(dee, plan, said, "accept")) == (409, "section-moved-on")
    assert dee.get(f"{plan}/sections/wellness").json() == before
    done = decide(dee, plan, said, "accept", edited_markdown="Dee wrote meanwhile. She swims.").json()
    assert (done["status"], done["resulting_revision"]) == ("accepted", 3)
    now = dee.get(f"{plan}/sections/wellness").json()
    assert (now["body_markdown"], now["voice"]["whose"]) == ("Dee wrote meanwhile. She swims.", "professional")


def test_a_suggestion_does_not_open_the_text_it_began_from(
    world: World, rao: TestClient, dee: TestClient, nan: TestClient, plan: str
) -> None:
    """Nan reads, and may not look back: once the text moved on, what quotes the old one is closed to her."""
    said = say(rao, plan, "suggestion", proposed_markdown=f"{canary('wellness')} and swimming.")
    url = f"{plan}/contributions/{said['id']}"
    assert nan.get(url).json()["proposed_markdown"]
    save(dee, f"{plan}/sections/wellness", "All new.")
    assert nan.get(url).json()["proposed_markdown"] is None
    assert canary("wellness") not in nan.get(f"{plan}/contributions").text
    for client in (rao, dee, world.api("maya")):
        assert client.get(url).json()["proposed_markdown"] == said["proposed_markdown"]


def test_its_author_takes_it_back_and_owners_remove_it(
    world: World, rao: TestClient, dee: TestClient, nan: TestClient, plan: str
) -> None:
    mine, other = say(rao, plan), say(rao, plan, "suggestion")
    world.ask("dee", lambda uow: give(uow, world.plan_id, "wellness", let(world, "lee", Level.EDIT)))
    for client in (nan, world.api("lee")):
        assert problem(client.delete(f"{plan}/contributions/{mine['id']}")) == (403, "not-allowed")
    for client, said in ((rao, mine), (rao, mine), (dee, other)):
        assert client.delete(f"{plan}/contributions/{said['id']}").status_code == 204
    for said in (mine, other):
        url = f"{plan}/contributions/{said['id']}"
        assert [one.get(url).status_code for one in (rao, dee, nan)] == [200, 200, 404]
        assert rao.get(url).json()["status"] == "withdrawn"
        assert problem(decide(dee, plan, said, "decline")) == (409, "already-decided")
    assert [len(one.get(f"{plan}/contributions").json()["items"]) for one in (rao, dee, nan)] == [0, 0, 0]
    taken = f"{plan}/contributions?status=withdrawn"
    assert [len(one.get(taken).json()["items"]) for one in (rao, dee, nan)] == [2, 2, 0]


def let(world: World, who: str, level: Level) -> MemberGrantDraft:
    return MemberGrantDraft(member_id=world.members[who], level=level)


def test_a_share_that_ends_leaves_what_was_said_to_the_others(
    world: World, rao: TestClient, nan: TestClient, plan: str
) -> None:
    said = say(rao, plan, "suggestion")
    url = f"{plan}/contributions/{said['id']}"
    world.ask("dee", lambda uow: stop_sharing(uow, world.plan_id, "wellness", world.members["rao"]))
    for answer in (rao.get(url), rao.delete(url), rao.post(f"{plan}/contributions", json=saying())):
        assert problem(answer) == (404, "not-found")
    assert rao.get(f"{plan}/contributions").json()["items"] == []
    assert nan.get(url).json()["author"]["display_name"] == "Dr Rao"


def test_who_may_only_read_now_says_nothing_more(world: World, rao: TestClient, plan: str) -> None:
    said = say(rao, plan)
    world.ask("dee", lambda uow: stop_sharing(uow, world.plan_id, "wellness", world.members["rao"]))
    world.ask("dee", lambda uow: give(uow, world.plan_id, "wellness", let(world, "rao", Level.READ)))
    assert rao.get(f"{plan}/contributions/{said['id']}").status_code == 200
    assert problem(rao.post(f"{plan}/contributions", json=saying())) == (403, "not-allowed")
    assert problem(rao.delete(f"{plan}/contributions/{said['id']}")) == (403, "not-allowed")


def test_what_was_said_or_answered_in_a_diary_stays_there(world: World, dee: TestClient, plan: str) -> None:
    """Relaxing the label opens neither what was said under the stricter one, nor what was answered under it."""
    maya, url = world.api("maya"), f"{plan}/sections/great-things"
    early = say(dee, plan, "question", "great-things")
    label(maya, url, "diary")
    late = say(maya, plan, "comment", "great-things")
    assert decide(maya, plan, early, "resolve", note="My secret").status_code == 200
    assert dee.get(f"{plan}/contributions").json()["items"] == []
    label(maya, url, "everyday")
    assert dee.get(url).status_code == 200
    assert dee.get(f"{plan}/contributions").json()["items"] == []
    for said in (early, late):
        assert dee.get(f"{plan}/contributions/{said['id']}").status_code == 404
    assert len(maya.get(f"{plan}/contributions").json()["items"]) == 2


def label(client: TestClient, url: str, value: str) -> None:
    assert client.patch(url, json={"label": value}, headers={"If-Match": "*"}).status_code == 200


def test_putting_back_and_putting_away_lose_nothing(rao: TestClient, dee: TestClient, plan: str) -> None:
    said, section = say(rao, plan), f"{plan}/sections/wellness"
    url = f"{plan}/contributions/{said['id']}"
    save(dee, section, "Other words.")
    back = dee.post(f"{section}/revisions/1/restore", json={"voice": VOICE}, headers={"If-Match": "*"})
    assert back.status_code == 200
    assert dee.delete(section, headers={"If-Match": "*"}).status_code == 204
    assert (rao.get(url).status_code, dee.get(url).status_code) == (404, 200)
    assert dee.get(f"{plan}/contributions").json()["items"] == []
    assert len(dee.get(f"{plan}/contributions?section_key=wellness").json()["items"]) == 1
    dee.patch(section, json={"status": "active"}, headers={"If-Match": "*"})
    assert rao.get(url).json() == said


def test_the_list_is_asked_by_kind_status_and_section(
    world: World, rao: TestClient, dee: TestClient, plan: str
) -> None:
    for kind in KINDS:
        say(rao, plan, kind)
    said = say(world.api("sam"), plan, "comment", "great-things")
    decide(dee, plan, said, "decline")
    for query, count in (
        ("", 5),
        ("kind=suggestion", 1),
        ("kind=comment", 2),
        ("status=open", 4),
        ("status=declined", 1),
        ("section_key=wellness", 4),
        ("section_key=wellness&kind=comment&status=open", 1),
        ("status=declined&section_key=wellness", 0),
    ):
        assert len(dee.get(f"{plan}/contributions?{query}").json()["items"]) == count, query
    whole = dee.get(f"{plan}/contributions").json()["items"]
    assert pages(dee, f"{plan}/contributions?limit=2") == whole
    assert [one["created_at"] for one in whole] == sorted((one["created_at"] for one in whole), reverse=True)
    assert len(rao.get(f"{plan}/contributions").json()["items"]) == 4
    assert dee.get(f"{plan}/contributions?kind=shout").status_code == 422


def test_a_repeated_request_says_it_once(world: World, rao: TestClient, plan: str) -> None:
    key = {"Idempotency-Key": "said-once"}
    answers = [rao.post(f"{plan}/contributions", json=saying(), headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(rao.get(f"{plan}/contributions").json()["items"]) == 1
    world.ask("dee", lambda uow: stop_sharing(uow, world.plan_id, "wellness", world.members["rao"]))
    assert problem(rao.post(f"{plan}/contributions", json=saying(), headers=key)) == (404, "not-found")


def test_owners_read_who_said_and_answered_and_no_word_of_it(rao: TestClient, dee: TestClient, plan: str) -> None:
    said = say(rao, plan, "suggestion", text="zqreasonqz", proposed_markdown="zqproposedqz")
    decide(dee, plan, said, "decline", note="zqnoteqz")
    rao.delete(f"{plan}/contributions/{say(rao, plan)['id']}")
    dee.delete(f"{plan}/contributions/{say(rao, plan)['id']}")
    log = dee.get(f"{plan}/access-log?limit=200")
    done = [(one["actor"]["display_name"], one["action"]) for one in log.json()["items"] if one["resource"]["id"]]
    assert {("Dr Rao", "create"), ("Dee", "update"), ("Dr Rao", "delete"), ("Dee", "delete")} <= set(done)
    assert "zq" not in log.text
