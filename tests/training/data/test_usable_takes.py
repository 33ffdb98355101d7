"""Where nobody chose takes, those are learned from that can be."""

from pathlib import Path

import pytest
from drawn_takes import draw_take

from teachloop.datasets.labels.edits import SetSuccess
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.trash import put_in_bin, take_out_of_bin
from teachloop.training.data.usable_takes import NoUsableTake, usable_takes


def test_takes_that_are_whole_and_labelled_and_neither_binned_nor_failed(tmp_path: Path) -> None:
    for name in ("b", "a", "binned", "damaged", "failed"):
        draw_take(tmp_path, name)
    draw_take(tmp_path, "unlabelled", labeled=False)
    takes = tmp_path / "takes"
    put_in_bin(takes / "binned", "Ada")
    content = (takes / "damaged" / "take.h5").read_bytes()
    (takes / "damaged" / "take.h5").write_bytes(content[:-100])
    failed = Labels.open(takes / "failed")
    failed.apply([SetSuccess(False)], failed.revision, "Ada")
    assert usable_takes(tmp_path) == ["a", "b"]
    assert usable_takes(tmp_path, masks=False) == ["a", "b", "unlabelled"]
    take_out_of_bin(takes / "binned", "Ada")
    assert usable_takes(tmp_path) == ["a", "b", "binned"]


def test_no_usable_take_is_said(tmp_path: Path) -> None:
    draw_take(tmp_path, "unlabelled", labeled=False)
    with pytest.raises(NoUsableTake, match="Record and label one first"):
        usable_takes(tmp_path)
