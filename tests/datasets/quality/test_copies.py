"""A take that is there twice is told; two that only look alike are not."""

from pathlib import Path

from numbered_takes import NumberedTake, numbered_take

from teachloop.app.web.take_list import TakeList
from teachloop.datasets.labels.edits import SetDeleted
from teachloop.datasets.labels.labels import Labels


def told(data: Path) -> dict[str, list[str]]:
    """What is said of copies, by take."""
    rows = TakeList(data).rows()
    return {row.id: [each for each in row.findings if "copy" in each] for row in rows}


def test_one_that_is_there_twice_is_told_with_the_number_of_the_first(tmp_path: Path) -> None:
    moving = NumberedTake(ticks=60)
    numbered_take(tmp_path, "a", moving)
    numbered_take(tmp_path, "b", NumberedTake(ticks=60, seed=1))
    numbered_take(tmp_path, "c", moving)
    said = told(tmp_path)
    assert said["a"] == said["b"] == []
    assert said["c"] == [
        "The hand goes exactly as in take 1: one of them may be a copy of the other."
    ]


def test_one_whose_first_is_in_the_bin_is_no_copy(tmp_path: Path) -> None:
    numbered_take(tmp_path, "a", NumberedTake(ticks=60))
    numbered_take(tmp_path, "b", NumberedTake(ticks=60))
    Labels.open(tmp_path / "takes" / "a").add([SetDeleted(True)], "Ada")
    assert told(tmp_path) == {"a": [], "b": []}


def test_a_replay_of_a_take_is_none(tmp_path: Path) -> None:
    numbered_take(tmp_path, "a", NumberedTake(ticks=60))
    numbered_take(tmp_path, "b", NumberedTake(ticks=60, fields={"replay_of": "a"}))
    assert told(tmp_path)["b"] == []


def test_hands_that_rest_are_no_copies_of_each_other(tmp_path: Path) -> None:
    for name in ("a", "b"):
        numbered_take(tmp_path, name, NumberedTake(ticks=2))
    assert told(tmp_path) == {"a": [], "b": []}
