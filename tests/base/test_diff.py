"""Differences: exact to the byte, readable, in time, and a unified form that `patch` applies."""

import random
import shutil
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planwiki.base import pieces
from planwiki.base.diff import Change, Hunk, describe, unified, word_diff
from planwiki.base.matching import _longest_common, matches

SCRAPS = st.sampled_from(
    ["Maya ", "likes ", "dogs", "Nan", ". ", "! ", ", ", " ", "\n", "\r\n", "\n\n", "- ", "é", "狗", "🎻"]
)
TEXTS = st.one_of(st.lists(SCRAPS, max_size=30).map("".join), st.text(max_size=60))


def old_and_new(hunks: tuple[Hunk, ...]) -> tuple[str, str]:
    old = "".join(hunk.text for hunk in hunks if hunk.op != "insert")
    return old, "".join(hunk.text for hunk in hunks if hunk.op != "delete")


@given(TEXTS, TEXTS)
def test_the_hunks_hold_both_texts_to_the_byte(old: str, new: str) -> None:
    hunks = word_diff(old, new)
    assert old_and_new(hunks) == (old, new)
    assert all(hunk.text for hunk in hunks)
    assert all(one.op != other.op for one, other in pairwise(hunks))


@given(TEXTS)
def test_equal_texts_have_no_change(text: str) -> None:
    assert all(hunk.op == "equal" for hunk in word_diff(text, text))
    assert unified(text, text, "r1", "r2") == ""
    assert describe(text, text) == Change(0, 0, 0)


@given(TEXTS)
def test_the_pieces_of_a_text_are_the_text(text: str) -> None:
    for cut in (pieces.lines, pieces.words, pieces.sentences, pieces.spaced_sentences):
        assert "".join(cut(text)) == text
        assert all(cut(text))


FEW = st.lists(st.sampled_from("abcde"), max_size=20)


@given(FEW, FEW)
def test_matches_are_equal_and_in_order_to_the_two_ends(old: list[str], new: list[str]) -> None:
    i = j = 0
    for match in matches(old, new):
        assert match.old >= i
        assert match.new >= j
        i, j = match.old + match.length, match.new + match.length
        assert old[match.old : i] == new[match.new : j]
    assert (i, j) == (len(old), len(new))


@given(FEW, FEW)
def test_between_anchors_as_much_is_matched_as_can_be(old: list[str], new: list[str]) -> None:
    found = list(_longest_common(old, new))
    assert all(old[i] == new[j] for i, j in found)
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(found))
    assert len(found) == longest_common(old, new)


def longest_common(old: list[str], new: list[str]) -> int:
    row = [0] * (len(new) + 1)
    for one in old:
        above = row[:]
        for j, other in enumerate(new):
            row[j + 1] = above[j] + 1 if one == other else max(above[j + 1], row[j])
    return row[-1]


@pytest.mark.parametrize(
    ("old", "new", "hunks"),
    [
        ("a b", "a X b", "a [+X ]b"),
        ("I like dogs.", "I love dogs.", "I [-like][+love] dogs."),
        ("I like red dogs and Nan.", "I like blue cats and Nan.", "I like [-red dogs][+blue cats] and Nan."),
        ("She sings. She runs.", "She sings. She reads. She runs.", "She sings. [+She reads. ]She runs."),
        ("One.\n\nTwo.\n", "One.\n\nNew.\n\nTwo.\n", "One.\n\n[+New.\n\n]Two.\n"),
        ("One.\r\nTwo.", "One.\r\nTwo!", "One.\r\nTwo[-.][+!]"),
        ("don't", "don’t", "[-don't][+don’t]"),
        ("caf\u00e9s", "cafe\u0301s", "[-caf\u00e9s][+cafe\u0301s]"),
        ("मुझे पसंद है", "मुझे नापसंद है", "मुझे [-पसंद][+नापसंद] है"),
        ("我喜欢狗", "我喜欢猫", "我喜欢[-狗][+猫]"),
        ("", "a", "[+a]"),
        ("a", "", "[-a]"),
    ],
)
def test_a_person_can_read_what_changed(old: str, new: str, hunks: str) -> None:
    marks = {"equal": "{}", "insert": "[+{}]", "delete": "[-{}]"}
    assert "".join(marks[hunk.op].format(hunk.text) for hunk in word_diff(old, new)) == hunks


