"""The law that planwiki follows is the one that matrix.md tells families, cell by cell."""

import re
import shutil
from itertools import product
from pathlib import Path

import pytest

from planwiki.authz.database import Database
from planwiki.authz.policy import Policy, PolicyUnusable, law_of
from planwiki.base.vocabulary import Label, Level, Permission, Role
from planwiki.settings import resource_dir

MATRIX = Path(__file__).with_name("matrix.md").read_text("utf-8")
HELD = (*Level, "history")
Cell = tuple[str, str, str, str]


def tables(paper: str) -> dict[str, list[list[str]]]:
    """The rows of each table with its head first, by the heading above it."""
    found: dict[str, list[list[str]]] = {}
    for heading, below in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", paper, re.DOTALL | re.MULTILINE):
        lines = [line for line in below.splitlines() if line.startswith("|") and not line.startswith("|-")]
        if lines:
            found[heading] = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return found


def cells(paper: str) -> dict[Cell, bool]:
    """Every (role, held, label, permission) that the paper speaks of, and whether it says yes."""
    found, said = tables(paper), {}
    does = {row[0]: row[-1] for row in found["Words for what people do"][1:]}
    holds = {row[0]: row[-1] for row in found["Words for what people were given"][1:]}
    for heading, (head, *rows) in found.items():
        if not heading.startswith("Sections labelled "):
            continue
        for row, label in product(rows, heading.removeprefix("Sections labelled ").split(", ")):
            for role, (held, cell) in product(row[0].split(", "), zip(head[1:], row[1:], strict=True)):
                yes = set() if cell == "nothing" else {does[word] for word in cell.split(", ")}
                for permission in does.values():
                    key = (role, holds[held], label, permission)
                    assert key not in said, f"The paper speaks twice of {key}."
                    said[key] = permission in yes
    return said


def answers(policy: Policy) -> dict[Cell, bool]:
    every = product(Role, HELD, Label, Permission)
    return {
        (str(role), str(held), str(label), str(permission)): policy.allows(role, held, label, permission)
        for role, held, label, permission in every
    }


def test_the_law_says_what_the_paper_says_cell_by_cell() -> None:
    said, answered = cells(MATRIX), answers(Policy(resource_dir("policies")))
    assert said.keys() == answered.keys()
    assert {cell for cell in said if said[cell] != answered[cell]} == set()
    assert len(said) == len(Role) * len(HELD) * len(Label) * len(Permission) == 3024


def test_any_cell_written_otherwise_is_noticed() -> None:
    """One word more or less in any cell of the paper, and it no longer says what the law says."""
    answered = answers(Policy(resource_dir("policies")))
    start = MATRIX.index("## Sections labelled")
    places = list(re.finditer(r"(?<=\| )(nothing|see[^|]*|look back)(?= \|)", MATRIX[start:]))
    rows = [match for match in places if "\n| who" not in match.string[match.start() - 6 : match.start()]]
    assert len(rows) >= 13 * 7
    changed = 0
    for match in rows:
        words = match.group()
        for other in {"nothing", "see", "look back", f"{words}, decide"} - {words, "nothing, decide"}:
            if words.endswith("decide") and other.endswith("decide"):
                continue
            paper = MATRIX[: start + match.start()] + other + MATRIX[start + match.end() :]
            assert cells(paper) != answered, f"{words!r} could be {other!r}"
            changed += 1
    assert changed > 200


@pytest.mark.parametrize(
    ("role", "held", "label", "permission"),
    [
        ("admin", "manage", "everyday", "read"),
        ("*", "manage", "everyday", "read"),
        ("circle", "read", "everyday", "read"),
        ("owner", "manage", "everyday", "manage"),
        ("person", "all", "everyday", "read"),
        ("person", "*", "everyday", "read"),
        ("person", "", "everyday", "read"),
        ("person", "manage", "harmless", "read"),
        ("person", "manage", "*", "read"),
        ("person", "manage", "everyday", "erase"),
        ("person", "manage", "everyday", "*"),
        ("PERSON", "manage", "everyday", "read"),
    ],
)
def test_a_word_nobody_knows_is_a_no(role: str, held: str, label: str, permission: str) -> None:
    policy = Policy(resource_dir("policies"))
    assert policy.allows("person", "manage", "everyday", "read")  # type: ignore[arg-type]  # plain words are equal to their enums
    assert not policy.allows(role, held, label, permission)  # type: ignore[arg-type]  # words that no enum has


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A copy of the law to spoil."""
    return Path(shutil.copytree(resource_dir("policies"), tmp_path / "policies"))


def refuses_to_start(policies: Path) -> None:
    with pytest.raises(PolicyUnusable):
        Policy(policies)
    with pytest.raises(PolicyUnusable):
        Database(f"sqlite:///{policies.parent / 'never.sqlite3'}", policies)


@pytest.mark.parametrize("name", ["model.conf", "policy.csv"])
def test_a_law_that_is_not_there_stops_the_start(policies: Path, name: str) -> None:
    (policies / name).unlink()
    refuses_to_start(policies)


@pytest.mark.parametrize("name", ["model.conf", "policy.csv"])
def test_an_empty_law_stops_the_start(policies: Path, name: str) -> None:
    (policies / name).write_text("", "utf-8")
    refuses_to_start(policies)


def test_a_law_that_allows_nothing_stops_the_start(policies: Path) -> None:
    law = (policies / "policy.csv").read_text("utf-8")
    (policies / "policy.csv").write_text(law.replace(", allow", ", deny"), "utf-8")
    refuses_to_start(policies)


@pytest.mark.parametrize(
    "spoilt",
    [
        "[matchers]\nm = nonsense(r.role)\n",
        "this is no model",
        "[request_definition]\nr = role\n[policy_definition]\np = role, eft\n[matchers]\nm = r.role == p.role\n",
    ],
)
def test_a_model_that_does_not_load_stops_the_start(policies: Path, spoilt: str) -> None:
    (policies / "model.conf").write_text(spoilt, "utf-8")
    refuses_to_start(policies)


@pytest.mark.parametrize(
    "line",
    [
        "p, family, none, everyday, read, allow",  # Something for holding nothing.
        "p, client, edit, everyday, edit, allow\np, client, *, *, read, deny",  # Changing without reading.
    ],
)
def test_a_law_that_makes_no_sense_stops_the_start(policies: Path, line: str) -> None:
    with (policies / "policy.csv").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    refuses_to_start(policies)


def test_every_line_of_the_law_matters() -> None:
    """Take away any one line, and the paper is no longer true. Cells that share most words with it are asked first."""
    model, lines = ((resource_dir("policies") / name).read_text("utf-8") for name in ("model.conf", "policy.csv"))
    said, law = cells(MATRIX), [one for one in lines.splitlines() if one.strip() and not one.startswith("#")]
    as_it_is = law_of(model, "\n".join(law))
    assert all(as_it_is(*cell) == said[cell] for cell in sorted(said)[::50]), "control"
    for number, line in enumerate(law):
        allows, words = law_of(model, "\n".join(law[:number] + law[number + 1 :])), re.split(r"[\s,]+", line)
        first = sorted(said, key=lambda cell, words=words: -len({*cell} & {*words}))
        assert any(allows(*cell) != said[cell] for cell in first), f"Nobody would miss: {line}"
