"""Every shipped string is short, plain and read with ease at nine. A test per rule, and examples that break it."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from planwiki.plans.templating import templates

from .shipped import everything, said_by, translated, untranslated
from .tree import SRC, Source, at, listed
from .words import PLAINER, faults, reading_age, sentences, syllables, too_old, words

CLOSED = re.compile(
    r"(Do|Does|Did|Is|Are|Was|Were|Have|Has|Had|Can|Could|Will|Would|Should|May)\b.*\?[”’]?", re.IGNORECASE
)
EASY = "I love music. My dog waits for me after school. Please knock before you come in. Ask me first, and then wait."
HARD = (
    "Individuals experiencing communication difficulties necessitate consistently individualised accommodations. "
    "Organisational responsibilities remain collaborative. Documentation supports continuity. "
    "Participation encourages considerable independence everywhere."
)


def passages() -> dict[str, list[str]]:
    """All that one file says, and all that one folder says."""
    found: dict[str, list[str]] = defaultdict(list)
    for place, text in everything():
        found[place].append(text)
        found[re.split(r"[./](?=[^./]+(?:\.html|\.md|\.json)?$)", place)[0]].append(text)
    return found


def closed_without_room(prompt: str) -> bool:
    """A question with yes or no for an answer has to go on to an open one."""
    parts = sentences(prompt)
    return bool(parts) and bool(CLOSED.fullmatch(parts[-1].rpartition(": ")[2]))


def bare(pages: Iterator[tuple[str, str]]) -> list[str]:
    return [f"{name}: {text!r}" for name, page in pages for text in untranslated(page)]


def test_every_sentence_is_short_and_plain() -> None:
    found = [f"{place}: {fault}" for place, text in everything() for fault in faults(text)]
    assert not found, listed(found)


def test_a_nine_year_old_reads_every_passage_with_ease() -> None:
    found = [f"{name}: age {reading_age(texts):.1f}" for name, texts in passages().items() if too_old(*texts)]
    assert not found, listed(found)


def test_every_word_of_a_page_can_be_translated() -> None:
    pages = ((at(path), path.read_text("utf-8")) for path in sorted((SRC / "web" / "templates").rglob("*.*")))
    found = bare(pages)
    assert not found, listed(found)


def test_no_prompt_is_answered_by_yes_or_no_alone() -> None:
    prompts = [prompt for one in templates().values() for section in one.sections for prompt in section.prompts]
    found = [prompt for prompt in prompts if closed_without_room(prompt)]
    assert not found, listed(found)


def test_all_kinds_of_strings_are_read() -> None:
    texts = {text for _, text in everything()}
    assert {"Great things about me", "Skip to the main part", "There is nothing here that you can see."} <= texts
    assert {"Nothing here", "A young person", "Your link to sign in"} <= texts


def test_good_words_pass() -> None:
    assert not list(faults(EASY))
    assert not list(faults("Nan, Lee and 1 more can see this. Only you can change it."))
    assert not too_old(EASY * 5)


def test_a_long_sentence_is_found() -> None:
    assert list(faults("We " + "really " * 13 + "care.")) == []
    assert list(faults("We " + "really " * 14 + "care.")) != []


def test_a_full_stop_inside_quotes_ends_a_sentence() -> None:
    assert sentences("She said “Wait.” Then she left.") == ["She said “Wait.", "Then she left."]


@pytest.mark.parametrize(
    "text",
    [
        "We utilise this.",
        "The Service  User is here.",
        "Stakeholders met.",
        "A multi-disciplinary team.",
        "Challenging behaviours happen.",
        "Your credentials are wrong.",
        "Bring a toy, e.g. a ball.",
        "An invalid value.",
    ],
)
def test_jargon_is_found_and_the_plain_word_named(text: str) -> None:
    assert any(f"({plain})" in fault for fault in faults(text) for plain in PLAINER.values())


def test_words_that_only_look_like_jargon_pass() -> None:
    assert not list(faults("A viable plan. We sent it. The sender knows. She abuses nobody. My seniors help."))


def test_a_text_for_older_readers_is_found() -> None:
    assert list(faults(HARD)) != []
    assert too_old(*[HARD] * 5)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("make", 1),
        ("table", 2),
        ("people", 2),
        ("important", 3),
        ("wanted", 2),
        ("liked", 1),
        ("family", 3),
    ],
)
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_words_keep_their_apostrophes_and_hyphens() -> None:
    assert words("Maya’s e-mail, don't!") == ["Maya’s", "e-mail", "don't"]


def test_a_page_through_gettext_passes() -> None:
    page = '<p class="x">{{ _("Hello you") }}</p>{% trans n=a %}Only {{ n }} sees this.{% endtrans %}{# Not shown #}'
    assert list(untranslated(page)) == []
    assert list(translated(page)) == ["Hello you", "Only Maya sees this."]


@pytest.mark.parametrize(
    "page",
    [
        "<p>Hello you</p>",
        '<img src="x" alt="A dog">',
        '{{ button("Save this") }}',
        '<p {% if a > 1 %}class="x"{% endif %}>Hello</p>',
        "{% block title %}Sign in{% endblock %}",
    ],
)
def test_a_page_around_gettext_is_found(page: str) -> None:
    assert list(untranslated(page))


@pytest.mark.parametrize(
    "text",
    [
        'raise Forbidden("Only owners may.", "not-allowed")',
        'raise NotFound(f"Only {name} may.")',
        'raise errors.Gone("Only owners may.")',
        'TITLES = {403: "Only owners may"}',
        'flash = _("Only owners may.")',
    ],
)
def test_what_the_code_says_is_read(text: str) -> None:
    assert any(said.startswith("Only ") for said in said_by(Source("planwiki.plans.commands", text)))


@pytest.mark.parametrize(
    "text",
    [
        '"""Only owners may."""',
        'title: str = Field(description="Only owners may.")',
        'raise PolicyUnusable("Only owners may.")',
        'VERB = "section.updated"',
    ],
)
def test_what_is_for_developers_is_left_alone(text: str) -> None:
    assert not list(said_by(Source("planwiki.plans.commands", text)))


@pytest.mark.parametrize("prompt", ["Do you like school?", "Have you got friends? Are you happy?", "Now: is it good?"])
def test_a_closed_prompt_is_found(prompt: str) -> None:
    assert closed_without_room(prompt)


@pytest.mark.parametrize("prompt", ["What do you love?", "Is it loud? What helps?", "Tell us what you do."])
def test_an_open_prompt_passes(prompt: str) -> None:
    assert not closed_without_room(prompt)
