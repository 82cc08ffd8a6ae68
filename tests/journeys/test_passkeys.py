"""A passkey is made, used and taken away again, with a device that the browser plays itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening
from tests.world import World

from planwiki.settings import Settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, free_port: int) -> Settings:
    """Passkeys belong to names: a number such as 127.0.0.1 has none."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        secret_key="a secret for tests alone, long enough",
        base_url=f"http://localhost:{free_port}",
        worker="separate",
    )


@pytest.fixture
def phone(page_as: Opening) -> Iterator[tuple[Page, Any, str]]:
    """Dee's browser, with a device inside that keeps keys and always says that it is her."""
    page = page_as("dee")
    yield page, *with_device(page)


def with_device(page: Page) -> tuple[Any, str]:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    made = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = made | {"isUserVerified": True, "automaticPresenceSimulation": True}
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return devices, device


def add_key(page: Page) -> None:
    page.goto("/me")
    page.get_by_label("A name for this device").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("You can sign in with this device now.")).to_be_visible()


def leave(page: Page) -> None:
    page.goto("/me")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_a_passkey_signs_in_without_a_word(phone: tuple[Page, Any, str]) -> None:
    page, _, _ = phone
    add_key(page)
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="My plans")).to_be_visible()
    page.goto("/me")
    page.get_by_role("button", name="Remove").click()
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work.").first).to_be_visible()
    page.goto("/plans")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_whoever_joined_adds_a_passkey_and_comes_back_before_their_letter(running: World, page_as: Opening) -> None:
    """Their address waits. A host that sends no e-mail has no other way."""
    asked = {"role": "friend", "relationship": "Friend"}
    link = running.api("dee").post(f"/v1{running.url('/invitations')}", json=asked).json()["accept_url"]
    page = page_as(None)
    with_device(page)
    page.goto(link)
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Your e-mail address").fill("gran@example.org")
    page.get_by_role("button", name="Join the circle").click()
    page.get_by_role("link", name="Other ways to sign in").click()
    expect(page.get_by_text("waits for its letter").first).to_be_visible()
    add_key(page)
    leave(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="My plans")).to_be_visible()


def test_a_key_that_was_copied_signs_nobody_in(phone: tuple[Page, Any, str]) -> None:
    """A copy counts on its own, and so one of the two counts backwards."""
    page, devices, device = phone
    add_key(page)
    [kept] = devices.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    for _ in range(2):
        leave(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("heading", name="My plans")).to_be_visible()
    leave(page)
    devices.send("WebAuthn.removeCredential", {"authenticatorId": device, "credentialId": kept["credentialId"]})
    devices.send("WebAuthn.addCredential", {"authenticatorId": device, "credential": kept})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work.").first).to_be_visible()


def test_without_script_there_are_other_ways(page_as: Opening) -> None:
    page = page_as(None, script=False)
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.get_by_role("button", name="Send me a link")).to_be_visible()
