"""The shipped templates are what product and standards say, and a broken one is never served."""

import json
import shutil
from pathlib import Path

import pytest

from planwiki.base.errors import Invalid
from planwiki.base.vocabulary import Label, Level, Role, SectionKind
from planwiki.plans.rules import TAKEN_BY_PAGES
from planwiki.plans.templating import (
    FOLDER,
    PlanTemplate,
    Stage,
    TemplateSection,
    TemplateUnusable,
    read_templates,
    template,
    templates,
)

PICTURES = Path(__file__).parents[2] / "client" / "pictures.json"
SHIPPED = [
    *("planning-together", "three-questions", "one-page-profile", "about-me", "ehcp-section-a"),
    *("preparing-for-adulthood", "blank"),
]
# The headings of the national About Me standard, version 2.01, in its order, with their SNOMED CT codes.
ABOUT_ME = {
    "what-is-most-important-to-me": ("What is most important to me", "1515861000000103"),
    "people-who-are-important-to-me": ("People who are important to me", "1515871000000105"),
    "how-i-communicate": ("How I communicate and how to communicate with me", "1515881000000107"),
    "my-wellness": ("My wellness", "1515891000000109"),
    "please-do-and-please-do-not": ("Please do and please do not", "1515901000000105"),
    "how-and-when-to-support-me": ("How and when to support me", "1515911000000107"),
    "also-worth-knowing-about-me": ("Also worth knowing about me", "1515921000000101"),
}
GOOD = """---
key: hobbies
title: Hobbies
description: Say what you do for fun.
picture: game
sections:
  - key: fun
    title: Fun
    kind: text
    label: everyday
    picture: game
    mapping: {}
    offers: {friend: comment}
---

## fun

- What do you do for fun?
"""


def sections() -> list[TemplateSection]:
    return [section for one in templates().values() for section in one.sections]


def read(folder: Path, text: str, name: str = "hobbies.md") -> dict[str, PlanTemplate]:
    (folder / name).write_text(text)
    return read_templates(folder)


def test_people_are_asked_in_this_order() -> None:
    assert list(templates()) == SHIPPED


def test_about_me_has_the_seven_national_headings_and_codes() -> None:
    found = {one.mapping["prsb"]: (one.title, one.mapping["snomed"]) for one in template("about-me").sections}
    assert list(found.items()) == list(ABOUT_ME.items())


def test_a_code_stands_beside_its_own_heading_in_every_template() -> None:
    assert all(one.mapping["snomed"] == ABOUT_ME[one.mapping["prsb"]][1] for one in sections() if one.mapping["prsb"])
    assert not [one.key for one in sections() if one.mapping["snomed"] and not one.mapping["prsb"]]


def test_no_section_of_a_template_hides_behind_a_page() -> None:
    assert not TAKEN_BY_PAGES & {one.key for one in sections()}


def test_getting_ready_for_adult_life_covers_the_four_areas() -> None:
    areas = [one.mapping["pfa"] for one in template("preparing-for-adulthood").sections if one.mapping["pfa"]]
    assert areas == ["employment", "independent_living", "community", "health"]


def test_all_of_section_a_of_an_ehc_plan_feeds_it() -> None:
    chosen = template("ehcp_section_a")
    assert {tuple(one.mapping["ehcp"]) for one in chosen.sections} == {("A",)}
    assert {"what-i-think", "what-i-love", "what-i-hope-for", "what-my-family-thinks-and-hopes"} < {
        one.key for one in chosen.sections
    }


def test_planning_together_goes_from_the_first_meeting_to_six_months_on() -> None:
    stages = [one.stage for one in template("planning-together").sections]
    assert sorted(set(stages), key=stages.index) == list(Stage)
    assert stages == sorted(stages, key=list(Stage).index)


def test_a_plan_starts_with_strengths() -> None:
    assert template("planning-together").sections[0].key == "great-things-about-me"
    assert template("one-page-profile").sections[0].key == "what-people-like-about-me"


def test_blank_has_no_sections() -> None:
    assert template("blank").sections == ()


def test_both_spellings_find_a_template() -> None:
    assert template("about_me") is template("about-me")


def test_an_unknown_template_is_refused_without_repeating_it() -> None:
    with pytest.raises(Invalid) as refused:
        template("../secrets")
    assert "secrets" not in str(refused.value)


def test_every_picture_is_one_we_ship() -> None:
    named = {one.picture for one in sections()} | {one.picture for one in templates().values()}
    assert named <= json.loads(PICTURES.read_text()).keys()


def test_who_is_in_my_life_is_never_labelled_everyday() -> None:
    assert {one.label for one in sections() if one.kind is SectionKind.PEOPLE} == {Label.RELATIONSHIPS}


def test_only_a_key_worker_is_ever_offered_to_edit() -> None:
    editors = {role for one in sections() for role, level in one.offers.items() if level is Level.EDIT}
    assert editors == {Role.KEY_WORKER}


def test_what_is_shared_between_callers_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        template("about-me").title = "Theirs"  # type: ignore[misc]  # exactly what must fail


def test_a_new_file_is_a_new_template(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    found = read(tmp_path, GOOD)
    assert list(found) == [*SHIPPED, "hobbies"]
    assert found["hobbies"].sections[0].prompts == ("What do you do for fun?",)


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ("label: everyday", "label: harmless", "sections.0.label"),
        ("kind: text", "kind: form", "sections.0.kind"),
        ("    picture: game\n", "", "sections.0.picture"),
        ("key: fun", "key: Fun Things", "sections.0.key"),
        ("  - key: fun\n    title", "  - title", "sections"),
        ("sections:\n", "sections:\n  - just words\n", "sections"),
        ("mapping: {}", "mapping: {snomed: letters}", "sections.0.mapping"),
        ("mapping: {}", "mapping: {ehcp: [Z]}", "sections.0.mapping"),
        ("{friend: comment}", "{steward: read}", "sections.0.offers"),
        ("{friend: comment}", "{guest: read}", "sections.0.offers"),
        ("{friend: comment}", "{friend: manage}", "sections.0.offers"),
        ("{friend: comment}", "{friend: comment}\n    stage: someday", "sections.0.stage"),
        ("title: Hobbies\n", "", "title"),
        ("picture: game\nsections", "picture: game\ncolour: red\nsections", "colour"),
        ("key: hobbies", "key: pastimes", "key"),
        ("- What do you do for fun?\n", "", "sections.0.prompts"),
        ("## fun", "## funny", "sections.0.prompts"),
        ("## fun\n", "## fun\n\n- Who with?\n\n## games\n", "## games"),
        ("## fun\n", "Loose words.\n\n## fun\n", "Loose words"),
        ("title: Hobbies", "title: [", "YAML"),
        ("---\nkey", "key", "---"),
    ],
)
def test_a_malformed_file_stops_the_start_and_is_named(tmp_path: Path, was: str, becomes: str, named: str) -> None:
    assert was in GOOD
    with pytest.raises(TemplateUnusable) as refused:
        read(tmp_path, GOOD.replace(was, becomes, 1))
    assert str(refused.value).startswith("hobbies.md: ")
    assert named in str(refused.value)


def test_one_key_stands_once_in_a_template(tmp_path: Path) -> None:
    section = GOOD.partition("sections:\n")[2].partition("---")[0]
    with pytest.raises(TemplateUnusable, match=r"hobbies\.md: .*more than one is called fun"):
        read(tmp_path, GOOD.replace(section, section * 2))
