"""Coming in, as people live it: by a letter in the post, an e-mail or a code; and guests who only read."""

from functools import partial

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select
from tests.journeys.conftest import Opening, check, shows
from tests.journeys.conftest import shot as kept
from tests.pages.test_leaving_pages import age
from tests.papers import links_of, text_of
from tests.world import PASSWORD, World, canary, email_of

from planwiki.activity.models import Delivery
from planwiki.base.vocabulary import MailKind

# What a browser shows does not hang on the database: the other tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
shot, looked_at = partial(kept, "inviting"), partial(check, "inviting")
WAYS = [(True, 1200), (False, 360)]


def invite(dee: Page, world: World, way: str) -> None:
    """Dee asks Gran to see two sections, one of them not everyday."""
    dee.goto(world.url("/circle/invite"))
    dee.fill("[name=display_name]", "Gran")
    dee.fill("[name=relationship]", "Grandmother")
    dee.check("[value=family]")
    dee.get_by_label("My wellness").select_option("read")
    dee.check(f"[name=way][value={way}]")
    dee.fill("[name=email]", "gran@example.org")
    dee.click("main button")
    dee.get_by_role("button", name="Invite them").click()


def come_in(gran: Page, *, email: str = "") -> None:
    gran.fill("[name=display_name]", "Grace")
    if email:
        gran.fill("[name=email]", email)
    gran.get_by_role("button", name="Join the circle").click()
    shows(gran, "main", "You are in, Grace.")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_by_a_letter_in_the_post(running: World, page_as: Opening, script: bool, width: int) -> None:
    dee, gran = page_as("dee", script=script, width=width), page_as(None, script=script, width=width)
    invite(dee, running, "letter")
    (looked_at if script else shot)(dee, "letter-ready")
    form = dee.locator("form[action$='/letter']")
    sent = {name: form.locator(f"[name={name}]").input_value() for name in ("token", "code")}
    letter = dee.request.post(form.get_attribute("action") or "", form=sent).body()
    assert "For Gran" in text_of(letter)
    gran.goto(links_of(letter)[0])
    shot(gran, "from-the-letter")
    assert gran.locator("[type=password]").count() == 0, "there is no password to invent"
    come_in(gran, email="gran@example.org")
    shows(gran, "main", "The rest opens once an owner has said that it is you.")
    say_yes(dee, running)
    gran.reload()
    gran.get_by_role("link", name="My wellness").first.click()  # Two fields and two presses since the empty browser.
    shows(gran, "main", canary("wellness"))
    gran.goto("/me")
    (looked_at if script else shot)(gran, "waits")
    gran.goto(letter_to(running, "gran@example.org"))
    (looked_at if script else shot)(gran, "is-this-your-address")
    gran.click("text=Yes, this is my address")
    shows(gran, "main", "Your new e-mail address is saved.")
    gran.goto(running.url("/sections/wellness"))
    shows(gran, "main", canary("wellness"))  # Nobody was asked again.


def letter_to(world: World, email: str) -> str:
    """The link of the newest letter that asks whose an address is."""
    with world.database.system_session("what waits to be sent", writes=False) as session:
        kept = session.exec(select(Delivery).where(Delivery.kind == MailKind.IS_IT_YOU).order_by("id")).all()
        letters = [world.database.sealer.open(one.sealed or "") for one in kept]
    return str([one["link"] for one in letters if one["to"] == email][-1])


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_somebody_with_an_account_brings_their_place_to_it(
    running: World, page_as: Opening, script: bool, width: int
) -> None:
    """Kit joins with a printed letter, and thinks of the account only when the e-mail comes."""
    dee, kit = page_as("dee", script=script, width=width), page_as(None, script=script, width=width)
    look = looked_at if script else shot
    invite(dee, running, "code")
    kit.goto("/join")
    kit.fill("[name=code]", dee.inner_text("main strong"))
    kit.click("text=Go on")
    come_in(kit, email=email_of("kit"))
    kit.goto(letter_to(running, email_of("kit")))
    look(kit, "an-account-already")
    kit.locator("form[action='/joined/sign-in'] button").click()
    kit.fill("form[action='/sign-in'] [name=email]", email_of("kit"))
    kit.fill("form[action='/sign-in'] [name=password]", PASSWORD)
    kit.locator("form[action='/sign-in'] button").first.click()
    look(kit, "was-it-you")
    kit.click("text=Yes, bring it here")
    shows(kit, "main", "The rest opens once an owner has said that it is you.")
    shot(kit, "brought")
    say_yes(dee, running)
    kit.goto(running.url("/sections/wellness"))
    shows(kit, "main", canary("wellness"))


