"""My plans, starting one, the plan and its settings, as a browser meets them."""

import re
from typing import cast

import pytest
from tests.pages.seen import form_of, words_of
from tests.world import READS, SECTIONS, World, canary

from planwiki.base.ids import new_id
from planwiki.circle.grant_commands import replace_section_grants
from planwiki.circle.schemas import SectionGrantsDraft
from planwiki.plans.queries import my_plans, plan_view, sections
from planwiki.plans.schemas import Mapping, PlanView, SectionDraft, SectionPatch
from planwiki.plans.section_commands import add_section, change_section
from planwiki.plans.templating import templates

CHOSEN = {"person-display_name": "Zoe", "my_role": "steward", "template": "three-questions"}


def titles(world: World, who: str, path: str = "") -> list[str]:
    """The tiles of the plan, in order."""
    return re.findall(r'class="tile-link" href="[^"]*">([^<]*)<', world.browser(who).get(world.url(path)).text)


def plan_of(world: World, who: str) -> PlanView:
    return cast(PlanView, world.ask(who, lambda uow: plan_view(uow, world.plan_id)))


def test_the_first_page_leads_to_my_plans_or_to_signing_in(world: World) -> None:
    assert world.browser("dee").get("/").headers["location"] == "/plans"
    assert "/sign-in" in world.browser(None).get("/plans").headers["location"]


def test_my_plans_say_whose_they_are_and_what_i_am_in_them(world: World) -> None:
    assert "Maya You help to decide" in words_of(world.browser("dee").get("/plans"))
    assert "Maya You are the key worker" in words_of(world.browser("lee").get("/plans"))


def test_somebody_without_a_plan_is_offered_to_start_one(world: World) -> None:
    words = words_of(world.browser("kit").get("/plans"))
    assert "No plan yet" in words
    assert "Maya" not in words


def test_a_plan_is_started_with_three_answers_and_opens_for_writing(world: World) -> None:
    kit = world.browser("kit")
    answer = kit.post("/plans/start", data=CHOSEN)
    assert answer.status_code == 303
    first = kit.get(answer.headers["location"])
    assert "What makes a good life for me" in words_of(first)
    assert 'name="body_markdown"' in first.text
    assert "Zoe You help to decide" in words_of(kit.get("/plans"))


def test_a_blank_plan_opens_at_its_empty_page(world: World) -> None:
    kit = world.browser("kit")
    answer = kit.post("/plans/start", data=CHOSEN | {"template": "blank", "my_role": "person"})
    assert "Nothing here yet" in words_of(kit.get(answer.headers["location"]))


def test_every_template_is_offered_with_its_picture_and_sentence(world: World) -> None:
    page = world.browser("kit").get("/plans/start")
    for one in templates().values():
        assert one.description in words_of(page)
        assert f'value="{one.key}"' in page.text


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("person-display_name", "Please write whose plan it is."),
        ("my_role", "Please say what you are in this plan."),
        ("template", "Please choose what to start from."),
    ],
)
def test_a_missing_answer_is_asked_for_and_the_others_stay(world: World, missing: str, said: str) -> None:
    kit = world.browser("kit")
    answer = kit.post("/plans/start", data={name: text for name, text in CHOSEN.items() if name != missing})
    assert answer.status_code == 422
    assert f'<a href="#field-{missing}">{said}</a>' in answer.text
    kept = form_of(answer, "/plans/start")
    assert {name: kept.get(name, "") for name in CHOSEN} == CHOSEN | {missing: ""}
    assert world.ask("kit", my_plans) == []


@pytest.mark.parametrize("bad", ["guest", "client", "friend"])
def test_nobody_starts_a_plan_in_a_role_that_does_not_own(world: World, bad: str) -> None:
    assert world.browser("kit").post("/plans/start", data=CHOSEN | {"my_role": bad}).status_code == 422
    assert world.ask("kit", my_plans) == []


