"""A benchmark that times error pages, or mixes up its columns, would mislead quietly."""

import re

import pytest
from bench import load
from bench.ceiling import ceiling
from bench.cores import free_port, python, serving
from bench.load import Request, Run, drive
from bench.measure import Measurement, check
from bench.report import table

BODY = b"a plan of a hundred bytes or so"


@pytest.fixture(params=["wrk", "python"], autouse=True)
def tool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(load.shutil, "which", lambda _: None)
    elif not load.shutil.which("wrk"):
        pytest.skip("This machine has no wrk; the Python client is tested.")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_right_answers_count_and_are_no_errors(method: str) -> None:
    with ceiling(BODY) as url:
        body = b'{"quote": "\\"]]"}' if method == "POST" else b""
        run = drive(Request(url=url, length=len(BODY), method=method, headers={"X-A": 'b"]]'}, body=body), seconds=0.3)
    assert run.errors == 0
    assert run.requests > 0
    assert 0 < run.p50 <= run.p99


@pytest.mark.parametrize(("status", "length"), [(200, 5), (404, len(BODY))])
def test_every_answer_of_another_status_or_length_is_an_error(status: int, length: int) -> None:
    with ceiling(BODY) as url:
        wrong = Request(url=url, status=status, length=length)
        run = drive(wrong, seconds=0.3)
        with pytest.raises(ValueError, match=f"answered 200 with {len(BODY)} bytes"):
            check(wrong)
    assert run.errors >= run.requests * 0.99 > 0


def test_not_modified_has_no_body() -> None:
    with ceiling(b"", 304) as url:
        same = Request(url=url, status=304, length=0)
        check(same)
        assert drive(same, seconds=0.3).errors == 0


def test_table_states_medians_spread_and_ratio_of_each_pair() -> None:
    runs = tuple(Run(requests, 1.0, 1.0, 2.0, 0, "wrk") for requests in (100, 300, 200))
    bare = tuple(Run(requests, 1.0, 0.1, 0.2, 1, "wrk") for requests in (1000, 1000, 4000))
    last = table([Measurement("one section", runs, bare, (1.0, 3.0, 2.0))]).splitlines()[-1]
    cells = re.split(r" ?\| ?", last)[1:-1]
    assert cells[:2] == ["one section", "200 (100 to 300)"]
    assert cells[4:] == ["1,000 (1,000 to 4,000)", "0.100 (0.050 to 0.300)", "2.00 (1.00 to 3.00)", "3"]


def test_the_processor_time_of_a_server_is_that_of_its_work() -> None:
    port = free_port()
    with serving(python("bench.ceiling", "--port", str(port), "--status", "200"), port, stdin=BODY) as served:
        before = served.processor_time()
        run = drive(Request(url=served.address, length=len(BODY)), seconds=0.5)
        worked = served.processor_time() - before
    assert 0 < worked / run.requests < 5
