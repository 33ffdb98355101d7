"""Where nobody chose takes, those are learned from that can be."""

from pathlib import Path

import pytest
from drawn_takes import draw_take

from teachloop.datasets.takes.trash import put_in_bin, take_out_of_bin
from teachloop.training.data.usable_takes import Endings, NoUsableTake, endings_of, usable_takes


def ids(data: Path, *, masks: bool = True) -> list[str]:
    return list(usable_takes(data, masks).ids)


def test_takes_that_are_whole_and_labelled_and_neither_binned_nor_failed(tmp_path: Path) -> None:
    for name in ("b", "a", "binned", "damaged"):
        draw_take(tmp_path, name, success=True)
    draw_take(tmp_path, "failed", success=False)
    draw_take(tmp_path, "unlabelled", labeled=False, success=True)
    takes = tmp_path / "takes"
    put_in_bin(takes / "binned", "Ada")
    content = (takes / "damaged" / "take.h5").read_bytes()
    (takes / "damaged" / "take.h5").write_bytes(content[:-100])
    assert ids(tmp_path) == ["a", "b"]
    assert ids(tmp_path, masks=False) == ["a", "b", "unlabelled"]
    take_out_of_bin(takes / "binned", "Ada")
    assert ids(tmp_path) == ["a", "b", "binned"]


def test_what_failed_and_what_nobody_judged_is_left_out_unless_it_is_chosen(tmp_path: Path) -> None:
    for name, success in (("good", True), ("bad", False), ("open", None), ("open-too", None)):
        draw_take(tmp_path, name, success=success)
    usable = usable_takes(tmp_path)
    assert (usable.ids, usable.left_out) == (("good",), Endings(failed=1, unjudged=2))
    assert f"{usable.left_out}" == "1 that failed and 2 that nobody judged"
    usable = usable_takes(tmp_path, also=["unjudged"])
    assert (usable.ids, usable.left_out) == (("good", "open", "open-too"), Endings(failed=1))
    usable = usable_takes(tmp_path, also=["failed", "unjudged"])
    assert (len(usable.ids), f"{usable.left_out}") == (4, "")


def test_of_chosen_takes_it_is_known_how_many_did_not_succeed(tmp_path: Path) -> None:
    for name, success in (("good", True), ("bad", False), ("open", None)):
        draw_take(tmp_path, name, success=success)
    assert endings_of(tmp_path, ["good", "open"]) == Endings(unjudged=1)


def test_no_usable_take_is_said(tmp_path: Path) -> None:
    draw_take(tmp_path, "unlabelled", labeled=False, success=True)
    with pytest.raises(NoUsableTake, match="Record and label one"):
        usable_takes(tmp_path)


def test_where_nobody_judged_a_take_it_is_said_what_would_do(tmp_path: Path) -> None:
    draw_take(tmp_path, "open")
    with pytest.raises(NoUsableTake, match=r"1 that nobody judged: say .* or choose them"):
        usable_takes(tmp_path)