@pytest.mark.parametrize("who", [who for who in READS if READS[who]])
def test_the_plan_shows_the_tiles_somebody_may_see_and_no_others(world: World, who: str) -> None:
    assert titles(world, who) == [title for key, (title, _) in SECTIONS.items() if key in READS[who]]


def test_a_tile_shows_who_else_can_see_it(world: World) -> None:
    page = world.browser("nan").get(world.url())
    faces = re.search(r"Great things about me</a>.*?</li>\s*<li class=\"tile\"", page.text, re.DOTALL)
    assert faces
    assert re.findall(r'class="face" data-tint="\d" title="([^"]+)"', faces[0]) == ["Dee", "Maya", "Sam", "Lee"]


def test_how_the_person_communicates_comes_first_for_everyone_who_sees_it(world: World) -> None:
    talk = SectionDraft(key="talk", title="How I talk", mapping=Mapping(prsb="how-i-communicate"))
    world.ask("dee", lambda uow: add_section(uow, world.plan_id, talk))
    everyone = SectionGrantsDraft.model_validate({"roles": {"family": "read"}})
    world.ask("dee", lambda uow: replace_section_grants(uow, world.plan_id, "talk", everyone))
    assert titles(world, "dee")[0] == titles(world, "nan")[0] == "How I talk"
    assert "How I talk" not in titles(world, "sam")


def test_only_owners_are_offered_to_change_the_plan(world: World) -> None:
    ways = ["Add a section", "Change the order", "Settings", "Who sees what"]
    dee, lee = (words_of(world.browser(who).get(world.url())) for who in ("dee", "lee"))
    assert [one in dee for one in ways] == [True] * 4
    assert [one in lee for one in ways] == [False] * 4


@pytest.mark.parametrize("path", ["", "/settings", "/order", "/sections/new"])
def test_a_hidden_plan_answers_like_one_that_never_was(world: World, path: str) -> None:
    kit = world.browser("kit")
    hidden, missing = kit.get(world.url(path)), kit.get(f"/plans/{new_id()}{path}")
    assert hidden.status_code == missing.status_code == 404
    assert words_of(hidden) == words_of(missing)


@pytest.mark.parametrize("path", ["/settings", "/order", "/sections/new"])
def test_pages_for_owners_are_closed_to_others(world: World, path: str) -> None:
    assert world.browser("dee").get(world.url(path)).status_code == 200
    assert world.browser("lee").get(world.url(path)).status_code == 403


def test_pages_of_a_plan_are_kept_by_no_cache(world: World) -> None:
    for path in ("", "/sections/money", "/sections/money/edit", "/settings"):
        assert world.browser("dee").get(world.url(path)).headers["cache-control"] == "no-store"


def test_details_of_the_person_are_changed_and_shown(world: World) -> None:
    dee, at = world.browser("dee"), world.url("/settings")
    typed = form_of(dee.get(at), at) | {
        "person-preferred_name": "May",
        "person-communication": "speech\n\nMakaton signs\n",
        "person-date_of_birth": "2009-03-02",
    }
    assert dee.post(at, data=typed).status_code == 303
    assert plan_of(world, "dee").person.communication == ["speech", "Makaton signs"]
    assert "How May talks with you: speech, Makaton signs" in words_of(world.browser("nan").get(world.url()))
    assert "2009" not in world.browser("nan").get(world.url()).text


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("person-display_name", " "),
        ("person-date_of_birth", "soon"),
        ("person-communication", "x" * 201),
        ("person-pronouns", "she\0her"),
        ("status", "gone"),
    ],
)
def test_what_does_not_fit_is_said_by_its_field_and_changes_nothing(world: World, field: str, bad: str) -> None:
    dee, at = world.browser("dee"), world.url("/settings")
    before = plan_of(world, "dee")
    answer = dee.post(at, data={"person-preferred_name": "May", field: bad})
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert form_of(answer, at)["person-preferred_name"] == "May"
    assert plan_of(world, "dee") == before


