"""Papers: who gets which words, what stands on every sheet, and what a PDF is for those who cannot see it."""

import json
import re
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from httpx2 import Response
from pypdfium2.raw import FPDFText_GetFontSize
from tests.house.tree import ROOT
from tests.media.conftest import Add, add
from tests.media.making import recording
from tests.pages.seen import form_of, words_of
from tests.papers import links_of, sheets_of, text_of
from tests.world import OWN_WORDS, PASSWORD, READS, SECTIONS, World, canary

from planwiki.activity.queries import access_log
from planwiki.base import clock
from planwiki.exports import as_pdf
from planwiki.exports.rules import LAYOUTS
from planwiki.plans.commands import change_plan
from planwiki.plans.easy_commands import save_easy
from planwiki.plans.easy_queries import newest_easy
from planwiki.plans.easy_schemas import EasyDraft
from planwiki.plans.queries import section_view
from planwiki.plans.schemas import PlanPatch, SectionPatch
from planwiki.plans.section_commands import change_section

__all__ = ["add"]
ALL = "?chosen=yes&" + "&".join(f"take-{key}=yes" for key in SECTIONS)
EASY_VOICE = {"whose": "friend", "how": "own_words"}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # What is drawn hangs on no database.


def pdf_of(answer: Response) -> pypdfium2.PdfDocument:
    assert answer.status_code == 200, answer.text
    return pypdfium2.PdfDocument(answer.content)


def pages_of(answer: Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return sheets_of(answer.content)


def write(world: World, body: str, key: str = "great-things") -> None:
    patch = SectionPatch(body_markdown=body, voice=OWN_WORDS)
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, key, patch, 1))


def own_words(said: str) -> set[str]:
    return {key for key in SECTIONS if canary(key) in said}


@pytest.mark.parametrize("who", ["maya", "dee", "nan", "lee", "rao", "kit"])
def test_a_paper_holds_what_its_asker_may_read(world: World, who: str) -> None:
    browser = world.browser(who)
    for layout in ("plan", "passport"):
        paper, pdf = (browser.get(world.url(f"/print/{layout}/{form}{ALL}")) for form in ("paper", "pdf"))
        if not READS[who]:
            assert paper.status_code == pdf.status_code == 404
            continue
        assert own_words(paper.text) == own_words(" ".join(pages_of(pdf))) == READS[who]
        assert pdf.headers["cache-control"] == "no-store"
        assert "maya" not in pdf.headers["content-disposition"].lower()


def test_a_paper_needs_somebody_who_is_signed_in(world: World) -> None:
    for path in ("", "/plan", "/plan/paper", "/plan/pdf"):
        assert world.browser(None).get(world.url(f"/print{path}")).status_code == 303
    for path in ("/newspaper", "/newspaper/pdf"):
        assert world.browser("dee").get(world.url(f"/print{path}")).status_code == 404


def test_every_sheet_says_for_whom_and_when(world: World) -> None:
    write(world, "One line.\n\n" * 150)
    with clock.frozen(clock.now().replace(hour=14, minute=5)):
        lee = world.browser("lee")
        day = clock.now().strftime("%-d %B %Y")
        stamp = f"Printed for Lee on {day} at 2:05 pm. It may not be the whole plan."
        sheets = pages_of(lee.get(world.url(f"/print/plan/pdf{ALL}")))
        assert len(sheets) > 2
        assert all(stamp in " ".join(sheet.split()) for sheet in sheets)
        assert stamp in lee.get(world.url(f"/print/plan/paper{ALL}")).text


def test_a_pdf_asks_for_a_fresh_sign_in_and_keeps_what_was_chosen(world: World) -> None:
    dee, url = world.browser("dee"), world.url("/print/passport/pdf")
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        asked = dee.get(f"{url}?chosen=yes&take-money=yes&colour-money=green")
        assert (asked.status_code, b"%PDF" in asked.content) == (403, False)
        assert "Please show it is you" in asked.text
        right = dee.post("/confirm", data=form_of(asked, "/confirm") | {"confirm-password": PASSWORD})
        assert re.search(rf'<form[^>]*method="get"[^>]*action="{url}"', right.text)
        said = pages_of(dee.get(url, params=form_of(right, url)))
        assert "Green: things I like" in said[0]
        assert own_words(said[0]) == {"money"}
        assert world.browser("kit").get(url).status_code == 404, "a fresh sign-in is no way to learn of a plan"


