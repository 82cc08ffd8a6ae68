"""Who does what by when, on pages: written, changed, done, put away, handed on, printed, found and told as news."""

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.pages.seen import form_of, words_of
from tests.papers import text_of
from tests.world import World

from planwiki.base import clock
from planwiki.base.vocabulary import Label, Level, SectionKind
from planwiki.circle.commands import end_member
from planwiki.circle.grant_commands import give
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

AT = "/sections/outcomes"
NEW = f"{AT}/actions/new"


def settings(world: World, **more: Any) -> None:
    patch = SectionPatch.model_validate(more)
    world.ask("maya", partial(change_section, plan_id=world.plan_id, key="outcomes", patch=patch, based_on=1))


def let(world: World, who: str, level: Level, **more: Any) -> None:
    draft = MemberGrantDraft(member_id=world.members[who], level=level, **more)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "outcomes", draft))


@pytest.fixture
def world(world: World) -> World:
    """Outcomes hold actions. Lee changes them, Sam reads, Nan does not see them."""
    settings(world, kind=SectionKind.OUTCOMES)
    let(world, "sam", Level.READ)
    return world


@pytest.fixture
def lee(world: World) -> TestClient:
    return world.browser("lee")


def add(world: World, client: TestClient, what: str = "Ride the bus", who: str = "", **more: str) -> str:
    """The address of the new action's page."""
    typed = {"what": what, "who": str(world.members[who]) if who else ""} | more
    answer = client.post(world.url(NEW), data=typed)
    assert answer.status_code == 303, words_of(answer)
    return address(world, client, what)


def address(world: World, client: TestClient, what: str) -> str:
    found = re.search(rf'href="([^"]+/actions/[0-9a-f-]+)">{what}<', client.get(world.url(AT)).text)
    assert found, what
    return found[1]


def save(client: TestClient, at: str, **more: str) -> Any:
    return client.post(at, data=form_of(client.get(at), at) | more)


def shown(world: World, who: str) -> str:
    return words_of(world.browser(who).get(world.url(AT))).partition("Who does what")[2]


def test_an_action_has_a_face_a_day_and_how_far_it_is(world: World, lee: TestClient) -> None:
    add(world, lee, "Ride the bus", "sam", due_on="2030-06-03", how="After school.\nBoth of us.")
    add(world, lee, "Ask the pool", who_text="The pool people")
    assert "Ride the bus Sam (you) · by 3 June 2030 · Not started yet After school." in shown(world, "sam")
    assert "Ask the pool The pool people · Not started yet" in shown(world, "sam")
    page = world.browser("sam").get(world.url(AT)).text
    assert "/actions/new" not in page
    assert "/status" not in page
    assert "Ride the bus" not in world.browser("nan").get(world.url(AT)).text


def test_what_does_not_fit_keeps_all_that_was_typed(world: World, lee: TestClient) -> None:
    typed = {"what": " ", "how": "Slowly.", "due_on": "soon", "who": str(world.members["sam"]), "who_text": "Jo"}
    answer = lee.post(world.url(NEW), data=typed)
    assert answer.status_code == 422
    assert "Please write what is to be done." in words_of(answer)
    assert form_of(answer, world.url(NEW)) | {"what": " "} == typed
    two = lee.post(world.url(NEW), data=typed | {"what": "x", "due_on": ""})
    assert "Choose one person, or write a name." in words_of(two)
    forged = lee.post(world.url(NEW), data={"what": "x", "who": "nobody"})
    assert (forged.status_code, 'href="#field-who"' in forged.text) == (422, True)
    assert "Nothing is waiting to be done here." in shown(world, "lee")


def test_pressed_twice_it_is_there_once(world: World, lee: TestClient) -> None:
    typed = {"what": "Ride the bus", "who": str(world.members["sam"]), "due_on": "2030-06-03", "how": "Slowly."}
    for _ in range(2):
        assert lee.post(world.url(NEW), data=typed).status_code == 303
    assert shown(world, "lee").count("Ride the bus Sam") == 1
    lee.post(world.url(NEW), data=typed | {"due_on": "2030-06-04"})
    assert shown(world, "lee").count("Ride the bus Sam") == 2


def test_two_who_change_it_at_once_are_both_heard(world: World, lee: TestClient) -> None:
    at, dee = add(world, lee), world.browser("dee")
    theirs = form_of(dee.get(at), at)
    assert save(lee, at, how="Lee's way").status_code == 303
    answer = dee.post(at, data=theirs | {"how": "Dee's way"})
    assert answer.status_code == 409
    assert "Lee saved this while you wrote." in words_of(answer)
    assert "Lee's way" in words_of(answer)
    again = form_of(answer, at)
    assert again["how"] == "Dee's way"
    assert dee.post(at, data=again).status_code == 303
    page = words_of(dee.get(at))
    assert "How it was before (2)" in page
    assert "Lee's way" in page.partition("How it was before")[2]


