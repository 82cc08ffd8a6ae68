"""Somebody joins, and the address they write may be anybody's. Nobody is told whose; its letter says what follows."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine, event
from sqlmodel import col, select
from tests.api.saying import VOICE
from tests.pages.seen import form_of, words_of
from tests.people.test_letters import is_in, letters, link_to
from tests.rights.test_tablet import Shared
from tests.world import PASSWORD, World, canary, email_of

from planwiki.activity.ledger import Ledger
from planwiki.authz.principal import Principal
from planwiki.base import clock
from planwiki.base.errors import PlanwikiError
from planwiki.base.ids import new_id
from planwiki.base.vocabulary import Level, LinkPurpose, LoginKind, MemberStatus
from planwiki.circle.arriving_queries import arrival
from planwiki.circle.commands import end_member
from planwiki.circle.freeze_commands import freeze_sharing
from planwiki.circle.grant_commands import give
from planwiki.circle.models import Member
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.circle.tablet_commands import enrol
from planwiki.circle.tablet_schemas import TabletDraft
from planwiki.people.commands import begin_login
from planwiki.people.host_commands import close_account, give_address
from planwiki.people.models import Account, Login, MailedLink, Passkey
from planwiki.plans.commands import close_plan, start_plan
from planwiki.plans.draft_commands import keep_draft
from planwiki.plans.draft_queries import my_draft
from planwiki.plans.draft_schemas import WordsInHand
from planwiki.plans.erase_commands import erase_closed
from planwiki.plans.models import Section, WrittenDraft
from planwiki.plans.place_commands import keep_place
from planwiki.plans.place_models import ReadingPlace
from planwiki.plans.place_schemas import ReadingPlaceDraft
from planwiki.plans.schemas import PersonDraft, PlanDraft
from planwiki.talk.commands import contribute, withdraw
from planwiki.talk.schemas import ContributionDraft

NOBODYS = "gran@example.org"
GIVEN = {"great-things": "edit", "wellness": "edit"}
CAME = "The rest opens once an owner has said that it is you."


def invited(world: World, **more: Any) -> str:
    grants = [{"section_key": key, "level": level} for key, level in GIVEN.items()]
    draft = {"role": "family", "relationship": "Grandmother", "grants": grants, "display_name": "Gran"} | more
    answer = world.api("dee").post(f"/v1{world.url('/invitations')}", json=draft)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["accept_url"].rpartition("/")[2])


def joined(world: World, email: str = NOBODYS, **more: Any) -> tuple[TestClient, Response]:
    """Gran takes a printed letter, and writes this address."""
    browser = world.browser(None)
    form = form_of(browser.get(f"/join/{invited(world, **more)}"), "/join/new")
    return browser, browser.post("/join/new", data=form | {"display_name": "Grace", "email": email})


def kept(world: World, question: Any) -> Any:
    with world.database.system_session("what is kept?", writes=False) as session:
        return session.exec(question).all()


def newcomer(world: World) -> Principal:
    account = kept(world, select(Account).where(Account.display_name == "Grace").order_by(col(Account.id).desc()))[0]
    return Principal(account.id, "Grace")


def place(world: World) -> Member:
    """Gran's, whoever has it."""
    (found,) = kept(world, select(Member).where(Member.display_name == "Gran", col(Member.ended_at).is_(None)))
    assert isinstance(found, Member)
    return found


def say_yes(world: World) -> None:
    assert (
        world.browser("dee").post(world.url(f"/circle/{place(world).id}/came"), data={"answer": "yes"}).status_code
        == 303
    )


def reads(world: World, browser: TestClient) -> list[int]:
    return [browser.get(world.url(f"/sections/{key}")).status_code for key in ("great-things", "wellness")]


def press(browser: TestClient, link: str, button: str) -> Response:
    return browser.post(f"/joined/{button}", data={"secret": link.rpartition("/")[2]})


