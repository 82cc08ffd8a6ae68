"""A plan on a slow telephone: what comes over the wire is little, and nothing moves once it can be read."""

import pytest
from playwright.sync_api import Page
from tests.journeys.conftest import Opening
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

BUDGET = 100_000  # Bytes over the wire for the first look at a page of a plan.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # Slow 3G.
SHIFTS = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) moved += one.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 300);
})"""


def first_look(page: Page, url: str) -> tuple[int, list[str]]:
    """(bytes over the wire, addresses of scripts) of a page in a browser that keeps nothing yet."""
    wire, scripts = [0], []
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", SLOW)
    line.on("Network.loadingFinished", lambda event: wire.append(int(event["encodedDataLength"])))
    page.on("request", lambda one: scripts.append(one.url) if one.resource_type == "script" else None)
    page.goto(url, wait_until="networkidle", timeout=60_000)
    return sum(wire), scripts


@pytest.mark.parametrize("path", ["", "/sections/great-things"], ids=["plan", "section"])
def test_a_page_of_a_plan_is_small_and_holds_still(running: World, page_as: Opening, path: str) -> None:
    page = page_as("nan", width=360)
    size, scripts = first_look(page, running.url(path))
    assert page.inner_text("h1")
    assert 10_000 < size < BUDGET, size
    assert not [one for one in scripts if "editor" in one], "the editor comes only for writing"
    assert page.evaluate(SHIFTS) < 0.02
