"""Dr Rao suggests other words; Dee sees what differs, and uses them; the history says whose they were."""

from functools import partial

import pytest
from playwright.sync_api import Page
from tests.journeys.conftest import Opening, shows
from tests.journeys.conftest import check as looked_at
from tests.world import World

# The pages are met on both databases over HTTP; what a browser makes of them does not hang on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
check = partial(looked_at, "suggesting", late=True)

WELLNESS = "/sections/wellness"


def add(page: Page, sentence: str, *, script: bool) -> None:
    """With large buttons where there is script, and below the words."""
    if not script:
        page.fill("[name=body_markdown]", f"{page.input_value('[name=body_markdown]')}\n\n{sentence}")
        return
    page.click("text=Write with buttons")
    words = page.locator(".editor-words")
    words.press("Control+End")
    words.press("Enter")
    page.keyboard.type(sentence)


@pytest.mark.usefixtures("in_plain_text")
@pytest.mark.parametrize(("script", "width"), [(True, 390), (False, 1280)])
def test_a_doctors_suggestion_becomes_part_of_the_plan(
    running: World, page_as: Opening, script: bool, width: int
) -> None:
    rao, dee = (page_as(who, script=script, width=width) for who in ("rao", "dee"))
    rao.goto(running.url(WELLNESS))
    check(rao, "section-of-rao", script=script)
    rao.click("text=Suggest a change")
    add(rao, "Music helps when things are loud.", script=script)
    rao.fill("[name=change_note]", "She told me so in June.")
    check(rao, "suggest", script=script)
    rao.click("text=Suggest it")
    shows(rao, ".notice", "Your suggestion is kept.")

    dee.goto(running.url(WELLNESS))
    shows(dee, ".said", "Dr Rao suggests a change")
    check(dee, "section", script=script)
    dee.click("text=See the change")
    shows(dee, "ins >> nth=-1", "Music helps when things are loud.")
    check(dee, "one", script=script)
    dee.fill("[name=note]", "Thank you, that is her.")
    dee.click("text=Use these words")
    shows(dee, "article", "Music helps when things are loud.")
    shows(dee, "article", "Words of someone who works with Maya.")
    check(dee, "accepted", script=script)
    dee.click("text=Checked with Maya")
    dee.check("[value=supported]")
    check(dee, "checked", script=script)
    dee.click("text=Yes, it is right")
    shows(dee, "article", "Dee checked these words with Maya.")
    dee.click("text=History")
    shows(dee, "main", "Dee used a suggestion of Dr Rao.")
    check(dee, "history", script=script)

    rao.goto(running.url(WELLNESS))
    rao.click("text=Ask a question")
    rao.fill("[name=body_markdown]", "Which music does she like?")
    check(rao, "question", script=script)
    rao.get_by_role("button", name="Say it").click()
    dee.goto(running.url(WELLNESS))
    dee.click("text=Look and answer")
    dee.fill("[name=note]", "Loud drums.")
    check(dee, "answer", script=script)
    dee.click("main form button >> nth=0")
    rao.reload()
    rao.click("text=Answered before")
    shows(rao, ".said", "Loud drums.")
    check(rao, "answered", script=script)
    dee.goto(running.url())
    check(dee, "plan", script=script)
