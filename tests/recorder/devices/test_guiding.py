"""An arm that a person leads by the hand, then lets go, and that others drive after that."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from teachloop.datasets.steps import Action, Decider, Step
from teachloop.geometry.panda import JOINT_ACCELERATION_RAD_S2
from teachloop.geometry.poses import pose_delta
from teachloop.recorder.agents.agents import HoldAgent, TwistAgent
from teachloop.recorder.agents.guiding import GuideAgent
from teachloop.recorder.devices.interfaces import (
    Agent,
    GuidedRobot,
    ProcessContext,
    RobotState,
    Twist,
)
from teachloop.recorder.devices.limited_robot import LimitedRobot
from teachloop.recorder.devices.limits import Limits
from teachloop.recorder.devices.settings import GripperSettings
from teachloop.recorder.drivers.opening import mount
from teachloop.recorder.drivers.robots.simulated import SimulatedRobot
from teachloop.recorder.drivers.robots.synthetic import SyntheticRobot
from teachloop.recorder.drivers.simulation import shared_scene
from teachloop.recorder.station.loop import ControlLoop

PERIOD_S = 0.05
PULL_M_S = 0.2
Places = NDArray[np.float64]  # (ticks, 3)


class Led:
    """A simulated arm, with those who lead and drive it."""

    def __init__(self, robot: LimitedRobot) -> None:
        self.robot = robot
        self.hand = GuideAgent(lambda: robot.target, PERIOD_S)
        self.keys = TwistAgent(lambda: robot.target, PERIOD_S)
        self.hold = HoldAgent(lambda: robot.target)
        self.tick = 0
        self._loop = ControlLoop(robot, failed=self._failed)

    @staticmethod
    def _failed(error: Exception) -> Agent:
        raise error

    def turn(self, agent: Agent) -> Step:
        self.tick += 1
        step = self._loop.turn(agent, round(self.tick * PERIOD_S * 1e9))
        assert step is not None
        return step

    def act(
        self,
        agent: GuideAgent | TwistAgent,
        seconds: float,
        linear: tuple[float, float, float] = (0.0, 0.0, 0.0),
        gripper: float | None = None,
    ) -> Places:
        """Where the hand was while somebody pulled or drove."""
        places = []
        for _ in range(round(seconds / PERIOD_S)):
            now_ns = round((self.tick + 1) * PERIOD_S * 1e9)
            agent.press(Twist(linear, (0.0, 0.0, 0.0), gripper, now_ns))
            places.append(self.turn(agent).observation.ee_pose[:3, 3])
        return np.array(places)

    def stay(self, seconds: float) -> Places:
        """Where the hand was while nobody asked for anything."""
        ticks = range(round(seconds / PERIOD_S))
        return np.array([self.turn(self.hold).observation.ee_pose[:3, 3] for _ in ticks])

    @property
    def state(self) -> RobotState:
        return self.robot.read()


@pytest.fixture
def arm() -> Iterator[Led]:
    context = ProcessContext(seed=1)
    simulated = SimulatedRobot(SimulatedRobot.Settings(), context)
    robot, _ = mount(simulated, GripperSettings(), context)
    yield Led(LimitedRobot(robot, Limits(), PERIOD_S))
    shared_scene(context).close()


def speeds(places: Places) -> Places:
    return np.linalg.norm(np.diff(places, axis=0), axis=1) / PERIOD_S


def test_only_robots_that_can_say_that_they_can_be_led() -> None:
    synthetic = SyntheticRobot(SyntheticRobot.Settings(), ProcessContext())
    assert not isinstance(synthetic, GuidedRobot)
    assert issubclass(SimulatedRobot, GuidedRobot)


def test_led_by_nobody_the_arm_stays_where_it_is(arm: Led) -> None:
    places = arm.act(arm.hand, 1.0)
    assert np.linalg.norm(places - places[0], axis=1).max() < 0.001


@pytest.mark.parametrize("direction", [(0, 1, 0), (1, 0, 0), (0, 0, 1), (-1, 1, 0)])
def test_it_follows_the_hand_and_stays_where_it_is_let_go(
    arm: Led, direction: tuple[int, int, int]
) -> None:
    pull = (PULL_M_S * direction[0], PULL_M_S * direction[1], PULL_M_S * direction[2])
    places = arm.act(arm.hand, 1.0, pull)
    way = places[-1] - places[0]
    along = way @ np.array(direction) / np.linalg.norm(direction)
    assert along == pytest.approx(PULL_M_S * np.linalg.norm(direction), abs=0.06)
    after = arm.act(arm.hand, 1.5)
    assert np.linalg.norm(after[-1] - places[-1]) < 0.06, "as far as the hand was ahead"
    assert speeds(after)[-10:].max() < 0.001


def test_pulled_onto_the_table_it_gives_way(arm: Led) -> None:
    arm.act(arm.hand, 4.0, (0.0, 0.0, -PULL_M_S))
    assert arm.state.ee_pose[2, 3] > -0.01
    up = arm.act(arm.hand, 1.0, (0.0, 0.0, PULL_M_S))
    assert up[-1, 2] > up[0, 2] + 0.1


def test_let_go_in_mid_motion_it_brakes_without_a_jump_and_rests(arm: Led) -> None:
    arm.act(arm.hand, 1.0, (0.0, PULL_M_S, 0.0))
    before = arm.state.joint_velocities_rad_s
    assert np.abs(before).max() > 0.2
    changes = []
    for _ in range(20):
        arm.turn(arm.hold)
        now = arm.state.joint_velocities_rad_s
        changes.append(np.abs(now - before) / PERIOD_S)
        before = now
    assert (np.max(changes, axis=0) < JOINT_ACCELERATION_RAD_S2).all()
    assert arm.robot.resting
    places = arm.stay(1.0)
    assert np.linalg.norm(places - places[0], axis=1).max() < 0.0005


def test_others_drive_from_where_it_was_let_go(arm: Led) -> None:
    arm.act(arm.hand, 1.0, (0.0, PULL_M_S, 0.0))
    places = arm.act(arm.keys, 1.0, (0.0, 0.0, PULL_M_S))
    assert speeds(places).max() < 1.3 * PULL_M_S
    assert places[-1, 2] - places[0, 2] > 0.1


def test_what_is_asked_for_while_it_is_led_is_where_it_is(arm: Led) -> None:
    arm.act(arm.hand, 0.5, (0.0, PULL_M_S, 0.0), gripper=0.0)
    step = arm.turn(arm.hand)
    assert step.applied.decided_by == Decider.GUIDED
    assert np.array_equal(step.applied.ee_pose, step.observation.ee_pose)
    assert step.clipped == ()
    assert step.applied.gripper == 0.0, "the key's wish stays"


def test_the_gripper_follows_while_it_is_led(arm: Led) -> None:
    arm.act(arm.hand, 1.0, gripper=0.0)
    width_m = arm.state.gripper_width_m
    assert width_m is not None
    assert width_m < 0.01


class Sent:
    """A robot that can be led, and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Action]] = []
        self._simulated = SimulatedRobot(SimulatedRobot.Settings(), ProcessContext(seed=1))
        self.read = self._simulated.read

    def __enter__(self) -> "Sent":
        return self

    def __exit__(self, *error: object) -> None: ...

    def apply(self, action: Action) -> Action:
        self.told.append(("apply", action))
        return action

    def guide(self, action: Action) -> None:
        self.told.append(("guide", action))

    def stop(self) -> None: ...

    def acknowledge(self) -> None: ...


def test_the_driver_brakes_by_itself_before_the_loop_goes_on() -> None:
    robot = Sent()
    limited = LimitedRobot(robot, Limits(), PERIOD_S)
    pose = limited.read().ee_pose
    for decider in (Decider.GUIDED, *[Decider.OPERATOR] * 8):
        limited.apply(Action(ee_pose=pose, gripper=1.0, decided_by=decider))
    kinds = [kind for kind, _ in robot.told]
    assert kinds == ["guide", *["apply"] * 8]
    braking = [each for _, each in robot.told[1:4]]
    assert all(each.points_rad is None for each in braking)
    assert {each.decided_by for each in braking} == {Decider.HOLD}
    last = robot.told[-1][1]
    assert last.points_rad is not None
    assert np.abs(pose_delta(last.ee_pose, pose)).max() < 1e-3
