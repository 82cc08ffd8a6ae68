"""Looking back and putting back, as a browser meets them."""

import re
from datetime import timedelta
from typing import cast

import pytest
from tests.pages.seen import form_of, words_of
from tests.world import World

from planwiki.base import clock, ids
from planwiki.base.vocabulary import Level, Role
from planwiki.circle.commands import confirm_member
from planwiki.circle.grant_commands import give_role, replace_section_grants
from planwiki.circle.invitation_commands import accept, invite
from planwiki.circle.schemas import InvitationDraft, SectionGrantsDraft
from planwiki.plans.queries import section_view
from planwiki.plans.schemas import SectionPatch, SectionView, Voice
from planwiki.plans.section_commands import change_section

AT = "/sections/outcomes/history"
MAYAS = Voice.model_validate({"whose": "person", "how": "own_words"})
FAMILYS = Voice.model_validate({"whose": "family", "how": "own_words"})


def now(world: World) -> SectionView:
    return cast(SectionView, world.ask("dee", lambda uow: section_view(uow, world.plan_id, "outcomes")))


def write(world: World, who: str, text: str, voice: Voice = FAMILYS, **more: str) -> None:
    patch = SectionPatch.model_validate({"body_markdown": text, "voice": voice} | more)
    base = now(world).revision
    world.ask(who, lambda uow: change_section(uow, world.plan_id, "outcomes", patch, based_on=base))


def lines(world: World, who: str = "dee", at: str = AT) -> list[str]:
    """What each line of the history says was done, newest first."""
    return re.findall(r"<strong>(.*?)</strong>", world.browser(who).get(world.url(at)).text.partition("<ol class=")[2])


def let_see_history(world: World, who: str, **how: object) -> None:
    given = {"member_id": world.members[who], "level": "read"} | how
    draft = SectionGrantsDraft.model_validate({"members": [given]})
    world.ask("dee", lambda uow: replace_section_grants(uow, world.plan_id, "outcomes", draft))


def test_a_line_for_each_version_says_what_was_done(world: World) -> None:
    write(world, "dee", "One. Two. Three.")
    write(world, "maya", "One! Two! Three. Four.", change_note="Louder")
    write(world, "maya", "Three. Four.", title="My goals")
    write(world, "maya", "Three. Four.", title="My goals", voice=MAYAS)
    assert lines(world) == [
        "Maya said whose words these are.",
        "Maya took out 2 sentences and changed the title.",
        "Maya changed 2 sentences and added 1.",
        "Dee changed 1 sentence and added 2.",
        "Dee started this.",
    ]
    assert "“Louder”" in words_of(world.browser("dee").get(world.url(AT)))


def test_a_picture_is_no_sentence(world: World) -> None:
    shown = f"![Me. My dog. My bus.](media:{ids.new_id()})"
    write(world, "dee", f"One.\n\n{shown}\n")
    write(world, "maya", f"One.\n\n{shown}\n\n{shown.replace('media:0', 'media:1')}\n\nTwo.\n")
    write(world, "maya", "One.\n\nTwo.\n")
    assert lines(world)[:3] == [
        "Maya took out 2 pictures.",
        "Maya added 1 sentence and added a picture.",
        "Dee changed 1 sentence and added a picture.",
    ]


def test_writing_over_the_persons_own_words_is_told(world: World) -> None:
    write(world, "maya", "Mine.", voice=MAYAS)
    told = "Before this, they were Maya’s own words."
    assert told not in words_of(world.browser("maya").get(world.url(AT)))
    write(world, "dee", "Not hers.")
    assert told in words_of(world.browser("maya").get(world.url(AT)))


def test_a_long_history_goes_on_with_older_versions(world: World) -> None:
    for number in range(22):
        write(world, "dee", f"Version {number}.")
    assert len(lines(world)) == 20
    older = re.search(r'href="([^"]+)">Older versions', world.browser("dee").get(world.url(AT)).text)
    assert older
    assert lines(world, at=older[1].removeprefix(world.url())) == [
        "Dee changed 1 sentence.",
        "Dee changed 1 sentence.",
        "Dee started this.",
    ]


