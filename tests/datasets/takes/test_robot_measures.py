"""What only some robots measure: there where it was measured, absent where it was not."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from teachloop.datasets.errors import TakeDamaged
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.datasets.takes.format import MEASURED, ROBOT_ROW, TakeInfo, robot_row
from teachloop.datasets.takes.interrupted_copy import copy_whole_records
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.take_folder import PARTIAL
from teachloop.datasets.takes.writer import TakeWriter, finish_file

ALL = (*MEASURED, "errors")
INFO = TakeInfo(take_id="a", created="now", created_time_ns=1)


@dataclass(frozen=True)
class Reading:
    time_ns: int
    device_time_ns: int = 1
    joint_positions_rad: NDArray[np.float64] = field(default_factory=lambda: np.zeros(7))
    joint_velocities_rad_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(7))
    ee_pose: NDArray[np.float64] = field(default_factory=lambda: np.eye(4))
    gripper_width_m: float = 0.04


def measured(number: int) -> dict[str, NDArray[np.float64] | float]:
    return {
        "joint_torques_nm": np.full(7, number + 0.1),
        "external_torques_nm": np.full(7, number + 0.2),
        "external_wrench": np.arange(6.0) + number,
        "control_success_rate": 0.99,
    }


def write(folder: Path, measures: tuple[str, ...] = ALL) -> None:
    with TakeWriter(folder, replace(INFO, robot_measures=measures)) as writer:
        append(writer)


def append(writer: TakeWriter) -> None:
    for number in range(1, 6):
        writer.append_robot(Reading(number), measured(number))
    for number, errors in enumerate(([], ["reflex"], ["reflex"], []), 1):
        writer.append_robot_errors(number, errors)


def row_type(file: h5py.File) -> np.dtype:
    samples = file["robot/samples"]
    assert isinstance(samples, h5py.Dataset)
    return samples.dtype


def test_a_take_gives_back_what_the_robot_measured(tmp_path: Path) -> None:
    write(tmp_path)
    assert [each.what for each in check(tmp_path)] == ["it holds nothing of actions"]
    with Take.open(tmp_path) as take:
        robot = take.robot
        for name in MEASURED:
            wanted = np.array([measured(number)[name] for number in range(1, 6)])
            np.testing.assert_array_equal(getattr(robot, name), wanted)
        assert take.robot_errors is not None
        changes = [(each.time_ns, each.names) for each in take.robot_errors]
        assert changes == [(1, ()), (2, ("reflex",)), (4, ())], "repeated ones are no change"
        assert take.info.robot_measures == ALL


def test_what_is_not_measured_is_absent_not_zero(tmp_path: Path) -> None:
    write(tmp_path, ("external_wrench",))
    with Take.open(tmp_path) as take:
        assert take.robot.external_wrench is not None
        assert take.robot.joint_torques_nm is None
        assert take.robot.control_success_rate is None
        assert take.robot_errors is None
    with h5py.File(tmp_path / "take.h5") as file:
        assert "joint_torques_nm" not in (row_type(file).names or ())
        assert "robot_errors" not in file


def test_a_reading_that_lacks_a_measurement_holds_nan(tmp_path: Path) -> None:
    with TakeWriter(tmp_path, replace(INFO, robot_measures=ALL)) as writer:
        writer.append_robot(Reading(1), {"external_wrench": np.ones(6)})
    with Take.open(tmp_path) as take:
        assert take.robot.joint_torques_nm is not None
        assert np.isnan(take.robot.joint_torques_nm).all()
        np.testing.assert_array_equal(take.robot.external_wrench, np.ones((1, 6)))


def test_a_robot_that_measures_nothing_more_has_the_rows_of_before(tmp_path: Path) -> None:
    assert robot_row(()) == ROBOT_ROW
    write(tmp_path, ())
    with h5py.File(tmp_path / "take.h5", "r+") as file:
        del file.attrs["robot_measures"]  # as files of before are
    write_checksum(tmp_path / "take.h5")
    with h5py.File(tmp_path / "take.h5") as file:
        assert row_type(file) == ROBOT_ROW
    with Take.open(tmp_path) as take:
        assert len(take.robot.time_ns) == 5
        assert take.info.robot_measures == ()


def test_a_killed_take_keeps_what_was_measured(tmp_path: Path) -> None:
    writer = TakeWriter(tmp_path, replace(INFO, robot_measures=ALL)).__enter__()
    append(writer)
    writer.flush()
    killed = tmp_path / "killed.h5"
    killed.write_bytes((tmp_path / PARTIAL).read_bytes())
    writer.finish()
    copy_whole_records(killed, tmp_path / "copy.partial")
    finish_file(tmp_path / "copy.partial", tmp_path / "copy.h5")
    with Take.open(tmp_path / "copy.h5") as take:
        assert take.info.interrupted
        assert take.robot.external_wrench is not None
        np.testing.assert_array_equal(take.robot.external_wrench[:, 0], np.arange(1.0, 6.0))
        assert take.robot_errors is not None
        assert [each.names for each in take.robot_errors] == [(), ("reflex",), ()]


def test_an_unknown_measurement_is_refused(tmp_path: Path) -> None:
    write(tmp_path, ())
    with h5py.File(tmp_path / "take.h5", "r+") as file:
        file.attrs["robot_measures"] = json.dumps(["mood"])
    write_checksum(tmp_path / "take.h5")
    with pytest.raises(TakeDamaged, match=r"robot_measures is \['mood'\]"):
        Take.open(tmp_path)
