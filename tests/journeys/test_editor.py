"""Writing with large buttons, as people live it: by keyboard, by paste, by two at once; and the bytes that stay."""

# ruff: noqa: E501 - what Word writes is long
import re
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import Page, expect
from tests.journeys.conftest import Opening, shows
from tests.journeys.test_drafts import KEPT, says
from tests.journeys.test_writing import OUTCOMES, check, shot
from tests.media.making import picture
from tests.world import World

from planwiki.plans.queries import section_view
from planwiki.plans.schemas import SectionPatch, SectionView, Voice
from planwiki.plans.section_commands import change_section

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PASTED = Path(__file__).parent / "pasted"
WORDS, BAR, SAVE = ".editor-words", "[role=toolbar]", "form.writing [type=submit] >> nth=0"
OWN = Voice.model_validate({"whose": "family", "how": "own_words"})
ODD = "Some words  \nwith _odd_ marks\\\nand __more__.\n\n\n* one\n* two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[x]: /y 'z'\n\nEnd [x].\n\n\n"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0cm}</style></head><body lang=EN-GB>
<!--StartFragment--><p class=MsoTitle>About Maya<o:p></o:p></p>
<p class=MsoNormal style='mso-margin-top-alt:auto'>She <b style='mso-bidi-font-weight:normal'>loves</b> the <i>bus</i> in
<st1:City w:st="on"><st1:place w:st="on">Leeds</st1:place></st1:City>.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol;mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>First<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp; </span></span>Inside<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>Second<o:p></o:p></p>
<p class=MsoNormal><img width=10 src="file:///C:/me.png"><a href="javascript:alert(1)">Bad</a> <a href="https://example.org/x">Good</a><script>alert(1)</script></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>Alone<o:p></o:p></p>
<!--EndFragment--></body></html>"""
FROM_WORD = """# About Maya

She **loves** the *bus* in Leeds.

- First
  - Inside
- Second