def test_words_are_not_lost_where_somebody_is_signed_out_or_may_no_more(world: World, lee: TestClient) -> None:
    typed = {"what": "Ride the bus", "how": "Slowly and well."}
    out = world.browser(None).post(world.url(NEW), data=typed)
    assert out.status_code == 401
    let(world, "lee", Level.READ)
    ended = lee.post(world.url(NEW), data=typed)
    assert ended.status_code == 403
    for answer in (out, ended):
        assert "Slowly and well." in words_of(answer)
        assert 'name="how" value="Slowly and well."' in answer.text


def test_done_is_one_press_and_can_be_taken_back(world: World, lee: TestClient) -> None:
    at = add(world, lee)
    done = lee.post(f"{at}/status", data={"status": "done"})
    assert done.headers["location"].endswith("?said=action-done#who-does-what")
    assert "Nothing is waiting to be done here." in shown(world, "sam")
    assert re.search(r"Done or stopped \(1\) .*Ride the bus Nobody yet · Done, \d+ \w+ \d{4}", shown(world, "sam"))
    lee.post(f"{at}/status", data={"status": "in_progress"})
    assert "Ride the bus Nobody yet · Going on" in shown(world, "sam")
    assert lee.post(f"{at}/status", data={"status": "late"}).status_code == 403


def test_what_is_put_away_is_there_for_those_who_may_change_it(world: World, lee: TestClient) -> None:
    at, sam = add(world, lee), world.browser("sam")
    away = lee.post(f"{at}/put-away")
    assert "It is put away." in words_of(lee.get(away.headers["location"]))
    assert "Put away (1)" in shown(world, "lee")
    assert "Ride the bus" not in shown(world, "sam")
    assert sam.get(at).status_code == 404
    assert sam.post(f"{at}/bring-back").status_code == 404
    assert lee.post(f"{at}/bring-back").status_code == 303
    assert "Ride the bus" in shown(world, "sam")


def test_a_reader_changes_nothing(world: World, lee: TestClient) -> None:
    """Not even what is theirs to do: saying how it goes is for those who may change the section."""
    at, sam = add(world, lee, who="sam"), world.browser("sam")
    assert sam.get(at).status_code == 200
    for path in (at, f"{at}/status", f"{at}/put-away", world.url(NEW)):
        assert sam.post(path, data={"what": "x", "status": "done", "based_on": "1"}).status_code == 403, path
    assert sam.get(world.url(NEW)).status_code == 403
    nan = world.browser("nan")
    for path in (at, world.url(NEW)):
        assert nan.get(path).status_code == nan.post(path, data={"what": "x"}).status_code == 404
    assert "Ride the bus" in shown(world, "lee")


def test_how_it_was_before_is_for_those_who_may_look_back(world: World, lee: TestClient) -> None:
    """Sam reads; Maya wrote one version while the section was her diary."""
    let(world, "rao", Level.READ, history=True)
    at = add(world, lee, how="The first way")
    settings(world, label=Label.DIARY)
    save(world.browser("maya"), at, how="A secret way")
    settings(world, label=Label.EVERYDAY)
    save(world.browser("maya"), at, how="The last way")
    assert "The last way" in words_of(world.browser("sam").get(at))
    for who, sees in {"maya": (True, True), "dee": (True, False), "rao": (True, False), "sam": (False, False)}.items():
        page = words_of(world.browser(who).get(at))
        assert ("The first way" in page, "A secret way" in page) == sees, who


def test_all_of_a_plan_stands_on_one_page_soonest_first(world: World, lee: TestClient) -> None:
    for what, who, day in (("Later", "lee", "2030-02-01"), ("Sooner", "lee", "2030-01-01"), ("Theirs", "sam", "")):
        add(world, lee, what, who, due_on=day)
    page = words_of(lee.get(world.url("/actions")))
    assert re.search(r"Yours \w+ Sooner .* Later .* Others \w+ Theirs", page)
    assert 'href="' + world.url("/actions") in lee.get(world.url()).text
    nan = world.browser("nan")
    assert "Nothing is waiting to be done" in words_of(nan.get(world.url("/actions")))
    assert world.url("/actions") not in nan.get(world.url()).text
    assert world.browser("kit").get(world.url("/actions")).status_code == 404


def test_whoever_is_given_something_unseen_has_to_be_told(world: World, lee: TestClient) -> None:
    for who, told in (("nan", True), ("sam", False)):
        answer = lee.post(world.url(NEW), data={"what": "x", "who": str(world.members[who])})
        assert ("cannot see this part" in words_of(lee.get(answer.headers["location"]))) is told


