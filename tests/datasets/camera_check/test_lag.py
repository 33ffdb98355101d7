"""How late a camera's pictures are is told by the arm that moves in them."""

import shutil
from pathlib import Path

import pytest

from teachloop.datasets.camera_check.lag import Lag, pooled
from teachloop.datasets.camera_check.report import delay, newest_takes
from teachloop.datasets.labels.edits import SetDeleted
from teachloop.datasets.labels.labels import Labels


@pytest.mark.parametrize("camera", ["front", "wrist"])
def test_pictures_that_come_at_once_are_told_from_late_ones(
    takes: list[Path], late_takes: list[Path], camera: str
) -> None:
    at_once, late = delay(takes, camera), delay(late_takes, camera)
    assert at_once is not None
    assert late is not None
    assert at_once.delay_ms == pytest.approx(0.0, abs=15.0)
    assert late.delay_ms == pytest.approx(100.0, abs=15.0)
    assert late.takes == 3
    assert 0 < late.uncertain_ms < 15


def test_a_camera_that_no_take_has_tells_nothing(takes: list[Path]) -> None:
    assert delay(takes, "elsewhere") is None


def test_several_takes_are_surer_than_one() -> None:
    one = pooled([Lag(0.03, 0.9)])
    many = pooled([Lag(seconds, 0.9) for seconds in (0.028, 0.031, 0.03, 0.2)])
    assert one is not None
    assert many is not None
    assert many.seconds == pytest.approx(0.0305), "one that is far off counts little"
    assert many.uncertain_s < one.uncertain_s
    assert pooled([]) is None


def test_takes_in_the_bin_are_left_out_of_the_newest(takes: list[Path]) -> None:
    data = takes[0].parent.parent
    assert newest_takes(data, 2) == [takes[2], takes[1]]
    Labels.open(takes[2]).add([SetDeleted(True)], "Ada")
    assert newest_takes(data, 2) == [takes[1], takes[0]]
    Labels.open(takes[2]).add([SetDeleted(False)], "Ada")


def test_one_that_cannot_be_read_is_passed_over(takes: list[Path], tmp_path: Path) -> None:
    for folder in takes:
        shutil.copytree(folder, tmp_path / "takes" / folder.name)
    torn = tmp_path / "takes" / takes[2].name / "take.h5"
    torn.write_bytes(torn.read_bytes()[:5000])
    assert [folder.name for folder in newest_takes(tmp_path, 2)] == [
        takes[1].name,
        takes[0].name,
    ]
    told = delay([torn.parent, *newest_takes(tmp_path, 2)], "front")
    assert told is not None
    assert told.takes == 2


def test_a_camera_s_own_takes_are_looked_for(takes: list[Path]) -> None:
    data = takes[0].parent.parent
    assert newest_takes(data, 5, "elsewhere") == []
    assert len(newest_takes(data, 5, "front")) == 3
