"""Every word that people are shown can be translated, and a translation is shown to whoever asks for it."""

import ast
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po
from tests.house.shipped import messages_of
from tests.house.tree import ROOT, SRC, dotted, sources
from tests.pages.seen import words_of
from tests.world import World

from planwiki.circle.queries import member_view
from planwiki.settings import Settings
from planwiki.web.languages import Languages

WELSH = {"Accept-Language": "cy-GB, en;q=0.5"}


@pytest.fixture(scope="session")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make strings` gathers."""
    made = tmp_path_factory.mktemp("words") / "planwiki.pot"
    with pytest.MonkeyPatch.context() as here:
        here.chdir(ROOT)
        CommandLineInterface().run(["pybabel", "-q", "extract", "-F", "babel.cfg", "-o", str(made), "."])
    with made.open("rb") as file:
        return read_po(file)


@pytest.fixture
def welsh(gathered: Catalog, tmp_path: Path, world: World) -> World:
    """A planwiki with one more language: each sentence in marks of its own, so that what went around it shows."""
    made = Catalog(locale="cy")
    for one in gathered:
        if isinstance(one.id, str) and one.id:
            made.add(one.id, f"«{one.id}»")
        elif one.id:
            made.add(one.id, tuple(f"«{one.id[1]}»" for _ in range(made.num_plurals)))
    with (tmp_path / "cy.po").open("wb") as file:
        write_po(file, made)
    world.app.state.languages = Languages(tmp_path)
    return world


def ids(catalogue: Catalog) -> set[str]:
    return {part for one in catalogue for part in ([one.id] if isinstance(one.id, str) else one.id)}


def test_every_word_marked_for_it_is_gathered(gathered: Catalog) -> None:
    marked = {said for page in (SRC / "web" / "templates").rglob("*.html") for said in messages_of(page.read_text())}
    marked |= {one["label"] for one in json.loads((ROOT / "client" / "pictures.json").read_text()).values()}
    for source in sources():
        calls = [node for node in source.nodes if isinstance(node, ast.Call) and node.args]
        named = [one.args for one in calls if dotted(one.func) in {"_", "gettext", "ngettext"}]
        marked |= {said.value for said, *_ in named if isinstance(said, ast.Constant)}
    assert len(marked) > 800
    assert marked <= ids(gathered)


def test_what_errors_say_is_gathered(gathered: Catalog) -> None:
    said = {"There is nothing here that you can see.", "This is needed.", "We could not read that.", "Nothing here"}
    said |= {"Someone saved this after you opened it. Your words are not lost.", "Please say whose words these are."}
    assert said <= ids(gathered)


def test_a_page_comes_in_the_language_its_reader_asks_for(welsh: World) -> None:
    dee = welsh.browser("dee")
    page = dee.get("/help", headers=WELSH)
    assert '<html lang="cy"' in page.text
    assert "«What is a plan?»" in words_of(page)
    assert '<html lang="en-GB"' in dee.get("/help").text
    assert "«" not in dee.get("/help", headers={"Accept-Language": "en-US, cy;q=0.3"}).text
    assert "«" not in dee.get("/help", headers={"Accept-Language": "de, *;q=0.1"}).text


def test_nothing_on_a_page_goes_around_translation(welsh: World) -> None:
    """But for names, and words that people wrote."""
    for path in ("/help", "/plans", "/plans/start", "/me", "/search", welsh.url("/circle"), welsh.url("/settings")):
        shown = welsh.browser("dee").get(path, headers=WELSH).text
        for part in re.findall(r">([^<>]{4,})<", re.sub(r"<(script|style).*?</\1>", "", shown, flags=re.DOTALL)):
            known = ("«", "»", "planwiki", "OpenMoji", "example.org", "Maya", "Kit", "Dee", "Nan", "Lee", "Sam", "Rao")
            from_templates = path == "/plans/start"  # A template's own words are translated in its own file.
            assert not part.strip() or from_templates or any(one in part for one in known), (path, part)


def test_pictures_errors_and_days_are_translated_too(welsh: World) -> None:
    dee = welsh.browser("dee")
    assert "«Heart»" in dee.get(welsh.url("/sections/new"), headers=WELSH).text
    missing = dee.post(welsh.url("/circle/add"), data={}, headers=WELSH)
    assert "«Please write their name.»" in words_of(missing)
    nowhere = words_of(dee.get("/nonsense", headers=WELSH))
    assert nowhere == "«Nothing here» «There is nothing here that you can see.» «Go to the first page»"
    joined = welsh.ask(
        "dee", lambda uow: member_view(uow, welsh.plan_id, welsh.members["lee"]).created_at, writes=False
    )
    assert isinstance(joined, datetime)
    since = format_date(joined.astimezone(ZoneInfo("Europe/London")), "d MMMM y", locale="cy")
    assert since in words_of(dee.get(welsh.url(f"/circle/{welsh.members['lee']}"), headers=WELSH))


def test_programs_are_answered_in_english(welsh: World) -> None:
    answer = welsh.api("dee").get("/v1/plans/none", headers=WELSH)
    assert answer.json()["detail"] == "There is nothing here that you can see."


def test_one_language_may_be_set_for_everybody(tmp_path: Path, welsh: World) -> None:
    welsh.app.state.languages = Languages(tmp_path, "cy")
    assert "«Help»" in words_of(welsh.browser(None).get("/help", headers={"Accept-Language": "en"}))
    with pytest.raises(ValueError, match="PLANWIKI_LOCALE has to be one of these: en-GB"):
        Languages(tmp_path / "none", Settings(locale="cy").locale)


def words_in(script: str) -> list[Any]:
    """Texts in a script that read like words for people: two words or more, the first with a capital."""
    code = re.sub(r"^\s*//.*$|\s//\s.*$", "", script, flags=re.MULTILINE)
    return re.findall(r"""["'`]([A-Z][a-z’]+(?:[.!?…]| [a-z])[^"'`]*)["'`]|textContent = ["'`]([^"'`]+)""", code)


def test_scripts_say_nothing_of_their_own() -> None:
    """What they show comes from the page, in its language."""
    for path in sorted((ROOT / "client" / "src").rglob("*.ts")):
        assert not words_in(path.read_text("utf-8")), path.name
    assert words_in('status.textContent = "Copied";') and words_in('say("Copied it.");')
