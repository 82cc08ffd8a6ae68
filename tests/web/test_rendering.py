"""Pages say what they were given, safely, and complain about what they were not given."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError
from starlette.applications import Starlette
from starlette.requests import Request

from planwiki.settings import Settings
from planwiki.web.rendering import (
    STATIC,
    ClientNotBuiltError,
    asset,
    day,
    day_and_time,
    dialled,
    environment,
    initials,
    page,
    picture,
    pictures,
)

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def request_now() -> Request:
    app = Starlette()
    app.state.settings = Settings()
    return Request({"type": "http", "app": app, "headers": [], "state": {"nonce": "once"}})


def test_a_page_escapes_what_people_wrote(request_now: Request) -> None:
    answer = page(request_now, "error.html", 404, title="Not here", sentence="<script>alert(1)</script>")
    assert answer.status_code == 404
    assert b"&lt;script&gt;alert" in answer.body
    assert b'nonce="once"' in answer.body


def test_a_name_a_page_forgot_is_an_error(request_now: Request) -> None:
    with pytest.raises(UndefinedError, match="sentence"):
        page(request_now, "error.html", title="Not here")


def test_every_template_can_be_read() -> None:
    made = environment()
    assert [made.get_template(name).name for name in made.list_templates()]


def test_the_page_to_leave_to_says_nothing_of_anybody(request_now: Request) -> None:
    body = bytes(page(request_now, "leave.html").body).decode()
    assert "plan-bar" not in body
    assert "/plans" not in body


def test_built_files_are_found_by_their_sources_name() -> None:
    assert (STATIC / asset("src/app.css").removeprefix("/static/")).is_file()


def test_a_missing_client_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ClientNotBuiltError, match=r"^The client is not built\."):
        asset("src/app.css", tmp_path)


def test_every_picture_that_is_named_is_there() -> None:
    assert len(pictures()) > 120
    assert [one.name for one in pictures() if not (STATIC / "pictures" / f"{one.name}.svg").is_file()] == []


@pytest.mark.parametrize("name", [None, "nobody-drew-this", "../../secret"])
def test_a_picture_nobody_knows_is_a_plain_page(name: str | None) -> None:
    assert picture(name) == "/static/pictures/page.svg"


def test_a_moment_is_told_in_the_readers_zone() -> None:
    late = datetime(2026, 6, 3, 23, 30, tzinfo=UTC)
    assert day(late, LONDON) == "4 June 2026"
    assert day_and_time(late, LONDON) == "4 June 2026, 12:30 am"
    assert day(date(2026, 6, 3), LONDON) == "3 June 2026"


DIALLED = {"01632 960 123": "01632960123", "+44 (0)1632-960123": "+441632960123", "after 5: 01632 960123": "", "": ""}


@pytest.mark.parametrize(("written", "dials"), DIALLED.items())
def test_a_number_is_dialled_only_where_no_more_stands_there(written: str, dials: str) -> None:
    assert dialled(written) == dials


@pytest.mark.parametrize(("name", "letters"), [("Dee", "De"), ("Dr Rao", "DR"), ("sam", "Sa"), ("", "?")])
def test_a_face_has_one_or_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters
