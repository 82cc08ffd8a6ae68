"""The shipped pictures are found by how people write: many, one, half a word, a slip of the finger."""

import json
from pathlib import Path

import pytest

from planwiki.web.pictures import MOST, choice, found_by, groups
from planwiki.web.rendering import pictures

KEPT = Path(__file__).parents[2] / "client" / "pictures.json"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bus", "bus"),
        ("Buses", "bus"),
        ("swim", "swimming"),
        ("parties", "party"),
        ("my glasses", "glasses"),
        ("hapy", "happy"),
        ("choclate", "chocolate"),
        ("icecream", "ice-cream"),
        ("fast food", "burger"),
        ("grandmother and dog", "dog"),
    ],
)
def test_what_people_write_finds_the_picture(asked: str, found: str) -> None:
    assert found in [one.name for one in found_by(asked)][:2]


@pytest.mark.parametrize("asked", ["", "  ", "xyzzy", "\u0000", "?!"])
def test_what_nobody_drew_finds_nothing_far_off(asked: str) -> None:
    assert len(found_by(asked)) < 3


def test_all_words_come_before_some() -> None:
    assert [one.name for one in found_by("board game")] == ["dice", "chess"]
    assert "tree" in {one.name for one in found_by("tree xyzzy")}


def test_every_picture_is_about_something_and_can_be_reached_page_by_page() -> None:
    reached = set()
    for group in groups():
        part, number = choice("", group.name, 1), 1
        while True:
            assert 0 < len(part.pictures) <= MOST
            reached |= {one.name for one in part.pictures}
            if part.next is None:
                break
            part, number = choice("", group.name, part.next), number + 1
    assert reached == {one.name for one in pictures()}
    assert {group.picture for group in groups()} <= reached


def test_no_two_pictures_are_called_alike_or_drawn_alike() -> None:
    kept = json.loads(KEPT.read_text("utf-8"))
    assert len(kept) > 500
    for what in ("label", "hexcode"):
        assert len({one[what] for one in kept.values()}) == len(kept)