def plain(text: str, email: str) -> str:
    """Without what is made anew each time."""
    made = r"pw[a-z]_[A-Za-z0-9_-]+|[0-9a-f]{8}-[0-9a-f-]{27}|nonce-[^'\"]+|nonce=\"[^\"]+\"|\d\d:\d\d"
    return re.sub(made, "…", text.replace(email, "ADDRESS"))


def all_of_it(world: World, email: str) -> tuple[list[str], list[str]]:
    """Every answer that whoever joins with this address gets, the letters, and what the database was asked."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(re.sub(r"\s+", " ", statement))

    secret, browser = invited(world, display_name=None), world.browser(None)
    form = form_of(browser.get(f"/join/{secret}"), "/join/new") | {"display_name": "Grace", "email": email}
    event.listen(Engine, "before_cursor_execute", note)
    answers = [browser.post("/join/new", data=form)]
    answers += [browser.get(answers[0].headers["location"]), browser.get("/me")]
    answers += [browser.post("/me/address", data={"new_email": email}), browser.get("/me?saved=waits")]
    event.remove(Engine, "before_cursor_execute", note)
    told = [f"{one.status_code} {sorted(one.headers.items())} {one.text}" for one in answers]
    told += [str(one) for one in letters(world) if one[0] == email]
    return [plain(one, email) for one in told], asked


def test_nobody_learns_by_joining_whether_an_address_has_an_account(world: World) -> None:
    known, unknown = all_of_it(world, email_of("kit")), all_of_it(world, "who@example.org")
    assert len(known[0]) == 6, "one letter: the first one ended with the second"
    assert known == unknown
    assert "Grace" not in str(known[0][-1])
    assert "Maya" not in str(known[0][-1])
    for email in (email_of("kit"), "who@example.org"):
        assert "waits for its letter" in known[0][2]
        assert world.api(None).post("/v1/accounts", json={"display_name": "X", "email": email}).status_code == 202


def test_the_letter_gives_an_address_that_nobody_has(world: World) -> None:
    gran, _ = joined(world)
    say_yes(world)
    link = link_to(world, NOBODYS)
    assert reads(world, gran) == [200, 200]
    assert "Is this your address?" in words_of(gran.get(link))
    assert gran.get("/me").text.count("waits for its letter") == 1, "a mail scanner that opens it changes nothing"
    assert press(gran, link, "take").headers["location"] == "/me?saved=address"
    assert (is_in(gran), reads(world, gran)) == (True, [200, 200]), "the same browser: nobody is asked again"
    account = kept(world, select(Account).where(Account.email == NOBODYS))[0]
    assert (account.waiting_email, account.email_confirmed_at is not None) == (None, True)
    assert press(gran, link, "take").headers["location"] == "/plans", "pressed twice"
    assert press(world.browser(None), link, "take").status_code == 410
    assert world.browser(None).get(link).status_code == 410


def elsewhere(world: World, link: str, gran: TestClient) -> TestClient:
    other = world.browser(None)
    assert "signed out everywhere else" in words_of(other.get(link))
    assert arrival(world.database, link.rpartition("/")[2], "", None).name == "", "whoever joined is not named to them"
    assert press(world.browser("kit"), link, "take").status_code == 409, "somebody else is signed in there"
    assert press(other, link, "take").status_code == 303
    assert not is_in(gran)
    return other


def by_a_letter_to_sign_in(world: World, _: str, gran: TestClient) -> TestClient:
    other = world.browser(None)
    other.post("/sign-in/letter", data={"email": NOBODYS})
    other.post("/sign-in/link", data={"secret": link_to(world, NOBODYS).rpartition("/")[2]})
    assert not is_in(gran)
    return other


@pytest.mark.parametrize("come", [elsewhere, by_a_letter_to_sign_in])
def test_whoever_reads_the_mailbox_elsewhere_is_asked_about_again(
    world: World, come: Callable[[World, str, TestClient], TestClient]
) -> None:
    """A mistyped address is a stranger's: no more than everyday opens to them, nor what was set up before."""
    gran, _ = joined(world)
    say_yes(world)
    with world.database.system_session("she has a passkey") as session:
        key = {"name": "Phone", "credential_id": "x", "public_key": "x", "created_at": clock.now()}
        session.add(Passkey(account_id=newcomer(world).account_id, **key))
    other = come(world, link_to(world, NOBODYS), gran)
    assert is_in(other)
    assert kept(world, select(Passkey)) == []
    assert reads(world, other) == [200, 404]
    assert CAME in words_of(other.get(world.url()))
    assert [to for to, _, _ in letters(world) if to in {email_of("dee"), email_of("maya")}][:2]
    say_yes(world)
    assert reads(world, other) == [200, 200]
    world.database.verify(world.plan_id)


