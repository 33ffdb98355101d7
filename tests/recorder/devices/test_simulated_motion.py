"""The simulated arm, driven about by keys against edges and the table, then let go."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from teachloop.geometry import panda
from teachloop.recorder.agents.agents import TwistAgent
from teachloop.recorder.agents.homing import HomeAgent
from teachloop.recorder.devices.interfaces import Agent, ProcessContext, Twist
from teachloop.recorder.devices.limited_robot import LimitedRobot
from teachloop.recorder.devices.limits import Limits
from teachloop.recorder.drivers.robots.simulated import SimulatedRobot
from teachloop.recorder.drivers.simulation import shared_scene
from teachloop.recorder.station.loop import ControlLoop

PERIOD_S = 0.05
KEY_M_S = 0.2


class Driven:
    """A simulated arm, and keys that drive it."""

    def __init__(self, robot: LimitedRobot) -> None:
        self.robot = robot
        self.keys = TwistAgent(lambda: robot.target, PERIOD_S)
        self.tick = 0
        self._loop = ControlLoop(robot, failed=self._failed)

    @staticmethod
    def _failed(error: Exception) -> Agent:
        raise error

    def turn(self, agent: Agent) -> NDArray[np.float64]:
        """One tick; where the hand was at its beginning (3,)."""
        self.tick += 1
        step = self._loop.turn(agent, round(self.tick * PERIOD_S * 1e9))
        assert step is not None
        return step.observation.ee_pose[:3, 3]

    def drive(self, seconds: float, *direction: int) -> NDArray[np.float64]:
        """Hold keys; where the hand was (ticks, 3)."""
        linear = (KEY_M_S * direction[0], KEY_M_S * direction[1], KEY_M_S * direction[2])
        places = []
        for _ in range(round(seconds / PERIOD_S)):
            now_ns = round((self.tick + 1) * PERIOD_S * 1e9)
            self.keys.press(Twist(linear, (0.0, 0.0, 0.0), None, now_ns))
            places.append(self.turn(self.keys))
        return np.array(places)

    def let_go(self, seconds: float) -> NDArray[np.float64]:
        """Nothing is asked; where the hand was (ticks, 3)."""
        self.keys.reset()
        return np.array([self.turn(self.keys) for _ in range(round(seconds / PERIOD_S))])


@pytest.fixture
def arm() -> Iterator[Driven]:
    context = ProcessContext(seed=1)
    robot = SimulatedRobot(SimulatedRobot.Settings(), context)
    yield Driven(LimitedRobot(robot, Limits(), PERIOD_S))
    shared_scene(context).close()


def speeds(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.linalg.norm(np.diff(places, axis=0), axis=1) / PERIOD_S


@pytest.mark.parametrize(
    "direction", [(-1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, -1), (-1, 0, -1), (1, 1, 1)]
)
def test_let_go_at_an_edge_it_is_at_rest_and_stays(
    arm: Driven, direction: tuple[int, int, int]
) -> None:
    driven = arm.drive(2.5, *direction)
    assert speeds(driven).max() < 1.2 * KEY_M_S * np.linalg.norm(direction)
    after = arm.let_go(2.5)[round(0.5 / PERIOD_S) :]
    assert speeds(after).max() < 0.01
    # What it was pressed upon slides away under it, on each processor by another hair.
    assert np.linalg.norm(after - after[0], axis=1).max() < 0.006


def test_pushed_onto_the_table_it_comes_back_at_once(arm: Driven) -> None:
    lowest = arm.drive(4.0, 1, 0, -1)[-1]
    up = arm.drive(1.0, 0, 0, 1)
    assert up[round(0.3 / PERIOD_S), 2] > lowest[2] + 0.002
    assert up[-1, 2] > lowest[2] + 0.02


@pytest.mark.parametrize("direction", [(1, 0, -1), (-1, -1, 1), (1, 1, 0), (-1, 0, 0)])
def test_home_works_from_every_corner(arm: Driven, direction: tuple[int, int, int]) -> None:
    arm.drive(3.0, *direction)
    arm.let_go(0.5)
    home = HomeAgent(lambda: arm.robot.target)
    for _ in range(round(10.0 / PERIOD_S)):
        arm.turn(home)
        if home.done:
            break
    assert (home.done, home.gave_up) == (True, "")
    assert np.allclose(arm.robot.read().joint_positions_rad, panda.HOME_JOINTS_RAD, atol=0.05)
