"""What a browser keeps of us: short, out of a script's reach, and with TLS under names that no other page can set."""

import pytest
from tests.house.tree import sources
from tests.people.test_letters import asked
from tests.world import PASSWORD, World, email_of


def all_set(world: World) -> dict[str, str]:
    """Name -> how it is set, of every cookie that pages give."""
    browser = asked(world)[0]
    dee = world.browser(None)
    answers = [
        browser.post("/sign-in/letter", data={"email": email_of("dee")}),
        dee.post("/sign-in", data={"email": email_of("dee"), "password": PASSWORD}),
        dee.post("/join/sign-in", data={"token": "pwi_" + "a" * 43}),
        dee.post("/confirm/letter", data={"confirm-to": "/plans"}),
        dee.post(world.url("/tablets"), data={"name": "Kitchen"}),
        world.browser(None).post("/reading", data={"look": "dark"}),
    ]
    lines = [line for answer in answers for line in answer.headers.get_list("set-cookie")]
    return {line.partition("=")[0]: line.partition(";")[2].lower() for line in lines}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_with_tls_every_cookie_is_bound_to_this_host(world: World) -> None:
    world.app.state.settings.base_url = "https://plans.example.org"
    found = all_set(world)
    assert set(found) >= {"__Host-planwiki", "__Host-planwiki-asked", "__Host-planwiki-held", "__Host-planwiki-tablet"}
    assert "__Host-planwiki-reading" in found
    for name, how in found.items():
        said = {part.strip() for part in how.split(";")}
        assert name.startswith("__Host-"), name
        assert said >= {"path=/", "secure", "httponly", "samesite=lax"}, (name, said)
        assert "domain" not in how


def test_one_place_sets_cookies() -> None:
    setting = {one.module for one in sources() if ".set_cookie(" in one.text or ".delete_cookie(" in one.text}
    assert setting == {"planwiki.web.cookies"}
