"""Below a section: saying something, suggesting, answering, and the mark that the words were checked."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.api.saying import VOICE
from tests.media.keeping import keep_paper
from tests.pages.seen import form_of, words_of
from tests.world import World, canary

from planwiki.base.vocabulary import Level
from planwiki.circle.grant_commands import give
from planwiki.circle.schemas import MemberGrantDraft
from planwiki.plans.schemas import SectionPatch
from planwiki.plans.section_commands import change_section

WELLNESS = "/sections/wellness"
OLD = f"My wellness: {canary('wellness')}."


@pytest.fixture
def rao(world: World) -> TestClient:
    """Dr Rao: suggests in wellness."""
    return world.browser("rao")


@pytest.fixture
def dee(world: World) -> TestClient:
    return world.browser("dee")


def suggest(client: TestClient, world: World, text: str = f"{OLD} She swims.", **more: str) -> Any:
    url = world.url(f"{WELLNESS}/suggest")
    return client.post(url, data=form_of(client.get(url), url) | {"body_markdown": text} | more)


def last_said(client: TestClient, world: World) -> str:
    """The address of the newest thing that was said."""
    found = re.search(r'href="([^"]+/said/[0-9a-f-]{36})"', client.get(world.url(WELLNESS)).text)
    assert found
    return found[1]


def answer(client: TestClient, at: str, decision: str, **more: str) -> Any:
    url = f"{at}/answer"
    return client.post(url, data=form_of(client.get(at), url) | {"decision": decision} | more)


def save(world: World, text: str, based_on: int = 1) -> None:
    patch = SectionPatch.model_validate({"body_markdown": text, "voice": VOICE})
    world.ask("dee", lambda uow: change_section(uow, world.plan_id, "wellness", patch, based_on))


def test_a_look_at_a_suggestion_shows_its_pictures_and_papers(world: World, rao: TestClient) -> None:
    kept = keep_paper(world, "dee", "wellness", "x")
    look = suggest(rao, world, f"![The letter](media:{kept})", preview="yes")
    assert f'href="{world.url(f"/media/{kept}")}"' in look.text


def test_a_suggestion_is_made_looked_at_and_used(world: World, rao: TestClient, dee: TestClient) -> None:
    page = words_of(rao.get(world.url(WELLNESS)))
    assert "Suggest a change" in page
    assert "Change this" not in page
    kept = suggest(rao, world, change_note="She goes on *Mondays*.")
    assert (kept.status_code, kept.headers["location"]) == (303, world.url(f"{WELLNESS}?said=suggested"))
    assert "Your suggestion is kept" in rao.get(kept.headers["location"]).text
    at = last_said(dee, world)
    look = dee.get(at)
    assert "<ins>" in look.text
    assert "<em>Mondays</em>" in look.text
    assert re.search(r"<ins>.*She swims", look.text)
    done = answer(dee, at, "accept", note="Thank you")
    assert done.headers["location"] == world.url(f"{WELLNESS}?said=accepted")
    section = dee.get(done.headers["location"])
    assert "She swims." in words_of(section)
    assert "Words of someone who works with Maya." in words_of(section)
    assert f"{world.url(WELLNESS)}/history/1/put-back" in section.text  # Undo.
    assert "Dee used a suggestion of Dr Rao." in words_of(dee.get(world.url(f"{WELLNESS}/history")))
    assert "Dee used this suggestion. " in words_of(world.browser("nan").get(at))


def test_an_edit_without_the_right_becomes_a_suggestion(world: World, rao: TestClient, dee: TestClient) -> None:
    url = world.url(f"{WELLNESS}/edit")
    led = rao.get(url)
    assert (led.status_code, led.headers["location"]) == (303, world.url(f"{WELLNESS}/suggest"))
    typed = {"title": "How she is", "title_before": "My wellness", "body_markdown": "She swims.", "based_on": "1"}
    voice = {"voice-whose": "professional", "voice-how": "own_words"}
    kept = rao.post(url, data=typed | voice | {"change_note": "New"})
    assert kept.headers["location"] == world.url(f"{WELLNESS}?said=suggested")
    said = world.api("dee").get(f"/v1{world.url('/contributions')}").json()["items"]
    assert [(one["proposed_markdown"], one["author"]["display_name"]) for one in said] == [("She swims.", "Dr Rao")]
    assert said[0]["body_markdown"] == "New\n\nThe title could be: “How she is”."
    assert OLD in dee.get(world.url(WELLNESS)).text
    same = rao.post(url, data=typed | voice | {"body_markdown": OLD, "title": "My wellness"})
    assert same.status_code == 422
    assert "These are the words that stand there now." in words_of(same)
    nan = world.browser("nan").post(url, data=typed | voice)
    assert nan.status_code == 403
    assert "She swims." in nan.text


def test_what_is_said_below_is_kept_in_its_voice(world: World) -> None:
    sam, maya, great = world.browser("sam"), world.browser("maya"), world.url("/sections/great-things")
    for kind, words in (("kind", "You dance so well"), ("question", "May I come?"), ("comment", "<b>Loud</b> *music*")):
        url = f"{great}/say/{kind}"
        page = sam.get(url)
        assert "All who can see this part can read it." in words_of(page)
        empty = sam.post(url, data=form_of(page, url))
        assert empty.status_code == 422
        assert "Please write something here." in words_of(empty)
        assert sam.post(url, data=form_of(page, url) | {"body_markdown": words}).status_code == 303
    seen = maya.get(great)
    assert "Sam says something kind" in words_of(seen)
    assert "A friend’s words." in words_of(seen)
    assert "&lt;b&gt;Loud&lt;/b&gt; <em>music</em>" in seen.text
    asked = re.findall(r'href="([^"]+/said/[0-9a-f-]{36})"', seen.text)[1]
    assert "Sam asks" in words_of(maya.get(asked))
    answered = answer(maya, asked, "resolve", note="Yes!")
    assert answered.status_code == 303
    assert "Maya answered. Yes!" in words_of(sam.get(great))


def test_what_is_typed_to_say_or_to_answer_is_kept_once_and_never_lost(world: World, dee: TestClient) -> None:
    """Pressed twice, signed out meanwhile, and where it is allowed no more."""
    sam, great = world.browser("sam"), world.url("/sections/great-things")
    url = f"{great}/say/question"
    typed = form_of(sam.get(url), url) | {"body_markdown": "May I come\nto the sea?"}
    for _press in range(2):
        assert sam.post(url, data=typed).status_code == 303
    assert sam.post(url, data=typed | {"body_markdown": "And Nan?"}).status_code == 303
    said = re.findall(r'href="([^"]+/said/[0-9a-f-]{36})"', dee.get(great).text)
    assert len(said) == 2
    later = {
        "typed": typed | {"body_markdown": "I love\nthe sea."},
        "answer": form_of(dee.get(said[1]), f"{said[1]}/answer"),
    }
    later["answer"] |= {"decision": "resolve", "note": "Yes,\ndo come."}
    for client, at, form, words in (
        (sam, url, later["typed"], "I love\nthe sea."),
        (dee, f"{said[1]}/answer", later["answer"], "Yes,\ndo come."),
    ):
        client.post("/sign-out")
        kept = client.post(at, data=form)
        assert (kept.status_code, words in kept.text.replace("\r", "")) == (401, True)
        who = "sam" if client is sam else "dee"
        assert world.browser(who).post(at, data=form_of(kept, "")).status_code == 303
    assert "Dee answered. Yes, do come." in words_of(world.browser("sam").get(great))
    nan = world.browser("nan").post(url, data=later["typed"])
    assert (nan.status_code, "the sea." in nan.text) == (403, True)
    asked = re.findall(r"/said/([0-9a-f-]{36})", world.browser("maya").get(great).text)
    assert len(set(asked)) == 3


def test_the_forms_are_for_those_who_may(world: World, rao: TestClient) -> None:
    nan, kit = world.browser("nan"), world.browser("kit")
    for path in ("/say/kind", "/suggest", "/checked"):
        assert nan.get(world.url(WELLNESS + path)).status_code == 403
        assert kit.get(world.url(WELLNESS + path)).status_code == 404
        assert nan.post(world.url(WELLNESS + path), data={"body_markdown": "x", **voice()}).status_code in {403, 422}
    assert world.browser("sam").get(world.url("/sections/great-things/suggest")).status_code == 403
    assert rao.get(world.url(f"{WELLNESS}/say/shout")).status_code == 404
    assert "What people say about this" not in words_of(nan.get(world.url(WELLNESS)))
    assert world.api("dee").get(f"/v1{world.url('/contributions')}").json()["items"] == []


def voice() -> dict[str, str]:
    return {"voice-whose": "family", "voice-how": "own_words"}


def test_a_suggestion_for_an_older_text_is_joined_on_the_page(world: World, rao: TestClient, dee: TestClient) -> None:
    suggest(rao, world)
    save(world, f"Dee's line.\n\n{OLD}")
    at = last_said(dee, world)
    page = dee.get(at)
    form = form_of(page, f"{at}/answer")
    assert "Both together" in words_of(page)
    assert form["edited_markdown"] == f"Dee's line.\n\n{OLD} She swims."
    save(world, f"Dee's line.\n\n{OLD}\n\nAnd the end.", 2)
    late = dee.post(f"{at}/answer", data=form | {"decision": "accept", "note": "Joined"})
    assert late.status_code == 409
    again = form_of(late, f"{at}/answer")
    assert all(words in again["edited_markdown"] for words in ("Dee's line.", "She swims.", "And the end."))
    assert again["note"] == "Joined"
    assert dee.post(f"{at}/answer", data=again | {"decision": "accept"}).status_code == 303
    assert "And the end." in words_of(rao.get(world.url(WELLNESS)))


def test_the_second_of_two_answers_is_told_who_was_first(world: World, rao: TestClient, dee: TestClient) -> None:
    suggest(rao, world)
    at, maya = last_said(dee, world), world.browser("maya")
    form = form_of(maya.get(at), f"{at}/answer")
    assert answer(dee, at, "decline", note="Not this year").headers["location"].endswith("said=not-now")
    late = maya.post(f"{at}/answer", data=form | {"decision": "accept", "note": "I like it"})
    assert late.status_code == 409
    assert "Dee said: not now." in words_of(late)
    assert "I like it" in words_of(late)
    assert OLD in maya.get(world.url(WELLNESS)).text


def test_what_was_said_is_taken_back_or_removed(world: World, rao: TestClient, dee: TestClient) -> None:
    for client, after in ((rao, "taken-back"), (dee, "removed")):
        suggest(rao, world)
        at = last_said(rao, world)
        assert world.browser("nan").post(f"{at}/take-back").status_code == 403
        assert client.post(f"{at}/take-back").headers["location"] == world.url(f"{WELLNESS}?said={after}")
        assert world.browser("nan").get(at).status_code == 404
        assert "This was taken back." in words_of(dee.get(at))
    other = at.replace("wellness", "great-things")
    assert [dee.get(url).status_code for url in (other, at)] == [404, 200]


def test_seen_as_somebody_it_is_to_read_only(world: World, rao: TestClient, dee: TestClient) -> None:
    suggest(rao, world, change_note="zqwhyqz")
    as_rao = world.url(f"/as/{world.members['rao']}{WELLNESS}")
    page = dee.get(as_rao)
    assert "zqwhyqz" in page.text
    assert "/suggest" not in page.text
    assert "/say/" not in page.text
    as_sam = dee.get(world.url(f"/as/{world.members['sam']}{WELLNESS}"))
    assert as_sam.status_code == 404


def test_a_checked_mark_falls_away_when_the_words_change(world: World, dee: TestClient) -> None:
    url, maya = world.url(f"{WELLNESS}/checked"), world.browser("maya")
    assert "Did you check this with Maya?" in words_of(dee.get(url))
    assert "Please say how it was checked." in words_of(dee.post(url, data=form_of(dee.get(url), url)))
    typed = form_of(dee.get(url), url) | {"how": "supported", "supported_by": "Lee"}
    assert dee.post(url, data=typed).headers["location"] == world.url(f"{WELLNESS}?said=checked")
    nan = world.browser("nan")
    said = "Dee checked these words with Maya. Lee helped."
    assert said in words_of(nan.get(world.url(WELLNESS)))
    assert "Checked with Maya." in words_of(nan.get(world.url()))
    assert "Checked with Maya." not in words_of(world.browser("sam").get(world.url()))
    save(world, "Other words.")
    assert said not in words_of(nan.get(world.url(WELLNESS)))
    assert "Checked with Maya." not in words_of(nan.get(world.url()))
    assert said in words_of(dee.get(world.url(f"{WELLNESS}/history")))
    assert dee.post(url, data=typed).status_code == 409  # The words that she read are no longer there.
    assert "Are these words right?" in words_of(maya.get(url))
    maya.post(url, data=form_of(maya.get(url), url) | {"how": "own_words"})
    assert "Maya says these words are right." in words_of(nan.get(world.url(WELLNESS)))
    assert maya.post(f"{url}/undo").status_code == 303
    assert "these words are right" not in words_of(nan.get(world.url(WELLNESS)))


def test_only_who_may_change_the_words_marks_them(world: World, rao: TestClient) -> None:
    url, typed = world.url(f"{WELLNESS}/checked"), {"how": "own_words", "revision": "1", "supported_by": ""}
    for who, status in (("nan", 403), ("rao", 403), ("kit", 404)):
        assert world.browser(who).post(url, data=typed).status_code == status
        assert world.browser(who).post(f"{url}/undo").status_code == status
    draft = MemberGrantDraft(member_id=world.members["rao"], level=Level.EDIT)
    world.ask("dee", lambda uow: give(uow, world.plan_id, "wellness", draft))
    assert rao.post(url, data=typed).status_code == 303
