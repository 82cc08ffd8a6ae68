"""Reading, writing and joining, as a browser meets them: what is typed is saved or still there."""

from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from tests.pages.seen import form_of, words_of
from tests.world import READS, SECTIONS, World, canary

from planwiki.circle.grant_commands import replace_section_grants, stop_sharing
from planwiki.circle.schemas import SectionGrantsDraft
from planwiki.plans.queries import section_view
from planwiki.plans.schemas import SectionPatch, SectionView, Voice
from planwiki.plans.section_commands import archive_section, change_section

MAYAS = Voice.model_validate({"whose": "person", "how": "supported", "method": "symbols", "supported_by": "Dee"})
FORM = "application/x-www-form-urlencoded"
WHOLE = {"title": "A", "based_on": "2", "voice-whose": "family", "voice-how": "own_words"}
HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(1)> "></textarea><b>bold</b>'


def now(world: World, key: str = "outcomes") -> SectionView:
    return cast(SectionView, world.ask("dee", lambda uow: section_view(uow, world.plan_id, key)))


def opened(browser: TestClient, world: World, key: str = "outcomes") -> tuple[str, dict[str, str]]:
    """The address of the form, and what it would send as it stands."""
    at = world.url(f"/sections/{key}/edit")
    return at, form_of(browser.get(at), at)


def write(world: World, who: str, text: str, key: str = "outcomes", **more: object) -> None:
    said = {"body_markdown": text, "voice": Voice.model_validate({"whose": "family", "how": "own_words"})} | more
    patch = SectionPatch.model_validate(said)
    base = now(world, key).revision
    world.ask(who, lambda uow: change_section(uow, world.plan_id, key, patch, based_on=base))


@pytest.mark.parametrize("key", list(SECTIONS))
@pytest.mark.parametrize("who", list(READS))
def test_a_section_is_read_by_those_who_may_and_missing_for_all_others(world: World, who: str, key: str) -> None:
    answer, missing = (world.browser(who).get(world.url(f"/sections/{one}")) for one in (key, "never-was"))
    assert (canary(key) in answer.text) is (key in READS[who])
    if key not in READS[who]:
        assert (answer.status_code, words_of(answer)) == (404, words_of(missing))


def test_a_section_says_whose_words_it_holds_and_who_can_see_it(world: World) -> None:
    write(world, "dee", "I love the bus.", voice=MAYAS, key="great-things")
    words = words_of(world.browser("nan").get(world.url("/sections/great-things")))
    assert "Maya’s words. Dee helped to say them. They were said with symbols." in words
    assert "Last saved by Dee" in words
    assert "Dee, Maya and 2 more can see this. Dee and Maya can change it. Who can see this?" in words


def test_an_empty_section_shows_its_questions(world: World) -> None:
    kit = world.browser("kit")
    start = {"person-display_name": "Zoe", "my_role": "person", "template": "three-questions"}
    first = kit.post("/plans/start", data=start).headers["location"]
    words = words_of(kit.get(first.removesuffix("/edit")))
    assert "Nothing is written here yet" in words
    assert "Start writing" in words
    assert "?" in words.partition("Nothing is written")[2]


def test_buttons_show_what_somebody_may_do(world: World) -> None:
    ways = ["Change this", "History", "Settings"]
    found = {
        who: [one in words_of(world.browser(who).get(world.url(f"/sections/{key}"))).split("Before")[0] for one in ways]
        for who, key in {"dee": "outcomes", "lee": "outcomes", "nan": "wellness", "rao": "wellness"}.items()
    }
    assert found["dee"] == [True, True, True]
    assert found["lee"] == [True, True, False]
    assert found["nan"] == found["rao"] == [False, False, False]


def test_next_and_before_lead_only_to_what_somebody_may_read(world: World) -> None:
    lee = world.browser("lee")
    words = words_of(lee.get(world.url("/sections/great-things")))
    assert "Next What I want to be different" in words
    assert "Before Great things about me" in words_of(lee.get(world.url("/sections/outcomes")))
    assert "My wellness" not in words


def test_what_was_written_is_saved_in_the_voice_that_was_said(world: World) -> None:
    lee = world.browser("lee")
    at, form = opened(lee, world)
    assert form["voice-whose"] == "professional"
    typed = form | {
        "body_markdown": "We take the bus.\r\n\r\n- on Fridays",
        "change_note": "The bus",
        "voice-whose": "shared",
    }
    assert lee.post(at, data=typed).headers["location"] == world.url("/sections/outcomes?said=saved")
    saved = now(world)
    assert (saved.body_markdown, saved.revision) == ("We take the bus.\n\n- on Fridays", 2)
    assert saved.voice == Voice.model_validate({"whose": "shared", "how": "own_words"})


