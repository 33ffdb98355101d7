"""Each data set says what it is, to people and to hubs."""

from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard
from numbered_takes import NumberedTake, numbered_take
from pydantic import TypeAdapter

from teachloop.datasets.formats.format_names import TakeFormat
from teachloop.datasets.formats.take_export import OPTIONS, export_takes
from teachloop.datasets.labels.edits import SetParaphrases, SetSuccess
from teachloop.runtime.validation import validated

NAMED = ("lerobot", "robomimic", "rlds", "mcap")


def card_of(data: Path, form: TakeFormat, takes: list[str], **asked: object) -> Any:
    """As the hub's own library reads it."""
    options = validated(TypeAdapter(OPTIONS[form]), asked)
    export_takes(data, takes, options, data / "cubes", lambda message, share: None)
    return DatasetCard.load(data / "cubes" / "README.md")


@pytest.fixture
def takes(tmp_path: Path) -> list[str]:
    """Of 2 s, 1 s and 1 s at 20 Hz, in two tasks."""
    numbered_take(tmp_path, "long", NumberedTake(ticks=40), SetSuccess(True))
    asked = {"instruction": "open | the *drawer*\n<b>"}
    short = NumberedTake(ticks=20, fields=asked)
    numbered_take(tmp_path, "short", short, SetParaphrases(("pull it", "tire")))
    numbered_take(tmp_path, "again", short, SetSuccess(False))
    return ["long", "short", "again"]


@pytest.mark.parametrize("form", NAMED)
def test_it_says_how_much_of_what(tmp_path: Path, takes: list[str], form: TakeFormat) -> None:
    card = card_of(tmp_path, form, takes)
    assert card.data.task_categories == ["robotics"]
    assert "teachloop" in card.data.tags
    assert card.text.strip().startswith("# cubes\n")
    assert "3 episodes" in card.text
    assert "| Success | 1 succeeded, 1 failed, 1 not judged |" in card.text
    assert "| hebe den roten Würfel 赤い立方体 | 1 |  |" in card.text
    assert r"| open \| the \*drawer\* &lt;b> | 2 | pull it; tire |" in card.text
    assert "Ada" not in card.text


@pytest.mark.parametrize("form", ["lerobot", "robomimic", "rlds"])
def test_what_has_a_rate_says_how_long_it_is(
    tmp_path: Path, takes: list[str], form: TakeFormat
) -> None:
    text = card_of(tmp_path, form, takes).text
    assert "80 frames (0 min 4 s)" in text
    assert "| Length | 1.0 to 2.0 s, half below 1.0 s |" in text
    assert "| Robot | Franka Panda, with a gripper |" in text
    assert "| Rate | 20 Hz |" in text


def test_the_hub_finds_lerobots(tmp_path: Path, takes: list[str]) -> None:
    card = card_of(tmp_path, "lerobot", takes)
    assert card.data.tags == ["LeRobot", "teachloop"]
    assert card.data.to_dict()["configs"] == [
        {"config_name": "default", "data_files": "data/*/*.parquet"}
    ]
    assert 'LeRobotDataset("you/cubes", root="cubes")' in card.text


def test_who_recorded_is_said_where_it_was_asked_for(tmp_path: Path, takes: list[str]) -> None:
    assert "| Operators | Ada |" in card_of(tmp_path, "rlds", takes, operators=True).text
