import pytest
from hypothesis import given
from hypothesis import strategies as st

from planwiki.base.errors import BadCursor
from planwiki.base.pagination import Cursors

CURSORS = Cursors("a secret of at least thirty-two letters")
MAYAS_LIST = "/v1/plans maya"


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.text(st.characters(codec="utf-8"), max_size=50))
def test_a_cursor_gives_its_position_back_to_the_one_it_was_made_for(position: str, bound_to: str) -> None:
    assert CURSORS.open(CURSORS.seal(position, bound_to), bound_to) == position


def test_a_cursor_fits_into_an_address() -> None:
    assert set(CURSORS.seal("2026-03-01T12:00:00Z é", MAYAS_LIST)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


@pytest.mark.parametrize(
    "bound_to", ["/v1/plans kit", "/v1/plans/1/circle maya", "/v1/plans", "", "/v1/plans mayasigner"]
)
def test_another_caller_or_list_cannot_use_it(bound_to: str) -> None:
    with pytest.raises(BadCursor):
        CURSORS.open(CURSORS.seal("place", MAYAS_LIST), bound_to)


def test_a_cursor_of_another_secret_is_refused() -> None:
    with pytest.raises(BadCursor):
        CURSORS.open(Cursors("another secret of thirty-two letters").seal("place", MAYAS_LIST), MAYAS_LIST)


def test_a_changed_cursor_is_refused() -> None:
    cursor = CURSORS.seal("place", MAYAS_LIST)
    # The very last letter carries two spare bits, so it may change without a change of meaning.
    for at in range(len(cursor) - 1):
        changed = cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        with pytest.raises(BadCursor):
            CURSORS.open(changed, MAYAS_LIST)


@given(st.text(st.characters(codec=None), max_size=80))
def test_no_made_up_text_is_a_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        CURSORS.open(text, MAYAS_LIST)
