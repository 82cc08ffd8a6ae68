"""Guest links: made by owners, read by whoever holds one, counted, written down, and over in every way they can be."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select
from tests.pages.seen import form_of, words_of
from tests.papers import links_of, text_of
from tests.world import World, canary

from planwiki.activity.models import AuditEntry
from planwiki.base import clock
from planwiki.base.ids import new_secret
from planwiki.base.vocabulary import ActorType, Label, Level
from planwiki.circle.commands import end_member
from planwiki.circle.freeze_commands import freeze_sharing, unfreeze_sharing
from planwiki.circle.grant_commands import give
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.plans.models import Section

OPENS = {"section_keys": ["great-things", "wellness"], "expires_in_hours": 24}


def links(world: World) -> str:
    return f"/v1{world.url('/share-links')}"


def made(world: World, who: str = "dee", **said: object) -> dict[str, str]:
    answer = world.api(who).post(links(world), json=OPENS | said)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def secret_of(link: dict[str, str]) -> str:
    address, _, secret = link["url"].partition("#")
    assert address == "http://testserver/shared"
    return secret


def read(world: World, secret: str) -> Response:
    return world.api(None).get("/v1/shared", headers={"Authorization": f"Bearer {secret}"})


def test_whoever_holds_a_link_reads_what_it_names_and_nothing_else(world: World) -> None:
    link = made(world)
    answer = read(world, secret_of(link))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    pack = answer.json()
    assert [one["key"] for one in pack["sections"]] == ["great-things", "wellness"]
    assert {one["my_level"] for one in pack["sections"]} == {"read"}
    assert pack["person"]["display_name"] == "Maya"
    assert pack["person"]["date_of_birth"] is None
    assert "Dee" not in answer.text
    for other in ("/v1/plans", "/v1/me", links(world), f"/v1{world.url('/document')}", "/v1/search?q=canary"):
        refused = world.api(None).get(other, headers={"Authorization": f"Bearer {secret_of(link)}"})
        assert refused.status_code == 401, other


def test_each_use_is_counted_and_written_down_as_a_guests(world: World) -> None:
    link = made(world, max_uses=2)
    assert [read(world, secret_of(link)).status_code for _ in range(3)] == [200, 200, 410]
    (shown,) = world.api("dee").get(links(world)).json()["items"]
    assert (shown["uses"], shown["max_uses"], shown["status"], shown["url"]) == (2, 2, "ended", None)
    with world.database.system_session("what was written down", writes=False) as session:
        used = session.exec(select(AuditEntry).where(AuditEntry.verb == "share_link.used")).all()
        assert [(one.actor_type, one.actor_id, str(one.subject_id)) for one in used] == [
            (ActorType.GUEST, None, link["id"])
        ] * 2
    told = words_of(world.browser("dee").get(world.url("/looked")))
    assert "Someone with a link read what a guest link opens" in told


def test_owners_are_told_why_a_link_opens_a_section_or_does_not(world: World) -> None:
    link, dee = made(world), world.api("dee")

    def why(key: str, verb: str = "read", who: TestClient = dee) -> tuple[object, ...]:
        about = f"subject_type=share_link&subject_id={link['id']}&section_key={key}&verb={verb}"
        answer = who.get(f"/v1{world.url('/access/explain')}?{about}")
        if answer.status_code != 200:
            return (answer.status_code,)
        return answer.json()["allowed"], answer.json()["rule"]

    assert why("wellness") == (True, "guest_link")
    assert why("outcomes") == (False, "no_grant")
    assert why("wellness", "edit") == (False, "only_reads")
    assert why("wellness", who=world.api("nan")) == (403,)
    assert why("wellness", who=world.api("kit")) == (404,)
    world.ask("maya", lambda uow: freeze_sharing(uow, world.plan_id))
    assert why("wellness") == (False, "not_in_circle")
    (row,) = [one for one in dee.get(f"/v1{world.url('/access')}").json()["subjects"] if one["type"] == "share_link"]
    assert set(row["levels"].values()) == {"none"}, "the matrix agrees"
    world.ask("maya", lambda uow: unfreeze_sharing(uow, world.plan_id))
    closed = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    world.ask("maya", lambda uow: give(uow, world.plan_id, "wellness", closed))
    assert why("wellness", who=world.api("maya")) == (False, "withheld")
    assert why("wellness") == (404,)
    stop(world, link)
    assert why("great-things") == (False, "link_ended")


Ending = Callable[[World, dict[str, str]], None]


def stop(world: World, link: dict[str, str]) -> None:
    assert world.api("maya").delete(f"{links(world)}/{link['id']}").status_code == 204


def remove_its_maker(world: World, _link: dict[str, str]) -> None:
    world.ask("maya", lambda uow: end_member(uow, world.plan_id, world.members["dee"]))


def close_the_plan(world: World, _link: dict[str, str]) -> None:
    answer = world.api("maya").delete(f"/v1{world.url()}", headers={"If-Match": "*"})
    assert answer.status_code == 204


def make_it_a_diary(world: World, _link: dict[str, str]) -> None:
    with world.database.system_session("sections become private") as session:
        for section in session.exec(select(Section).where(Section.plan_id == world.plan_id)):
            section.label = Label.DIARY


@pytest.mark.parametrize("end", [stop, remove_its_maker, close_the_plan, make_it_a_diary])
def test_an_ended_link_answers_like_one_that_never_was(world: World, end: Ending) -> None:
    link = made(world)
    assert read(world, secret_of(link)).status_code == 200
    end(world, link)
    answers = [read(world, one) for one in (secret_of(link), new_secret("pwg"), "", "x", "pwg_\u00e9".encode().hex())]
    assert [one.status_code for one in answers] == [410, 410, 401, 410, 410]
    gone = [{name: said for name, said in answers[at].json().items() if name != "request_id"} for at in (0, 1)]
    assert gone[0] == gone[1]
    assert gone[0]["type"] == "/problems/link-ended"


def test_a_link_runs_out_by_itself(world: World) -> None:
    link = made(world, expires_in_hours=1)
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert read(world, secret_of(link)).status_code == 410
        assert world.api("dee").get(links(world)).json()["items"][0]["status"] == "expired"


@pytest.mark.parametrize("label", ["diary", "relationships", "money", "family_business", "whereabouts"])
def test_no_link_is_made_for_what_guests_never_see(world: World, label: str) -> None:
    with world.database.system_session("a private section") as session:
        question = select(Section).where(Section.plan_id == world.plan_id, Section.key == "outcomes")
        session.exec(question).one().label = Label(label)
    answer = world.api("maya").post(links(world), json=OPENS | {"section_keys": ["great-things", "outcomes"]})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/section_keys/1", "closed-by-policy")
    hidden = world.api("dee").post(links(world), json=OPENS | {"section_keys": ["outcomes", "never-was"]})
    expected = "unknown-section" if label == "diary" else "closed-by-policy"
    assert (hidden.json()["errors"][0]["pointer"], hidden.json()["errors"][0]["code"]) == ("/section_keys/0", expected)


def test_only_owners_make_see_and_stop_links(world: World) -> None:
    link = made(world)
    for who, status in (("nan", 403), ("lee", 403), ("kit", 404)):
        client = world.api(who)
        answers = (client.get(links(world)), client.post(links(world), json=OPENS))
        assert [one.status_code for one in answers] == [status, status]
        assert client.delete(f"{links(world)}/{link['id']}").status_code == status
        assert world.browser(who).get(world.url("/share-links")).status_code == status
    assert read(world, secret_of(link)).status_code == 200


def test_guests_stand_in_the_matrix_and_in_the_sentence_for_owners(world: World) -> None:
    link = made(world, purpose_note="Hospital")
    matrix = world.api("dee").get(f"/v1{world.url('/access')}").json()["subjects"]
    guests = [one for one in matrix if one["type"] == "share_link"]
    assert [(one["id"], one["name"]) for one in guests] == [(link["id"], "Hospital")]
    assert {key for key, level in guests[0]["levels"].items() if level == "read"} == {"great-things", "wellness"}
    who = world.url("/sections/wellness/who")
    assert "1 guest link opens it, too." in words_of(world.browser("dee").get(who))
    assert "guest link" not in words_of(world.browser("nan").get(who))
    assert "1 guest link is open." in words_of(world.browser("dee").get(world.url("/sharing")))
    stop(world, link)
    assert "guest link opens" not in words_of(world.browser("dee").get(who))


def by_page(world: World, **typed: str) -> Response:
    form = {"open-great-things": "yes", "expires_in_hours": "24", "purpose_note": "New teacher"} | typed
    return world.browser("dee").post(world.url("/share-links"), data=form)


def test_a_link_is_made_printed_listed_and_stopped_by_pages(world: World) -> None:
    dee, answer = world.browser("dee"), by_page(world)
    url = re.search(r'value="(http://testserver/shared#[^"]+)"', answer.text)
    assert url
    assert "<svg" in answer.text
    paper_at = next(iter(re.findall(r'action="([^"]+/paper)"', answer.text)))
    paper = dee.post(paper_at, data=form_of(answer, paper_at))
    assert links_of(paper.content) == [url[1]]
    said = text_of(paper.content)
    assert "Dee shares some pages with you, to read." in said
    assert not re.search("Maya|Great|teacher", said)
    assert dee.post(paper_at, data={"token": "pwg_x"}).status_code == 410
    assert world.browser("nan").post(paper_at, data=form_of(answer, paper_at)).status_code == 403
    listed = dee.get(world.url("/share-links"))
    assert "New teacher Great things about me Opened 0 times." in words_of(listed)
    assert url[1].partition("#")[2] not in listed.text
    end_at = next(iter(re.findall(r'action="([^"]+/end)"', listed.text)))
    assert dee.post(end_at).status_code == 303
    assert read(world, url[1].partition("#")[2]).status_code == 410
    assert "No guest link is open now." in words_of(dee.get(world.url("/share-links")))


def test_what_does_not_fit_is_said_where_it_was_chosen(world: World) -> None:
    nothing = world.browser("dee").post(world.url("/share-links"), data={"expires_in_hours": "24"})
    assert nothing.status_code == 422
    assert 'href="#field-sections"' in nothing.text
    money = by_page(world, **{"open-money": "yes"})
    assert money.status_code == 422
    assert "This kind of section never opens to guests." in words_of(money)
    offered = world.browser("dee").get(world.url("/share-links/new")).text
    assert ('name="open-wellness"' in offered, 'name="open-money"' in offered) == (True, False)


def shared(client: TestClient, typed: str) -> Response:
    return client.post("/shared", data={"link": typed})


def test_without_script_the_link_is_pasted(world: World) -> None:
    link, guest = made(world), world.browser(None)
    for typed in (link["url"], secret_of(link), f" {link['url']} "):
        answer = shared(guest, typed)
        assert answer.status_code == 200
        assert canary("wellness") in words_of(answer)
        assert canary("money") not in answer.text
    assert "/plans/" not in answer.text
    gone, never = shared(guest, new_secret("pwg")), shared(guest, "nothing")
    assert gone.status_code == never.status_code == 410
    assert words_of(gone) == words_of(never)
    assert "This link has ended." in words_of(gone)