def test_where_somebody_joined_a_letter_to_sign_in_asks_no_owner_again(world: World) -> None:
    gran, _ = joined(world)
    say_yes(world)
    gran.cookies.delete("planwiki")  # Half a day later.
    gran.post("/sign-in/letter", data={"email": NOBODYS})
    gran.post("/sign-in/link", data={"secret": link_to(world, NOBODYS).rpartition("/")[2]})
    assert reads(world, gran) == [200, 200]


def wrote(world: World, who: Principal, words: str) -> UUID:
    """A draft, a reading place and something said. Answers the last."""
    about = {"target": {"type": "section", "section_key": "great-things"}, "kind": "comment", "voice": VOICE}
    draft = ContributionDraft.model_validate(about | {"body_markdown": words})
    hand = WordsInHand(page=new_id(), words={"title": "T", "body_markdown": words})
    with world.database.unit_of_work(who, writes=True) as uow:
        keep_draft(uow, world.plan_id, "great-things", hand)
        keep_place(uow, world.plan_id, "great-things", ReadingPlaceDraft(paragraph=2, begins="abc"))
        return contribute(uow, world.plan_id, draft).id


def test_a_place_comes_to_the_account_that_has_the_address(world: World) -> None:
    gran, _ = joined(world, email_of("kit"))
    say_yes(world)
    joins, before = newcomer(world), place(world)
    said = wrote(world, joins, "She sings.")
    link, kit = link_to(world, email_of("kit")), world.browser("kit")
    for browser in (gran, world.browser(None), world.browser("sam")):
        shown = browser.get(link)
        assert ("You have an account already" in words_of(shown), "Grace" in shown.text) == (True, False)
    for wrong in (gran, world.browser("sam")):
        assert press(wrong, link, "bring").status_code == 409
        assert press(wrong, link, "take").status_code == 409
    assert press(world.browser(None), link, "bring").headers["location"].startswith("/sign-in")
    assert (place(world), reads(world, gran)) == (before, [200, 200]), "nothing moved so far"
    away = press(gran, link, "sign-in")
    assert (away.headers["location"], gran.get("/joined/waiting").headers["location"]) == (
        "/sign-in?next=/joined/waiting",
        link,
    )
    assert "as Grace , and wrote your address." in words_of(kit.get(link))
    assert press(kit, link, "bring").headers["location"] == world.url("?said=brought")
    assert (place(world).account_id, place(world).id) == (world.principals["kit"].account_id, before.id)
    assert (is_in(gran), press(gran, link, "back").status_code) == (False, 410)
    assert reads(world, kit) == [200, 404]
    assert CAME in words_of(kit.get(world.url()))
    assert press(kit, link, "bring").headers["location"] == "/plans", "pressed twice"
    assert press(world.browser("sam"), link, "bring").status_code == 410
    say_yes(world)
    assert reads(world, kit) == [200, 200]
    _all_came_along(world, said)
    _nothing_is_left(world, joins)


