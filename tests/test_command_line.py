"""What went wrong on the command line is one sentence on standard error, which holds no setting's value."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from planwiki.cli import main

NOT_THERE = "postgresql://planwiki:zqsecretqz@127.0.0.1:1/planwiki"
NONSENSE = "zqsecretqz://planwiki"
WRONG = [
    (["token", "issue", "a@example.org"], "DATABASE_URL", NOT_THERE, "The database does not answer: "),
    (["account", "add", "a@example.org", "--name", "A"], "DATABASE_URL", NONSENSE, "PLANWIKI_DATABASE_URL must be "),
    (["host", "accounts"], "DATABASE_URL", NOT_THERE, "The database does not answer: connection failed"),
    (["host", "organisations", "add", " "], "DATABASE_URL", "", "name: Please write something here."),
    (["audit", "verify"], "TIME_ZONE", "zqsecretqz", "PLANWIKI_TIME_ZONE must be the name of a time zone"),
    (
        ["audit", "verify", "--heads", "zq-none"],
        "DATABASE_URL",
        "",
        "zq-none cannot be used: No such file or directory.",
    ),
    (["serve"], "DATA_DIR", "/dev/null/zq-none", "/dev/null/zq-none cannot be used: Not a directory."),
    (["migrate", "--to", "zork"], "DATABASE_URL", "", "There is no such revision. This version knows head, base, and "),
    (["openapi"], "ENVIRONMENT", "production", "PLANWIKI_SECRET_KEY is weak"),
    (["serve"], "LOGIN_HOURS", "zqsecretqz", "PLANWIKI_LOGIN_HOURS: Input should be a valid integer"),
    (["worker", "--once"], "ORGANISATIONS", "{zqsecretqz", "PLANWIKI_ORGANISATIONS must be a list"),
    (["worker"], "ORGANISATIONS", '[{"key": "ZQSECRETQZ"}]', "PLANWIKI_ORGANISATIONS (0.key): String should match"),
]


@pytest.mark.parametrize(("words", "setting", "value", "said"), WRONG)
def test_what_is_wrong_is_said_in_one_sentence(
    words: list[str], setting: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PLANWIKI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(f"PLANWIKI_{setting}", value)
    found = CliRunner().invoke(main, words)
    assert (found.exit_code, found.stdout, type(found.exception)) == (1, "", SystemExit)
    assert found.stderr.startswith(said)
    assert found.stderr.count("\n") == 1
    assert "zqsecretqz" not in found.stderr.lower()


def test_the_doctor_says_which_setting_does_not_fit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLANWIKI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PLANWIKI_TIME_ZONE", "Mars")
    found = CliRunner().invoke(main, ["doctor"])
    sentence = "PLANWIKI_TIME_ZONE must be the name of a time zone, such as Europe/London."
    assert (found.exit_code, found.stdout) == (1, f"BAD settings: {sentence}\n")


def test_the_doctor_says_what_the_database_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLANWIKI_DATA_DIR", str(tmp_path))
    (tmp_path / "junk.sqlite3").write_text("no database at all, whatever its name says")
    for address, said in (
        (NOT_THERE, "connection failed"),
        (f"sqlite:///{tmp_path}/junk.sqlite3", "file is not a database"),
    ):
        monkeypatch.setenv("PLANWIKI_DATABASE_URL", address)
        found = CliRunner().invoke(main, ["doctor"])
        told = [line for line in found.stdout.splitlines() if line.startswith("BAD")]
        assert found.exit_code == 1
        assert [line.split()[1] for line in told] == ["database:", "migrations:", "letters:", "erasures:", "stops:"]
        assert all(f"The database does not answer: {said}" in line for line in told)
        assert "zqsecretqz" not in found.output