def test_nobody_but_owners_changes_the_plan(world: World) -> None:
    before, lee = plan_of(world, "dee"), world.browser("lee")
    for path in ("/settings", "/close", "/open", "/sections/great-things/archive", "/sections/great-things/settings"):
        assert lee.post(world.url(path), data={"title": "Lee's", "label": "money"}).status_code == 403, path
    assert plan_of(world, "dee") == before


def test_a_closed_plan_is_gone_for_others_and_can_be_opened_again(world: World) -> None:
    dee, nan = world.browser("dee"), world.browser("nan")
    answer = dee.post(world.url("/close"))
    assert "This plan is closed." in words_of(dee.get(answer.headers["location"]))
    assert nan.get(world.url()).status_code == 404
    section = words_of(dee.get(world.url("/sections/wellness")))
    assert "This plan is closed. Its words stay as they are." in section
    assert [
        one
        for one in ("Change this", "Checked with", "Comment", "Add a section")
        if one in section + words_of(dee.get(world.url()))
    ] == []
    for form in ("edit", "easy/edit", "say/question", "suggest"):  # No form whose words could not be kept.
        assert dee.get(world.url(f"/sections/wellness/{form}")).status_code == 403
    assert dee.post(world.url("/open")).status_code == 303
    assert canary("wellness") in nan.get(world.url("/sections/wellness")).text


def test_sections_move_up_and_down_one_place(world: World) -> None:
    dee = world.browser("dee")
    before = titles(world, "dee")
    form = form_of(dee.get(world.url("/order")), world.url("/sections/wellness/move"))
    dee.post(world.url("/sections/wellness/move"), data=form)
    moved = titles(world, "dee")
    assert moved == [before[1], before[0], *before[2:]]
    forms = dee.get(world.url("/order")).text.split(world.url("/sections/wellness/move"))
    down = re.search(r'name="to" value="(\d+)"', forms[1])
    assert down and dee.post(world.url("/sections/wellness/move"), data={"to": down[1]}).status_code == 303
    assert titles(world, "dee") == before


def test_moving_past_what_always_comes_first_keeps_the_rest_in_order(world: World) -> None:
    talk = SectionDraft(key="talk", title="How I talk", position=3, mapping=Mapping(prsb="how-i-communicate"))
    world.ask("dee", lambda uow: add_section(uow, world.plan_id, talk))
    dee, before = world.browser("dee"), titles(world, "dee")
    page = dee.get(world.url("/order"))
    assert "How I talk This always comes first." in words_of(page)
    dee.post(world.url("/sections/outcomes/move"), data=form_of(page, world.url("/sections/outcomes/move")))
    assert titles(world, "dee") == [before[0], before[1], before[3], before[2], *before[4:]]


@pytest.mark.parametrize("to", ["", "0", "-1", "201", "first", "9" * 40])
def test_a_place_that_is_none_moves_nothing(world: World, to: str) -> None:
    before = titles(world, "dee")
    assert world.browser("dee").post(world.url("/sections/wellness/move"), data={"to": to}).status_code == 422
    assert titles(world, "dee") == before


def test_a_section_put_away_is_gone_for_others_and_comes_back_by_undo(world: World) -> None:
    dee, nan = world.browser("dee"), world.browser("nan")
    answer = dee.post(world.url("/sections/wellness/archive"))
    page = dee.get(answer.headers["location"])
    assert "“My wellness” is put away." in words_of(page)
    assert nan.get(world.url("/sections/wellness")).status_code == 404
    assert "My wellness" not in titles(world, "dee")
    assert form_of(page, world.url("/sections/wellness/bring-back")) == {}
    assert dee.post(world.url("/sections/wellness/bring-back")).status_code == 303
    assert canary("wellness") in nan.get(world.url("/sections/wellness")).text


