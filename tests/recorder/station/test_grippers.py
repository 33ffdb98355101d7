"""Another gripper than the Franka Hand, or none: in the station's state, in takes, in replays."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.embodiment import Gripper
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.taught_path import taught_path
from teachloop.geometry.kinematics import Kinematics
from teachloop.recorder.station.endpoint import StationError

HERE = Path(__file__).parents[1]
CAMERAS = """
cameras:
  front: {driver: simulated, width: 256, height: 256, fps: 20}
inputs: {keyboard: {driver: keyboard}, expert: {driver: script}}
"""
WITHOUT = """
robot: {driver: simulated, tool: {position_m: [0, 0, 0.12]}}
gripper: {driver: none}
"""
PINCERS = """
robot: {driver: simulated, tool: {position_m: [0, 0, 0.09]}}
gripper: {driver: "made_up_gripper:Pincers", settings: {opening_m: 0.05}}
"""


def started(new_station: Any, tmp_path: Path, robot: str) -> Any:
    file = tmp_path / "my_station.yaml"
    file.write_text(robot + CAMERAS)
    return new_station("--station", str(file))


def test_without_a_gripper_there_is_none_in_state_take_and_replay(
    new_station: Any, tmp_path: Path
) -> None:
    station = started(new_station, tmp_path, WITHOUT)
    state = station.state()
    assert state["embodiment"]["gripper"] is None
    assert state["robot"]["gripper_width_m"] is None, "never zeros for what is not there"
    assert state["scene"]["verb"] == "push"
    with pytest.raises(StationError, match="Without a hand the simulator has push alone"):
        station.do("reset", verb="pick")
    station.do("practice")
    station.do("twist", linear=[0.0, 0.0, 0.05], angular=[0.0, 0.0, 0.0], gripper=0.0)
    station.wait(lambda state: state["robot"]["speed_m_s"] > 0.01)
    assert station.state()["robot"]["gripper_target"] is None, "the key has nothing to close"
    station.do("stop")
    station.do("select_agent", name="expert")
    take = station.do("start", until_done=True)["take"]
    station.wait(lambda state: state["phase"] == "review", 60)
    assert station.state()["scene"]["success"], "a rod pushes as well"
    station.do("keep", success=True)
    folder = station.data / "takes" / take
    assert check(folder) == []
    with Take.open(folder) as opened:
        info, robot, actions = opened.info, opened.robot, opened.actions
        assert info.gripper is None
        assert (robot.gripper_width_m, actions.applied_gripper) == (None, None)
        assert taught_path(opened).grippers is None
        kinematics = Kinematics(flange_to_tool=info.tool.pose)
        expected = kinematics.forward(robot.joint_positions_rad[0])
        np.testing.assert_allclose(robot.ee_pose[0], expected, atol=1e-4)
    assert station.do("replay", take=take)["away_m"] >= 0
    station.wait(lambda state: state["phase"] == "review", 90)
    again = station.state()["take"]["id"]
    station.do("keep")
    with Take.open(station.data / "takes" / again) as opened:
        assert opened.info.replay_of == take
        assert opened.actions.applied_gripper is None


def test_a_gripper_of_ones_own_is_one_file_and_its_line(
    new_station: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HERE), prepend=os.pathsep)
    station = started(new_station, tmp_path, PINCERS)
    known = station.state()["embodiment"]["gripper"]
    assert known == {"driver": "made_up_gripper:Pincers", "opening_m": 0.05}
    assert station.state()["robot"]["gripper_width_m"] == pytest.approx(0.05)
    take = station.do("start")["take"]
    for _ in range(10):
        station.do("twist", linear=[0.0] * 3, angular=[0.0] * 3, gripper=0.0)
        time.sleep(0.05)
    station.wait(lambda state: state["robot"]["gripper_width_m"] < 0.005)
    station.do("stop")
    station.do("keep")
    with Take.open(station.data / "takes" / take) as opened:
        assert opened.info.gripper == Gripper(driver="made_up_gripper:Pincers", opening_m=0.05)
        widths_m, asked = opened.robot.gripper_width_m, opened.actions.applied_gripper
        assert widths_m is not None
        assert asked is not None
        assert widths_m[0] == pytest.approx(0.05, abs=1e-3)
        assert widths_m[-1] < 0.005
        assert (asked[0], asked[-1]) == (1.0, 0.0)