def say_yes(dee: Page, world: World) -> None:
    dee.goto(world.url())
    dee.click("text=Look and answer")
    dee.click("text=Yes, this is Gran")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_by_an_e_mail(running: World, page_as: Opening, script: bool, width: int) -> None:
    dee, gran = page_as("dee", script=script, width=width), page_as(None, script=script, width=width)
    invite(dee, running, "email")
    shot(dee, "on-its-way")
    with running.database.system_session("what waits to be sent", writes=False) as session:
        letter = session.exec(select(Delivery).where(Delivery.kind == MailKind.INVITATION)).one()
        link = running.database.sealer.open(letter.sealed or "")["link"]
    gran.goto(link)
    shot(gran, "from-the-mail")
    come_in(gran)


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_by_a_code_on_the_telephone(running: World, page_as: Opening, script: bool, width: int) -> None:
    dee, gran = page_as("dee", script=script, width=width), page_as(None, script=script, width=width)
    invite(dee, running, "code")
    code = dee.inner_text("main strong")
    gran.goto("/join")
    gran.fill("[name=code]", "2222222222")
    gran.click("text=Go on")
    shows(gran, "main", "That code opens nothing.")
    gran.fill("[name=code]", code.lower())
    gran.click("text=Go on")
    come_in(gran, email="gran@example.org")
    dee.goto(running.url())
    dee.click("text=Look and answer")
    (looked_at if script else shot)(dee, "is-this-gran")
    dee.click("text=No, it is somebody else")
    gran.reload()
    expect(gran.locator("main")).not_to_contain_text("You are in")


@pytest.mark.parametrize("width", [1200, 360])
def test_a_guest_opens_a_link_and_its_secret_leaves_the_address(running: World, page_as: Opening, width: int) -> None:
    dee, guest = page_as("dee", width=width), page_as(None, width=width)
    link = make_link(dee, running)
    looked_at(dee, "guest-link-made")
    guest.goto(link)
    guest.get_by_role("heading", name="About Maya").wait_for()
    shows(guest, "main", canary("wellness"))
    assert guest.url.endswith("/shared")
    looked_at(guest, "guest-reads")
    dee.goto(running.url("/share-links"))
    shows(dee, "main", "Opened once.")
    dee.click("text=Stop it")
    again = page_as(None, width=width)
    again.goto(link)
    again.get_by_text("This link has ended.").first.wait_for()
    looked_at(again, "guest-link-over")


def make_link(dee: Page, world: World) -> str:
    dee.goto(world.url("/share-links"))
    dee.click("text=Make a guest link")
    dee.check("[name=open-wellness]")
    dee.fill("[name=purpose_note]", "Hospital")
    dee.get_by_role("button", name="Make the link").click()
    return dee.input_value("#link")


def test_without_script_a_guest_pastes_the_link(running: World, page_as: Opening) -> None:
    dee, guest = page_as("dee", script=False, width=360), page_as(None, script=False, width=360)
    link = make_link(dee, running)
    guest.goto(link)
    guest.fill("[name=link]", link)
    guest.get_by_role("button", name="Open it").click()
    shows(guest, "main", canary("wellness"))


@pytest.mark.parametrize("width", [1200, 360])
def test_rings_leaving_and_what_nobody_uses(running: World, page_as: Opening, width: int) -> None:
    dee = page_as("dee", width=width)
    for who, ring in (("nan", "1"), ("sam", "2"), ("rao", "4"), ("lee", "4")):
        dee.goto(running.url(f"/circle/{running.members[who]}"))
        dee.select_option("[name=closeness]", ring)
        dee.set_checked("[name=is_key_worker]", who == "lee")
        dee.click("text=Save")
    dee.goto(running.url("/circle/rings"))
    looked_at(dee, "rings")
    dee.goto(running.url(f"/circle/{running.members['lee']}/leaving"))
    looked_at(dee, "leaving")
    dee.select_option("[name=to-outcomes]", label="Sam")
    dee.select_option("[name=ask_first]", label="Nan")
    dee.click("main form button")
    shows(dee, ".ask", "Nan")
    age(running, 91)
    dee.goto(running.url("/circle/unused"))
    looked_at(dee, "unused")
