"""Whoever looks after planwiki finds no word of any plan, on any address; closing an account counts at once."""

from datetime import timedelta
from typing import Any

import pytest
from tests.pages.seen import words_of
from tests.rights.canaries import NAMES, Canaries
from tests.rights.test_every_channel import EXAMPLES, FORMS, HELD_OUT, addresses, found_in
from tests.world import World, email_of
from typer.testing import CliRunner

from planwiki.activity.models import Delivery
from planwiki.base import clock
from planwiki.cli import main
from planwiki.people.host_commands import add_administrator, close_account, open_account


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_administrator_finds_no_word_of_a_plan_anywhere(canaries: Canaries) -> None:
    """Kit knows nobody. The host's page shows addresses and names, and no canary but those."""
    add_administrator(canaries.world.database, email_of("kit"))
    clients = {True: canaries.world.api("kit"), False: canaries.world.browser("kit")}
    addressed = {f"mail of {who}" for who in NAMES}
    for route in EXAMPLES:
        for url in addresses(canaries, route):
            for form in FORMS.get(route, ("*/*",)):
                answer = clients[route.startswith("/v1")].get(url, headers={"Accept": form})
                allowed = addressed if route == "/host" else {"mail of kit"}
                held_out = HELD_OUT if url.endswith(canaries.secret) else set()
                assert found_in(answer, url) - held_out <= allowed, url
    host = clients[False].get("/host")
    assert found_in(host, "/host") == addressed
    assert str(canaries.world.plan_id) not in host.text


def test_for_all_others_there_is_no_such_page(world: World) -> None:
    stranger = world.browser("kit").get("/host")
    for who in ("maya", "dee", "lee"):
        answer = world.browser(who).get("/host")
        assert (answer.status_code, words_of(answer)) == (404, words_of(stranger))
    assert world.browser(None).get("/host").headers["location"] == "/sign-in?next=%2Fhost"


def test_a_plan_more_or_less_changes_nothing_on_the_page(world: World) -> None:
    add_administrator(world.database, email_of("kit"))
    before = words_of(world.browser("kit").get("/host"))
    new = {"person": {"display_name": "Jo"}, "my_role": "steward"}
    assert world.api("dee").post("/v1/plans", json=new).status_code == 201
    assert words_of(world.browser("kit").get("/host")) == before


def test_closing_an_account_ends_its_sign_ins_at_once(world: World) -> None:
    browser, program = world.browser("nan"), world.api("nan")
    close_account(world.database, email_of("nan"))
    assert browser.get("/plans").status_code == 303
    assert program.get("/v1/me").status_code == 401
    assert world.api("nan").get("/v1/me").status_code == 401
    open_account(world.database, email_of("nan"))
    assert browser.get("/plans").status_code == 303
    assert program.get("/v1/me").status_code == 401
    assert world.api("nan").get(f"/v1/plans/{world.plan_id}").status_code == 200


def test_what_a_closed_account_sent_out_has_ended(world: World) -> None:
    made = world.api("dee").post(
        f"/v1/plans/{world.plan_id}/invitations", json={"role": "friend", "relationship": "Friend"}
    )
    token = {"token": made.json()["accept_url"].rsplit("/", 1)[-1]}
    close_account(world.database, email_of("dee"))
    answers = [world.api("kit").post(f"/v1/invitations/{what}", json=token) for what in ("preview", "accept")]
    assert [one.status_code for one in answers] == [410, 410]


def test_guest_links_that_a_closed_account_made_are_over_for_good(world: World) -> None:
    links, nobody = f"/v1/plans/{world.plan_id}/share-links", world.api(None)
    made = world.api("dee").post(links, json={"section_keys": ["great-things"], "expires_in_hours": 24}).json()
    guest = {"Authorization": f"Bearer {made['url'].partition('#')[2]}"}
    assert nobody.get("/v1/shared", headers=guest).status_code == 200
    close_account(world.database, email_of("dee"))
    for _ in range(2):
        assert nobody.get("/v1/shared", headers=guest).status_code == 410
        assert [one["status"] for one in world.api("maya").get(links).json()["items"]] == ["ended"]
        open_account(world.database, email_of("dee"))


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings = world.app.state.settings
    for name in ("database_url", "secret_key", "data_dir"):
        monkeypatch.setenv(f"PLANWIKI_{name.upper()}", str(getattr(settings, name)))
    return lambda *words: CliRunner().invoke(main, ["host", *words])


def test_the_command_line_does_all_of_it(world: World, run: Any) -> None:
    kit = email_of("kit")
    assert run("add", kit).exit_code == 0
    assert run("add", kit).exit_code == 0
    assert world.browser("kit").get("/host").status_code == 200
    assert f"{kit}\tKit\t" in run("accounts").stdout
    assert run("remove", kit).exit_code == 0
    assert world.browser("kit").get("/host").status_code == 404
    assert (run("remove", kit).exit_code, run("add", "nobody@example.org").exit_code) == (1, 1)
    assert run("close-account", kit).exit_code == 0
    assert "\tclosed" in run("accounts").stdout
    assert run("open-account", kit).exit_code == 0
    assert "\tclosed" not in run("accounts").stdout
    assert run("organisations", "add", "Hill School", "--ods-code", "X1").exit_code == 0
    assert run("organisations", "add", "Hill School").exit_code == 1
    assert run("organisations", "add", " ").exit_code == 1
    assert run("organisations", "list").stdout == "Hill School\tX1\n"


def test_a_stuck_letter_is_told_without_what_it_says(world: World, run: Any) -> None:
    assert run("stuck").exit_code == 0
    sealed = world.database.sealer.seal({"to": "zqwhoqz@example.org"})
    with world.database.system_session("two letters wait") as session:
        now = clock.now()
        more = {"kind": "invitation", "due_at": now, "sealed": sealed}
        session.add(Delivery(**more, created_at=now - timedelta(hours=1), tries=9, last_error="zqwhyqz"))
        session.add(Delivery(**more, created_at=now, tries=1))
    found = run("stuck")
    assert (found.exit_code, found.stdout.count("invitation\t9\tstill trying")) == (1, 1)
    assert found.stdout.count("\n") == 1
    add_administrator(world.database, email_of("kit"))
    page = world.browser("kit").get("/host").text
    assert "zq" not in page + found.stdout
    assert "BAD letters: 1 " in run("health").stdout
