"""It bites: each guard that is taken away is missed by a test. `mutants.py` has the list."""

import pytest
from tests.rights.mutants import MUTANTS, Mutant, lives


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.removes)
def test_a_guard_taken_away_is_missed(mutant: Mutant) -> None:
    assert not lives(mutant)
