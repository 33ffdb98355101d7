"""Labels on a disk that takes nothing."""

from pathlib import Path
from typing import Any

import pytest

from teachloop.datasets.labels.edits import SetInstruction
from teachloop.datasets.labels.labels import LOG, Labels
from teachloop.runtime.disk_errors import DiskRefused


@pytest.fixture
def take(small_disk: Any) -> Path:
    folder = small_disk.path / "take"
    folder.mkdir()
    return folder


def test_an_edit_that_does_not_fit_is_refused_in_words_and_not_half_said(
    take: Path, small_disk: Any
) -> None:
    labels = Labels.open(take)
    labels.apply([SetInstruction("pick up the cube")], 0, "anna")
    log = take / "labels" / LOG
    before = log.read_bytes()
    small_disk.fill()
    with pytest.raises(DiskRefused, match=r"The disk is full .*edits\.jsonl"):
        labels.apply([SetInstruction("x" * 10_000)], 1, "anna")
    assert log.read_bytes() == before
    assert labels.snapshot.instruction == "pick up the cube"
    assert Labels.open(take).revision == 1
    small_disk.make_room()
    assert labels.apply([SetInstruction("x" * 10_000)], 1, "anna") == 2
    assert {path.name for path in log.parent.iterdir()} == {LOG}


def test_the_first_edit_that_does_not_fit_is_said_once_it_does(take: Path, small_disk: Any) -> None:
    labels = Labels.open(take)
    small_disk.fill()
    with pytest.raises(DiskRefused, match="Make room"):
        labels.apply([SetInstruction("pick up the cube")], 0, "anna")
    assert Labels.open(take).revision == 0
    small_disk.make_room()
    assert labels.apply([SetInstruction("pick up the cube")], 0, "anna") == 1


def test_an_edit_counts_where_only_its_cache_does_not_fit(take: Path, small_disk: Any) -> None:
    labels = Labels.open(take)
    small_disk.fill(left=600_000)
    text = "x" * 251_000
    for revision in range(2):
        assert labels.apply([SetInstruction(text)], revision, "anna") == revision + 1
    assert Labels.open(take).revision == 2
    assert {path.name for path in (take / "labels").iterdir()} == {LOG}