def test_owners_read_who_printed_and_the_person_prints_unseen(world: World) -> None:
    for who in ("nan", "maya"):
        for form in ("paper", "pdf"):
            assert world.browser(who).get(world.url(f"/print/profile/{form}{ALL}")).status_code == 200
    world.browser("lee").get(world.url("/print/card/paper?chosen=yes"))
    looked = world.browser("dee").get(world.url("/looked")).text
    assert looked.count("Nan printed the one page profile.") == 1
    assert "Maya printed" not in looked
    assert "Lee printed" not in looked, "no part of the plan was on it"
    entries: Any = world.ask("dee", lambda uow: access_log(uow, world.plan_id))
    printed = [one for one in entries if one.verb == "section.printed_profile"]
    assert {one.resource.section_key for one in printed} == READS["nan"]
    assert {one.action for one in printed} == {"export"}


def test_a_passport_begins_with_what_must_be_known(world: World) -> None:
    dee = world.browser("dee")
    form = dee.get(world.url("/print/passport")).text
    assert re.search(r'name="take-wellness" value="yes" checked', form)
    assert not re.search(r'name="take-(money|family-only)" value="yes" checked', form)
    assert 'href="/plans' in form
    paper = dee.get(world.url("/print/passport/paper")).text
    assert own_words(paper) == {"wellness", "great-things"}
    assert paper.index("Red: things you must know") < paper.index(canary("wellness"))
    assert paper.index("Green: things I like") < paper.index(canary("great-things"))
    moved = dee.get(world.url("/print/passport/paper?chosen=yes&take-wellness=yes&colour-wellness=amber")).text
    assert "Amber: things that matter" in moved
    assert "Red: things" not in moved
    back = re.search(r'href="([^"]+/print/passport\?[^"]+)"[^>]*>Change', moved)
    assert back
    assert re.search(r'value="amber" selected', dee.get(back[1].replace("&amp;", "&")).text)


def test_a_paper_says_what_it_is_before_it_is_printed(world: World) -> None:
    dee = world.browser("dee")
    papers = dee.get(world.url("/print")).text
    assert all(f"/print/{one.name}" in papers for one in LAYOUTS)
    for page in (world.url("/print/card"), world.url(f"/print/card/paper{ALL}")):
        assert "Paper cannot be taken back." in dee.get(page).text
    assert f"{world.url('/print')}" in dee.get(world.url()).text
    one = re.search(r'href="([^"]+)"[^>]*>Print<', dee.get(world.url("/sections/money")).text)
    assert one
    assert own_words(dee.get(one[1].replace("&amp;", "&").replace("/plan?", "/plan/paper?")).text) == {"money"}
    assert "/print" not in dee.get(world.url(f"/as/{world.members['nan']}")).text


@ON_SQLITE
def test_a_pdf_is_made_for_screen_readers(world: World, add: Add) -> None:
    photo = add("dee", alt_text="Maya dances in the hall", caption="The summer show").json()["id"]
    add("dee", alt_text="", decorative="true")
    world.ask("dee", lambda uow: change_plan(uow, world.plan_id, PlanPatch(language="cy-GB")))
    write(world, f"## Now\n\n#### Deep\n\n![the hall](media:{photo})\n\nWith my [aunt](https://example.org/a) 🎵.\n")
    answer = world.browser("dee").get(world.url(f"/print/plan/pdf{ALL}"))
    raw, said = answer.content, text_of(answer.content)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in raw
    assert b"/Lang(cy-GB)" in raw
    assert pdf_of(answer).get_metadata_value("Title") == "Maya’s plan"
    assert "Maya dances in the hall" in said
    assert "The summer show" in said
    assert links_of(raw) == ["https://example.org/a"]
    assert "example.org/a" in said, "paper cannot be pressed"
    assert len(re.findall(rb"/S/H[1-6]\b|/S /H[1-6]\b", raw)) >= 4
    assert "OpenMoji" in said


