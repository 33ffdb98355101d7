"""Which frame and which numbers stand at each tick of an exported episode."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from lerobot_files import LeRobotFiles
from numbered_takes import START_NS, NumberedTake, joints_at, numbered_take

from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.labels.edits import SetTrim
from teachloop.datasets.labels.label_values import Trim

Export = Callable[..., LeRobotFiles]
TICK_NS = 50_000_000


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def run(*takes: str, **options: object) -> LeRobotFiles:
        asked = LeRobotOptions.model_validate(options)
        export_takes(tmp_path, takes, asked, tmp_path / "out", lambda message, share: None)
        return LeRobotFiles(tmp_path / "out")

    return run


def test_every_frame_comes_back_in_order(tmp_path: Path, export: Export) -> None:
    takes = [
        numbered_take(tmp_path, name, NumberedTake(ticks=ticks, seed=ticks))
        for name, ticks in (("one", 31), ("two", 18), ("three", 25))
    ]
    files = export(*takes)
    for camera in ("front", "wrist"):
        shown = [files.shown(camera, episode) for episode in range(3)]
        assert shown == [list(range(31)), list(range(18)), list(range(25))]
    assert files.info["total_frames"] == len(files.frames) == 74


def test_a_dropped_frame_is_the_one_before_and_says_so(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=20, dropped={"front": {7, 8}, "wrist": {3}})
    files = export(numbered_take(tmp_path, "one", how))
    assert files.shown("front", 0) == [0, 1, 2, 3, 4, 5, 6, 6, 6, *range(9, 20)]
    assert files.shown("wrist", 0) == [0, 1, 2, 2, *range(4, 20)]
    stale = files.column("stale")
    assert np.argwhere(stale).tolist() == [[3, 1], [7, 0], [8, 0]]


def test_a_tick_that_the_loop_missed_takes_the_time_that_it_took(
    tmp_path: Path, export: Export
) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=20, missed={5, 6})))
    assert files.shown("front", 0) == list(range(20))
    held = files.column("action")[4:7]
    assert (held == held[0]).all()


def test_an_episode_begins_where_each_camera_has_sent_a_picture(
    tmp_path: Path, export: Export
) -> None:
    how = NumberedTake(ticks=20, dropped={"wrist": set(range(4))})
    files = export(numbered_take(tmp_path, "one", how))
    assert files.shown("front", 0) == files.shown("wrist", 0) == list(range(4, 20))
    assert files.column("timestamp")[0] == 0


def test_what_was_trimmed_is_not_there(tmp_path: Path, export: Export) -> None:
    trim = SetTrim(Trim(START_NS + 5 * TICK_NS, START_NS + 12 * TICK_NS))
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=20), trim))
    assert files.shown("front", 0) == list(range(5, 12))


@pytest.mark.parametrize(
    ("rate_hz", "expected"), [(10, list(range(0, 21, 2))), (40, [n // 2 for n in range(41)])]
)
def test_another_rate_takes_the_newest_frame_that_had_come(
    tmp_path: Path, export: Export, rate_hz: int, expected: list[int]
) -> None:
    how = NumberedTake(ticks=21)
    files = export(numbered_take(tmp_path, "one", how), rate_hz=rate_hz)
    assert files.info["fps"] == rate_hz
    assert files.shown("front", 0) == expected
    np.testing.assert_allclose(files.column("timestamp"), np.arange(len(expected)) / rate_hz)


def test_the_state_is_what_was_measured(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=12)
    files = export(numbered_take(tmp_path, "one", how))
    expected = [[*joints_at(how, tick), 0.04] for tick in range(12)]
    np.testing.assert_allclose(files.column("observation.state"), expected, atol=1e-6)
    names = files.info["features"]["observation.state"]["names"]
    assert names == [*(f"joint_{n}_rad" for n in range(1, 8)), "gripper_width_m"]


def test_without_a_gripper_neither_state_nor_action_has_one(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=8, gripper=None)))
    assert files.column("observation.state").shape == (8, 7)
    assert files.column("action").shape == (8, 9)


def test_who_decided_is_kept(tmp_path: Path, export: Export) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=15)))
    assert files.column("decided_by").tolist() == [3] * 10 + [1] * 5


def test_pictures_are_scaled_to_the_size_that_was_asked_for(tmp_path: Path, export: Export) -> None:
    how = NumberedTake(ticks=9, size=(240, 320))
    files = export(numbered_take(tmp_path, "one", how), size=(120, 160), cameras=("wrist",))
    assert files.info["features"]["observation.images.wrist"]["shape"] == [120, 160, 3]
    assert "observation.images.front" not in files.info["features"]
    assert [image.shape for image in files.images("wrist", 0)] == [(120, 160, 3)] * 9
    assert files.shown("wrist", 0) == list(range(9))
