"""It bites: each guard that is taken away is missed by a test. `mutants.py` has the list."""

from pathlib import Path

import pytest
from tests.rights.judge import judged_at_once
from tests.rights.mutants import MUTANTS, PATIENCE, ROOT, Mutant, lives


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.removes)
def test_a_guard_taken_away_is_missed(mutant: Mutant) -> None:
    assert not lives(mutant)


def test_nothing_is_missed_where_nothing_was_taken_away(tmp_path: Path) -> None:
    file = MUTANTS[0].file
    judges = [mutant.judges for mutant in MUTANTS if "/pages/" in mutant.judges][:9]
    ended, said = judged_at_once(file, (ROOT / file).read_text("utf-8"), judges, PATIENCE, tmp_path)
    assert ended == 0, said
