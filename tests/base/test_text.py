from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from planwiki.base.text import Body, Key, Line, Message, fold, words

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
KINDS: dict[str, TypeAdapter[str]] = {
    "line": TypeAdapter(Line),
    "message": TypeAdapter(Message),
    "body": TypeAdapter(Body),
    "key": TypeAdapter(Key),
}


def refusal(kind: str, text: str) -> Any:
    with pytest.raises(ValidationError) as refused:
        KINDS[kind].validate_python(text)
    return refused.value.errors()[0]


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("line", "", "too-short"),
        ("line", " \t\u00a0 ", "too-short"),
        ("line", "\u200b\u2060\u3164", "too-short"),
        ("line", "a" * 201, "too-long"),
        ("line", "two\nlines", "bad-characters"),
        ("line", "two\u2028lines", "bad-characters"),
        ("line", "a\x00b", "bad-characters"),
        ("line", "a\ud800b", "bad-characters"),
        ("message", "a" * 2_001, "too-long"),
        ("message", "a\x07b", "bad-characters"),
        ("body", "a" * 100_001, "too-long"),
        ("body", "a\x00b", "bad-characters"),
        ("body", "a\x0bb", "bad-characters"),
        ("body", "a\x1bb", "bad-characters"),
        ("body", "a\udfffb", "bad-characters"),
        ("body", "a\uffffb", "bad-characters"),
        ("key", "", "bad-key"),
        ("key", "-a", "bad-key"),
        ("key", "Maya", "bad-key"),
        ("key", "a b", "bad-key"),
        ("key", "a\n", "bad-key"),
        ("key", "../a", "bad-key"),
        ("key", "é", "bad-key"),
        ("key", "a" * 65, "bad-key"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_code(kind: str, text: str, code: str) -> None:
    assert refusal(kind, text)["type"] == code


@pytest.mark.parametrize("kind", ["line", "body", "message", "key"])
def test_a_refusal_never_repeats_what_was_sent(kind: str) -> None:
    error = refusal(kind, "Nan sleeps badly\x00" * 9_000)
    assert "Nan" not in error["msg"]
    assert "Nan" not in str(error.get("ctx", {}))
    assert all(len(sentence.split()) <= 15 for sentence in error["msg"].split("."))


@pytest.mark.parametrize("text", ["Maya", "I love <b> & 🎻", "a" * 200, "مايا", "Dr Rao\u2019s"])
def test_a_line_is_taken(text: str) -> None:
    assert KINDS["line"].validate_python(f"  {text}\n") == text


def test_marks_a_phone_adds_to_a_number_are_taken_away() -> None:
    assert KINDS["line"].validate_python("\u202a+44 113 496 0000\u202c") == "+44 113 496 0000"


@pytest.mark.parametrize("text", ["", "a\r\nb\rc\n\td ", "  \n", "e\u0301 é", "a" * 100_000, "\u202eabc"])
def test_a_body_is_kept_as_it_came(text: str) -> None:
    assert KINDS["body"].validate_python(text) == text


@given(ANY_TEXT)
def test_a_body_is_refused_or_kept_to_the_byte(text: str) -> None:
    try:
        kept = KINDS["body"].validate_python(text)
    except ValidationError:
        return
    assert kept.encode() == text.encode()
    assert "\x00" not in kept


@given(st.text(st.sampled_from("ab\n\r\t\x00\u2028\u202e \u00a0"), max_size=20))
def test_a_line_taken_is_one_line_with_something_in_it(text: str) -> None:
    try:
        line = KINDS["line"].validate_python(text)
    except ValidationError:
        return
    assert line.splitlines() == [line]
    assert line == line.strip() != ""


@pytest.mark.parametrize("key", ["a", "what-matters", "section_2", "0", "a" * 64])
def test_a_key_is_taken(key: str) -> None:
    assert KINDS["key"].validate_python(key) == key


def test_the_form_tells_programs_its_limits() -> None:
    assert KINDS["line"].json_schema() == {"type": "string", "minLength": 1, "maxLength": 200}
    assert KINDS["body"].json_schema() == {"type": "string", "maxLength": 100_000}
    assert KINDS["key"].json_schema()["pattern"] == "^[a-z0-9][a-z0-9_-]{0,63}$"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ÉCOLE", "ecole"),
        ("Straße", "STRASSE"),
        ("ﬁne", "fine"),
        ("\uff2d\uff41\uff59\uff41", "maya"),
        ("e\u0301", "é"),
        ("İ", "i"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_marks_that_make_another_letter_stay() -> None:
    assert fold("が") != fold("か")
    assert fold("क़") != fold("क")


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Maya's plan: I don\u2019t like LOUD noise!", ["maya", "plan", "i", "dont", "like", "loud", "noise"]),
        ("O'Brien, the parents' view", ["obrien", "the", "parents", "view"]),
        ("at 10.30 on ward_7", ["at", "10", "30", "on", "ward", "7"]),
        ("co\u00adoperate", ["cooperate"]),
        ("मुझे पसंद है", ["मुझे", "पसंद", "है"]),
        ("مَرْحَبًا يا مايا", ["مرحبا", "يا", "مايا"]),
        ("Мне нравится п\u2019ять", ["мне", "нравится", "пять"]),
        ("한국어 책", ["한국어", "책"]),
        ("我喜欢狗", ["我", "喜", "欢", "狗"]),
        ("*** --- '' 🎻", []),
    ],
)
def test_words_are_found(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text(max_size=100))
def test_words_hold_letters_and_digits_and_are_folded(text: str) -> None:
    for word in words(text):
        assert word == fold(word)
        assert not any(character.isspace() or character in "'\u2019.,-_<>\"" for character in word)


@given(st.text(max_size=60))
def test_searching_in_capitals_finds_the_same_words(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)