Bad [Good](https://example.org/x)

1. Alone"""


def now(world: World) -> SectionView:
    return cast(SectionView, world.ask("dee", lambda uow: section_view(uow, world.plan_id, "outcomes")))


def written(world: World, text: str) -> None:
    patch, base = SectionPatch(body_markdown=text, voice=OWN), now(world).revision
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, "outcomes", patch, based_on=base))


def edit(page: Page, world: World) -> None:
    page.goto(world.url(f"{OUTCOMES}/edit"))
    page.wait_for_selector(WORDS)


def emptied(page: Page, world: World) -> None:
    edit(page, world)
    page.click(WORDS)
    for key in ("Control+A", "Delete"):
        page.keyboard.press(key)


def save(page: Page) -> None:
    page.click(SAVE)
    page.wait_for_url("**?said=saved")


def paste(page: Page, html: str) -> None:
    page.evaluate(
        """([at, html]) => { const data = new DataTransfer(); data.setData("text/html", html);
        document.querySelector(at).dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }""",
        [WORDS, html],
    )


def test_a_text_is_written_and_shaped_with_the_keyboard_alone(running: World, page_as: Opening) -> None:
    dee = page_as("dee", width=1280)
    edit(dee, running)
    dee.focus("[name=title]")
    dee.keyboard.press("Tab")
    assert dee.evaluate("document.activeElement.dataset.does") == "heading"
    dee.keyboard.press("Tab")  # One stop for all of them, then the words.
    box = dee.evaluate(
        "(({role, ariaMultiLine, ariaLabel}) => [role, ariaMultiLine, ariaLabel])(document.activeElement)"
    )
    assert box == ["textbox", "true", "Your words"]
    for key in ("Control+A", "Delete", "Alt+F10", "Enter", "Escape"):
        dee.keyboard.press(key)
    dee.keyboard.type("Getting about")
    dee.keyboard.press("Enter")
    dee.keyboard.type("I go by ")
    dee.keyboard.press("Control+B")
    dee.keyboard.type("bus")
    dee.keyboard.press("Control+B")
    dee.keyboard.type(". 2 * 2 is [4].")
    dee.keyboard.press("Enter")
    dee.keyboard.press("Alt+F10")
    for _ in range(2):
        dee.keyboard.press("ArrowRight")
    assert dee.evaluate("document.activeElement.textContent.trim()") == "List"
    dee.keyboard.press("Enter")
    assert dee.evaluate("document.activeElement.ariaPressed") == "true"
    dee.keyboard.press("Escape")
    for line in ("on Fridays", "with Lee"):
        dee.keyboard.type(line)
        dee.keyboard.press("Enter")
    dee.keyboard.press("Enter")
    dee.keyboard.press("Control+K")
    dee.keyboard.type("javascript:alert(1)")
    dee.keyboard.press("Enter")
    assert dee.is_visible("[data-link=wrong]")
    dee.keyboard.press("Control+A")
    dee.keyboard.type("example.org/bus")
    dee.keyboard.press("Tab")
    dee.keyboard.type("Times")
    dee.keyboard.press("Enter")
    dee.keyboard.type(" xyz")
    dee.keyboard.press("Control+Z")
    shot(dee, "editor-by-keyboard")
    dee.keyboard.press("Tab")
    assert dee.evaluate("document.activeElement.dataset.to") == "plain"  # Nobody is caught in the words.
    save(dee)
    wanted = "# Getting about\n\nI go by **bus**. 2 \\* 2 is \\[4\\].\n\n- on Fridays\n- with Lee\n\n[Times](https://example.org/bus)"
    assert now(running).body_markdown.strip() == wanted
    shows(dee, "article", "2 * 2 is [4].")


def test_words_that_nobody_touched_keep_their_bytes(running: World, page_as: Opening) -> None:
    written(running, ODD)
    dee = page_as("dee")
    edit(dee, running)
    assert dee.locator(".kept-block").count() == 2
    dee.click(SAVE)
    dee.wait_for_url("**?said=saved")
    assert (now(running).body_markdown, now(running).revision) == (ODD, 2)
    edit(dee, running)
    dee.click(f"{WORDS} >> text=two")
    dee.keyboard.press("End")
    dee.keyboard.type(" more")
    save(dee)
    assert now(running).body_markdown == ODD.replace("* one\n* two", "- one\n- two more")
    edit(dee, running)
    dee.click(f"{WORDS} >> text=two more")
    dee.keyboard.type("x")
    dee.click("text=Undo")
    save(dee)
    assert now(running).revision == 3


def test_a_paste_from_word_comes_in_clean(running: World, page_as: Opening) -> None:
    dee = page_as("dee")
    emptied(dee, running)
    paste(dee, WORD)
    shows(dee, "[data-editor-line]", "Pictures do not come along")
    shot(dee, "editor-from-word")
    save(dee)
    assert now(running).body_markdown.strip() == FROM_WORD


def test_what_other_programs_copy_comes_in_clean_and_fetches_nothing(running: World, page_as: Opening) -> None:
    dee = page_as("dee")
    emptied(dee, running)
    asked: list[str] = []
    dee.on("request", lambda request: asked.append(request.url))
    for one in sorted(PASTED.glob("*.html")):
        dee.click(WORDS)
        for key in ("Control+A", "Delete"):
            dee.keyboard.press(key)
        paste(dee, one.read_text("utf-8"))
        dee.click("text=Write as plain text")
        assert dee.input_value("[name=body_markdown]").strip() == one.with_suffix(".md").read_text("utf-8").strip(), (
            one.name
        )
        dee.click("text=Write with buttons")
    assert [one for one in asked if not one.startswith(running.app.state.settings.base_url)] == []


def test_two_editors_who_write_at_once_both_keep_their_words(running: World, page_as: Opening) -> None:
    written(running, "I take the bus.\n\nLee sits at the back.\n")
    dee, lee = page_as("dee", width=390), page_as("lee")
    for one, words, more in ((dee, "I take the bus.", " It is red."), (lee, "Lee sits at the back.", " He sings.")):
        edit(one, running)
        one.click(f"{WORDS} >> text={words}")
        one.keyboard.press("End")
        one.keyboard.type(more)
    save(lee)
    dee.click(SAVE)
    expect(dee.locator("h1")).to_have_text("You both wrote")
    dee.wait_for_selector(WORDS)
    check(dee, "editor-clash")
    dee.click("text=Save the joined words")
    dee.wait_for_url("**?said=saved")
    assert now(running).body_markdown == "I take the bus. It is red.\n\nLee sits at the back. He sings.\n"


def test_a_draft_of_the_editor_survives_a_closed_tab_and_a_cut_connection(running: World, page_as: Opening) -> None:
    lee = page_as("lee")
    edit(lee, running)
    lee.context.set_offline(True)
    lee.click(WORDS)
    lee.keyboard.press("Control+End")
    lee.keyboard.type(" On the train.")
    says(lee, "We cannot reach planwiki just now.")
    lee.context.set_offline(False)
    says(lee, KEPT)
    lee.close()
    again = lee.context.new_page()
    again.goto(running.url(f"{OUTCOMES}/edit?words=mine"))
    shows(again, WORDS, "On the train.")
    save(again)
    assert now(running).body_markdown.endswith(" On the train.")


def test_plain_text_is_one_press_away_and_remembered(running: World, page_as: Opening) -> None:
    dee = page_as("dee")
    edit(dee, running)
    dee.click(WORDS)
    dee.keyboard.type("Mine. ")
    dee.click("text=Write as plain text")
    expect(dee.locator("[name=body_markdown]")).to_have_value(re.compile(r"Mine\."))
    dee.fill("[name=body_markdown]", "Now *plain*.")
    dee.wait_for_selector(".preview em")
    dee.wait_for_load_state("networkidle")
    dee.goto(running.url("/sections/money/edit"))
    assert dee.is_visible("[name=body_markdown]")
    assert dee.locator(WORDS).count() == 0
    dee.click("text=Write with buttons")
    dee.wait_for_selector(WORDS)
    dee.wait_for_load_state("networkidle")
    dee.goto(running.url("/sections/wellness/edit"))
    dee.wait_for_selector(WORDS)
    buttons_do_once_what_they_say(dee)


def buttons_do_once_what_they_say(dee: Page) -> None:
    """However often somebody went to plain text and back."""
    wrong: list[str] = []
    dee.on("pageerror", lambda error: wrong.append(error.message))
    for _ in range(2):
        dee.click("text=Write as plain text")
        dee.click("text=Write with buttons")
    dee.click(WORDS)
    for key in ("Control+A", "Delete"):
        dee.keyboard.press(key)
    for word in ("bold", "bold", "bold"):
        dee.click(f"[data-does={word}]")
    dee.keyboard.type("Bus")
    dee.click("[data-does=picture]")
    ask = dee.locator("[data-question=picture]")
    rex = {"name": "rex.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    ask.locator("[type=file]").set_input_files(rex)  # type: ignore[arg-type]  # a file made here
    ask.get_by_label("What is in it?").fill("Rex")
    ask.get_by_text("Put it in").click()
    dee.locator(".media-block img").wait_for()
    dee.click("text=Write as plain text")
    text = dee.input_value("[name=body_markdown]")
    assert (text.startswith("**Bus**\n\n![Rex](media:"), text.count("media:"), wrong) == (True, 1, [])


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_editor_is_clean_for_axe_and_its_targets_are_large(running: World, page_as: Opening, width: int) -> None:
    written(
        running, "# My week\n\nI love **buses**.\n\n- the 7\n- the 9\n\n> Go on\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    dee = page_as("dee", width=width)
    edit(dee, running)
    check(dee, "editor")
    for one in dee.locator(f"{BAR} button, .editor-ways button:visible").all():
        size = one.bounding_box()
        assert size, one
        assert min(size["width"], size["height"]) >= 44, one.inner_text()
    dee.click(f"{BAR} >> text=Link")
    check(dee, "editor-link")
    dee.click("text=Not now >> visible=true >> nth=-1")
    dee.evaluate("document.documentElement.dataset.look = 'contrast'")
    edges = dee.locator(f"{BAR} button").evaluate_all("all => all.map((one) => getComputedStyle(one).borderTopColor)")
    assert [edge not in {"rgba(0, 0, 0, 0)", "rgb(0, 0, 0)"} for edge in edges] == [True] * 8 + [False] * 2
    shot(dee, "editor-contrast")
    dee.emulate_media(forced_colors="active", reduced_motion="reduce")
    shot(dee, "editor-forced-colours")


def test_a_plans_first_view_stays_small_and_brings_no_editor(running: World, page_as: Opening) -> None:
    dee = page_as("dee", width=390)
    for path, limit in (("", 100_000), (OUTCOMES, 100_000), (f"{OUTCOMES}/edit", 500_000)):
        fresh = dee.context.new_page()
        wire = fresh.context.new_cdp_session(fresh)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        seen: list[float] = []
        wire.on("Network.loadingFinished", lambda event, seen=seen: seen.append(event["encodedDataLength"]))
        asked: list[str] = []
        fresh.on("request", lambda request, asked=asked: asked.append(request.url))
        fresh.goto(running.url(path))
        fresh.wait_for_load_state("networkidle")
        assert sum(seen) < limit, (path, sum(seen))
        assert any("/editor-" in one for one in asked) is path.endswith("/edit"), asked
        fresh.close()