ODD = {
    "right to left": "שלום לכולם\n\nمرحبا **بكم**",
    "signs": "😀 ❤️ 🎵 👩‍👧 🏳️‍🌈 \u200d ½ ∑ 漢字 \ue000",
    "a long word": "x" * 3000 + " " + "https://example.org/" + "y" * 500,
    "deep": "".join("  " * depth + f"- level {depth}\n" for depth in range(12)) + "\n" + "> " * 9 + "said",
    "marks": "*a " * 400 + "b* " * 400 + "**bold _both_** ~~gone~~ `code` \\* [x](javascript:alert(1))",
    "tables": "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 4 |\n\n|" + "c|" * 40 + "\n|" + "-|" * 40 + "\n|" + "d|" * 40,
    "typst": '#panic("no") $x$ <a> @b = Head\n\n#import "x": *\n\n= Head\n\n$ sum $ \\u{41} /* c */ // d',
    "headings": "###### six\n\n# one\n\n- # inside\n\n#\n\n> ## quoted",
    "code": "```\n<b>&\n\ttab\n```\n\n    indented\n\n---\n\n7. seven\n8. eight",
    "too much for Markdown": "[" * 6000,
    "refused by PDF/UA": "\ufeff x ~~a ~~b~~ [c](https://example.org/)~~\n\n# \u202e\n\n## 🎵\n\n#### deep",
    "a line break": "one  \ntwo\\\nthree",
}


@ON_SQLITE
@pytest.mark.parametrize("layout", ["plan", "card"])
def test_whatever_was_written_can_be_printed(world: World, layout: str) -> None:
    """All of it on one paper, and every word of it is there."""
    write(world, "\n\nfirstword\n\n" + "\n\nnextword\n\n".join(ODD.values()) + "\n\nlastword")
    answer = world.browser("dee").get(world.url(f"/print/{layout}/pdf{ALL}&large=yes"))
    said = " ".join(pages_of(answer))
    assert "firstword" in said
    assert said.count("nextword") == len(ODD) - 1
    assert "lastword" in said
    for word in ("level 11", "bold", "gone", "#panic", "= Head", "six", "quoted", "eight", "three", "Some letters"):
        assert word in said, word
    assert "javascript:" not in str(links_of(answer.content))


def say_easily(world: World, *lines: str, explains: int = 1) -> None:
    """`bus: I ride.` has a picture."""
    pairs = [line.rpartition(": ") for line in lines]
    said: dict[str, Any] = {"lines": [{"words": words, "picture": name or None} for name, _, words in pairs]}
    now: Any = world.ask("dee", lambda uow: newest_easy(uow, section_view(uow, world.plan_id, "great-things").id))
    draft = EasyDraft.model_validate(said | {"voice": EASY_VOICE, "explains": explains, "based_on": now and now.id})
    world.ask("dee", lambda uow: save_easy(uow, world.plan_id, "great-things", draft))


def test_a_paper_in_easy_words_has_them_where_there_are_any_and_says_when_the_full_ones_moved_on(world: World) -> None:
    nan, full, moved = world.browser("nan"), canary("great-things"), "The full words have changed since these were"
    easily = f"{ALL}&easy=yes"
    offered = 'name="easy" value="yes"'
    assert offered not in nan.get(world.url("/print/plan")).text, "there are none yet"
    say_easily(world, "I was little.")
    say_easily(world, "bus: I ride the bus.", "I <b>sing</b>.")
    assert offered in nan.get(world.url("/print/plan")).text
    for layout in ("plan", "profile"):
        page, pdf = (nan.get(world.url(f"/print/{layout}/{form}{easily}")) for form in ("paper", "pdf"))
        for said in (words_of(page), " ".join(" ".join(pages_of(pdf)).split())):
            assert "I ride the bus." in said, layout
            assert "I <b>sing</b>." in said
            assert "A friend’s words." in said
            assert own_words(said) == {"wellness"}, "where there are no easy words, the full ones stand"
            assert "I was little." not in said, "they are earlier ones"
            assert moved not in said
        assert re.search(r'alt="Bus"', page.text)
        assert "Bus" in text_of(pdf.content)
        assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.content
        assert len(re.findall(rb"/S ?/LI\b", pdf.content)) == 2
        change = re.search(rf'href="([^"]+/print/{layout}\?[^"]+)"[^>]*>Change', page.text)
        assert change
        assert re.search(f"{offered} checked", nan.get(change[1].replace("&amp;", "&")).text)
    write(world, "Other words.")
    for said in (nan.get(world.url(f"/print/plan/{form}{easily}")) for form in ("paper", "pdf")):
        assert moved in (text_of(said.content) if said.content.startswith(b"%PDF") else said.text)
    for other in (f"plan/paper{ALL}", f"passport/paper{easily}"):
        assert "I ride the bus." not in nan.get(world.url(f"/print/{other}")).text
    assert "I ride the bus." not in world.browser("rao").get(world.url(f"/print/plan/paper{easily}")).text
    section = nan.get(world.url("/sections/great-things?face=easy"))
    one = re.search(r'href="([^"]+)"[^>]*>Print<', section.text)
    assert one
    assert "I ride the bus." in nan.get(one[1].replace("&amp;", "&").replace("/plan?", "/plan/paper?")).text
    assert full not in section.text


