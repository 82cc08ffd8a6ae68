"""The faces of a section: easy words that somebody writes line by line, with pictures; and pictures and sound."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.media.keeping import keep_paper
from tests.pages.seen import form_of, words_of
from tests.world import OWN_WORDS, World, canary

from planwiki.base.errors import Forbidden
from planwiki.base.vocabulary import Level, MediaKind
from planwiki.circle.grant_commands import give, stop_sharing
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.plans.easy_commands import save_easy
from planwiki.plans.easy_schemas import EasyDraft
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

AT = "/sections/wellness"
VOICE = {"voice-whose": "family", "voice-how": "own_words"}
FULL = f"My wellness: {canary('wellness')}."


@pytest.fixture
def dee(world: World) -> TestClient:
    return world.browser("dee")


def write(client: TestClient, world: World, *lines: str, **more: str) -> Any:
    """Saves these lines: `bus: I take the bus` has a picture."""
    url = world.url(f"{AT}/easy/edit")
    typed = {
        name: text for name, text in form_of(client.get(url), url).items() if not name.startswith(("words", "pic"))
    }
    for at, line in enumerate(lines):
        picture, _, words = line.rpartition(": ")
        typed |= {f"words-{at}": words, f"picture-{at}": picture}
    return client.post(url, data=typed | VOICE | more)


def face(client: TestClient, world: World, name: str = "easy", at: str = AT) -> str:
    return words_of(client.get(world.url(f"{at}?face={name}")))


def save_full(world: World, text: str = "Other words.", based_on: int = 1, **more: Any) -> None:
    patch = SectionPatch.model_validate({"body_markdown": text, "voice": OWN_WORDS, **more})
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, "wellness", patch, based_on))


@pytest.mark.parametrize("door", ["edit", "draft"])
def test_easy_words_that_were_cut_off_on_their_way_take_none_away(world: World, dee: TestClient, door: str) -> None:
    write(dee, world, "bus: I take the bus")
    url = world.url(f"{AT}/easy/edit")
    whole = form_of(dee.get(url), url)
    cut = {name: text for name, text in whole.items() if not name.startswith(("words", "picture"))}
    answer = dee.post(world.url(f"{AT}/easy/{door}"), data=cut)
    assert (answer.status_code, "Nothing was changed." in words_of(answer)) == (400, True)
    assert "I take the bus" in face(dee, world)
    assert form_of(dee.get(url), url)["words-0"] == "I take the bus"


def test_easy_words_are_written_line_by_line_and_read_beside_the_full_ones(world: World, dee: TestClient) -> None:
    nan, url = world.browser("nan"), world.url(f"{AT}/easy/edit")
    assert "Easy words" not in face(nan, world)
    assert "No easy words yet" in face(dee, world)
    typed = form_of(dee.get(url), url) | {"words-0": "I swim.\nI am <b>well</b>.", "words-1": "", "words-2": "I rest."}
    picking = dee.post(url, data=typed | {"do": "pick-2"})
    assert "I rest." in words_of(picking)
    found = dee.post(url, data=form_of(picking, url) | {"q": "beds", "do": "find-3"})
    assert 'value="use-3-bed"' in found.text
    about = dee.post(url, data=form_of(picking, url) | {"do": "about-3-animals"})
    more = dee.post(url, data=form_of(about, url) | {"do": "more-3"})
    assert 'value="use-3-dog"' in about.text
    assert 'value="use-3-spider"' in more.text
    back = dee.post(url, data=form_of(found, url) | {"do": "use-3-sleep"})
    again = form_of(back, url)
    assert [again[f"words-{at}"] for at in range(4)] == ["I swim.", "I am <b>well</b>.", "", "I rest."]
    assert [again[f"picture-{at}"] for at in range(4)] == ["", "", "", "sleep"]
    saved = dee.post(url, data=again | VOICE)
    assert saved.headers["location"] == world.url(f"{AT}?face=easy&said=easy")
    page = nan.get(world.url(f"{AT}?face=easy"))
    assert "I swim. I am <b>well</b>. I rest. The family’s words. Easy words by Dee" in words_of(page)
    assert canary("wellness") not in page.text
    assert re.findall(r'/static/pictures/(\w+).svg" alt="(\w+)"', page.text) == [("sleep", "Sleeping")]
    assert ('data-island="listen"' in page.text, page.text.count("data-words"), "data-keep" in page.text) == (
        True,
        1,
        False,
    )
    assert canary("wellness") in face(nan, world, "full")
    assert "The full words have changed since" not in words_of(page)
    save_full(world)
    assert "The full words have changed since." in face(nan, world)
    assert "If the easy words still fit, just save them." in words_of(dee.get(url))
    assert dee.post(url, data=form_of(dee.get(url), url)).status_code == 303
    assert "The full words have changed since." not in face(nan, world)


def test_lines_are_added_moved_taken_out_and_brought_back(world: World, dee: TestClient) -> None:
    url = world.url(f"{AT}/easy/edit")
    typed = form_of(dee.get(url), url) | {"words-0": "One", "words-1": "Two", "words-2": "Three"}

    def press(does: str, form: dict[str, str]) -> dict[str, str]:
        return form_of(dee.post(url, data=form | {"do": does}), url)

    def lines(form: dict[str, str]) -> list[str]:
        return [text for name, text in form.items() if name.startswith("words-")]

    assert lines(press("up-1", typed)) == ["Two", "One", "Three"]
    assert lines(press("down-2", typed)) == ["One", "Two", "Three"]
    assert lines(press("add-3", typed)) == ["One", "Two", "Three", ""]
    out = press("out-1", typed)
    assert lines(out) == ["One", "Three"]
    assert lines(press(f"back-{out.get('out-at', '1')}", out)) == ["One", "Two", "Three"]
    assert lines(press("shout-77", typed)) == lines(press("use-99-bus", typed)) == ["One", "Two", "Three"]
    assert "Nothing" not in face(dee, world)
    assert "No easy words yet" in face(dee, world)  # Nothing was saved.


def test_two_who_write_easy_words_at_once_both_keep_theirs(world: World, dee: TestClient) -> None:
    url, maya = world.url(f"{AT}/easy/edit"), world.browser("maya")
    typed = form_of(dee.get(url), url) | VOICE
    assert write(maya, world, "bus: I go by bus.").status_code == 303
    late = dee.post(url, data=typed | {"words-0": "She rides."})
    assert late.status_code == 409
    assert "Maya saved easy words while you were writing." in words_of(late)
    assert "I go by bus." in words_of(late)
    joined = form_of(dee.post(url, data=form_of(late, url) | {"do": "theirs-0"}), url)
    assert [joined["words-0"], joined["words-1"], joined["picture-1"]] == ["She rides.", "I go by bus.", "bus"]
    assert dee.post(url, data=form_of(late, url)).status_code == 303
    assert dee.post(url, data=form_of(late, url)).status_code == 303  # A second press saves nothing more.
    assert "She rides." in face(maya, world)
    earlier = maya.get(world.url(f"{AT}/easy/earlier"))
    assert re.findall(r"She rides|I go by bus", words_of(earlier)) == ["She rides", "I go by bus"]
    put_back = re.findall(r'action="([^"]+/put-back)"', earlier.text)
    assert len(put_back) == 1
    assert maya.post(put_back[0], data={"based_on": ""}).headers["location"].endswith("/easy/earlier")
    assert "She rides." in face(maya, world)
    assert maya.post(put_back[0], data=form_of(earlier, put_back[0])).status_code == 303
    assert "I go by bus." in face(dee, world)
    assert "These are Maya’s own words" not in words_of(dee.get(url))


def test_what_does_not_fit_is_said_beside_its_line_and_nothing_is_lost(world: World, dee: TestClient) -> None:
    long = write(dee, world, "Fine.", "x" * 201)
    assert long.status_code == 422
    assert "This is too long. Use at most 200 letters." in words_of(long)
    assert 'href="#field-words-1"' in long.text
    assert "x" * 201 in long.text
    assert "Use at most 60 lines." in words_of(write(dee, world, *["x"] * 61))
    assert "Please write a few words beside this picture." in words_of(write(dee, world, "bus: "))
    assert "Please say whose words these are." in words_of(write(dee, world, "Hello", **{"voice-whose": ""}))
    out = world.browser(None).post(
        world.url(f"{AT}/easy/edit"), data={"words-0": "Still here", "picture-0": "bus", **VOICE}
    )
    assert out.status_code == 401
    assert "Still here" in words_of(out)
    assert 'name="picture-0" value="bus"' in out.text
    assert "No easy words yet" in face(dee, world)


def test_only_who_may_change_the_section_writes_easy_words(world: World) -> None:
    url = world.url(f"{AT}/easy/edit")
    for who, status in (("nan", 403), ("rao", 403), ("kit", 404), ("sam", 404)):
        client = world.browser(who)
        assert client.get(url).status_code == status
        for does in ("save-0", "pick-0", "add-0"):
            typed = {"words-0": "zqmine", "explains": "1", "do": does, **VOICE}
            answer = client.post(url, data=typed)
            assert (answer.status_code, "zqmine" in answer.text) == (status, True), (who, does)
    draft = EasyDraft.model_validate({"lines": [{"words": "zqmine"}], "voice": OWN_WORDS, "explains": 1})
    with pytest.raises(Forbidden):  # Whichever page asks.
        world.ask("nan", lambda uow: save_easy(uow, world.plan_id, "wellness", draft))
    assert "No easy words yet" in face(world.browser("dee"), world)
    assert write(world.browser("dee"), world, "I am well.").status_code == 303
    for who, status in (("nan", 403), ("kit", 404)):
        assert world.browser(who).get(world.url(f"{AT}/easy/earlier")).status_code == status
    assert "I am well." in face(world.browser("rao"), world)
    assert world.browser("kit").get(world.url(f"{AT}?face=easy")).status_code == 404


def test_easy_words_of_a_diary_stay_there_whatever_the_label_becomes(world: World) -> None:
    """What Maya wrote in a diary is closed to Dee for ever; Dee writes her own and is not told that hers are second."""
    maya, dee = world.browser("maya"), world.browser("dee")
    label(world, "diary")
    assert write(maya, world, "My secret.").status_code == 303
    label(world, "everyday")
    assert "My secret." not in face(dee, world)
    assert "No easy words yet" in face(dee, world)
    assert "My secret." in face(maya, world)
    assert form_of(dee.get(world.url(f"{AT}/easy/edit")), world.url(f"{AT}/easy/edit"))["based_on"] == ""
    assert write(dee, world, "For all.").status_code == 303
    assert "For all." in face(maya, world)
    assert "My secret." in words_of(maya.get(world.url(f"{AT}/easy/earlier")))
    assert "My secret." not in dee.get(world.url(f"{AT}/easy/earlier")).text


def label(world: World, value: str) -> None:
    patch = SectionPatch.model_validate({"label": value})
    world.ask("maya", lambda uow: change_section(uow, world.plan_id, "wellness", patch, 1))


def test_earlier_easy_words_are_open_from_the_day_a_grant_began(world: World, dee: TestClient) -> None:
    write(dee, world, "Long ago.")
    write(dee, world, "Yesterday.")
    draft = MemberGrantDraft(member_id=world.members["lee"], level=Level.EDIT)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "wellness", draft))
    lee, earlier = world.browser("lee"), world.url(f"{AT}/easy/earlier")
    write(dee, world, "Today.")
    write(dee, world, "Now.")
    seen = words_of(lee.get(earlier))
    assert [word in seen for word in ("Long ago.", "Yesterday.", "Today.", "Now.")] == [False, False, True, True]
    old = re.findall(r"/easy/([0-9a-f-]{36})/put-back", dee.get(earlier).text)[-1]
    url = world.url(f"{AT}/easy/{old}/put-back")
    assert lee.post(url, data=form_of(dee.get(earlier), url)).status_code == 404
    world.ask("dee", lambda uow: stop_sharing(uow, world.plan_id, "wellness", world.members["lee"]))
    assert lee.get(world.url(f"{AT}?face=easy")).status_code == 404


def test_easy_words_are_taken_away_and_kept(world: World, dee: TestClient) -> None:
    write(dee, world, "I am well.")
    gone = write(dee, world, "")
    assert words_of(dee.get(gone.headers["location"])).count("The easy words are taken away. Undo") == 1
    assert "Easy words" not in face(world.browser("nan"), world)
    page = dee.get(world.url(f"{AT}/easy/earlier"))
    assert "The easy words were taken away." in words_of(page)
    assert "I am well." in words_of(page)


def test_pictures_and_sound_stand_large_in_the_order_of_the_words(world: World) -> None:
    sound = {"kind": MediaKind.SOUND}
    _, second = (keep_paper(world, "dee", "wellness", name, alt_text=name, **sound) for name in ("first", "second"))
    save_full(world, f"![x](media:{second})")
    keep_paper(world, "dee", "wellness", "a paper", alt_text="paperwork")
    keep_paper(world, "dee", "wellness", "third", filename="Said on Friday.m4a", **sound)
    shown = world.browser("nan").get(world.url(f"{AT}?face=pictures"))
    assert re.findall(r"<figcaption>(.*?)</figcaption>", shown.text) == ["second", "first", "Said on Friday.m4a"]
    assert re.findall(r'aria-label="(first|second)"', shown.text) == ["second", "first"]
    assert "paperwork" not in shown.text
    assert "?face=pictures" not in world.browser("sam").get(world.url("/sections/great-things")).text


def test_the_way_somebody_reads_comes_first_for_them_alone_on_every_page_and_device(world: World) -> None:
    nan, maya, at = world.browser("nan"), world.browser("maya"), world.url(AT)
    assert write(maya, world, "I am well.").status_code == 303
    links = re.findall(r'href="([^"]+face=\w+&amp;chosen=yes)"', nan.get(at).text)
    assert [one.replace("&amp;", "&") for one in links] == [f"{at}?face={one}&chosen=yes" for one in ("full", "easy")]

    def first(browser: TestClient, key: str = "wellness", query: str = "") -> str:
        said = words_of(browser.get(world.url(f"/sections/{key}{query}")))
        return "easy" if "I am well." in said else "full" if canary(key) in said else "neither"

    nan.get(f"{at}?face=easy")
    assert first(nan) == "full", "a link that leads there is no choice"
    assert first(nan, query="?face=easy&chosen=yes") == "easy"
    assert first(nan) == first(world.browser("nan")) == "easy"
    assert first(nan, query="?face=full") == "full"
    assert first(nan) == "easy", "nor is a look at the other words"
    assert first(nan, "great-things") == "full", "there are no easy words"
    nan.get(f"{at}?face=pictures&chosen=yes")
    assert first(nan) == "easy", "there are no pictures to choose"
    dee = world.browser("dee")
    for other in (dee, maya, world.browser("rao")):
        assert first(other) == "full"
    assert first(dee, query="?face=easy&chosen=yes") == first(dee) == "easy"
    assert canary("wellness") in dee.get(world.url(f"/as/{world.members['rao']}{AT}")).text
    assert "No easy words yet" not in words_of(dee.get(world.url("/sections/money")))
    assert first(dee, query="?said=saved") == "full"
    form = form_of(nan.get("/reading"), "/reading")
    assert form["face"] == "easy"
    assert nan.post("/reading", data=form | {"look": "dark"}).status_code == 303
    assert first(nan) == "easy"
    about_nan = dee.get(world.url(f"/circle/{world.members['nan']}")).text + world.api("nan").get("/v1/me").text
    assert "easy" not in about_nan
    nan.get(f"{at}?face=full&chosen=yes")
    assert first(nan) == "full"
    assert form_of(nan.get("/reading"), "/reading") == form | {"look": "dark", "face": "full"}


def test_seen_as_somebody_the_faces_are_to_read_only(world: World, dee: TestClient) -> None:
    as_nan = world.url(f"/as/{world.members['nan']}{AT}")
    assert "?face=easy" not in dee.get(as_nan).text
    write(dee, world, "I am well.")
    page = dee.get(f"{as_nan}?face=easy")
    assert "I am well." in words_of(page)
    assert "/easy/edit" not in page.text
    assert f'href="{as_nan}?face=full"' in page.text
