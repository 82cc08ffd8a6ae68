"""A shared tablet: four pictures open it, it closes by itself, and there one reads and adds and does nothing else."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlmodel import select
from tests.media.making import picture, recording
from tests.pages.seen import form_of, words_of
from tests.rights.test_every_channel import EXAMPLES
from tests.world import SECTIONS, World, canary

from planwiki.base import clock
from planwiki.base.vocabulary import Level, Role
from planwiki.circle.grant_commands import give
from planwiki.circle.models import Member, Tablet
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.circle.tablet_rules import PICTURES, SHOWN, SOUGHT, grid
from planwiki.people.models import Account
from planwiki.plans.models import Revision, Section
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

# What is open on a tablet, and what sends everybody to sign in as somebody else.
AWAY = ("/tablet", "/sign-out", "/join/sign-in", "/joined/sign-in")


class Shared:
    """A tablet that Dee has set up. `pictures` are what she saw this once."""

    def __init__(self, world: World) -> None:
        self.world, dee = world, world.browser("dee")
        self.ready = dee.post(world.url("/tablets"), data={"name": "The blue one"})
        assert self.ready.status_code == 200, self.ready.text
        shown = self.ready.text.split("<ol")[1].split("</ol>")[0]
        self.pictures = re.findall(r"/static/pictures/([a-z-]+)\.svg", shown)
        self.tablet = world.browser(None)
        self.tablet.cookies.set("planwiki-tablet", self.ready.cookies["planwiki-tablet"])

    def press(self, pictures: list[str]) -> Any:
        answer: Any = None
        for place, one in enumerate(pictures):
            answer = self.tablet.post("/tablet", data={"chosen": ",".join(pictures[:place]), "picture": one})
        return answer

    def open(self) -> TestClient:
        answer = self.press(self.pictures)
        assert answer.headers["location"] == "/tablet/plan"
        return self.tablet

    def kept(self) -> Tablet:
        with self.world.database.system_session("the tablet as it is kept", writes=False) as session:
            found = session.exec(select(Tablet)).one()
            session.expunge(found)
            return found


@pytest.fixture
def shared(world: World) -> Shared:
    return Shared(world)


def test_the_pictures_are_shown_once_and_whoever_set_it_up_is_signed_out(shared: Shared) -> None:
    assert len(set(shared.pictures)) == SOUGHT
    assert set(shared.pictures) <= set(grid(shared.kept().id)) <= set(PICTURES)
    cookies = shared.ready.headers.get_list("set-cookie")
    assert any(one.startswith('planwiki="";') for one in cookies)
    assert any(one.startswith("planwiki-tablet=pwd_") and "HttpOnly" in one for one in cookies)
    assert not any(one in shared.kept().pictures_hash for one in shared.pictures)


def test_four_pictures_open_it_without_script(shared: Shared) -> None:
    assert shared.tablet.get("/").headers["location"] == "/tablet"
    closed = shared.tablet.get("/tablet")
    assert closed.text.count('name="picture"') == SHOWN == closed.text.count("accesskey=")
    words = words_of(shared.open().get("/tablet/plan"))
    assert all(title in words for title, _ in SECTIONS.values())
    section = shared.tablet.get("/tablet/sections/great-things")
    assert canary("great-things") in section.text
    assert '<meta http-equiv="refresh" content="300; url=/tablet">' in section.text
    assert section.headers["cache-control"] == "no-store"


def test_five_wrong_tries_lock_it_until_an_owner_unlocks_it(shared: Shared) -> None:
    for _ in range(5):
        assert shared.press(shared.pictures[::-1]).status_code == 422
    assert shared.press(shared.pictures).status_code == 422
    assert "The tablet is locked" in words_of(shared.tablet.get("/tablet"))
    world, id = shared.world, shared.kept().id
    for who, status in (("nan", 403), ("kit", 404)):
        assert world.browser(who).post(world.url(f"/tablets/{id}/unlock")).status_code == status
    dee = world.browser("dee")
    assert "locked after five wrong tries" in words_of(dee.get(world.url("/tablets")))
    assert dee.post(world.url(f"/tablets/{id}/unlock")).status_code == 303
    shared.open()
    assert shared.kept().tries == 0


def test_it_closes_after_five_quiet_minutes_and_not_before(shared: Shared) -> None:
    with clock.frozen(clock.now()) as time:
        shared.open()
        for _ in range(4):
            time.move(timedelta(minutes=4))
            assert shared.tablet.get("/tablet/plan").status_code == 200
        time.move(timedelta(minutes=4, seconds=59))
        assert shared.tablet.post("/tablet/stay").status_code == 204, "writing is not quiet"
        time.move(timedelta(minutes=4, seconds=59))
        assert shared.tablet.get("/tablet/plan").status_code == 200
        time.move(timedelta(minutes=5))
        assert shared.tablet.get("/tablet/plan").headers["location"] == "/tablet"
        assert shared.tablet.post("/tablet/stay").headers["location"] == "/tablet"
        assert shared.tablet.post("/tablet/sections/great-things", data={"words": "Late"}).status_code == 303
    closed = shared.tablet.get("/tablet")
    assert closed.headers["clear-site-data"] == '"cache", "storage"'


def test_closing_ends_it_at_once(shared: Shared) -> None:
    token = shared.open().cookies["planwiki"]
    answer = shared.tablet.post("/tablet/close")
    assert answer.headers["location"] == "/tablet"
    assert "clear-site-data" in answer.headers
    shared.tablet.cookies.set("planwiki", token)
    assert shared.tablet.get("/tablet/plan").headers["location"] == "/tablet"


def test_a_tablet_that_was_taken_away_is_closed_where_it_is_open(shared: Shared) -> None:
    tablet, world = shared.open(), shared.world
    assert world.browser("maya").post(world.url(f"/tablets/{shared.kept().id}/end")).status_code == 303
    assert tablet.get("/tablet/plan").headers["location"] == "/tablet"
    assert tablet.get("/tablet").status_code == 404
    assert tablet.get("/").status_code == 200, "it is any browser again"


def test_own_words_are_added_below_and_nothing_is_taken_away(shared: Shared) -> None:
    answer = shared.open().post("/tablet/sections/great-things", data={"words": " I like rain. "})
    assert answer.headers["location"] == "/tablet/sections/great-things?face=full&said=yes"
    with shared.world.database.system_session("what is kept", writes=False) as session:
        section = session.exec(select(Section).where(Section.key == "great-things")).one()
        assert section.body_markdown == f"Great things about me: {canary('great-things')}.\n\nI like rain."
        assert (section.voice or {})["whose"] == "person"
        newest = session.exec(select(Revision).where(Revision.section_id == section.id, Revision.number == 2)).one()
        assert (newest.author_name, newest.voice["how"]) == ("Maya", "own_words")
    assert shared.tablet.post("/tablet/sections/great-things", data={"words": "  "}).status_code == 422
    assert shared.tablet.post("/tablet/sections/great-things", data={"words": "x" * 2001}).status_code == 422
    assert shared.tablet.post("/tablet/sections/nowhere", data={"words": "x"}).status_code == 404


def test_her_voice_is_added_as_her_own_words_and_no_other_file(shared: Shared) -> None:
    """It is heard there at once, and whoever reads the section hears it. Where she may not add, no byte is read."""
    world, tablet, here = shared.world, shared.open(), "/tablet/sections/great-things"

    def send(file: bytes, at: str = here, accept: str = "application/json") -> Any:
        return tablet.post(f"{at}/voice", files={"file": ("one.webm", file)}, headers={"Accept": accept})

    assert f'action="{here}/voice"' in tablet.get(here).text
    assert "microphone=(self)" in tablet.get(here).headers["permissions-policy"]
    made = send(recording("webm-sound"))
    assert made.status_code == 201, made.text
    address = world.url(f"/media/{made.json()['id']}")
    assert f'src="{address}"' in tablet.get(here).text
    assert tablet.get(address).headers["content-type"] == "audio/webm"
    told = world.api("nan").get(f"/v1{address}").json()
    assert (told["section_key"], told["alt_text"]) == ("great-things", "My voice")
    said = {"whose": "person", "how": "own_words", "method": "spoken", "member_id": None, "supported_by": None}
    assert told["voice"] == said
    for reader, page in ((tablet, here), (world.browser("nan"), world.url("/sections/great-things?face=pictures"))):
        assert "Maya’s own words. They were spoken." in words_of(reader.get(page))
    assert send(recording("mp3"), accept="text/html").headers["location"] == f"{here}?said=yes"

    before = world.database.verify(world.plan_id).number
    for other in (recording("mp4"), picture()):
        assert send(other).status_code == 415
    closed = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    world.ask("maya", lambda uow: give(uow, world.plan_id, "money", closed))
    for key in ("money", "nowhere"):
        assert tablet.post(f"/tablet/sections/{key}/voice").status_code == 404
    for who in ("maya", "dee", None):
        answer = world.browser(who).post(f"{here}/voice", files={"file": recording("mp3")})
        assert answer.headers["location"] == "/tablet"
    assert world.database.verify(world.plan_id).number == before + 1
    assert len(world.api("maya").get(f"/v1{world.url('/media')}").json()["items"]) == 2


def test_a_recording_sent_again_by_one_opened_page_is_kept_once(world: World, shared: Shared) -> None:
    """Its answer was lost on the way. It is told again only while she may still speak there, and on no other tablet."""
    tablet, here = shared.open(), "/tablet/sections/great-things"

    def send(file: bytes, page: str, accept: str = "application/json") -> Any:
        return tablet.post(f"{here}/voice", data={"page": page}, files={"file": file}, headers={"Accept": accept})

    def kept() -> list[Any]:
        return list(world.api("maya").get(f"/v1{world.url('/media')}").json()["items"])

    def page_now() -> str:
        return form_of(tablet.get(here), f"{here}/voice")["page"]

    page, voice = page_now(), recording("webm-sound")
    first, again, by_form = send(voice, page), send(voice, page), send(voice, page, "text/html")
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert first.json() == again.json() == {"id": kept()[0]["id"]}
    assert again.headers["idempotency-replayed"] == "true"
    assert by_form.headers["location"] == f"{here}?said=yes"
    assert len(kept()) == 1
    assert send(recording("mp3"), page).status_code == send(voice, page_now()).status_code == 201
    assert len(kept()) == 3, "another recording, and another page, is another thing to say"
    closed = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    world.ask("maya", lambda uow: give(uow, world.plan_id, "great-things", closed))
    hidden = send(voice, page)
    assert (hidden.status_code, first.json()["id"] in hidden.text) == (404, False)


def test_her_easy_words_come_first_with_their_pictures_and_her_voice(world: World, shared: Shared) -> None:
    """All the words are one large press away. What she wrote in a diary, or is kept closed to Dee, stays closed."""
    dee, tablet, here = world.browser("dee"), shared.open(), "/tablet/sections/great-things"
    assert "See all the words" not in words_of(tablet.get(here))

    def say(who: str, words: str, key: str = "great-things") -> None:
        url = world.url(f"/sections/{key}/easy/edit")
        typed = {"words-0": words, "picture-0": "bus", "voice-whose": "family", "voice-how": "own_words"}
        browser = world.browser(who)
        assert browser.post(url, data=form_of(browser.get(url), url) | typed).status_code == 303

    def label(word: str) -> None:
        patch = SectionPatch.model_validate({"label": word})
        world.ask("maya", lambda uow: change_section(uow, world.plan_id, "great-things", patch, 1))

    label("diary")
    say("maya", "My secret.")
    assert tablet.get(here).status_code == 404
    label("everyday")
    assert "My secret." in words_of(world.browser("maya").get(world.url("/sections/great-things?face=easy")))
    assert "My secret." not in tablet.get(here).text
    say("dee", "I ride the bus.")
    assert tablet.post(f"{here}/voice", files={"file": recording("mp3")}).status_code == 303
    first = tablet.get(here)
    assert "I ride the bus." in words_of(first)
    assert 'alt="Bus"' in first.text
    assert canary("great-things") not in first.text
    assert (
        first.text.index("Listen to the recording") < first.text.index("I ride the bus.") < first.text.index("<audio")
    )
    whole = tablet.get(f"{here}?face=full")
    assert canary("great-things") in whole.text
    assert "I ride the bus." not in whole.text
    assert f'href="{here}"' in whole.text
    dee_knows = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    say("dee", "Pounds.", "money")
    assert "Pounds." in tablet.get("/tablet/sections/money").text
    world.ask("maya", lambda uow: give(uow, world.plan_id, "money", dee_knows))
    assert tablet.get("/tablet/sections/money").status_code == 404
    assert dee.get("/tablet/sections/great-things").headers["location"] == "/tablet"


def needs_somebody(stranger: TestClient, method: str, path: str) -> bool:
    """Whoever is nobody is sent away to sign in. What is open to nobody is no secret, on a tablet or elsewhere."""
    answer = stranger.request(method, path)
    return answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in")


def test_nothing_else_can_be_read_on_it(shared: Shared) -> None:
    tablet, stranger, asked = shared.open(), shared.world.browser(None), 0
    for route, queries in EXAMPLES.items():
        for query in queries:
            path = filled(shared.world, route + query)
            if route.startswith("/tablet") or not needs_somebody(stranger, "GET", path):
                continue
            answer = tablet.get(path, follow_redirects=True)
            assert answer.status_code in {401, 403, 404, 422}, route
            assert not any(canary(key) in answer.text for key in SECTIONS), route
            asked += 1
    assert asked > 40


def test_nothing_else_can_be_changed_on_it(shared: Shared) -> None:
    """Every address there is that changes something. What sends everybody to sign in changes nothing."""
    tablet, stranger = shared.open(), shared.world.browser(None)
    before, asked = shared.world.database.verify(shared.world.plan_id).number, 0
    for route in iter_route_contexts(shared.world.app.routes):
        path = filled(shared.world, str(route.path_format))
        for method in set(route.methods or ()) - {"GET", "HEAD", "OPTIONS"}:
            if path.startswith(AWAY) or not needs_somebody(stranger, method, path):
                continue
            answer = tablet.request(method, path)
            assert answer.status_code in {401, 403, 404, 422}, (method, path)
            asked += 1
    assert asked > 40
    assert shared.world.database.verify(shared.world.plan_id).number == before


def filled(world: World, route: str) -> str:
    values = {"plan_id": world.plan_id, "slug": "not-found", "secret": "pwi_x"}
    values |= dict.fromkeys(("key", "section_key"), "outcomes")
    return re.sub(r"{(\w+)}", lambda name: str(values.get(name[1], _other(world, name[1]))), route)


def _other(world: World, name: str) -> object:
    return 1 if name in {"revision", "number", "older", "newer"} else world.members["lee"]


def test_the_pages_of_a_tablet_are_open_nowhere_else(world: World) -> None:
    for who in ("maya", "dee", None):
        browser = world.browser(who)
        assert browser.get("/tablet/plan").headers["location"] == "/tablet"
        assert browser.get("/tablet").status_code == 404
        assert browser.post("/tablet/stay").headers["location"] == "/tablet"
        assert browser.post("/tablet", data={"chosen": "cat,dog,sun", "picture": "moon"}).status_code == 404


def test_a_person_without_an_account_is_given_one_without_an_address(world: World) -> None:
    with world.database.system_session("she has not joined") as session:
        maya = session.get(Member, world.members["maya"])
        assert maya
        maya.account_id, maya.status, maya.confirmed_at = None, "contact_only", None  # type: ignore[assignment]  # as a row is kept
    assert Shared(world).open().get("/tablet/plan").status_code == 200
    with world.database.system_session("whose account?", writes=False) as session:
        maya = session.get(Member, world.members["maya"])
        assert maya
        assert maya.confirmed_at is not None
        account = session.get(Account, maya.account_id)
        assert account
        assert (account.email, account.password_hash, account.display_name) == (None, None, "Maya")


def test_only_an_owner_who_was_just_there_sets_one_up(world: World) -> None:
    for who, status in (("nan", 403), ("lee", 403), ("kit", 404)):
        assert world.browser(who).post(world.url("/tablets"), data={"name": "Mine"}).status_code == status
    dee = world.browser("dee")
    assert dee.post(world.url("/tablets"), data={"name": " "}).status_code == 422
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert dee.post(world.url("/tablets"), data={"name": "Mine"}).status_code in {303, 403}
    with world.database.system_session("no tablet is there", writes=False) as session:
        assert session.exec(select(Tablet)).all() == []


def test_what_she_reads_on_it_is_written_nowhere(shared: Shared) -> None:
    tablet = shared.open()
    before = shared.world.database.verify(shared.world.plan_id).number
    tablet.get("/tablet/plan")
    tablet.get("/tablet/sections/great-things")
    tablet.get(shared.world.url("/sections/money"))
    assert shared.world.database.verify(shared.world.plan_id).number == before


def test_what_is_kept_closed_to_a_steward_is_closed_on_the_tablet(world: World, shared: Shared) -> None:
    """Dee has seen its pictures. On her own devices Maya reads it all the same."""
    closed = MemberGrantDraft(member_id=world.members["dee"], level=Level.NONE, withheld=True)
    tablet = shared.open()
    assert canary("money") in tablet.get("/tablet/sections/money").text
    world.ask("maya", lambda uow: give(uow, world.plan_id, "money", closed))
    assert tablet.get("/tablet/sections/money").status_code == 404
    assert tablet.post("/tablet/sections/money", data={"words": "Mine"}).status_code == 404
    assert SECTIONS["money"][0] not in words_of(tablet.get("/tablet/plan"))
    assert tablet.get("/tablet/sections/great-things").status_code == 200
    assert canary("money") in world.browser("maya").get(world.url("/sections/money")).text
    with world.database.system_session("Dee decides no more, and still knows the pictures") as session:
        session.get_one(Member, world.members["dee"]).role = Role.FAMILY
    assert tablet.get("/tablet/sections/money").status_code == 404
