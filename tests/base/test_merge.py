"""Joining two versions: nobody's words are lost, and a person is asked wherever both changed the same place."""

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planwiki.base import pieces
from planwiki.base.merge import Clash, Same, merge

SCRAPS = st.sampled_from(
    ["A. ", "B. ", "C! ", "D", "e f", ". ", " ", "\n", "\n\n", "\r\n", "- ", "。", '." ', "x", "|"]
)
TEXTS = st.one_of(st.lists(SCRAPS, max_size=20).map("".join), st.text(max_size=30))
NAMES = ["Maya", "Dee", "Sam", "Nan", "Lee", "Rao", "Kit", "Someone", "Nobody", "Everyone", "He", "She"]


def said(text: str) -> set[str]:
    return {piece.strip() for piece in pieces.sentences(text) if piece.strip()}


@st.composite
def versions(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text of distinct sentences and two people's edits of it: sentences removed, rewritten, added."""
    base = [f"{name} comes." for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=8))]
    spaces = [draw(st.sampled_from([" ", "\n", "\n\n", "\n- "])) for _ in base[1:]] + ["\n"] * bool(base)
    return (
        "".join(map("".join, zip(base, spaces, strict=True))),
        edited(draw, base, spaces, "m"),
        edited(draw, base, spaces, "t"),
    )


def edited(draw: st.DrawFn, base: list[str], spaces: list[str], who: str) -> str:
    out = ""
    for number, (sentence, space) in enumerate(zip(base, spaces, strict=True)):
        act = draw(st.sampled_from(["keep", "keep", "keep", "drop", "rewrite", "add", "add line", "break"]))
        out += {
            "keep": sentence + space,
            "drop": "",
            "rewrite": f"{who}{number} rewrote this.{space}",
            "add": f"{sentence} {who}{number} added this.{space}",
            "add line": f"{sentence}{space}\n{who}{number} added a line.\n",
            "break": f"{sentence}\n\n",
        }[act]
    return out


@given(TEXTS, TEXTS)
def test_a_change_by_one_side_alone_is_taken_to_the_byte(base: str, changed: str) -> None:
    agreed = (Same(changed),) if changed else ()
    for merged in (merge(base, base, changed), merge(base, changed, base), merge(base, changed, changed)):
        assert (merged.text, merged.conflicts, merged.segments) == (changed, 0, agreed)


