"""Devices that nobody here knows: one file each, and one line in the station's settings."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.recorder.devices.conformance import check_camera, check_robot
from teachloop.recorder.devices.interfaces import ProcessContext
from teachloop.recorder.devices.settings import CameraSettings, DeviceSettings
from teachloop.recorder.drivers.opening import make_camera, make_robot

HERE = Path(__file__).parents[1]
STATION = """
control_rate_hz: 25
robot: {driver: "made_up_robot:MadeUpRobot", settings: {load_n: 5.0, rate_hz: 1000}}
cameras:
  left: {driver: synthetic, width: 320, height: 240, fps: 15}
  wall: {driver: "made_up_camera:MadeUpCamera", width: 160, height: 120, fps: 40}
  right: {driver: synthetic, width: 320, height: 240, fps: 30, depth: true}
inputs:
  stick: {driver: "made_up_input:MadeUpInput"}
limits: {speed_m_s: 0.5}
"""


@pytest.fixture
def made_up(tmp_path: Path, new_station: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A station of such devices."""
    monkeypatch.setenv("PYTHONPATH", str(HERE), prepend=os.pathsep)
    file = tmp_path / "my_station.yaml"
    file.write_text(STATION)
    return new_station("--station", str(file))


def test_a_made_up_robot_camera_and_hand_record_a_take_of_three_cameras(made_up: Any) -> None:
    state = made_up.state()
    names = [camera["name"] for camera in state["cameras"]]
    assert names == ["left", "wall", "right"]
    assert state["cameras"][1] == {
        "name": "wall",
        "width": 160,
        "height": 120,
        "fps": 40.0,
        "depth": False,
    }
    assert (state["control_rate_hz"], state["agent"]) == (25.0, "stick")
    assert state["agents"] == ["stick", "policy", "hold"]
    assert state["robot"]["external_wrench"][2] == -5.0
    assert state["robot"]["external_torques_nm"] is None, "never zeros for what is not measured"
    take = made_up.do("start")["take"]
    time.sleep(2.0)
    made_up.do("stop")
    made_up.do("keep")
    folder = made_up.data / "takes" / take
    assert check(folder) == []
    with Take.open(folder) as opened:
        assert list(opened.info.cameras) == names
        assert (opened.info.rate_hz, opened.info.robot) == (25.0, "MadeUpRobot")
        assert opened.image("wall", 0).shape == (120, 160, 3)
        assert opened.depth("right", 0) is not None
        assert opened.robot.external_torques_nm is None
        assert opened.robot.external_wrench is not None
        assert (opened.robot.external_wrench[:, 2] == -5.0).all()
        assert opened.robot.ee_pose[-1, 1, 3] > opened.robot.ee_pose[0, 1, 3] + 0.03
        assert opened.robot_errors is not None
        recorded_s = (opened.robot.time_ns[-1] - opened.robot.time_ns[0]) / 1e9
        readings_hz = len(opened.robot.time_ns) / recorded_s
        assert readings_hz > 400, "of 1000 a second; this machine is shared"
        assert opened.info.health["lost"] == {}, "what was pushed is recorded"


def test_each_device_of_another_has_a_process_of_its_own(made_up: Any) -> None:
    wanted = {"robot", "synthetic", "camera-wall", "input-stick", "previews", "writer"}
    assert set(made_up.children()) == wanted
    made_up.children()["camera-wall"].kill()
    state = made_up.wait(lambda state: state["fault"] is not None)
    assert "The camera-wall process was killed" in state["fault"]["text"]
    others = {name: each.pid for name, each in made_up.children().items() if name != "camera-wall"}
    made_up.take_control()
    made_up.do("restart_device")
    made_up.wait(lambda state: state["ready"], 30)
    running = {name: each.pid for name, each in made_up.children().items()}
    assert {name: running[name] for name in others} == others, "only what was lost starts again"


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(HERE)


@pytest.mark.usefixtures("importable")
def test_made_up_devices_keep_the_contract() -> None:
    robot = DeviceSettings(driver="made_up_robot:MadeUpRobot", settings={"load_n": 1})
    with make_robot(robot, ProcessContext()) as arm:
        check_robot(arm)
    camera = CameraSettings(
        driver="made_up_camera:MadeUpCamera", width=64, height=48, fps=50, settings={"grey": 9}
    )
    with make_camera("wall", camera, ProcessContext()) as eye:
        check_camera(eye, camera.shape, lambda: time.sleep(0.01))