@ON_SQLITE
def test_a_paper_says_whose_words_a_recording_holds(world: World, add: Add) -> None:
    """Also of a picture that the words show, below what is said in it."""
    hers = json.dumps({"whose": "person", "how": "own_words", "method": "spoken"})
    shown = add("dee", voice=hers, transcript_markdown="I said it.").json()["id"]
    write(world, f"![x](media:{shown})")
    for form in ("paper", "pdf"):
        answer = world.browser("nan").get(world.url(f"/print/plan/{form}{ALL}"))
        said = words_of(answer) if form == "paper" else " ".join(" ".join(pages_of(answer)).split())
        assert said.index("I said it.") < said.index("Maya’s own words. They were spoken."), form


@ON_SQLITE
def test_whoever_reads_paper_gets_the_words_of_sound_in_a_line(world: World, add: Add) -> None:
    """Below the paragraph, the list or the table it stands in. Where nobody wrote them down, the paper says so."""
    played = {"file": recording("mp3"), "filename": "song.mp3"}
    song = add(alt_text="my song", transcript_markdown="La la, I love dancing.", **played).json()["id"]
    bells = add(alt_text="bells & <b>", **played).json()["id"]
    write(world, f"Hear ![my song](media:{song}) today.\n\n- And ![](media:{bells}) too\n\nThe end.\n")
    for form in ("paper", "pdf"):
        answer = world.browser("nan").get(world.url(f"/print/profile/{form}{ALL}"))
        said = words_of(answer) if form == "paper" else " ".join(" ".join(pages_of(answer)).split())
        assert said.count("La la, I love dancing.") == 1, form
        assert "Hear Sound: my song today." in said, form
        assert "And Sound: bells & <b> too" in said, form
        assert said.index("today.") < said.index("What is said in “my song”:") < said.index("La la"), form
        assert said.count("What is said in “bells & <b>” is not written down yet.") == 1, form
        assert form == "pdf" or "<audio" not in answer.text


@ON_SQLITE
def test_a_card_is_as_large_as_a_bank_card_and_large_print_is_large(world: World) -> None:
    dee = world.browser("dee")
    for page in pdf_of(dee.get(world.url(f"/print/card/pdf{ALL}"))):
        assert [round(side / 72 * 25.4, 1) for side in page.get_size()] == [85.0, 54.0]
    write(world, "Just these words.")
    for layout in ("profile", "plan", "passport", "card"):
        assert size_of("Just these words", dee.get(world.url(f"/print/{layout}/pdf{ALL}&large=yes"))) >= 18
    assert size_of("Just these words", dee.get(world.url(f"/print/plan/pdf{ALL}"))) >= 12
    # A title leaves room for words on a card.
    assert size_of("Great things", dee.get(world.url(f"/print/card/pdf{ALL}&large=yes"))) == pytest.approx(18)


def size_of(words: str, answer: Response) -> float:
    """How large these words are printed, in points."""
    for page in pdf_of(answer):
        text = page.get_textpage()
        found = text.search(words).get_next()
        if found:
            return min(FPDFText_GetFontSize(text, at) for at in range(found[0], found[0] + found[1]))
    raise AssertionError(words)


@ON_SQLITE
def test_too_much_for_one_pdf_is_said_kindly(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dee, url = world.browser("dee"), world.url(f"/print/plan/pdf{ALL}")
    monkeypatch.setattr(as_pdf, "MOST_LETTERS", 10)
    answer = dee.get(url)
    assert (answer.status_code, "Please choose fewer parts" in answer.text) == (413, True)
    monkeypatch.setattr(as_pdf, "MOST_LETTERS", 10**6)
    monkeypatch.setattr(as_pdf, "SECONDS", 0)
    slow = dee.get(url)
    assert (slow.status_code, "Please choose fewer parts" in slow.text) == (413, True)


def test_the_papers_that_families_read_about_are_the_papers_there_are() -> None:
    told = re.findall(r"^\| \*\*(.+?)\*\* \|", (ROOT / "docs/users.md").read_text("utf-8"), re.MULTILINE)
    assert set(told) >= {one.title for one in LAYOUTS}
