"""Who can see this?: what is said, foretold, done and undone."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.pages.seen import form_of, words_of
from tests.world import NAMES, READS, SECTIONS, World

from planwiki.base import clock
from planwiki.base.ids import new_id


class Section:
    """One section's sharing, as Dee meets it."""

    def __init__(self, world: World, key: str) -> None:
        self.world, self.who, self.dee = world, world.url(f"/sections/{key}/who"), world.browser("dee")

    def form(self, browser: TestClient | None = None) -> dict[str, str]:
        return form_of((browser or self.dee).get(f"{self.who}/change"), f"{self.who}/check")

    def level(self, who: str, level: str) -> dict[str, str]:
        return {f"level-{self.world.members[who]}": level}

    def check(self, **changed: str) -> Response:
        return self.dee.post(f"{self.who}/check", data=self.form() | changed)

    def save(self, **changed: str) -> Response:
        return self.dee.post(self.who, data=self.form() | changed)

    def words(self) -> str:
        return words_of(self.dee.get(self.who))

    def opens_to(self) -> set[str]:
        return {who for who in NAMES if self.world.browser(who).get(self.who).status_code == 200}


@pytest.fixture
def great(world: World) -> Section:
    return Section(world, "great-things")


def test_a_sentence_says_who_can_see_and_change_it(great: Section) -> None:
    assert "Maya, Nan and 2 more can see this. You and Maya can change it." in great.words()


def test_a_reader_is_told_who_else_reads_and_offered_nothing(great: Section) -> None:
    answer = great.world.browser("nan").get(great.who)
    assert "Dee, Maya and 2 more can see this. Dee and Maya can change it." in words_of(answer)
    assert "Stop sharing" not in answer.text
    assert "Dr Rao" not in answer.text


def test_only_owners_know_the_sections_nobody_was_given(world: World) -> None:
    assert "Maya can see this. You and Maya can change it." in Section(world, "money").words()


@pytest.mark.parametrize("key", SECTIONS)
def test_the_page_opens_to_readers_alone(world: World, key: str) -> None:
    assert Section(world, key).opens_to() == {who for who in READS if key in READS[who]}


def test_a_hidden_section_answers_like_one_that_never_was(world: World) -> None:
    nan = world.browser("nan")
    for path in ("", "/change"):
        hidden, missing = (nan.get(world.url(f"/sections/{key}/who{path}")) for key in ("money", "never-was"))
        assert hidden.status_code == missing.status_code == 404
        assert words_of(hidden) == words_of(missing)
    for path in ("", "/check", "/stop", "/undo"):
        data = {"member": str(world.members["nan"]), "at": "2026-01-01T00:00:00Z"}
        answers = [nan.post(world.url(f"/sections/{key}/who{path}"), data=data) for key in ("money", "never-was")]
        assert [one.status_code for one in answers] == [404, 404]


@pytest.mark.parametrize("path", ["", "/check", "/stop", "/undo"])
def test_a_reader_who_does_not_decide_changes_nothing(great: Section, path: str) -> None:
    data = great.form() | {"member": str(great.world.members["sam"]), "at": clock.now().isoformat()}
    data |= great.level("rao", "edit")
    assert great.world.browser("nan").post(great.who + path, data=data).status_code == 403
    assert great.opens_to() == {"maya", "dee", "nan", "sam", "lee"}


def test_sharing_stops_in_one_press_and_comes_back_with_another(great: Section) -> None:
    nan = great.world.browser("nan")
    done = great.dee.post(f"{great.who}/stop", data={"member": str(great.world.members["nan"])})
    assert done.status_code == 303
    assert nan.get(great.who).status_code == 404
    shown = great.dee.get(done.headers["location"])
    assert "Nan cannot see this any more." in words_of(shown)
    great.dee.post(f"{great.who}/undo", data=form_of(shown, f"{great.who}/undo"))
    assert nan.get(great.who).status_code == 200
    assert great.opens_to() == {"maya", "dee", "nan", "sam", "lee"}


def test_stopping_holds_against_what_the_group_was_given(great: Section) -> None:
    great.save(**{"role-family": "read"})
    great.dee.post(f"{great.who}/stop", data={"member": str(great.world.members["nan"])})
    assert great.world.browser("nan").get(great.who).status_code == 404


def test_undoing_brings_earlier_versions_back_as_they_were(world: World) -> None:
    outcomes = Section(world, "outcomes")
    before = outcomes.words()
    done = outcomes.dee.post(f"{outcomes.who}/stop", data={"member": str(world.members["lee"])})
    shown = outcomes.dee.get(done.headers["location"])
    outcomes.dee.post(f"{outcomes.who}/undo", data=form_of(shown, f"{outcomes.who}/undo"))
    assert "and versions since then" in before
    assert outcomes.words() == before


