"""A whole station on a simulated controller."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.simulation.controller.beside import Die, Push, Stumble

STATION = """
robot: {{driver: panda, settings: {{address: {address}}}}}
cameras:
  front: {{driver: simulated, width: 128, height: 128, fps: 20, settings: {{of: {address}}}}}
"""


@pytest.fixture
def controller(new_robot: Callable[..., Any]) -> Any:
    return new_robot()


@pytest.fixture
def pushed_station(controller: Any, tmp_path: Path, new_station: Callable[..., Any]) -> Any:
    file = tmp_path / "station.yaml"
    file.write_text(STATION.format(address=controller.address) + "push_nm: 2\n")
    return new_station("--station", str(file))


@pytest.fixture
def station(controller: Any, tmp_path: Path, new_station: Callable[..., Any]) -> Any:
    file = tmp_path / "station.yaml"
    file.write_text(STATION.format(address=controller.address))
    return new_station("--station", str(file))


def recorded(station: Any, seconds: float) -> Path:
    """A take in which the hand goes up."""
    take = station.do("start")["take"]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        station.do("twist", linear=[0.0, 0.0, 0.1], angular=[0.0, 0.0, 0.0])
        time.sleep(0.05)
    station.do("stop")
    station.do("keep")
    return station.data / "takes" / take


def test_a_take_has_the_robots_states_and_the_arm_is_seen_to_move(station: Any) -> None:
    folder = recorded(station, 2.0)
    assert check(folder) == []
    with Take.open(folder) as take:
        assert (take.info.robot, list(take.info.cameras)) == ("PandaRobot", ["front"])
        milliseconds = np.diff(take.robot.device_time_ns) // 1_000_000
        assert milliseconds.min() == 1
        assert (milliseconds == 1).mean() > 0.95
        assert take.robot.ee_pose[-1, 2, 3] > take.robot.ee_pose[0, 2, 3] + 0.05
        newest = len(take.frames["front"]) - 1
        first, last = take.image("front", 0), take.image("front", newest)
        assert np.abs(first.astype(int) - last).mean() > 1.0
        assert take.robot.external_torques_nm is not None


def test_a_reflex_is_said_and_going_on_takes_a_person(controller: Any, station: Any) -> None:
    station.do("start")
    controller.happen(Stumble(fault="joint_reflex"))
    state = station.wait(lambda state: state["fault"] is not None)
    assert "joint_reflex" in state["fault"]["text"]
    assert state["phase"] == "review"
    station.do("discard")
    station.do(state["fault"]["remedy"])
    station.wait(lambda state: state["fault"] is None)
    assert check(recorded(station, 1.0)) == []


def test_a_push_takes_the_arm_from_a_policy_and_it_is_given_back(
    controller: Any, pushed_station: Any
) -> None:
    station = pushed_station
    station.do("select_agent", name="policy")
    take = station.do("start")["take"]
    before = station.wait(lambda state: state["decided_by"] == "hold")["robot"]["ee_pose"]
    controller.happen(Push(force_n=(0.0, 7.0, 0.0), seconds=0.5))
    station.wait(lambda state: state["decided_by"] == "guided")
    station.wait(lambda state: state["decided_by"] == "hold")
    station.do("stop")
    station.do("keep")
    folder = station.data / "takes" / take
    assert check(folder) == []
    with Take.open(folder) as recorded:
        guided = np.flatnonzero(recorded.actions.decided_by == Decider.GUIDED)
        assert len(guided) == guided[-1] - guided[0] + 1, "one correction, with two borders"
        moved = recorded.robot.ee_pose[-1, 1, 3] - np.reshape(before, (4, 4))[1, 3]
        assert moved > 0.05


def test_a_controller_that_dies_in_mid_motion_costs_its_take_nothing(
    controller: Any, station: Any
) -> None:
    take = station.do("start")["take"]
    for _ in range(10):
        station.do("twist", linear=[0.0, 0.0, 0.1], angular=[0.0, 0.0, 0.0])
        time.sleep(0.05)
    controller.happen(Die())
    state = station.wait(lambda state: state["phase"] == "review")
    station.do("keep")
    state = station.wait(lambda state: (state["fault"] or {}).get("source") == "device")
    assert f"The robot at {controller.address} does not answer any more" in state["fault"]["text"]
    assert check(station.data / "takes" / take) == []
    controller.__exit__()
    with controller:
        station.do("restart_device")
        station.wait(lambda state: state["ready"] and state["fault"] is None, 60)
        station.take_control()
        assert check(recorded(station, 1.0)) == []