def test_what_changed_is_told_in_words_and_shape(world: World) -> None:
    write(world, "dee", "I love quiet music.")
    write(world, "maya", "I love loud music.", title="My goals", voice=MAYAS)
    page = world.browser("dee").get(world.url(f"{AT}/2/3"))
    assert "I love [taken out: quiet end of taken out] [added: loud end of added] music." in words_of(page)
    assert re.search(r"<del>.*quiet.*</del><ins>.*loud.*</ins>", page.text)
    assert "Title: “What I want to be different”" in words_of(page)
    assert "Maya’s own words." in words_of(page)


def test_any_two_versions_are_compared_older_first(world: World) -> None:
    write(world, "dee", "Two.")
    dee = world.browser("dee")
    answer = dee.get(world.url(f"{AT}/compare"), params={"from": "2", "to": "1"})
    assert answer.headers["location"] == world.url(f"{AT}/1/2")
    assert dee.get(world.url(f"{AT}/compare"), params={"from": "two", "to": "1"}).status_code == 422


def test_an_earlier_version_is_put_back_in_its_own_voice_as_a_new_one(world: World) -> None:
    write(world, "maya", "Mine.", voice=MAYAS)
    write(world, "dee", "Not hers.")
    dee = world.browser("dee")
    page = dee.get(world.url(f"{AT}/2"))
    assert "These words come back. The words now stay here, in the history." in words_of(page)
    at = world.url(f"{AT}/2/put-back")
    assert dee.post(at, data=form_of(page, at)).headers["location"] == world.url("/sections/outcomes?said=put-back")
    assert (now(world).body_markdown, now(world).voice, now(world).revision) == ("Mine.", MAYAS, 4)
    assert lines(world)[0] == "Dee put back version 2."


def test_a_save_can_be_undone_from_the_page_that_tells_of_it(world: World) -> None:
    dee, edit = world.browser("dee"), world.url("/sections/outcomes/edit")
    before = now(world).body_markdown
    saved = dee.post(edit, data=form_of(dee.get(edit), edit) | {"body_markdown": "A slip."})
    undo = world.url(f"{AT}/1/put-back")
    assert dee.post(undo, data=form_of(dee.get(saved.headers["location"]), undo)).status_code == 303
    assert now(world).body_markdown == before


def test_putting_back_does_not_overwrite_who_saved_meanwhile(world: World) -> None:
    write(world, "dee", "Two.")
    dee, at = world.browser("dee"), world.url(f"{AT}/1/put-back")
    form = form_of(dee.get(world.url(f"{AT}/1")), at)
    write(world, "maya", "Three.")
    answer = dee.post(at, data=form)
    assert answer.status_code == 409
    assert "Someone saved this section just now." in words_of(answer)
    assert now(world).body_markdown == "Three."
    assert dee.post(at, data=form_of(answer, at)).status_code == 303
    assert now(world).revision == 4


@pytest.mark.parametrize("based_on", ["", "x", "99", "9" * 40])
def test_putting_back_from_a_forged_version_changes_nothing(world: World, based_on: str) -> None:
    write(world, "dee", "Two.")
    answer = world.browser("dee").post(world.url(f"{AT}/1/put-back"), data={"based_on": based_on})
    assert answer.status_code == 409
    assert now(world).body_markdown == "Two."


@pytest.mark.parametrize("path", ["", "/1", "/1/2", "/2", "/9", "/0", "/x", f"/{'9' * 30}", "/compare?from=1&to=2"])
def test_history_is_closed_to_readers_and_missing_where_the_section_is(world: World, path: str) -> None:
    let_see_history(world, "lee")
    write(world, "dee", "canarytwo")
    lee, nan = world.browser("lee"), world.browser("nan")
    assert "canary" not in lee.get(world.url(f"{AT}{path}"), follow_redirects=True).text
    hidden = nan.get(world.url(f"{AT}{path}"), follow_redirects=True)
    missing = nan.get(world.url(f"/sections/never-was/history{path}"), follow_redirects=True)
    assert (hidden.status_code, words_of(hidden)) == (missing.status_code, words_of(missing))
    assert "History" not in words_of(lee.get(world.url("/sections/outcomes")))


