"""The unmodified panda-py, led by a hand that takes a simulated controller's arm."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.tool import Payload
from teachloop.geometry.panda import JOINT_ACCELERATION_RAD_S2
from teachloop.recorder.agents.agents import HoldAgent, TwistAgent
from teachloop.recorder.agents.guiding import GuideAgent
from teachloop.recorder.devices.interfaces import (
    Agent,
    DeviceSilent,
    ProcessContext,
    RobotError,
    Twist,
)
from teachloop.recorder.devices.limited_robot import LimitedRobot
from teachloop.recorder.devices.limits import Limits
from teachloop.recorder.station.loop import ControlLoop
from teachloop.simulation.controller.beside import Lead, Push, Stumble

PERIOD_S = 0.05
SWING = 1.5  # what is commanded keeps to the limits; the arm hangs on springs
NewRobot = Callable[..., Any]


class Led:
    """A robot on its loop, tick by tick."""

    def __init__(self, robot: Any) -> None:
        self.limited = LimitedRobot(robot, Limits(press_m=0.03), PERIOD_S)
        self.hand = GuideAgent(lambda: self.limited.target, PERIOD_S)
        self.hold = HoldAgent(lambda: self.limited.target)
        self.keys = TwistAgent(lambda: self.limited.target, PERIOD_S)
        self._loop = ControlLoop(self.limited, failed=self._failed)

    @staticmethod
    def _failed(error: Exception) -> Agent:
        raise error

    def ticks(self, agent: Agent, seconds: float) -> np.ndarray:
        """Where the hand was (ticks, 3)."""
        places = []
        for _ in range(round(seconds / PERIOD_S)):
            began = time.monotonic()
            if agent is self.keys:
                keys = Twist((0.0, 0.0, 0.1), (0.0, 0.0, 0.0), None, time.monotonic_ns())
                self.keys.press(keys)
            step = self._loop.turn(agent, time.monotonic_ns())
            assert step is not None
            places.append(step.observation.ee_pose[:3, 3])
            time.sleep(max(0.0, began + PERIOD_S - time.monotonic()))
        return np.array(places)


def entered(robot: Any) -> Led:
    deadline = time.monotonic() + 5.0
    while time.monotonic() < deadline:
        try:
            robot.read()
            return Led(robot)
        except DeviceSilent:
            time.sleep(0.01)
    raise AssertionError("no state within 5 s")


@pytest.mark.parametrize("impedance", ["joint", "cartesian"])
def test_it_is_led_stays_where_it_is_let_go_and_is_driven_on(
    new_robot: NewRobot, impedance: str
) -> None:
    controller = new_robot()
    with controller.driver(impedance=impedance) as robot:
        led = entered(robot)
        led.ticks(led.hold, 0.3)
        still = led.ticks(led.hand, 0.5)
        assert np.linalg.norm(still - still[0], axis=1).max() < 0.003, "entered without a jump"
        goal = still[-1] + [-0.03, 0.12, 0.06]
        controller.happen(Lead(points_m=(tuple(goal),), seconds=2.0))
        led.ticks(led.hand, 2.2)
        reached = robot.read().ee_pose[:3, 3]
        assert np.linalg.norm(reached - goal) < 0.03
        kept = led.ticks(led.hold, 2.0)
        assert np.linalg.norm(kept[30:] - kept[-1], axis=1).max() < 0.003
        assert np.linalg.norm(kept[-1] - reached) < 0.05
        up = led.ticks(led.keys, 1.0)
        assert up[-1, 2] - up[0, 2] > 0.05


def test_let_go_in_mid_motion_the_joints_brake_without_a_jump(new_robot: NewRobot) -> None:
    controller = new_robot()
    with controller.driver() as robot:
        led = entered(robot)
        led.ticks(led.hand, 0.3)
        controller.happen(Push(force_n=(0.0, 10.0, 0.0), seconds=1.0))
        led.ticks(led.hand, 0.9)
        assert np.abs(robot.read().joint_velocities_rad_s).max() > 0.1
        states: list[Any] = []
        robot.stream(states.append)
        led.ticks(led.hold, 1.0)
    speeds = np.array([state.joint_velocities_rad_s for state in states])
    times_s = np.array([state.device_time_ns for state in states]) / 1e9
    window = 20  # ms
    changes = np.abs(speeds[window:] - speeds[:-window])
    passed = (times_s[window:] - times_s[:-window])[:, None]
    assert (changes / passed < SWING * JOINT_ACCELERATION_RAD_S2).all()
    assert np.abs(speeds[-1]).max() < 0.02


def test_what_it_is_told_to_carry_is_held_up(new_robot: NewRobot) -> None:
    payload = Payload(mass_kg=0.2, centre_m=(0.0, 0.0, 0.15))
    with new_robot().driver(ProcessContext(payload=payload)) as robot:
        led = entered(robot)
        places = led.ticks(led.hand, 1.0)
        assert places[-1, 2] - places[0, 2] > 0.01, "there is nothing in the hand: it rises"


def test_a_reflex_while_it_is_led_is_told(new_robot: NewRobot) -> None:
    controller = new_robot()
    with controller.driver() as robot:
        led = entered(robot)
        led.ticks(led.hand, 0.3)
        controller.happen(Stumble(fault="joint_reflex"))
        with pytest.raises(RobotError, match="joint_reflex"):
            led.ticks(led.hand, 2.0)
        robot.acknowledge()
        again = entered(robot)
        hold = Action(ee_pose=robot.read().ee_pose, gripper=1.0, decided_by=Decider.HOLD)
        robot.apply(hold)
        again.ticks(again.hand, 0.3)
