"""Lee changes jobs: what he agreed to do is written down, done in part, and handed on by Dee on his last day."""

from functools import partial

import pytest
from tests.journeys.conftest import Opening, check, shows
from tests.world import World

from planwiki.base import clock
from planwiki.base.vocabulary import SectionKind
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

# What a browser shows does not hang on the database: the other tests run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_lee_changes_jobs_and_hands_on_what_is_his_to_do(running: World, page_as: Opening) -> None:
    patch = SectionPatch(kind=SectionKind.OUTCOMES)
    running.ask("dee", partial(change_section, plan_id=running.plan_id, key="outcomes", patch=patch, based_on=1))
    lee, dee = page_as("lee", script=False, width=360), page_as("dee", width=360)
    lee.goto(running.url("/sections/outcomes"))
    for what in ("Ride the number 7", "Ask the pool"):
        lee.click("text=Add something to do")
        lee.get_by_role("button", name="Save").click()
        shows(lee, ".errors", "Please write what is to be done.")
        check("handing-on", lee, "nothing-written", script=False)
        lee.fill("[name=what]", what)
        lee.get_by_label("Who does it?").select_option("Lee")
        lee.fill("[name=due_on]", "2030-06-03")
        lee.get_by_role("button", name="Save").click()
    check("handing-on", lee, "to-do", script=False)
    lee.locator("li", has_text="Ask the pool").get_by_role("button").click()
    shows(lee, ".notice", "Done. Well done.")
    lee.click("text=Ride the number 7")
    lee.fill("[name=progress_note]", "We went twice.")
    lee.get_by_role("button", name="Save").click()
    dee.goto(running.url())
    dee.click("text=Who does what")
    check("handing-on", dee, "all")
    dee.click("text=Ride the number 7")
    dee.click("text=How it was before (1)")
    check("handing-on", dee, "one")
    dee.goto(running.url("/circle"))
    dee.click("main >> text=Lee")
    dee.click("text=When Lee leaves on a day")
    dee.fill("[name=ends_on]", running.database.day_of(clock.now()).isoformat())
    dee.get_by_label("Who will do “Ride the number 7”?").select_option("Sam")
    assert dee.get_by_label("Who will do “Ask the pool”?").count() == 0
    check("handing-on", dee, "leaving")
    dee.get_by_role("button", name="Save").click()
    lee.reload()
    shows(lee, ".who-does-what", "Ride the number 7\n\nSam · by 3 June 2030")
