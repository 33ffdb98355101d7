"""A sample of mutants, in the tests' time; the whole of it is `python benchmarks/mutation.py`."""

import mutation
import pytest
from mutation import ROOMS, Asked, Mutant, mutants_of


def test_a_mutant_is_one_change_and_the_tree_is_left_alone() -> None:
    room = ROOMS[0]
    before = (mutation.ROOT / room.modules[0]).read_text("utf-8")
    first: Mutant = next(mutants_of(room))
    code = first.code()
    assert code is not None
    assert code != before
    assert (mutation.ROOT / room.modules[0]).read_text("utf-8") == before


@pytest.mark.timeout(900)
def test_most_of_a_sample_die() -> None:
    figures = mutation.measure(Asked(quick=True, seed=1))
    assert [bar for bar in mutation.bars(figures, Asked(quick=True)) if not bar.holds] == []
    assert {name: row["mutants"] for name, row in figures["rooms"].items()} == {
        room.name: 1 for room in ROOMS
    }