def test_when_somebody_leaves_what_they_do_is_handed_on(world: World, lee: TestClient) -> None:
    dee, leaving = world.browser("dee"), world.url(f"/circle/{world.members['lee']}/leaving")
    for what in ("Ride the bus", "Ring the school", "Is done"):
        at = add(world, lee, what, "lee", due_on="2030-06-03")
    lee.post(f"{at}/status", data={"status": "done"})
    assert "There are 2 things that Lee is to do." in words_of(dee.get(world.url(f"/circle/{world.members['lee']}")))
    page = dee.get(leaving)
    assert "Who will do “Ride the bus”? Now it is for Lee, by 3 June 2030." in words_of(page)
    assert "Is done" not in words_of(page)
    bus, school = (address(world, lee, what).rpartition("/")[2] for what in ("Ride the bus", "Ring the school"))
    sam, form = str(world.members["sam"]), form_of(page, leaving)
    for bad in ({f"do-{bus}": "nobody"}, {f"do-{bus}": str(world.plan_id)}, {f"do-{world.plan_id}": sam}):
        refused = dee.post(leaving, data=form | {f"do-{school}": sam} | bad)
        assert refused.status_code == 422, bad
        assert f'href="#field-{next(iter(bad))}"' in refused.text
    assert "Ring the school Lee" in shown(world, "dee")
    assert dee.post(leaving, data=form | {f"do-{bus}": sam, "ends_on": today(world)}).status_code == 303
    assert "Ride the bus Sam" in shown(world, "dee")
    stolen = dee.post(leaving, data=form | {f"do-{bus}": str(world.members["nan"])})
    assert "This is not theirs any more." in words_of(stolen)
    with clock.frozen(clock.now() + timedelta(days=1)):
        dee = world.browser("dee")
        assert "Somebody left. Who does it now?" in words_of(dee.get(world.url("/tasks")))
        page = words_of(dee.get(world.url("/actions")))
        assert "They have left. Who does it now? Le Ring the school Lee, who has left · by 3 June 2030" in page
        assert "who has left" not in shown(world, "sam")
        assert save(dee, address(world, dee, "Ring the school"), who=sam, who_text="").status_code == 303
        assert "Somebody left" not in words_of(dee.get(world.url("/tasks")))
    assert world.browser("sam").get(leaving).status_code == 403


def today(world: World) -> str:
    return world.database.day_of(clock.now()).isoformat()


def test_whoever_is_removed_at_once_leaves_a_question_to_owners(world: World, lee: TestClient) -> None:
    add(world, lee, who="sam")
    assert "Somebody left" not in words_of(world.browser("dee").get(world.url("/tasks")))
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, world.members["sam"]))
    assert "Somebody left" in words_of(world.browser("dee").get(world.url("/tasks")))
    assert "Ride the bus Sam · Not started yet" in shown(world, "lee")


def test_it_is_news_to_those_who_see_it_and_to_whoever_does_it(world: World, lee: TestClient) -> None:
    for who in ("sam", "dee", "nan", "lee"):
        world.browser(who).get(world.url())
        world.browser(who).get(world.url(AT))
    add(world, lee, who="sam")
    told = {who: words_of(world.browser(who).get("/news")) for who in ("sam", "dee", "nan", "lee")}
    assert "Lee wrote down something for you to do in “What I want to be different”." in told["sam"]
    assert "Lee changed what is to be done in “What I want to be different”." in told["dee"]
    for who in ("nan", "lee"):
        assert "to be done" not in told[who]
        assert "for you to do" not in told[who]


def test_it_is_printed_and_found_with_the_section_it_stands_in(world: World, lee: TestClient) -> None:
    emptied = SectionPatch.model_validate({"body_markdown": "", "voice": {"whose": "family", "how": "own_words"}})
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, "outcomes", emptied, 1))
    at = add(world, lee, "Ride the zebra", "lee", due_on="2030-06-03", how="Gently.")
    paper = "/print/plan/{}?chosen=yes&take-outcomes=yes"
    for who, sees in (("lee", True), ("sam", True), ("nan", False)):
        client = world.browser(who)
        printed = words_of(client.get(world.url(paper.format("paper"))))
        pressed = " ".join(text_of(client.get(world.url(paper.format("pdf"))).content).split())
        for text in (printed, pressed):
            assert ("Ride the zebra Lee · by 3 June 2030 · Not started yet Gently." in text) is sees, (who, text)
        found = client.get("/search?q=zebra")
        assert (f'href="{at}"' in found.text) is sees, who
    lee.post(f"{at}/put-away")
    assert "Ride the zebra" not in lee.get("/search?q=zebra").text
    assert "Ride the zebra" not in words_of(lee.get(world.url(paper.format("paper"))))


def test_seen_as_somebody_it_shows_what_they_see_and_no_buttons(world: World, lee: TestClient) -> None:
    add(world, lee)
    dee = world.browser("dee")
    for who, sees in (("sam", True), ("lee", True)):
        page = dee.get(world.url(f"/as/{world.members[who]}{AT}"))
        assert ("Ride the bus" in page.text) is sees
        assert "/status" not in page.text
        assert "/actions/" not in page.text