def _all_came_along(world: World, said: UUID) -> None:
    (great,) = kept(world, select(Section).where(Section.plan_id == world.plan_id, Section.key == "great-things"))
    draft: Any = world.ask("kit", lambda uow: my_draft(uow, great.id))
    assert draft.words["body_markdown"] == "She sings."
    assert [one.account_id for one in kept(world, select(ReadingPlace))] == [world.principals["kit"].account_id]
    world.ask("kit", lambda uow: withdraw(uow, world.plan_id, said))
    assert world.database.verify(world.plan_id).problem == ""
    looked = words_of(world.browser("dee").get(world.url("/looked")))
    assert "Gran came in by a letter. Owners are asked once more who it is." in looked
    assert "Gran said something about Great things about me" in looked


def _nothing_is_left(world: World, joins: Principal) -> None:
    (account,) = kept(world, select(Account).where(Account.id == joins.account_id))
    assert (account.email, account.waiting_email, account.closed_at is not None) == (None, None, True)
    assert all(one.ended_at for one in kept(world, select(Login).where(Login.account_id == joins.account_id)))
    assert all(one.ended_at for one in kept(world, select(Member).where(Member.account_id == joins.account_id)))


def test_a_draft_of_a_place_they_had_once_is_not_lost(world: World) -> None:
    draft = MemberGrantDraft(member_id=world.members["sam"], level=Level.EDIT)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "great-things", draft))
    wrote(world, world.principals["sam"], "Of then.")
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, world.members["sam"]))
    joined(world, email_of("sam"))
    say_yes(world)
    wrote(world, newcomer(world), "Of now.")
    assert press(world.browser("sam"), link_to(world, email_of("sam")), "bring").status_code == 303
    drafts = kept(world, select(WrittenDraft).where(WrittenDraft.account_id == world.principals["sam"].account_id))
    found = {one.words["body_markdown"]: one.thrown_away_at is None for one in drafts}
    assert found == {"Of then.": False, "Of now.": True}


def close(world: World) -> None:
    world.ask("dee", lambda uow: close_plan(uow, world.plan_id))


def freeze(world: World) -> None:
    world.ask("dee", lambda uow: freeze_sharing(uow, world.plan_id))


def end(world: World) -> None:
    world.ask("dee", lambda uow: end_member(uow, world.plan_id, place(world).id))


def start_their_own(world: World) -> None:
    with world.database.unit_of_work(newcomer(world), writes=True) as uow:
        start_plan(uow, PlanDraft(person=PersonDraft(display_name="Jo"), my_role="steward", template="blank"))


@pytest.mark.parametrize(
    ("between", "told"),
    [
        (close, "This does not work just now"),
        (freeze, "This does not work just now"),
        (end, "There is nothing to bring here"),
        (start_their_own, "decides about a plan alone"),
    ],
)
def test_what_happened_in_between_is_said_and_nothing_moves(
    world: World, between: Callable[[World], None], told: str
) -> None:
    gran, _ = joined(world, email_of("kit"))
    say_yes(world)
    link, kit = link_to(world, email_of("kit")), world.browser("kit")
    assert "as Grace" in words_of(kit.get(link))
    between(world)
    before = kept(world, select(Member).order_by(col(Member.id)))
    answer = press(kit, link, "bring")
    assert (answer.status_code, told in words_of(answer)) == (409, True)
    assert kept(world, select(Member).order_by(col(Member.id))) == before
    assert is_in(gran)
    with clock.frozen(clock.now() + timedelta(days=7, seconds=1)):
        assert press(world.browser("kit"), link, "bring").status_code == 410
    close_account(world.database, email_of("kit"))
    assert "This account is closed" in words_of(world.browser(None).get(link))


