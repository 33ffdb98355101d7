"""The ledger of the day with blows sees whatever of what was acknowledged is gone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from day.ledger import Ledger
from drawn_takes import draw_take

from teachloop.datasets.labels.edits import SetInstruction
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.trash import put_in_bin

TAKE, WORDS = "one", "push it, for the 7th time"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Of a take, about which something was said; all is there."""
    draw_take(tmp_path, TAKE)
    labels = Labels.open(tmp_path / "takes" / TAKE)
    revision = labels.apply([SetInstruction(WORDS)], labels.revision, "day")
    ledger = Ledger(tmp_path)
    ledger.took(TAKE)
    ledger.said(TAKE, revision, WORDS)
    return ledger


def lose_the_take(folder: Path) -> None:
    (folder / "take.h5").unlink()


def change_the_take(folder: Path) -> None:
    content = bytearray((folder / "take.h5").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "take.h5").write_bytes(content)


def lose_the_edit(folder: Path) -> None:
    log = folder / "labels" / "edits.jsonl"
    *lines, _ = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines))


def say_something_else(folder: Path) -> None:
    lose_the_edit(folder)
    labels = Labels.open(folder)
    labels.apply([SetInstruction("pull it")], labels.revision, "somebody")


def bin_it(folder: Path) -> None:
    put_in_bin(folder, "somebody")


def test_nothing_is_lost_where_all_is_there(ledger: Ledger) -> None:
    assert ledger.lost() == []


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (lose_the_take, "cannot be read"),
        (change_the_take, "its file has changed"),
        (lose_the_edit, "revision"),
        (say_something_else, "does not say"),
        (bin_it, "it is in the bin"),
    ],
)
@pytest.mark.parametrize("looked_before", [True, False])
def test_what_is_lost_is_told(
    ledger: Ledger, harm: Callable[[Path], None], what: str, looked_before: bool
) -> None:
    if looked_before:
        assert ledger.lost() == []
    elif harm is change_the_take:
        what = "damaged"  # by its own checksum: how it was, nobody knows
    harm(ledger.data / "takes" / TAKE)
    assert any(what in line for line in ledger.lost())


def test_a_bin_that_was_not_answered_may_be_either(ledger: Ledger) -> None:
    ledger.may_bin(TAKE)
    assert ledger.lost() == []
    put_in_bin(ledger.data / "takes" / TAKE, "day")
    assert ledger.lost() == []


def test_an_adapter_and_a_job_that_are_gone_are_told(ledger: Ledger) -> None:
    ledger.trained("20261127-000000-beef")
    ledger.submitted("20261127-000000-finetune-beef")
    assert [line.split()[0] for line in ledger.lost()] == ["job", "adapter"]