def test_a_rewritten_sentence_is_not_torn_into_confetti() -> None:
    old = "She can walk to the shop and back when the road is quiet."
    new = "With Lee beside her, a trip to town is fine on most days, if the bus is not full."
    hunks = word_diff(old, new)
    assert hunks[:3] == (
        Hunk("delete", "She can walk to the shop and back when "),
        Hunk("insert", "With Lee beside her, a trip to town is fine on most days, if "),
        Hunk("equal", "the "),
    )
    assert len(hunks) == 9


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("One. Two. Three.", "One. Two! Three.", Change(0, 0, 1)),
        ("One. Two.", "One. Two. Three. Four.", Change(2, 0, 0)),
        ("# Me\n\n- One\n- Two\n", "# Me\n\n- One\n", Change(0, 1, 0)),
        ("One. Two.", "One.\n\nTwo.\n", Change(0, 0, 0)),
        ("", "", Change(0, 0, 0)),
        ("One. Two. Three.", "Uno. Two. Tres. Quattro.", Change(1, 0, 2)),
    ],
)
def test_a_change_is_told_in_sentences(old: str, new: str, change: Change) -> None:
    assert describe(old, new) == change


@given(TEXTS, TEXTS)
def test_the_numbers_add_up(old: str, new: str) -> None:
    change = describe(old, new)
    said = [len([piece for piece in pieces.sentences(text) if piece.strip()]) for text in (old, new)]
    assert said[1] - said[0] == change.sentences_added - change.sentences_removed
    assert min(change) >= 0


def test_a_unified_diff_reads_as_usual() -> None:
    old, new = "".join(f"{n}\n" for n in range(1, 12)), "".join(f"{n}\n" for n in range(1, 12) if n != 6)
    assert unified(old, new, "revision 1\n+++ x", "revision 2") == (
        "--- revision 1 +++ x\n+++ revision 2\n@@ -3,7 +3,6 @@\n 3\n 4\n 5\n-6\n 7\n 8\n 9\n"
    )


@pytest.mark.skipif(shutil.which("patch") is None, reason="The program `patch` is not on this machine.")
@pytest.mark.parametrize("seed", range(40))
def test_patch_applies_a_unified_diff(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    scraps = ["a\n", "b\n", "c\n", "d. e.\n", "\n", "f", "\r\n", "\u2028", "\x0c"]
    old, new = ("".join(chance.choices(scraps, k=chance.randint(0, 25))) for _ in range(2))
    file = tmp_path / "text"
    file.write_bytes(old.encode())
    made = unified(old, new, "text", "text")
    if made:
        command = ["patch", "--binary", "--silent", "--posix", str(file)]
        subprocess.run(command, input=made.encode(), check=True, cwd=tmp_path)  # noqa: S603 - a fixed command
    assert (file.read_bytes() if file.exists() else b"") == new.encode()


LONG = 100_000


def some(scraps: list[str], count: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(scraps, k=count))[:LONG]  # noqa: S311 - no secret


SLOW = {
    "nothing in common": (
        some([f"word{n} " for n in range(900)], 20_000, 1),
        some([f"other{n} " for n in range(900)], 20_000, 2),
    ),
    "the same few words": (some(["a ", "b "], LONG // 2, 1), some(["a ", "b "], LONG // 2, 2)),
    "the same few lines": (some(["a\n", "b\n"], LONG // 2, 1), some(["a\n", "b\n"], LONG // 2, 2)),
    "line ends": ("\n" * LONG, "a\n" * (LONG // 2)),
    "full stops": (some([".", "!", " "], LONG, 1), some([".", "!", " "], LONG, 2)),
    "spaces": (" " * LONG, "x" + " " * LONG),
    "middling lines": (some(["a ", "b ", "c. ", "d\n"], LONG // 2, 1), some(["a ", "b ", "e. ", "d\n"], LONG // 2, 2)),
    "turned round": (" ".join(map(str, range(17_000))), " ".join(map(str, range(17_000, 0, -1)))),
}


@pytest.mark.parametrize(("old", "new"), SLOW.values(), ids=SLOW.keys())
def test_the_worst_texts_are_compared_in_time(old: str, new: str) -> None:
    """At most 0.2 s each where this was written."""
    started = time.process_time()
    hunks, lines, _ = word_diff(old, new), unified(old, new, "a", "b"), describe(old, new)
    assert time.process_time() - started < 3
    assert old_and_new(hunks) == (old, new)
    assert lines
