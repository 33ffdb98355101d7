"""Which pictures, texts and marks stand at each step, under which names."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numbered_takes import INSTRUCTION, START_NS, NumberedTake, numbered_take
from rlds_files import RldsFiles

from teachloop.datasets.labels.edits import SetParaphrases, SetSegments, SetSuccess, SetTrim
from teachloop.datasets.labels.label_values import Segment, Trim
from teachloop.datasets.takes.reader import Take

Export = Callable[..., RldsFiles]
TICK_NS = 50_000_000
CELL = NumberedTake(ticks=31, cameras=("wrist", "front", "top", "rear"), at_the_hand=("wrist",))


def test_every_picture_comes_back_under_its_name(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", CELL))
    keys = {"front": "image", "wrist": "wrist_image", "top": "image_top", "rear": "image_rear"}
    for key in keys.values():
        assert files.shown(key) == list(range(31))
    assert files.images("wrist_image")[0][..., 1].mean() > files.images("image")[0][..., 1].mean()
    assert files.said("teachloop.json")["cameras"] == keys


def test_without_a_camera_at_the_hand_there_are_no_pictures_of_one(
    tmp_path: Path, export: Export
) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=5)))
    pictures = {name for name in files.features if "image" in name}
    assert pictures == {"steps/observation/image", "steps/observation/image_wrist"}


def test_a_take_without_cameras_is_numbers_alone(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=5, cameras=())))
    assert files.column("steps/action").shape == (5, 7)
    assert not [name for name in files.records["train"][0] if "image" in name or "stale" in name]


def test_pictures_are_the_takes_own_bytes(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=6)))
    with Take.open(tmp_path / "takes" / "one") as take:
        assert files.jpegs("image") == [take.jpeg("front", index) for index in range(6)]


def test_another_size_is_made_and_said(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=9, size=(240, 320))
    files = export(numbered_take(tmp_path, "one", how), size=(83, 101), cameras=("wrist",))
    assert {image.shape for image in files.images("image")} == {(83, 101, 3)}
    assert files.shown("image") == list(range(9))
    said = files.features["steps/observation/image"]["image"]
    assert said["shape"]["dimensions"] == ["83", "101", "3"]
    assert said["encodingFormat"] == "jpeg"


def test_records_hold_what_is_said_of_them_and_nothing_else(tmp_path: Path, export: Export) -> None:
    takes = [numbered_take(tmp_path, name, CELL) for name in ("one", "two")]
    files = export(*takes, operators=True)
    (record,) = files.records["train"]
    assert set(record) == set(files.features)
    for name, said in files.features.items():
        sides = said["tensor"]["shape"].get("dimensions", []) if "tensor" in said else []
        steps = 31 if name.startswith("steps/") else 1
        assert len(record[name][1]) == steps * np.prod([int(side) for side in sides]), name
        assert said["description"]


@pytest.mark.parametrize(("success", "last"), [(True, 1.0), (False, 0.0), (None, 0.0)])
def test_the_end_is_told_and_rewarded_where_it_succeeded(
    tmp_path: Path, export: Export, success: bool | None, last: float
) -> None:
    edits = [] if success is None else [SetSuccess(success)]
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=4), *edits))
    column = {
        name: files.column(f"steps/{name}").tolist()
        for name in ("reward", "discount", "is_first", "is_last", "is_terminal")
    }
    assert column == {
        "reward": [0.0, 0.0, 0.0, last],
        "discount": [1.0] * 4,
        "is_first": [True, False, False, False],
        "is_last": [False, False, False, True],
        "is_terminal": [False, False, False, True],
    }
    said = {True: "yes", False: "no", None: ""}[success]
    assert files.text("episode_metadata/success") == said


def test_what_is_said_of_a_take_stands_at_each_step(tmp_path: Path, export: Export) -> None:
    spans = (Segment(START_NS + 2 * TICK_NS, START_NS + 5 * TICK_NS, "greifen"),)
    wordings = ("nimm ihn", "hoch damit", "赤い")
    edits = (SetSegments(spans), SetParaphrases(wordings))
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=7), *edits))
    said = {
        "language_instruction": [INSTRUCTION] * 7,
        "language_instruction_2": ["nimm ihn"] * 7,
        "language_instruction_3": ["hoch damit"] * 7,
        "subtask": ["", "", "greifen", "greifen", "greifen", "", ""],
    }
    assert {name: files.column(f"steps/{name}").tolist() for name in said} == said
    assert json.loads(files.text("episode_metadata/paraphrases")) == list(wordings)
    assert files.text("episode_metadata/file_path") == "takes/one"
    assert "episode_metadata/operator" not in files.features


def test_where_nobody_wrote_other_words_there_are_none(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=3)))
    assert files.column("steps/language_instruction_2").tolist() == [""] * 3


def test_who_recorded_it_is_said_where_it_is_asked_for(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=3)), operators=True)
    assert files.text("episode_metadata/operator") == "Ada"


def test_who_decided_is_kept(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=15)))
    names = files.said("teachloop.json")["decided_by"]
    decided = [names[str(number)] for number in files.column("steps/decided_by")]
    assert decided == ["policy"] * 10 + ["operator"] * 5


def test_a_dropped_picture_is_the_one_before_and_says_so(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=20, dropped={"front": {7, 8}, "wrist": {3}})
    files = export(numbered_take(tmp_path, "one", how))
    assert files.shown("image") == [0, 1, 2, 3, 4, 5, 6, 6, 6, *range(9, 20)]
    assert list(files.said("teachloop.json")["cameras"]) == ["front", "wrist"]
    assert np.argwhere(files.column("steps/stale")).tolist() == [[3, 1], [7, 0], [8, 0]]


def test_what_was_trimmed_is_not_there(tmp_path: Path, export: Export) -> None:
    trim = SetTrim(Trim(START_NS + 5 * TICK_NS, START_NS + 12 * TICK_NS))
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=20), trim), rate_hz=10)
    assert files.shown("image") == [5, 7, 9, 11]