def test_it_is_too_late_to_undo_after_ten_minutes(great: Section) -> None:
    with clock.frozen(clock.now()) as time:
        done = great.dee.post(f"{great.who}/stop", data={"member": str(great.world.members["nan"])})
        form = form_of(great.dee.get(done.headers["location"]), f"{great.who}/undo")
        time.set(time.now().replace(year=time.now().year + 1))
        browser = great.world.browser("dee")
        assert browser.post(f"{great.who}/undo", data=form).status_code == 409
        assert "Undo" not in words_of(browser.get(done.headers["location"]))
        assert great.world.browser("nan").get(great.who).status_code == 404


def test_a_change_is_foretold_by_names_and_not_made(great: Section) -> None:
    shown = great.check(**great.level("nan", "none"), **great.level("rao", "suggest"), **great.level("lee", "edit"))
    words = words_of(shown)
    assert "Nan will not see this any more. Lee will see this and can change it." in words
    assert "Dr Rao will now see this and can suggest changes." in words
    assert great.opens_to() == {"maya", "dee", "nan", "sam", "lee"}


CHANGES = [
    {"nan": "none", "rao": "read"},
    {"nan": "closed", "sam": "edit"},
    {"role-professional": "comment"},
    {"role-family": "read", "nan": "closed"},
    {"role-friend": "suggest", "sam": "none", "lee": "none"},
    {},
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_foretold_is_what_happens(great: Section, change: dict[str, str]) -> None:
    changed = {
        key if key.startswith("role-") else f"level-{great.world.members[key]}": level for key, level in change.items()
    }
    before = great.opens_to()
    shown = great.check(**changed)
    foretold = words_of(shown)
    great.dee.post(great.who, data=form_of(shown, great.who))
    after = great.opens_to()
    gains = {NAMES[who] for who in after - before}
    losses = {NAMES[who] for who in before - after}
    assert all(f"{name} will not see" in foretold or f"{name} and" in foretold for name in losses)
    assert all("will now see this" in foretold and name in foretold for name in gains)
    assert ("will now see" in foretold) == bool(gains)
    assert ("will not see this any more" in foretold) == bool(losses)


def test_going_back_keeps_every_choice(great: Section) -> None:
    shown = great.check(**great.level("nan", "closed"), **{f"until-{great.world.members['sam']}": "2031-05-06"})
    again = great.dee.post(f"{great.who}/change", data=form_of(shown, great.who))
    form = form_of(again, f"{great.who}/check")
    assert form[f"level-{great.world.members['nan']}"] == "closed"
    assert form[f"until-{great.world.members['sam']}"] == "2031-05-06"


def test_a_last_day_is_said_and_kept(great: Section) -> None:
    great.save(**{f"until-{great.world.members['sam']}": "2031-05-06"})
    assert "until 6 May 2031" in great.words()
    great.save(**great.level("nan", "none"))
    assert "until 6 May 2031" in great.words()


@pytest.mark.parametrize("day", ["2020-01-01", "soon"])
def test_a_last_day_that_does_not_fit_is_told_beside_the_person(great: Section, day: str) -> None:
    sam = great.world.members["sam"]
    answer = great.save(**great.level("nan", "none"), **{f"until-{sam}": day})
    assert answer.status_code == 422
    assert f'href="#field-until-{sam}"' in answer.text
    assert form_of(answer, f"{great.who}/check")[f"until-{sam}"] == day
    assert "nan" in great.opens_to()


def test_a_first_day_to_come_is_foretold_kept_and_waited_for(great: Section) -> None:
    rao, begins = great.world.members["rao"], (clock.now() + timedelta(days=9)).date()
    on_a_day = great.level("rao", "read") | {f"from-{rao}": begins.isoformat()}
    assert "What you chose for Dr Rao begins on" in words_of(great.check(**on_a_day))
    assert great.save(**on_a_day).status_code == 303
    assert "rao" not in great.opens_to()
    great.save(**great.level("nan", "none"))
    assert great.form()[f"from-{rao}"] == begins.isoformat()
    with clock.frozen(clock.now() + timedelta(days=10)):
        later = Section(great.world, "great-things")
        assert "rao" in later.opens_to()
        later.save(**{f"from-{rao}": ""})
        assert later.form()[f"from-{rao}"] == ""


def test_a_first_day_that_does_not_fit_is_told_beside_the_person(great: Section) -> None:
    sam = great.world.members["sam"]
    answer = great.save(**{f"from-{sam}": "soon"})
    assert answer.status_code == 422
    assert f'href="#field-from-{sam}"' in answer.text
    assert form_of(answer, f"{great.who}/check")[f"from-{sam}"] == "soon"


@pytest.mark.parametrize("changed", [{"role-family": "manage"}, {"role-family": "owner"}, {"level-nobody": "read"}])
def test_a_forged_choice_is_refused(great: Section, changed: dict[str, str]) -> None:
    assert great.save(**changed).status_code in {403, 422}
    assert great.opens_to() == {"maya", "dee", "nan", "sam", "lee"}


def test_somebody_of_another_plan_cannot_be_given_anything(great: Section) -> None:
    assert great.save(**{f"level-{new_id()}": "read"}).status_code == 422


def test_two_who_share_at_once_do_not_undo_each_other(great: Section) -> None:
    maya = great.world.browser("maya")
    dees, mayas = great.form(), great.form(maya)
    assert maya.post(great.who, data=mayas | great.level("nan", "none")).status_code == 303
    late = great.dee.post(great.who, data=dees | great.level("rao", "read"))
    assert late.status_code == 409
    assert "Someone changed the sharing at the same moment" in words_of(late)
    assert great.opens_to() == {"maya", "dee", "sam", "lee"}


def test_the_person_can_keep_something_from_a_steward(great: Section) -> None:
    maya = great.world.browser("maya")
    form = great.form(maya) | great.level("dee", "closed")
    assert maya.post(great.who, data=form).status_code == 303
    assert great.dee.get(great.who).status_code == 404


def test_what_a_steward_saves_leaves_what_the_person_kept_from_another(great: Section) -> None:
    maya, nan = great.world.browser("maya"), great.world.url(f"/circle/{great.world.members['nan']}")
    maya.post(f"{nan}/steward", data={"answer": "yes"})
    maya.post(great.who, data=great.form(maya) | great.level("nan", "closed"))
    assert f"level-{great.world.members['nan']}" not in great.form()
    assert great.save(**great.level("rao", "read")).status_code == 303
    assert great.opens_to() == {"maya", "dee", "sam", "lee", "rao"}


def test_a_day_that_has_passed_does_not_stand_in_the_way(great: Section) -> None:
    with clock.frozen(clock.now()) as time:
        great.save(**{f"until-{great.world.members['sam']}": time.now().date().isoformat()})
        time.move(timedelta(days=2))
        great.dee = great.world.browser("dee")
        assert great.save(**great.level("rao", "read")).status_code == 303
        assert great.opens_to() == {"maya", "dee", "nan", "lee", "rao"}


def test_earlier_versions_are_given_by_name(great: Section) -> None:
    great.save(**{f"history-{great.world.members['sam']}": "all"})
    assert "and all earlier versions" in great.words()


def test_the_overview_shows_everybody_against_every_section(world: World) -> None:
    answer = world.browser("dee").get(world.url("/sharing"))
    words = words_of(answer)
    assert words.index("Great things about me") < words.index("My wellness")
    assert "can suggest : Dr Rao, My wellness. Why?" in words
    assert "can't see : Nan, Money. Why?" in words
    assert world.browser("nan").get(world.url("/sharing")).status_code == 403
    assert world.browser("kit").get(world.url("/sharing")).status_code == 404


def test_why_is_told_in_a_sentence(world: World) -> None:
    def why(who: str, key: str) -> str:
        asked = {"member": str(world.members[who]), "section": key}
        return words_of(world.browser("dee").get(world.url("/sharing/why"), params=asked))

    assert "Nan can see this, because it was shared with them by name." in why("nan", "wellness")
    assert "Nan cannot see this, because nobody has shared that much with them." in why("nan", "money")
    assert "because they own this plan" in why("maya", "money")


def test_why_is_told_to_owners_alone(world: World) -> None:
    asked = {"member": str(world.members["nan"]), "section": "wellness"}
    assert world.browser("nan").get(world.url("/sharing/why"), params=asked).status_code == 403
    assert world.browser("kit").get(world.url("/sharing/why"), params=asked).status_code == 404
    assert world.browser("dee").get(world.url("/sharing/why"), params=asked | {"section": "none"}).status_code == 404


def test_ideas_of_a_template_are_told_to_owners_and_share_nothing(world: World) -> None:
    dee = world.browser("dee")
    begun = {"template": "three-questions", "person-display_name": "Bo", "my_role": "steward"}
    at = dee.post("/plans/start", data=begun).headers["location"].removesuffix("/edit")
    words = words_of(dee.get(f"{at}/who/change"))
    assert "Everyone in the family Also those who join later. One idea: can comment." in words
    assert form_of(dee.get(f"{at}/who/change"), f"{at}/who/check")["role-family"] == "none"
    assert "One idea" not in words_of(dee.get(world.url("/sections/great-things/who/change")))