def test_who_is_in_the_circle_already_is_told_and_goes_back(world: World) -> None:
    """She wrote her daughter's address. The daughter opens the letter where they both joined."""
    gran, _ = joined(world, email_of("nan"))
    link = link_to(world, email_of("nan"))
    gran.post("/sign-in", data={"email": email_of("nan"), "password": PASSWORD})
    assert "You are in this circle already" in words_of(gran.get(link))
    assert press(gran, link, "bring").status_code == 409
    assert press(world.browser("nan"), link, "back").status_code == 409, "only where they joined"
    assert press(gran, link, "back").headers["location"] == "/me#address"
    assert place(world).account_id == newcomer(world).account_id
    gran.post("/me/address", data={"new_email": NOBODYS})
    assert gran.get(link).status_code == 410, "the first letter ended"
    assert press(gran, link_to(world, NOBODYS), "take").status_code == 303


def test_two_wait_for_one_address_and_the_first_who_presses_has_it(world: World) -> None:
    first, _ = joined(world, display_name="Aunt")
    early = link_to(world, NOBODYS)
    second, _ = joined(world)
    late = link_to(world, NOBODYS)
    assert press(second, late, "take").status_code == 303
    assert "waits for its letter" in words_of(first.get("/me")), "whoever made the other learns nothing"
    assert press(first, early, "take").status_code == 409
    assert "You are in this circle already" in words_of(second.get(early))


def test_whoever_decides_alone_does_not_change_hands_by_a_letter(world: World) -> None:
    gran, _ = joined(world)
    start_their_own(world)
    link, other = link_to(world, NOBODYS), world.browser(None)
    assert press(other, link, "take").status_code == 409
    other.post("/sign-in/letter", data={"email": NOBODYS})
    assert press_to_sign_in(other, link_to(world, NOBODYS)) == 409
    assert press(gran, link, "take").status_code == 303, "control: in the browser where they joined"


def press_to_sign_in(browser: TestClient, link: str) -> int:
    return browser.post("/sign-in/link", data={"secret": link.rpartition("/")[2]}).status_code


def test_a_letter_that_was_asked_for_gives_no_other_address(world: World) -> None:
    """A stranger waits for her address. While she signs in by letter, he changes it: she gets neither, nor he hers."""
    his, _ = joined(world)
    hers = world.browser(None)
    hers.post("/sign-in/letter", data={"email": NOBODYS})
    link = link_to(world, NOBODYS)
    his.post("/me/address", data={"new_email": "his@example.org"})
    assert press_to_sign_in(hers, link) == 422
    his.post("/me/address", data={"new_email": NOBODYS})
    hers.post("/sign-in/letter", data={"email": NOBODYS})
    mine, waits = (
        link_to(world, NOBODYS),
        kept(world, select(MailedLink).where(MailedLink.purpose == LinkPurpose.JOINED)),
    )
    assert press_to_sign_in(hers, mine) == 303
    assert (is_in(hers), is_in(his)) == (True, False)
    ended = kept(world, select(MailedLink).where(col(MailedLink.id).in_([one.id for one in waits])))
    assert all(one.used_at or one.expires_at <= clock.now() for one in ended), "no letter of his opens it"


def test_the_letter_of_one_who_joined_signs_nobody_in_by_itself(world: World) -> None:
    """Nor in the browser where they joined, as if they had asked for it there."""
    gran, _ = joined(world)
    gran.cookies.set("planwiki-asked", gran.cookies["planwiki-joined"])
    assert press_to_sign_in(gran, link_to(world, NOBODYS)) == 422


def test_a_stranger_who_had_her_address_before_her_gives_it_no_other(world: World) -> None:
    """Made before addresses waited. He asks for a letter to himself, and presses it after she has shown who she is."""
    with world.database.system_session("an account of then") as session:
        account = Account(email=NOBODYS, display_name="His", created_at=clock.now())
        session.add(account)
        session.flush()
        login = begin_login(session, account, LoginKind.BROWSER, timedelta(hours=1))
    his, hers = world.browser(None), world.browser(None)
    his.cookies.set("planwiki", login.token)
    assert his.post("/me/address", data={"new_email": "his@example.org"}).status_code == 303
    hers.post("/sign-in/letter", data={"email": NOBODYS})
    assert press_to_sign_in(hers, link_to(world, NOBODYS)) == 303
    assert press_to_sign_in(his, link_to(world, "his@example.org")) == 422
    assert (is_in(hers), is_in(his)) == (True, False)