def test_a_title_changes_with_the_text(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    dee.post(at, data=form | {"title": "My goals"})
    assert (now(world).title, now(world).key) == ("My goals", "outcomes")


def test_saving_nothing_new_makes_no_version(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    assert dee.post(at, data=form).status_code == 303
    assert now(world).revision == 1


def test_words_that_nobody_touched_keep_their_line_ends(world: World) -> None:
    write(world, "dee", "One.\r\n\rTwo.\n")
    dee = world.browser("dee")
    at, form = opened(dee, world)
    as_sent = form["body_markdown"].replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    assert dee.post(at, data=form | {"body_markdown": as_sent, "title": "My goals"}).status_code == 303
    assert (now(world).body_markdown, now(world).title) == ("One.\r\n\rTwo.\n", "My goals")


def test_the_persons_own_words_are_named_before_somebody_else_changes_them(world: World) -> None:
    write(world, "maya", "Mine.", voice=MAYAS)
    asked = "These are Maya’s own words. Please ask Maya before you change them."
    assert asked in words_of(world.browser("lee").get(world.url("/sections/outcomes/edit")))
    assert asked not in words_of(world.browser("maya").get(world.url("/sections/outcomes/edit")))


def test_the_person_is_asked_about_themselves(world: World) -> None:
    for who, asked in (("maya", "Someone put it into words for me"), ("lee", "Someone put it into words for them")):
        assert asked in words_of(world.browser(who).get(world.url("/sections/outcomes/edit"))), who


def test_a_voice_stays_whole_while_its_own_writer_goes_on(world: World) -> None:
    write(world, "maya", "Mine.", voice=MAYAS.model_copy(update={"member_id": world.members["maya"]}))
    maya = world.browser("maya")
    at, form = opened(maya, world)
    maya.post(at, data=form | {"body_markdown": "Mine, again."})
    assert now(world).voice == MAYAS.model_copy(update={"member_id": world.members["maya"]})


def test_somebody_else_is_asked_whose_words_they_are(world: World) -> None:
    write(world, "maya", "Mine.", voice=MAYAS)
    _, form = opened(world.browser("dee"), world)
    assert {name: form.get(f"voice-{name}", "") for name in ("whose", "how", "method", "supported_by")} == {
        "whose": "",
        "how": "own_words",
        "method": "",
        "supported_by": "",
    }


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("body_markdown", "x" * 100_001),
        ("body_markdown", "a\0b"),
        ("voice-whose", ""),
        ("voice-whose", "everybody"),
        ("voice-how", "shouted"),
        ("voice-method", "telepathy"),
        ("voice-supported_by", "x" * 201),
        ("change_note", "x" * 201),
    ],
)
def test_what_does_not_fit_is_said_by_its_field_and_all_of_it_stays(world: World, field: str, bad: str) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    typed = form | {"body_markdown": "New words to keep.", "change_note": "Why"} | {field: bad}
    answer = dee.post(at, data=typed)
    assert answer.status_code == 422
    assert f'<a href="#field-{field}">' in answer.text
    assert f'id="field-{field}-error"' in answer.text
    kept = form_of(answer, at)
    chosen = {"voice-whose", "voice-how", "voice-method", field}  # A choice that we do not offer cannot be shown.
    wanted = {name: text for name, text in typed.items() if name not in chosen}
    assert {name: kept[name] for name in wanted} == wanted
    if field in {"title", "voice-supported_by", "change_note"}:
        assert kept[field] == bad
    assert now(world).revision == 1