def test_others_learn_nothing_of_what_was_put_away(world: World) -> None:
    world.browser("dee").post(world.url("/sections/wellness/archive"))
    for said in ("", "?said=put-away&section=wellness"):
        assert "wellness" not in world.browser("nan").get(world.url(said)).text.lower()


def test_a_new_section_gets_its_address_from_its_title_and_opens_for_writing(world: World) -> None:
    dee = world.browser("dee")
    answer = dee.post(world.url("/sections/new"), data={"title": "My week ends", "picture": "sun", "kind": "people"})
    assert answer.headers["location"] == world.url("/sections/my-week-ends/edit")
    made = cast(list[object], world.ask("dee", lambda uow: sections(uow, world.plan_id)))[-1]
    assert (made.title, made.picture, made.kind, made.label) == ("My week ends", "sun", "people", "everyday")  # type: ignore[attr-defined]  # a SectionView
    assert world.browser("maya").get(world.url("/sections/my-week-ends")).status_code == 200
    assert world.browser("nan").get(world.url("/sections/my-week-ends")).status_code == 404


def test_two_sections_of_one_title_have_two_addresses(world: World) -> None:
    dee = world.browser("dee")
    found = [dee.post(world.url("/sections/new"), data={"title": "New"}).headers["location"] for _ in range(2)]
    assert len({*found, world.url("/sections/new")}) == 3
    assert [dee.get(at).status_code for at in found] == [200, 200]


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\nb"])
def test_a_title_that_does_not_fit_is_asked_for_again(world: World, title: str) -> None:
    dee = world.browser("dee")
    answer = dee.post(world.url("/sections/new"), data={"title": title, "label": "money"})
    assert answer.status_code == 422
    assert '<a href="#field-title">' in answer.text
    assert form_of(answer, world.url("/sections/new"))["label"] == "money"
    assert len(titles(world, "dee")) == len(SECTIONS)


def test_a_more_open_label_is_saved_and_a_change_of_who_sees_is_said_first(world: World) -> None:
    maya, at = world.browser("maya"), world.url("/sections/wellness/settings")
    assert maya.post(at, data={"label": "health", "kind": "outcomes"}).headers["location"] == f"{at}?saved=yes"
    foretold = maya.post(at, data={"label": "diary", "kind": "text"})
    assert "Dee, Nan and Dr Rao will not see this any more." in words_of(foretold)
    assert world.browser("nan").get(world.url("/sections/wellness")).status_code == 200
    assert maya.post(at, data=form_of(foretold, at)).status_code == 303
    assert world.browser("nan").get(world.url("/sections/wellness")).status_code == 404


def test_a_steward_cannot_close_a_section_to_themselves(world: World) -> None:
    answer = world.browser("dee").post(world.url("/sections/wellness/settings"), data={"label": "diary"})
    assert answer.status_code == 422
    assert "Only the person whose plan this is can do that." in words_of(answer)
    assert world.browser("dee").get(world.url("/sections/wellness")).status_code == 200


def test_a_picture_is_found_by_a_word_and_kept(world: World) -> None:
    dee, at = world.browser("dee"), world.url("/sections/wellness/picture")
    assert 'value="drum"' in dee.get(at, params={"q": "Music"}).text
    assert "We found no picture" in words_of(dee.get(at, params={"q": "xyzzy"}))
    dee.post(world.url("/sections/wellness/settings"), data={"picture": "drum"})
    assert "/static/pictures/drum.svg" in dee.get(world.url("/sections/wellness")).text


def test_an_archived_section_does_not_shift_what_others_count(world: World) -> None:
    world.ask(
        "dee",
        lambda uow: change_section(
            uow, world.plan_id, "great-things", SectionPatch.model_validate({"status": "archived"}), based_on=1
        ),
    )
    assert titles(world, "nan") == ["My wellness"]
    assert 'rel="next"' not in world.browser("nan").get(world.url("/sections/wellness")).text