@settings(max_examples=400)
@given(st.one_of(versions(), st.tuples(TEXTS, TEXTS, TEXTS)))
def test_every_sentence_that_either_side_wrote_is_there(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    text = merge(base, mine, theirs).text
    assert [wrote for wrote in (said(mine) | said(theirs)) - said(base) if wrote not in text] == []


@settings(max_examples=400)
@given(versions())
def test_what_neither_side_removed_stays(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    assert said(base) & said(mine) & said(theirs) <= said(merge(base, mine, theirs).text)


@settings(max_examples=400)
@given(st.one_of(versions(), st.tuples(TEXTS, TEXTS, TEXTS)))
def test_no_word_comes_from_nowhere(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    letters = re.findall(r"\w", merge(base, mine, theirs).text)
    assert set(letters) <= set(re.findall(r"\w", mine + theirs))


@settings(max_examples=400)
@given(versions())
def test_a_sentence_that_one_side_removed_is_gone_unless_the_other_changed_that_place(
    texts: tuple[str, str, str],
) -> None:
    base, mine, theirs = texts
    merged = merge(base, mine, theirs)
    agreed = said("\n".join(segment.text for segment in merged.segments if isinstance(segment, Same)))
    assert said(base) & agreed <= said(mine) & said(theirs)


@given(st.one_of(versions(), st.tuples(TEXTS, TEXTS, TEXTS)))
def test_it_does_not_matter_who_is_asked_first(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    turned = [Clash(part.theirs, part.mine) if isinstance(part, Clash) else part for part in other.segments]
    assert list(one.segments) == turned
    assert one.conflicts == sum(isinstance(part, Clash) for part in one.segments)


@given(st.one_of(versions(), st.tuples(TEXTS, TEXTS, TEXTS)))
def test_choosing_one_side_throughout_loses_nothing_that_side_wrote(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    merged = merge(base, mine, theirs)
    chosen = "".join(part.text if isinstance(part, Same) else part.mine for part in merged.segments)
    assert [wrote for wrote in said(mine) - said(base) if wrote not in chosen] == []


@given(st.integers(2, 8), st.data())
def test_edits_in_different_paragraphs_are_both_kept(count: int, data: st.DataObject) -> None:
    paragraphs = [f"{name} comes on Monday. {name} stays for tea." for name in NAMES[:count]]
    one, other = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    mine, theirs, both = paragraphs[:], paragraphs[:], paragraphs[:]
    mine[one] = both[one] = data.draw(st.sampled_from(["Mine alone.", f"{paragraphs[one]} More.", "- a\n- b"]))
    theirs[other] = both[other] = data.draw(st.sampled_from(["Theirs alone.", f"New. {paragraphs[other]}", "# x"]))
    merged = merge(*("\n\n".join(version) for version in (paragraphs, mine, theirs)))
    assert (merged.text, merged.conflicts) == ("\n\n".join(both), 0)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "text", "conflicts"),
    [
        ("A. B. C.", "A1. B. C.", "A. B. C2.", "A1. B. C2.", 0),
        ("- a\n- b\n", "- a1\n- b\n", "- a\n- b2\n", "- a1\n- b2\n", 0),
        ("A. B.", "A. B. C.", "Z. B.", "Z. B. C.", 0),
        ("A.\n", "A1.\n", "A2.\n", "A1.\n\nA2.\n", 1),
        ("- a\n- b\n", "- a\n- b\n- c\n", "- a\n- b\n- d\n", "- a\n- b\n- c\n- d\n", 1),
        ("|a|\n|-|\n|b|\n", "|a|\n|-|\n|c|\n", "|a|\n|-|\n|d|\n", "|a|\n|-|\n|c|\n|d|\n", 1),
        ("A\n\nB\n", "A\n\nX\n\nB\n", "A\n\nY\n\nB\n", "A\n\nX\n\nY\n\nB\n", 1),
        ("", "x", "y", "x\n\ny", 1),
        ("One.\n\nTwo.", "", "One!\n\nTwo.", "One!\n\nTwo.", 1),
        ("a\r\nb\r\n", "a1\r\nb\r\n", "a2\r\nb\r\n", "a1\r\n\r\na2\r\nb\r\n", 1),
        (
            "On Monday. By bus.",
            "On Tuesday. By bus.",
            "On Sunday. By bus. Late.",
            "On Tuesday. By bus.\n\nOn Sunday. By bus. Late.",
            1,
        ),
    ],
)
def test_the_suggestion_reads_well(base: str, mine: str, theirs: str, text: str, conflicts: int) -> None:
    merged = merge(base, mine, theirs)
    assert (merged.text, merged.conflicts) == (text, conflicts)


def test_a_clash_shows_whole_lines_of_both() -> None:
    base = "# Visits\n\n- Nan comes on Monday. She brings cake.\n- Sam rings.\n"
    merged = merge(base, base.replace("Monday", "Tuesday"), base.replace("Monday", "Sunday").replace("cake", "soup"))
    assert merged.segments == (
        Same("# Visits\n\n"),
        Clash("- Nan comes on Tuesday. She brings cake.", "- Nan comes on Sunday. She brings soup."),
        Same("\n- Sam rings.\n"),
    )


def test_a_removal_against_a_change_keeps_the_words_and_asks() -> None:
    merged = merge("A.\n\nShe can swim.\n", "A.\n", "A.\n\nShe can swim with Lee.\n")
    assert merged.conflicts == 1
    assert "She can swim with Lee." in merged.text


LONG = 100_000


def some(scraps: list[str], count: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(scraps, k=count))[:LONG]  # noqa: S311 - no secret


SLOW = {
    "lines": [["a\n", "b\n"], LONG // 2],
    "sentences": [["a. ", "b. ", "c! "], LONG // 3],
    "sentences and lines": [["a. ", "b. ", "c!\n", "\n"], LONG // 3],
    "stops": [[".", "!", " ", "\n"], LONG],
    "long lines": [[f"word{number} " for number in range(99)] + ["end. "] * 9 + ["end.\n\n"], LONG // 6],
}


@pytest.mark.parametrize(("scraps", "count"), SLOW.values(), ids=SLOW.keys())
def test_the_worst_texts_are_joined_in_time(scraps: list[str], count: int) -> None:
    base, mine, theirs = (some(scraps, count, seed) for seed in (1, 2, 3))
    near = "".join(line for number, line in enumerate(pieces.sentences(base)) if number % 7)
    started = time.process_time()
    for versions_of in (
        (base, mine, theirs),
        (base, near, theirs),
        (base, near, base[: LONG // 2] + "Z." + base[LONG // 2 :]),
    ):
        merge(*versions_of)
    assert time.process_time() - started < 6


def test_without_a_base_what_both_say_stands_once() -> None:
    mine = "I take the bus.\n\nLee sits at the back.\n"
    theirs = "I take the bus.\n\nLee waits at the stop.\n"
    joined = merge("", mine, theirs)
    assert joined.text == "I take the bus.\n\nLee sits at the back.\n\nLee waits at the stop.\n"
    assert joined.conflicts == 1


def test_without_a_base_two_texts_that_share_nothing_stay_whole() -> None:
    assert merge("", "One.\n\nTwo.\n", "Three.\n\nFour.\n").text == "One.\n\nTwo.\n\nThree.\n\nFour.\n"


@given(versions())
def test_without_a_base_nothing_of_either_side_is_left_out(texts: tuple[str, str, str]) -> None:
    _, mine, theirs = texts
    assert said(mine) | said(theirs) <= said(merge("", mine, theirs).text)