def test_a_reader_who_was_given_history_sees_it_and_cannot_put_back(world: World) -> None:
    write(world, "dee", "Two.")
    let_see_history(world, "lee", history=True, earlier_history=True)
    assert lines(world, "lee") == ["Dee changed 1 sentence.", "Dee started this."]
    lee = world.browser("lee")
    assert "Put it back" not in words_of(lee.get(world.url(f"{AT}/1")))
    assert lee.post(world.url(f"{AT}/1/put-back"), data={"based_on": "2"}).status_code == 403
    assert now(world).revision == 2


def test_versions_from_before_somebody_was_let_in_are_not_there(world: World) -> None:
    write(world, "dee", "canarytwo")
    write(world, "dee", "Three.")
    with clock.frozen(clock.now() + timedelta(days=2)):
        let_see_history(world, "nan", level="edit")
    with clock.frozen(clock.now() + timedelta(days=3)):
        write(world, "dee", "Four.")
        nan = world.browser("nan")
        assert lines(world, "nan") == ["Dee changed 1 sentence.", "Dee saved this version."]
        for path in ("/2", "/2/3", "/2/4", "/1/4"):
            answer = nan.get(world.url(f"{AT}{path}"))
            assert answer.status_code == 404
            assert "canarytwo" not in answer.text
        assert nan.post(world.url(f"{AT}/2/put-back"), data={"based_on": "4"}).status_code == 404
        assert "Undo" in words_of(nan.get(world.url("/sections/outcomes?said=saved")))


def test_what_was_replaced_before_a_grants_first_day_is_not_there(world: World) -> None:
    write(world, "dee", "canarytwo")
    let_see_history(world, "nan", level="edit", from_on=clock.now().date() + timedelta(days=4))
    with clock.frozen(clock.now() + timedelta(days=2)):
        write(world, "dee", "Three.")
        assert world.browser("nan").get(world.url(AT)).status_code == 404
    with clock.frozen(clock.now() + timedelta(days=5)):
        write(world, "dee", "Four.")
        assert lines(world, "nan") == ["Dee changed 1 sentence.", "Dee saved this version."]
        assert world.browser("nan").get(world.url(f"{AT}/2")).status_code == 404


def test_whoever_came_later_finds_nothing_that_was_replaced_before(world: World) -> None:
    """Professionals may write from the second day on. Version 2 is replaced on the third, and Kit comes after."""
    write(world, "dee", "canarytwo")
    for day, act in enumerate((may_write, lambda world: write(world, "dee", "Three."), join_as_professional), start=2):
        with clock.frozen(clock.now() + timedelta(days=day)):
            act(world)
    with clock.frozen(clock.now() + timedelta(days=5)):
        write(world, "dee", "Four.")
        assert lines(world, "rao") == ["Dee changed 1 sentence."] * 2 + ["Dee saved this version."]
        assert lines(world, "kit") == ["Dee changed 1 sentence.", "Dee saved this version."]
        assert world.browser("kit").get(world.url(f"{AT}/2")).status_code == 404


def may_write(world: World) -> None:
    world.ask("dee", lambda uow: give_role(uow, world.plan_id, "outcomes", Role.PROFESSIONAL, Level.EDIT))


def join_as_professional(world: World) -> None:
    draft = InvitationDraft.model_validate({"role": "professional", "relationship": "Teacher"})
    link = str(world.ask("dee", lambda uow: invite(uow, world.plan_id, draft, "").accept_url))
    joined = world.ask("kit", lambda uow: accept(uow, link.rsplit("/", 1)[-1]))[1]
    if not joined.confirmed:
        world.ask("dee", lambda uow: confirm_member(uow, world.plan_id, joined.id))


def test_an_empty_line_that_came_or_went_is_no_empty_box(world: World) -> None:
    write(world, "dee", "One.\n\nTwo.\n")
    write(world, "dee", "One.\n\nMore.\n\nAnd more.\n\nTwo.\n\n")
    write(world, "dee", "One.\n\nMore.\n\nAnd more. Two.\n")
    for pair in ("2/3", "3/4"):
        shown = world.browser("dee").get(world.url(f"{AT}/{pair}")).text.rpartition('<div class="diff">')[2]
        marked = re.findall(r'<span class="said"[^>]*>([^<]*)</span>', shown)
        assert marked and all(one.strip() for one in marked)
        assert not any("\n" in one for one in marked)
    assert re.findall(r'<del>.*?<span class="said" aria-hidden="true">↵</span>', shown)
