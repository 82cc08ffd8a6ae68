"""Each of the cast once, on a phone and at a desk; writing by keys alone; and what is done without script."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening, check, shot, shows, violations
from tests.media.making import picture
from tests.media.test_media_pages import send
from tests.news.acts import begin, save
from tests.world import PASSWORD, READS, SECTIONS, World, email_of

from planwiki.plans.queries import section_view
from planwiki.plans.schemas import SectionView

# What a browser shows does not hang on the database: the other tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PHONE, DESK = 360, 1280
SHOWS_FOCUS = """() => {
    const here = document.activeElement, style = getComputedStyle(here)
    const box = here.getBoundingClientRect()
    const inView = box.width > 0 && box.top < innerHeight && box.bottom > 0
    return here === document.body || (parseFloat(style.outlineWidth) > 0 && inView)
}"""
WORDS_OF_FOCUS = "() => (document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()"


@pytest.mark.parametrize(
    ("who", "width", "script"),
    [
        ("maya", PHONE, True),
        ("dee", PHONE, False),
        ("nan", DESK, True),
        ("sam", PHONE, True),
        ("lee", DESK, False),
        ("rao", PHONE, False),
        ("kit", DESK, True),
    ],
)
def test_each_finds_what_is_theirs_and_nothing_beside_it(
    running: World, page_as: Opening, who: str, width: int, script: bool
) -> None:
    page = page_as(who, width=width, script=script)
    page.goto(running.url())
    if who == "kit":
        shows(page, "main", "There is nothing here that you can see.")
        check("each", page, "kit-nothing")
        return
    titles = page.locator(".tile h2").all_inner_texts()
    assert sorted(titles) == sorted(SECTIONS[key][0] for key in READS[who])
    check("each", page, f"{who}-plan", script=script and who != "maya")
    page.click(f".tile h2 >> text={titles[0]}")
    expect(page.locator("h1")).to_have_text(titles[0])
    page.wait_for_load_state()
    assert len(page.inner_text("article")) > 20
    check("each", page, f"{who}-section", script=script and who == "maya")
    page.click("text=Who can see this?")
    shot("each", page, f"{who}-who")
    page.click("nav.ways >> text=Search")
    page.fill("[name=q]", "canary")
    page.click("main form button")
    expect(page.locator(".found h3")).to_have_count(len(titles))
    assert sorted(page.locator(".found h3").all_inner_texts()) == sorted(titles)


def tab_to(page: Page, words: str, key: str = "Tab") -> None:
    """From stop to stop, as somebody goes who has keys alone. Where they are can be seen at each."""
    for _ in range(60):
        page.keyboard.press(key)
        assert page.evaluate(SHOWS_FOCUS), page.evaluate("document.activeElement.outerHTML")
        if page.evaluate(WORDS_OF_FOCUS).startswith(words):
            return
    raise AssertionError(words)


def test_words_and_a_picture_are_written_and_saved_by_keys_alone(running: World, page_as: Opening) -> None:
    send(running, "dee", picture(), "outcomes", alt_text="Rex", accept="application/json")
    dee, keys = page_as(None, width=DESK), "Alt+F10"
    dee.goto(f"/sign-in?next={running.url('/sections/outcomes')}")
    dee.focus("[name=email]")
    dee.keyboard.type(email_of("dee"))
    dee.keyboard.press("Tab")
    dee.keyboard.type(PASSWORD)
    dee.keyboard.press("Enter")
    dee.wait_for_url(re.compile(r":\d+/plans/"))
    dee.keyboard.press("Tab")
    assert dee.evaluate(WORDS_OF_FOCUS) == "Skip to the main part"
    dee.keyboard.press("Enter")
    tab_to(dee, "Change this")
    dee.keyboard.press("Enter")
    dee.locator(".editor-words").wait_for()
    while dee.evaluate("!document.activeElement.matches('.editor-words')"):
        dee.keyboard.press("Tab")
        assert dee.evaluate(SHOWS_FOCUS), dee.evaluate("document.activeElement.outerHTML")
    dee.keyboard.press("Control+A")
    dee.keyboard.type("We have a dog.")
    dee.wait_for_timeout(200)  # Nobody is as quick as a script: the editor hears where the cursor went.
    for key in (keys, *["ArrowRight"] * 6, "Enter"):
        dee.keyboard.press(key)
    dee.locator("[data-question=picture] .files-there img").wait_for()
    tab_to(dee, "Rex")
    dee.keyboard.press("Enter")
    dee.locator(".media-block img").wait_for()
    tab_to(dee, "Save")
    shot("each", dee, "by-keys")
    dee.keyboard.press("Enter")
    dee.wait_for_url("**said=saved*")
    now = running.ask("dee", lambda uow: section_view(uow, running.plan_id, "outcomes"), writes=False)
    assert isinstance(now, SectionView)
    assert now.body_markdown.startswith("We have a dog.\n\n![Rex](media:")
    assert dee.locator("article img[alt=Rex]").evaluate("one => one.complete")


def test_with_no_script_sam_comments_reads_news_and_chooses_how_pages_look(running: World, page_as: Opening) -> None:
    begin(running, "sam")
    save(running, "dee", "great-things")
    sam = page_as("sam", script=False, width=PHONE)
    sam.goto("/news")
    sam.click("text=Mark all as seen")
    shows(sam, "main", "Nothing new just now")
    sam.click("text=Undo")
    sam.click("text=Dee changed “Great things about me”.")
    sam.click(".said >> text=Comment")
    sam.fill("[name=body_markdown]", "She taught me to swim.")
    sam.get_by_role("button", name="Say it").click()
    shows(sam, ".said", "She taught me to swim.")
    sam.click("text=How pages look")
    sam.check("[name=look][value=dark]")
    sam.check("[name=text_size][value=large]")
    sam.get_by_role("button", name="Save").click()
    sam.goto(running.url("/sections/great-things"))
    assert (sam.get_attribute("html", "data-look"), sam.get_attribute("html", "data-text")) == ("dark", "large")
    check("each", sam, "sam-dark-and-large", script=False)
    looking = page_as("sam", width=PHONE)  # What was chosen is there on another device, too.
    looking.goto(running.url("/sections/great-things"))
    assert looking.get_attribute("html", "data-look") == "dark"
    assert violations(looking) == []
