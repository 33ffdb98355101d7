"""What an export says of its episodes, and its figures."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as parquet
import pytest
from lerobot_files import LeRobotFiles
from numbered_takes import INSTRUCTION, START_NS, NumberedTake, numbered_take

from teachloop.datasets.formats.lerobot.assembly import Limits
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.formats.lerobot.statistics import Histograms, Moments
from teachloop.datasets.labels.edits import (
    SetInstruction,
    SetParaphrases,
    SetSegments,
    SetSuccess,
)
from teachloop.datasets.labels.label_values import Segment

TICK_NS = 50_000_000
SHARES = {"q01": 0.01, "q10": 0.1, "q50": 0.5, "q90": 0.9, "q99": 0.99}


def exported(
    data: Path, takes: list[str], limits: Limits | None = None, **how: Any
) -> LeRobotFiles:
    out = data / "out"
    export_takes(data, takes, LeRobotOptions(**how), out, lambda message, share: None, limits)
    return LeRobotFiles(out)


def segment(text: str, first: int, last: int) -> Segment:
    return Segment(START_NS + first * TICK_NS, START_NS + last * TICK_NS, text)


@pytest.fixture
def three(tmp_path: Path) -> list[str]:
    """Of two tasks; the second has sub-tasks and other words."""
    spans = [("reach", 3, 8), ("lift", 8, 12), ("reach", 14, 16)]
    segments = [
        Segment(START_NS + a * TICK_NS, START_NS + b * TICK_NS, text) for text, a, b in spans
    ]
    short = NumberedTake(ticks=20, seed=4)
    return [
        numbered_take(tmp_path, "one", NumberedTake(ticks=25), SetSuccess(True)),
        numbered_take(
            tmp_path,
            "two",
            short,
            SetInstruction("put the cup away"),
            SetParaphrases(("clear the cup", "räum auf")),
            SetSegments(tuple(segments)),
            SetSuccess(False),
        ),
        numbered_take(tmp_path, "three", NumberedTake(ticks=16, seed=9)),
    ]


def test_each_instruction_is_a_task(tmp_path: Path, three: list[str]) -> None:
    files = exported(tmp_path, three)
    assert files.texts("tasks") == [INSTRUCTION, "put the cup away"]
    assert files.column("task_index").tolist() == [0] * 25 + [1] * 20 + [0] * 16
    assert [row["tasks"] for row in files.episodes] == [
        [INSTRUCTION],
        ["put the cup away"],
        [INSTRUCTION],
    ]
    assert files.info["total_tasks"] == 2


def test_sub_tasks_stand_at_each_frame(tmp_path: Path, three: list[str]) -> None:
    files = exported(tmp_path, three)
    texts = files.texts("subtasks")
    named = [texts[index] for index in files.column("subtask_index", 1)]
    expected = [*[""] * 3, *["reach"] * 5, *["lift"] * 4, "", "", "reach", "reach", *[""] * 4]
    assert named == expected
    assert {texts[index] for index in files.column("subtask_index", 0)} == {""}


def test_without_sub_tasks_there_is_no_column_of_them(tmp_path: Path, three: list[str]) -> None:
    files = exported(tmp_path, [three[0]])
    assert "subtask_index" not in files.info["features"]
    assert not (files.root / "meta/subtasks.parquet").exists()


def test_what_people_said_of_a_take_stands_with_its_episode(
    tmp_path: Path, three: list[str]
) -> None:
    rows = exported(tmp_path, three).episodes
    assert [row["take"] for row in rows] == three
    assert [row["success"] for row in rows] == [True, False, None]
    assert [row["paraphrases"] for row in rows] == [[], ["clear the cup", "räum auf"], []]


def test_who_recorded_is_said_where_it_is_asked_for(tmp_path: Path, three: list[str]) -> None:
    assert "operator" not in exported(tmp_path, three).episodes[0]
    (tmp_path / "out").rename(tmp_path / "without")
    written = [path for path in (tmp_path / "without").rglob("*") if path.is_file()]
    assert written
    assert not any(b"Ada" in path.read_bytes() for path in written)
    assert exported(tmp_path, three, operators=True).episodes[0]["operator"] == "Ada"


def test_columns_of_language_hold_other_words_and_sub_tasks(
    tmp_path: Path, three: list[str]
) -> None:
    files = exported(tmp_path, three, language_columns=True)
    rows = [row["language_persistent"] for row in files.frames if row["episode_index"] == 1]
    assert all(row == rows[0] for row in rows)
    said = [(row["style"], row["content"], round(row["timestamp"], 3)) for row in rows[0]]
    assert said == [
        ("task_aug", "put the cup away", 0),
        ("task_aug", "clear the cup", 0),
        ("task_aug", "räum auf", 0),
        ("subtask", "reach", 0.15),
        ("subtask", "lift", 0.4),
        ("subtask", "", 0.6),
        ("subtask", "reach", 0.7),
        ("subtask", "", 0.8),
    ]
    assert files.info["features"]["language_persistent"]["dtype"] == "language"


@pytest.mark.parametrize("limits", [Limits(), Limits(data_mb=0, video_mb=0)])
def test_episodes_are_found_where_their_rows_say(
    tmp_path: Path, three: list[str], limits: Limits
) -> None:
    """In one file together, or in one for each."""
    files = exported(tmp_path, three, limits)
    begins = 0
    for number, (row, length) in enumerate(zip(files.episodes, (25, 20, 16), strict=True)):
        assert (row["dataset_from_index"], row["dataset_to_index"]) == (begins, begins + length)
        assert row["length"] == length
        place = {name: row[f"data/{name}_index"] for name in ("chunk", "file")}
        path = files.info["data_path"].format(**{f"{k}_index": v for k, v in place.items()})
        indices = parquet.read_table(files.root / path)["episode_index"].to_pylist()
        assert indices.count(number) == length
        key = "videos/observation.images.wrist"
        seconds = row[f"{key}/to_timestamp"] - row[f"{key}/from_timestamp"]
        assert seconds == pytest.approx(length / 20)
        assert files.shown("wrist", number) == list(range(length))
        begins += length
    assert files.column("index").tolist() == list(range(begins))
    videos = list((files.root / "videos/observation.images.front").rglob("*.mp4"))
    assert len(videos) == (3 if limits.video_mb == 0 else 1)


def test_a_row_group_is_an_episode(tmp_path: Path, three: list[str]) -> None:
    files = exported(tmp_path, three)
    (path,) = (files.root / "data").rglob("*.parquet")
    metadata = parquet.ParquetFile(path).metadata
    rows = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert rows == [25, 20, 16]


def test_figures_are_those_of_what_is_there(tmp_path: Path, three: list[str]) -> None:
    files = exported(tmp_path, three)
    for name in ("observation.state", "action", "timestamp", "decided_by", "stale"):
        rows = files.column(name).astype(np.float64).reshape(61, -1)
        known = files.stats[name]
        assert known["count"] == [61]
        np.testing.assert_allclose(known["mean"], rows.mean(0), atol=1e-9)
        np.testing.assert_allclose(known["std"], rows.std(0), atol=1e-9)
        np.testing.assert_array_equal(known["min"], rows.min(0))
        np.testing.assert_array_equal(known["max"], rows.max(0))
        own = np.quantile(rows[:25], 0.9, axis=0)
        np.testing.assert_allclose(files.episodes[0][f"stats/{name}/q90"], own)


def test_figures_of_pictures_are_those_of_the_videos(tmp_path: Path, three: list[str]) -> None:
    files = exported(tmp_path, three)
    shown = np.stack([image for number in range(3) for image in files.images("front", number)])
    known = files.stats["observation.images.front"]
    assert np.shape(known["mean"]) == np.shape(known["q99"]) == (3, 1, 1)
    assert known["count"] == [61]
    np.testing.assert_allclose(np.ravel(known["mean"]), shown.mean((0, 1, 2)) / 255, atol=0.02)
    np.testing.assert_allclose(np.ravel(known["std"]), shown.std((0, 1, 2)) / 255, atol=0.02)


def test_quantiles_of_many_rows_are_found_without_holding_them() -> None:
    rows = np.random.default_rng(0).gamma(2.0, 3.0, (60_000, 2))
    parts = np.array_split(rows, 7)
    moments = Moments.of(parts[0])
    for part in parts[1:]:
        moments.add(Moments.of(part))
    histograms = Histograms(moments.low, moments.high)
    for part in parts:
        histograms.add(part)
    width = np.ptp(rows, axis=0) / 4096
    for name, found in histograms.quantiles().items():
        exact = np.quantile(rows, SHARES[name], axis=0, method="inverted_cdf")
        assert (np.abs(found - exact) <= width).all()
    np.testing.assert_allclose(moments.stats()["std"], rows.std(0))
