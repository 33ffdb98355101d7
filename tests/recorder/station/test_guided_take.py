"""A take of a person who leads the arm by the hand, from station to file."""

import time
from typing import Any

import numpy as np

from teachloop.datasets.alignment import align
from teachloop.datasets.steps import Decider
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take

Station = Any  # conftest.RunningStation


def pull(station: Station, seconds: float, linear: list[float], **more: Any) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        station.do("twist", linear=linear, angular=[0.0, 0.0, 0.0], **more)
        time.sleep(0.03)


def test_a_take_by_hand_records_where_the_arm_was_led(station: Station) -> None:
    assert "guide" in station.state()["agents"]
    take = station.do("start", agent="guide")["take"]
    pull(station, 1.2, [0.0, 0.2, 0.0])
    pull(station, 0.8, [0.0, 0.0, 0.0], gripper=0.0)
    assert station.state()["decided_by"] == "guided"
    station.do("stop")
    station.do("keep", success=True)
    folder = station.data / "takes" / take
    assert check(folder) == []
    with Take.open(folder) as opened:
        assert opened.info.taught_by == "guide"
        assert set(opened.actions.decided_by.tolist()) == {Decider.GUIDED}
        assert opened.robot.ee_pose[-1, 1, 3] - opened.robot.ee_pose[0, 1, 3] > 0.1
        assert opened.robot.gripper_width_m is not None
        assert opened.robot.gripper_width_m[-1] < 0.02
        ticks = align(opened)
    asked, followed = ticks.applied_pose[:-1], ticks.ee_pose[1:]
    assert np.allclose(asked, followed, atol=1e-9), "what is asked for is where it is a tick later"
    assert np.array_equal(ticks.applied_pose, ticks.requested_pose)


def test_let_go_the_arm_holds_and_nobody_calls_that_unasked(station: Station) -> None:
    station.do("practice", agent="guide")
    pull(station, 0.8, [0.0, -0.2, 0.0])
    station.do("stop")
    state = station.wait(lambda state: not state["armed"])
    time.sleep(1.0)
    state = station.state()
    assert state["fault"] is None
    assert state["robot"]["speed_m_s"] < 0.005


def test_stop_robot_ends_leading(station: Station) -> None:
    station.do("practice", agent="guide")
    pull(station, 0.5, [0.0, 0.2, 0.0])
    station.do("stop_robot")
    place = np.array(station.state()["robot"]["ee_pose"])
    station.do("twist", linear=[0.0, 0.2, 0.0], angular=[0.0, 0.0, 0.0])
    time.sleep(0.7)
    assert np.abs(np.array(station.state()["robot"]["ee_pose"]) - place).max() < 0.02
    assert station.state()["decided_by"] == "hold"
