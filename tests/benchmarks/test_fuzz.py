"""A short form of the fuzzing: some inputs of each kind; and the harness sees what is wrong."""

import os
import time
from pathlib import Path

import pytest
from fuzzing.feeding import MOST_BYTES, Guarded, Tally, one
from fuzzing.mutators import Mutator
from fuzzing.surface import SURFACES, no_words
from fuzzing.watching import watch

INPUTS = 40


@pytest.mark.parametrize("name", SURFACES)
def test_mutated_inputs_do_no_harm(name: str) -> None:
    found = watch(name, seed=20, numbers=range(INPUTS))
    assert found.faults == []
    assert found.tally.fed == INPUTS
    assert found.tally.refused > INPUTS / 10


def test_an_input_is_told_by_its_number() -> None:
    sample = {"a": [1, 2.5, "x"], "b": {"c": None}}
    drawn = [[Mutator(f"1 x {number}").json(sample) for number in range(50)] for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) > 40


class Bad:
    """Does one thing that no reader of inputs may do."""

    def __init__(self, what: str, folder: Path) -> None:
        self.what, self.folder = what, folder

    def feed(self, m: Mutator) -> str:
        if self.what == "raises":
            raise KeyError("width")
        if self.what == "runs code":
            (self.folder / "canary").touch()
        if self.what == "starts a program":
            os.system("true")
        if self.what == "writes elsewhere":
            (self.folder.parent / "elsewhere").write_text("x")
        if self.what == "fills the memory":
            _ = bytes([1]) * (MOST_BYTES + (64 << 20))
        if self.what == "takes long":
            end = time.process_time() + 5.2
            while time.process_time() < end:
                pass
        return "no" if self.what == "says nothing" else "It is refused in words."


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("raises", "KeyError in test_fuzz.py"),
        ("runs code", "code from the input was run"),
        ("starts a program", "os.system"),
        ("writes elsewhere", "elsewhere was opened for writing"),
        ("fills the memory", "MiB of memory"),
        ("takes long", "s of CPU time"),
        ("says nothing", "fewer than three words"),
    ],
)
def test_what_is_wrong_is_seen(what: str, words: str, tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    tally = Tally()
    faults = one("bad", Bad(what, folder), Guarded(folder), 1, 5, tally)
    assert [fault.number for fault in faults] == [5]
    assert words in faults[0].what
    assert tally.accepted == 0


def test_an_input_that_does_no_harm_is_no_fault(tmp_path: Path) -> None:
    tally = Tally()
    assert one("good", Bad("", tmp_path), Guarded(tmp_path), 1, 5, tally) == []
    assert (tally.fed, tally.refused) == (1, 1)


@pytest.mark.parametrize(
    "text",
    ["no", "Traceback (most recent call last)", "It is <class 'int'> and no map", "x " * 9999],
)
def test_words_for_nobody_are_none(text: str) -> None:
    assert no_words(text)
    assert not no_words("The take is damaged: its checksum differs.")
