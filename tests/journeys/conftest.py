"""A running planwiki with the cast in it, and browsers to meet it with."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.world import World

from planwiki.people.commands import choose_writing
from planwiki.settings import Settings

Opening = Callable[..., Page]
SHOTS = Path(__file__).parents[2] / "test-results"
PATIENCE = 30_000  # Milliseconds: a busy machine is slow, and a page that never comes still ends the test.
expect.set_options(timeout=PATIENCE)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def settings(database_url: str, tmp_path: Path, free_port: int) -> Settings:
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        secret_key="a secret for tests alone, long enough",
        base_url=f"http://127.0.0.1:{free_port}",
    )


@pytest.fixture
def running(world: World, settings: Settings) -> Iterator[World]:
    port = int(settings.base_url.rpartition(":")[2])
    server = uvicorn.Server(
        uvicorn.Config(world.app, host="127.0.0.1", port=port, log_level="error", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield world
    server.should_exit = True
    thread.join()


@pytest.fixture
def in_plain_text(running: World) -> None:
    """Everybody writes as plain text, as somebody does who chose that. The large buttons have journeys of their own."""
    for who in running.principals:
        running.ask(who, lambda uow: choose_writing(uow, plain=True))


@pytest.fixture
def page_as(browser: Browser, running: World) -> Iterator[Opening]:
    """`page_as("dee")` is a tab where Dee has signed in; `page_as(None)` is somebody's fresh browser."""
    contexts: list[BrowserContext] = []

    def open_page(who: str | None, *, script: bool = True, width: int = 1200) -> Page:
        address = running.app.state.settings.base_url
        how: dict[str, Any] = {"java_script_enabled": script, "viewport": {"width": width, "height": 900}}
        contexts.append(browser.new_context(base_url=address, **how))
        contexts[-1].set_default_timeout(PATIENCE)
        if who:
            kept = running.browser(who).cookies.items()
            contexts[-1].add_cookies([{"name": name, "value": value, "url": address} for name, value in kept])
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


MEANT = {"meta-refresh"}  # A shared tablet closes by itself: whoever picks it up reads nothing.


def shows(page: Page, where: str, words: str) -> None:
    """Waits for it, as a click answers when the next page begins to come; then to the letter, line ends too."""
    expect(page.locator(where).first).to_contain_text(words, use_inner_text=True)
    assert words in page.inner_text(where)


def width_of(page: Page) -> int:
    assert page.viewport_size
    return page.viewport_size["width"]


def shot(folder: str, page: Page, name: str, *, late: bool = False) -> None:
    """The page, for people to look at where `SHOTS` is set. `late`: parts come by themselves, such as the editor."""
    page.wait_for_load_state("networkidle" if late else "load")
    if os.environ.get("SHOTS"):
        page.screenshot(path=SHOTS / folder / f"{name}-{width_of(page)}.png", full_page=True)


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe finds, but for what is minor. It waits for timers, which never ring in a page without script."""
    found = [one for one in Axe().run(page).response["violations"] if one["id"] not in MEANT]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] != "minor"]


def check(folder: str, page: Page, name: str, *, script: bool = True, late: bool = False) -> None:
    """Kept to look at; nothing scrolls sideways, and axe, which is script, finds nothing but what is minor."""
    shot(folder, page, name, late=late)
    assert page.evaluate("document.documentElement.scrollWidth") <= width_of(page), name
    assert (violations(page) if script else []) == [], name
