"""How an invitation reaches somebody: by e-mail, by letter, by a code; and the owner's word on who came."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import select
from tests.pages.seen import form_of, words_of
from tests.papers import links_of, text_of
from tests.world import World, email_of

from planwiki.activity.models import Delivery
from planwiki.base import clock
from planwiki.base.vocabulary import Label, MailKind
from planwiki.people.models import Account
from planwiki.plans.models import Section

NAN = {"display_name": "Gran", "relationship": "Grandmother", "role": "family", "email": "gran@example.org"}
JO = {"display_name": "Jo Hill", "email": "jo@example.org"}


def made(world: World, way: str, **typed: str) -> Response:
    return world.browser("dee").post(world.url("/circle/invite"), data=NAN | {"way": way} | typed)


def code_in(answer: Response) -> str:
    found = re.search(r"<strong>([2-9A-Z]{5} [2-9A-Z]{5})</strong>", answer.text)
    assert found, words_of(answer)
    return found[1]


def letters(world: World) -> list[tuple[MailKind, dict[str, str]]]:
    """What waits to be sent."""
    with world.database.system_session("what waits to be sent", writes=False) as session:
        rows = session.exec(select(Delivery).order_by("id")).all()
        return [(row.kind, world.database.sealer.open(row.sealed or "")) for row in rows]


def make_private(world: World, key: str) -> None:
    with world.database.system_session("a section about health") as session:
        row = session.exec(select(Section).where(Section.plan_id == world.plan_id, Section.key == key)).one()
        row.label = Label.HEALTH


def test_an_e_mailed_link_is_shown_to_nobody_and_proves_the_mailbox(world: World) -> None:
    answer = made(world, "email")
    assert "We are sending it to gran@example.org." in words_of(answer)
    assert "/join/" not in answer.text
    ((kind, letter),) = letters(world)
    assert (kind, letter["to"], letter["name"]) == (MailKind.INVITATION, "gran@example.org", "Dee")
    assert "Maya" not in str(letter)
    gran = world.browser(None)
    asked = gran.get(letter["link"])
    assert "gran@example.org" not in asked.text
    joined = gran.post("/join/new", data=form_of(asked, "/join/new") | {"display_name": "Grace"})
    assert joined.headers["location"] == world.url("?said=joined")
    assert gran.get(world.url()).status_code == 200
    with world.database.system_session("was it proven?", writes=False) as session:
        account = session.exec(select(Account).where(Account.email == "gran@example.org")).one()
        assert account.email_confirmed_at is not None
        assert account.password_hash is None


def test_an_address_that_nobody_proved_is_not_taken_for_proven(world: World) -> None:
    made(world, "email")
    link = letters(world)[0][1]["link"]
    assert world.browser(None).post("/join/new", data={"token": link.rpartition("/")[2]} | JO).status_code == 303
    with world.database.system_session("was it proven?", writes=False) as session:
        account = session.exec(select(Account).where(Account.waiting_email == JO["email"])).one()
        assert (account.email, account.email_confirmed_at) == (None, None)


def test_owners_hear_that_somebody_joined(world: World) -> None:
    answer = made(world, "link")
    token = re.search(r"/join/([^\"]+)", answer.text)
    assert token
    world.browser(None).post("/join/new", data={"token": token[1]} | JO)
    said = [one for one in letters(world) if one[0] is not MailKind.IS_IT_YOU]
    assert {(kind, letter["to"]) for kind, letter in said} == {
        (MailKind.SOMEONE_JOINED, email_of("dee")),
        (MailKind.SOMEONE_JOINED, email_of("maya")),
    }
    assert all("Maya" not in str(letter) and "Jo" not in str(letter) for _, letter in said)


def test_a_letter_says_who_sends_it_and_no_word_of_the_plan(world: World) -> None:
    answer = made(world, "letter", message="Come and see us, {#*_$ \\ ]")
    action = next(iter(re.findall(r'action="([^"]+/letter)"', answer.text)))
    letter = world.browser("dee").post(action, data=form_of(answer, action))
    assert letter.headers["content-type"] == "application/pdf"
    assert letter.headers["cache-control"] == "no-store"
    assert b"pdfuaid" in letter.content
    said = text_of(letter.content)
    for words in ("For Gran", "Dee asks you into the circle of a plan, as family.", "{#*_$ \\ ]", code_in(answer)):
        assert words in said
    assert "Maya" not in said
    (link,) = links_of(letter.content)
    asked = world.browser(None).get(link)
    assert "You are invited" in words_of(asked)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_letter_is_printed_whatever_letters_a_name_is_written_in(world: World) -> None:
    """No machine has every letter; this name has one that no common face has."""
    answer = made(world, "letter", display_name="\U000e0100\U0003134a", message="See you 🎈 soon.")
    assert 'target="_blank"' in answer.text, "the page that shows the code only once stays"
    action = next(iter(re.findall(r'action="([^"]+/letter)"', answer.text)))
    letter = world.browser("dee").post(action, data=form_of(answer, action))
    assert letter.status_code == 200
    said = text_of(letter.content)
    assert "See you (balloon) soon." in said or "See you 🎈 soon." in said
    assert "Some letters could not be printed." in said
    assert "For " not in said


def test_a_letter_is_made_for_those_who_hold_its_secret_alone(world: World) -> None:
    answer = made(world, "letter")
    action = next(iter(re.findall(r'action="([^"]+/letter)"', answer.text)))
    form = form_of(answer, action)
    assert world.browser("dee").post(action, data=form | {"token": "pwi_x"}).status_code == 410
    assert world.browser("dee").post(action, data=form | {"code": "2222222222"}).status_code == 410
    assert world.browser("nan").post(action, data=form).status_code in {403, 404}
    assert world.browser("kit").post(action, data=form).status_code == 404


def test_a_code_is_typed_and_opens_the_same_page(world: World) -> None:
    code, jo = code_in(made(world, "code")), world.browser(None)
    typed = code.replace(" ", "-").lower()
    there = jo.post("/join/code", data={"code": typed})
    assert there.status_code == 303
    asked = jo.get(there.headers["location"])
    assert "Dee asks you into the circle" in words_of(asked)
    assert jo.post("/join/new", data=form_of(asked, "/join/new") | JO).status_code == 303
    assert world.browser(None).post("/join/code", data={"code": code}).status_code == 422


def test_what_a_code_opens_closes_after_an_hour_and_when_it_is_sent_again(world: World) -> None:
    answer = made(world, "code")
    code = code_in(answer)
    there = world.browser(None).post("/join/code", data={"code": code}).headers["location"]
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert world.browser(None).get(there).status_code == 410
    again = world.browser("dee").post(_at(answer, "again"))
    assert code_in(again) != code
    assert world.browser(None).get(there).status_code == 410
    assert world.browser(None).post("/join/code", data={"code": code}).status_code == 422


def test_many_codes_are_not_tried(world: World) -> None:
    browser = world.browser(None)
    answers = [browser.post("/join/code", data={"code": f"22222 2222{n}"}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def _at(answer: Response, what: str) -> str:
    return re.sub(r"/withdraw$", f"/{what}", next(iter(re.findall(r'action="([^"]+/withdraw)"', answer.text))))


def test_sending_again_makes_a_new_secret_and_the_old_one_is_dead(world: World) -> None:
    first = made(world, "email")
    with clock.frozen(clock.now() + timedelta(days=8)):
        old = letters(world)[0][1]["link"]
        assert world.browser(None).get(old).status_code == 410
        assert "It is on its way" in words_of(world.browser("dee").post(_at(first, "again")))
        new = letters(world)[1][1]["link"]
        assert world.browser(None).get(old).status_code == 410
        assert world.browser(None).get(new).status_code == 200
    assert world.browser("dee").post(_at(first, "withdraw")).status_code == 303
    assert world.browser(None).get(new).status_code == 410
    assert world.browser("dee").post(_at(first, "again")).status_code == 409


def came(world: World, **typed: str) -> tuple[str, TestClient]:
    """Jo has taken Gran's invitation. Answers where owners are asked, and Jo's browser."""
    make_private(world, "wellness")
    answer = made(world, "link", **({"level-wellness": "read", "level-great-things": "read"} | typed))
    token = re.search(r"/join/([^\"]+)", answer.text)
    assert token
    jo = world.browser(None)
    assert jo.post("/join/new", data={"token": token[1]} | JO).status_code == 303
    asked = re.search(r'href="(/plans/[^"]+/came)"', world.browser("dee").get(world.url()).text)
    assert asked
    return asked[1], jo


def statuses(world: World, browser: TestClient) -> list[int]:
    paths = ("", "/sections/great-things/who", "/sections/wellness/who")
    return [browser.get(world.url(path)).status_code for path in paths]


def test_before_the_owners_word_only_everyday_opens_and_after_it_the_rest(world: World) -> None:
    where, jo = came(world)
    assert statuses(world, jo) == [200, 200, 404]
    assert "The rest opens once an owner has said that it is you." in words_of(jo.get(world.url()))
    words = words_of(world.browser("dee").get(where))
    for said in ("Is this Gran?", "Jo Hill", "jo@example.org", "They have not shown yet that this address is theirs."):
        assert said in words
    assert jo.get(where).status_code == 403
    assert jo.post(where, data={"answer": "yes"}).status_code == 403
    assert world.browser("nan").get(where).status_code == 403
    assert world.browser("dee").post(where, data={"answer": "yes"}).status_code == 303
    assert statuses(world, jo) == [200, 200, 200]
    assert world.browser("dee").get(where).status_code == 404
    assert "Somebody took" not in words_of(world.browser("dee").get(world.url()))


@pytest.mark.parametrize("role", ["family", "steward"])
def test_a_no_ends_it_all_at_once(world: World, role: str) -> None:
    where, jo = came(world, role=role)
    assert world.browser("dee").post(where, data={"answer": "no"}).status_code == 303
    assert statuses(world, jo) == [404, 404, 404]
    assert "Gran" not in words_of(world.browser("nan").get(world.url("/circle")))


def test_an_answer_that_is_none_changes_nothing(world: World) -> None:
    where, jo = came(world)
    assert world.browser("dee").post(where, data={"answer": "perhaps"}).status_code == 403
    assert statuses(world, jo) == [200, 200, 404]


def test_who_proves_an_address_later_shuts_out_whoever_used_it_before(world: World) -> None:
    """Somebody joined with an address that is not theirs. Its owner signs in by a letter: it is theirs alone."""
    token = re.search(r"/join/([^\"]+)", made(world, "link").text)
    assert token
    first, owner = world.browser(None), world.browser(None)
    assert first.post("/join/new", data={"token": token[1]} | JO).status_code == 303
    assert first.get("/me").status_code == 200
    owner.post("/sign-in/letter", data={"email": JO["email"]})
    link = next(letter["link"] for kind, letter in letters(world) if kind is MailKind.SIGN_IN)
    assert owner.post("/sign-in/link", data={"secret": link.rpartition("/")[2]}).status_code == 303
    assert owner.get("/me").status_code == 200
    assert first.get("/me").status_code == 303
    with world.database.system_session("is it proven?", writes=False) as session:
        account = session.exec(select(Account).where(Account.email == JO["email"])).one()
        assert account.email_confirmed_at is not None


def test_no_mailbox_is_filled_by_joining_and_a_family_joins_in_one_room(world: World) -> None:
    """Letters to one address are counted, however many invitations they make, and from however many places."""

    def ask(number: int, at: int, email: str) -> int:
        asked = {"role": "friend", "relationship": "Friend"}
        made = world.api("dee").post(f"/v1{world.url()}/invitations", json=asked).json()
        browser = world.from_address(f"10.0.0.{at}")
        said = {"token": made["accept_url"].rpartition("/")[2], "display_name": f"Aunt {number}", "email": email}
        return browser.post("/join/new", data=said).status_code

    assert [ask(one, 99, f"aunt{one}@example.org") for one in range(12)] == [303] * 12, "control: a whole family"
    assert [ask(one, one, email_of("kit")) for one in range(11)] == [303] * 10 + [429]
    assert ask(12, 12, "kit.two@example.org") == 303, "control: another address"


def test_pressing_join_twice_is_pressing_it_once(world: World) -> None:
    """Also where the first answer was lost on the way; but only on that page, for a minute, until they sign out."""
    plan, asked = f"/v1{world.url()}", {"role": "friend", "relationship": "Friend"}
    link = world.api("dee").post(f"{plan}/invitations", json=asked).json()["accept_url"]
    page = world.browser(None).get(link)
    said = form_of(page, "/join/new") | JO
    other = form_of(world.browser(None).get(link), "/join/new") | JO
    first, lost = world.browser(None), world.browser(None)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda browser: browser.post("/join/new", data=said), (first, lost)))
    assert [one.headers.get("location") for one in answers] == [world.url("?said=waits")] * 2
    assert [browser.get(world.url()).status_code for browser in (first, lost)] == [200, 200]
    members = world.api("dee").get(f"{plan}/members").json()["items"]
    assert [one["display_name"] for one in members].count("Jo Hill") == 1
    assert first.post("/join", data={"token": said["token"]}).headers["location"] == world.url("?said=in")
    told = [first.get(world.url(f"?said={word}")).text for word in ("joined", "in")]
    assert ["we send a link to your e-mail" in text for text in told] == [True, False], "they know how they sign in"
    assert world.browser("kit").post("/join", data={"token": said["token"]}).status_code == 409
    for wrong in (other, said | {"once": ""}, said | {"once": "pwo_zz"}):
        assert world.browser(None).post("/join/new", data=wrong).status_code == 410
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert world.browser(None).post("/join/new", data=said).status_code == 410
    first.post("/sign-out")
    assert world.browser(None).post("/join/new", data=said).status_code == 410