def test_a_waiting_address_has_no_password_and_is_changed_while_nothing_else_shows_who_they_are(world: World) -> None:
    gran, _ = joined(world)
    assert "A password goes with an e-mail address." in words_of(gran.get("/me"))
    assert gran.post("/me/password", data={"new": PASSWORD}).status_code == 409
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert gran.post("/me/address", data={"new_email": "other@example.org"}).status_code == 303
        with world.database.system_session("she has a passkey") as session:
            key = {"name": "Phone", "credential_id": "x", "public_key": "x", "created_at": clock.now()}
            session.add(Passkey(account_id=newcomer(world).account_id, **key))
        assert gran.post("/me/address", data={"new_email": NOBODYS}).status_code == 403, "now she can show it"


def test_a_host_that_sends_no_mail_gives_the_address(world: World) -> None:
    gran, _ = joined(world)
    who = str(newcomer(world).account_id)
    assert "This planwiki sends no e-mail." not in words_of(gran.get("/me")), "on one's own machine there is /mailbox"
    with pytest.raises(PlanwikiError, match="Somebody has that"):
        give_address(world.database, who, email_of("kit"))
    settings = world.app.state.settings
    world.app.state.settings = settings.model_copy(update={"environment": "production"})
    assert "This planwiki sends no e-mail" in words_of(gran.get("/me"))
    world.app.state.settings = settings
    give_address(world.database, who, NOBODYS)
    assert (is_in(gran), "waits for its letter" in words_of(gran.get("/me"))) == (True, False)
    with pytest.raises(PlanwikiError, match="They have an address"):
        give_address(world.database, who, "more@example.org")


def without_account(world: World) -> None:
    with world.database.system_session("Maya never had an account") as session:
        maya = session.get_one(Member, world.members["maya"])
        maya.account_id, maya.status, maya.confirmed_at = None, MemberStatus.CONTACT_ONLY, None


def say_yes_to_maya(world: World) -> None:
    came = world.url(f"/circle/{world.members['maya']}/came")
    assert world.browser("dee").post(came, data={"answer": "yes"}).status_code == 303


def test_a_young_persons_own_place_comes_with_their_tablet(world: World) -> None:
    without_account(world)
    joined(world, email_of("kit"), role="person", relationship="Me")
    say_yes_to_maya(world)
    tablet, kit = Shared(world), world.browser("kit")
    assert canary("money") in tablet.open().get("/tablet/sections/money").text
    assert press(kit, link_to(world, email_of("kit")), "bring").status_code == 303
    assert tablet.tablet.get("/tablet/plan").status_code == 303, "it asks for the pictures again"
    assert kit.get(world.url("/settings")).status_code == 403, "they do not decide yet"
    say_yes_to_maya(world)
    assert kit.get(world.url("/settings")).status_code == 200
    assert canary("money") in tablet.open().get("/tablet/sections/money").text


def test_a_person_whose_address_waits_has_their_place_and_keeps_their_account(world: World) -> None:
    """Nobody else is invited to it; and when the plan is erased, the account is not taken for a tablet's alone."""
    without_account(world)
    joined(world, role="person", relationship="Me")
    again = {"role": "person", "relationship": "Me", "display_name": "Somebody"}
    assert world.api("dee").post(f"/v1{world.url('/invitations')}", json=again).status_code == 409
    say_yes_to_maya(world)
    world.ask("dee", lambda uow: enrol(uow, world.plan_id, TabletDraft(name="Kitchen")))
    close(world)
    with clock.frozen(clock.now() + timedelta(days=31)):
        erase_closed(world.database, world.app.state.storage, Ledger(world.app.state.settings.data_dir))
    assert kept(world, select(Account.waiting_email).where(Account.id == newcomer(world).account_id)) == [NOBODYS]