def test_how_it_will_look_is_shown_without_saving(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    answer = dee.post(at, data=form | {"body_markdown": "I *love* buses.", "preview": "yes"})
    assert answer.status_code == 200
    assert "I <em>love</em> buses." in answer.text
    assert form_of(answer, at)["body_markdown"] == "I *love* buses."
    assert now(world).revision == 1


def test_what_is_typed_is_never_run(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    for more in ({"preview": "yes"}, {"title": ""}, {"based_on": "0"}):
        page = dee.post(at, data=form | {"body_markdown": HOSTILE} | more).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page


@pytest.mark.parametrize("second", ["dee", "nan"])
def test_the_second_writer_is_shown_both_texts_and_one_that_joins_them(world: World, second: str) -> None:
    """An owner, and an editor whose grant began when the words both began from were current."""
    write(world, "dee", "I take the bus.\n\nLee sits at the back.\n")
    new_editor(world)
    dee, lee = world.browser(second), world.browser("lee")
    at, dees = opened(dee, world)
    _, lees = opened(lee, world)
    lee.post(at, data=lees | {"body_markdown": "I take the bus.\n\nLee waits at the stop.\n"})
    clash = dee.post(at, data=dees | {"body_markdown": "I take the bus on Fridays.\n\nLee sits at the back.\n"})
    assert clash.status_code == 409
    words = words_of(clash)
    assert "Lee saved this while you were writing. Nothing is lost" in words
    assert "What you wrote I take the bus on Fridays. Lee sits at the back." in words
    assert "What Lee saved I take the bus. Lee waits at the stop." in words
    assert now(world).body_markdown == "I take the bus.\n\nLee waits at the stop.\n"
    form = form_of(clash, at)
    assert form["body_markdown"] == "I take the bus on Fridays.\n\nLee waits at the stop.\n"
    assert dee.post(at, data=form).status_code == 303
    assert now(world).body_markdown == "I take the bus on Fridays.\n\nLee waits at the stop.\n"


def test_who_wrote_on_two_pages_is_told_so_and_not_of_somebody_else(world: World) -> None:
    write(world, "dee", "I take the bus.\n")
    dee = world.browser("dee")
    (at, one), (_, other) = opened(dee, world), opened(dee, world)
    dee.post(at, data=one | {"body_markdown": "I take the bus on Fridays.\n"})
    words = words_of(dee.post(at, data=other | {"body_markdown": "I take the red bus.\n"}))
    assert "You wrote here twice" in words
    assert "You saved this on another page too. Nothing is lost: both texts are on this page." in words
    assert "What this changes in the words that you saved before" in words
    assert "Dee saved" not in words


def test_saving_the_persons_words_untouched_makes_them_nobody_elses(world: World) -> None:
    write(world, "maya", "I take the bus.", voice=MAYAS)
    dee = world.browser("dee")
    at, form = opened(dee, world)
    assert form.get("voice-whose", "") == ""
    assert dee.post(at, data=form).status_code == 303
    assert (now(world).voice, now(world).revision) == (MAYAS, 2)
    asked = dee.post(at, data=form | {"body_markdown": "I take the train."})
    assert asked.status_code == 422
    assert "Please say whose words these are." in words_of(asked)
    assert form_of(asked, at)["body_markdown"] == "I take the train."
    assert now(world).revision == 2
    assert dee.post(at, data=form | {"voice-whose": "shared"}).status_code == 303
    assert (now(world).voice, now(world).revision) == (Voice.model_validate({"whose": "shared", "how": "own_words"}), 3)
    assert opened(world.browser("maya"), world)[1]["voice-whose"] == "person"


@pytest.mark.parametrize(
    ("theirs", "offered"),
    [("professional", "shared"), ("family", "family"), ("person", "")],
    ids=["two voices", "one voice", "the person's own"],
)
def test_joined_words_are_first_said_to_be_of_both(world: World, theirs: str, offered: str) -> None:
    """Nobody says for the person that they wrote it together: whoever joins is asked."""
    write(world, "dee", "I take the bus.\n\nLee sits at the back.\n")
    dee = world.browser("dee")
    at, form = opened(dee, world)
    voice = Voice.model_validate({"whose": theirs, "how": "own_words"})
    write(world, "lee", "I take the bus.\n\nLee waits at the stop.\n", voice=voice)
    mine = {"body_markdown": "I take the bus on Fridays.\n\nLee sits at the back.\n", "voice-supported_by": "Nan"}
    clash = form_of(dee.post(at, data=form | mine), at)
    assert (clash.get("voice-whose", ""), clash["voice-supported_by"]) == (offered, "Nan")
    assert dee.post(at, data=clash).status_code == (303 if offered else 422)
    kept = now(world).voice
    assert kept is not None and kept.whose == (offered or theirs)


def test_leaving_their_words_as_they_are_takes_no_voice_from_them(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    professional = Voice.model_validate({"whose": "professional", "how": "observed"})
    write(world, "lee", "I take the bus.", voice=professional)
    clash = form_of(dee.post(at, data=form | {"body_markdown": "I walk."}), at)
    assert dee.post(at, data=clash | {"body_markdown": "I take the bus."}).status_code == 303
    assert now(world).voice == professional


def new_editor(world: World) -> TestClient:
    """Nan, who may change the outcomes from now on as Lee may, and is shown no version from before."""
    grants = [{"member_id": world.members[who], "level": "edit"} for who in ("lee", "nan")]
    draft = SectionGrantsDraft.model_validate({"members": grants})
    world.ask("dee", lambda uow: replace_section_grants(uow, world.plan_id, "outcomes", draft))
    return world.browser("nan")


def test_a_clash_over_a_text_that_was_closed_meanwhile_says_nothing_twice(world: World) -> None:
    write(world, "dee", "I take the bus.\n\nLee sits at the back.\n")
    nan = new_editor(world)
    at, form = opened(nan, world)
    nothing = SectionGrantsDraft.model_validate({})
    world.ask("dee", lambda uow: replace_section_grants(uow, world.plan_id, "outcomes", nothing))
    write(world, "dee", "I take the bus.\n\nLee waits at the stop.\n")
    new_editor(world)
    assert nan.get(f"{at.removesuffix('/edit')}/history/{form['based_on']}").status_code == 404
    clash = nan.post(at, data=form | {"body_markdown": "I take the bus.\n\nLee sits at the back.\n\nI walk.\n"})
    joined = form_of(clash, at)["body_markdown"]
    assert joined.count("I take the bus.") == 1
    assert all(joined.count(said) == 1 for said in ("sits at the back", "waits at the stop", "I walk"))


def test_joining_tells_nothing_of_a_version_that_is_closed_to_the_writer(world: World) -> None:
    """Somebody guesses what an old version said, and looks at what joining leaves out."""
    write(world, "dee", "I am scared of dogs.\n\nI like tea.\n")
    write(world, "dee", "I like tea.\n")
    nan = new_editor(world)
    at, form = opened(nan, world)
    for guess in ("I am scared of dogs.", "I am scared of cats."):
        for number in ("1", "2"):
            sent = form | {"based_on": number, "body_markdown": f"{guess}\n\nI like tea.\n"}
            assert form_of(nan.post(at, data=sent), at)["body_markdown"] == sent["body_markdown"], number


def clashing(world: World) -> tuple[TestClient, str, dict[str, str]]:
    """Dee meets a clash with what Maya saved; her browser, the address and the form of the page."""
    dee = world.browser("dee")
    at, form = opened(dee, world)
    write(world, "maya", "Maya was first.")
    return dee, at, form_of(dee.post(at, data=form | {"body_markdown": "Dee wrote this.", "change_note": "Why"}), at)


def test_somebody_who_saves_during_the_joining_is_not_overwritten(world: World) -> None:
    dee, at, form = clashing(world)
    write(world, "maya", "Maya was first, twice.")
    again = dee.post(at, data=form | {"body_markdown": "Dee was second."})
    assert again.status_code == 409
    assert "What Maya saved Maya was first, twice." in words_of(again)
    assert "What you wrote Dee wrote this." in words_of(again)
    assert "Dee was second." in form_of(again, at)["body_markdown"]
    assert form_of(again, at)["change_note"] == "Why"
    assert now(world).body_markdown == "Maya was first, twice."


def test_a_joined_text_that_does_not_fit_keeps_both_texts_in_the_page(world: World) -> None:
    dee, at, form = clashing(world)
    for more, status in (({"title": ""}, 422), ({"preview": "yes"}, 200)):
        answer = dee.post(at, data=form | more)
        assert answer.status_code == status
        words = words_of(answer)
        assert "What you wrote Dee wrote this." in words
        assert "What Maya saved Maya was first." in words
    assert now(world).body_markdown == "Maya was first."


def test_a_second_press_on_save_is_no_clash(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    typed = form | {"body_markdown": "Pressed twice.", "title": "My goals"}
    assert [dee.post(at, data=typed).status_code for _ in range(2)] == [303, 303]
    assert now(world).revision == 2


def test_a_title_somebody_gave_meanwhile_stays(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    write(world, "maya", now(world).body_markdown, title="My goals")
    joined = form_of(dee.post(at, data=form | {"body_markdown": "More."}), at)
    assert joined["title"] == "My goals"
    dee.post(at, data=joined)
    assert now(world).title == "My goals"


@pytest.mark.parametrize("based_on", ["", "x", "-1", "0", "99", "9" * 50, "1\0"])
def test_a_forged_version_overwrites_nothing(world: World, based_on: str) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    answer = dee.post(at, data=form | {"body_markdown": "Forged.", "based_on": based_on})
    assert answer.status_code == 409
    assert "Forged." in form_of(answer, at)["body_markdown"]
    assert now(world).revision == 1


def test_words_written_while_signed_out_come_back_and_can_be_sent_again(world: World) -> None:
    dee = world.browser("dee")
    at, form = opened(dee, world)
    typed = form | {"body_markdown": "Written\n\nlong & well.", "change_note": "Why", "voice-whose": "shared"}
    dee.post("/sign-out")
    answer = dee.post(at, data=typed)
    assert answer.status_code == 401
    assert "Your words are still here" in words_of(answer)
    assert "Maya" not in answer.text
    kept = form_of(answer, "")
    assert {name: kept[name] for name in typed} == typed
    again = world.browser("dee")
    assert again.post(at, data=kept).status_code == 303
    assert now(world).body_markdown == "Written\n\nlong & well."


def test_words_come_back_when_the_section_was_closed_meanwhile(world: World) -> None:
    lee = world.browser("lee")
    at, form = opened(lee, world)
    typed = form | {"body_markdown": "Words of Lee."}
    world.ask("dee", lambda uow: stop_sharing(uow, world.plan_id, "outcomes", world.members["lee"]))
    closed = lee.post(at, data=typed)
    missing = lee.post(world.url("/sections/never-was/edit"), data=typed)
    assert closed.status_code == missing.status_code == 404
    assert words_of(closed) == words_of(missing)
    assert form_of(closed, "")["body_markdown"] == "Words of Lee."
    assert canary("outcomes") not in closed.text


def test_words_come_back_when_writing_was_narrowed_to_reading(world: World) -> None:
    lee = world.browser("lee")
    at, form = opened(lee, world)
    reading = SectionGrantsDraft.model_validate({"members": [{"member_id": world.members["lee"], "level": "read"}]})
    world.ask("dee", lambda uow: replace_section_grants(uow, world.plan_id, "outcomes", reading))
    for more in ({}, {"preview": "yes"}, {"title": ""}):
        answer = lee.post(at, data=form | {"body_markdown": "Words of Lee."} | more)
        assert answer.status_code == 403
        assert form_of(answer, "")["body_markdown"] == "Words of Lee."
    assert now(world).revision == 1


@pytest.mark.parametrize(
    ("who", "key", "status"),
    [("nan", "wellness", 403), ("rao", "wellness", 303), ("nan", "money", 404), ("kit", "outcomes", 404)],
)
def test_nobody_writes_without_the_right_to(world: World, who: str, key: str, status: int) -> None:
    """Dr Rao suggests there: what she writes is kept as a suggestion."""
    browser, at = world.browser(who), world.url(f"/sections/{key}/edit")
    assert browser.get(at).status_code == status
    _, form = opened(world.browser("dee"), world, key)
    assert browser.post(at, data=form | {"body_markdown": "Not mine."}).status_code == status
    assert now(world, key).revision == 1


def test_the_preview_is_for_those_who_are_signed_in_and_leads_nowhere(world: World) -> None:
    typed = {"body_markdown": "I *love* <b>buses</b>."}
    assert (
        world.browser("nan").post("/preview", files={}, data=typed).text
        == "<p>I <em>love</em> &lt;b&gt;buses&lt;/b&gt;.</p>\n"
    )
    signed_out = world.browser(None).post("/preview", data=typed)
    assert (signed_out.status_code, signed_out.text) == (401, "")


def test_an_archived_section_says_so_and_can_be_brought_back(world: World) -> None:
    world.ask("dee", lambda uow: archive_section(uow, world.plan_id, "wellness"))
    words = words_of(world.browser("dee").get(world.url("/sections/wellness")))
    assert "This is put away. Only those who decide can see it. Bring back" in words


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": b"x" * 2_000_001}, 413),
        ({"content": b"{}", "headers": {"content-type": "application/json"}}, 415),
        ({"content": b"based_on=1&title=A&body_markdown=%ff", "headers": {"content-type": FORM}}, 400),
        ({"content": b"based_on=1&title=A&body_markdown=\xff", "headers": {"content-type": FORM}}, 400),
        ({"files": {"title": (None, b"\xff"), "based_on": (None, b"1")}}, 400),
        ({"content": b""}, 400),
        ({"data": WHOLE}, 400),  # Cut off before the words: nobody took them away.
        ({"data": WHOLE | {"body_markdown": ["First words.", "Second words."]}}, 400),
        ({"data": WHOLE | {"body_markdown": "Words."}, "headers": {"sec-fetch-site": "cross-site"}}, 403),
    ],
)
@pytest.mark.parametrize("door", ["edit", "draft", "suggest"])
def test_what_is_no_form_of_ours_is_refused_kindly(world: World, sent: dict[str, Any], status: int, door: str) -> None:
    write(world, "dee", "I take the bus.")
    answer = world.browser("dee").post(world.url(f"/sections/outcomes/{door}"), **sent)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "Go to the first page" in words_of(answer)
    assert (now(world).body_markdown, now(world).revision) == ("I take the bus.", 2)
