"""The way of a take, gone along again by the simulated arm behind its limits."""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from teachloop.datasets.paths import TaughtPath, path_error
from teachloop.datasets.steps import Action, Decider
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import apply_delta
from teachloop.recorder.agents.guiding import GuideAgent
from teachloop.recorder.agents.homing import HomeAgent
from teachloop.recorder.agents.replaying import (
    BeyondLimits,
    ReplayAgent,
    Schedule,
    approach,
    expect_within,
)
from teachloop.recorder.devices.gripping import GuidedGripping
from teachloop.recorder.devices.interfaces import (
    Agent,
    ProcessContext,
    RobotState,
    Twist,
)
from teachloop.recorder.devices.limited_robot import LimitedRobot
from teachloop.recorder.devices.limits import Limits
from teachloop.recorder.devices.settings import GripperSettings
from teachloop.recorder.drivers.opening import mount
from teachloop.recorder.drivers.robots.simulated import SimulatedRobot
from teachloop.recorder.drivers.simulation import shared_scene
from teachloop.recorder.station.loop import ControlLoop

KINEMATICS = Kinematics()

PERIOD_S = 0.05
HOME = KINEMATICS.forward(panda.HOME_JOINTS_RAD)
Poses = NDArray[np.float64]  # (T, 4, 4)
MM, DEGREE = 1e-3, np.pi / 180


def times_of(count: int) -> NDArray[np.float64]:
    return np.linspace(0.0, PERIOD_S * (count - 1), count)


def path_of(poses: Poses, grippers: NDArray[np.float64] | None = None) -> TaughtPath:
    return TaughtPath(
        take="20261127-120000-0001",
        times_s=times_of(len(poses)),
        joints_rad=KINEMATICS.inverse(poses[0], panda.HOME_JOINTS_RAD, iterations=30),
        poses=poses,
        grippers=np.ones(len(poses)) if grippers is None else grippers,
    )


def line(*delta: float, ticks: int) -> Poses:
    whole = np.pad(np.array(delta), (0, 6 - len(delta)))
    return np.array([apply_delta(HOME, whole * n / ticks) for n in range(ticks + 1)])


class Arm:
    """A simulated arm on its loop."""

    def __init__(self, limits: Limits, late_ticks: int) -> None:
        self._context = ProcessContext(seed=1)
        simulated = SimulatedRobot(SimulatedRobot.Settings(), self._context)
        gripping, _ = mount(simulated, GripperSettings(), self._context)
        assert isinstance(gripping, GuidedGripping)
        robot = HeardLate(gripping, late_ticks)
        self.limits = limits
        self.limited = LimitedRobot(robot, limits, PERIOD_S)
        self.joint_speeds: list[NDArray[np.float64]] = []
        self._loop = ControlLoop(self.limited, failed=self._failed)
        self._tick = 0

    @staticmethod
    def _failed(error: Exception) -> Agent:
        raise error

    def target(self) -> Action | None:
        return self.limited.target

    @property
    def now_ns(self) -> int:
        return round(self._tick * PERIOD_S * 1e9)

    def turn(self, agent: Agent) -> Poses:
        self._tick += 1
        step = self._loop.turn(agent, self.now_ns)
        assert step is not None
        self.joint_speeds.append(step.observation.joint_velocities_rad_s)
        return step.observation.ee_pose

    def until_done(self, agent: HomeAgent | ReplayAgent, most_s: float = 40.0) -> Poses:
        self.joint_speeds.clear()
        poses = []
        for _ in range(round(most_s / PERIOD_S)):
            poses.append(self.turn(agent))
            if agent.done:
                return np.array(poses)
        raise AssertionError("it never came to its end")

    def replay(self, path: TaughtPath) -> Poses:
        begun = approach(self.target, path, KINEMATICS)
        self.until_done(begun)
        assert begun.gave_up == ""
        return self.until_done(ReplayAgent(self.target, path, self.limits, PERIOD_S))

    def close(self) -> None:
        shared_scene(self._context).close()


@pytest.fixture
def new_arm() -> Iterator[Callable[..., Arm]]:
    made: list[Arm] = []

    def make(late_ticks: int = 0, speed_m_s: float = 0.6) -> Arm:
        made.append(Arm(Limits(speed_m_s=speed_m_s), late_ticks))
        return made[-1]

    yield make
    for arm in made:
        arm.close()


def led_path(arm: Arm, speed_m_s: float) -> TaughtPath:
    """A way on which a hand leads the arm: there, down, aside and up, with a turn."""
    hand = GuideAgent(arm.target, PERIOD_S)
    legs = [(0, 1, 0, 0), (0, 0, -0.6, 0), (0.5, -0.5, 0, 0.8), (0, 0, 0.8, 0), (0, 0, 0, 0)]
    state = arm.limited.read()
    poses = [state.ee_pose]
    for x, y, z, turn in legs:
        for _ in range(20):
            linear = (speed_m_s * x, speed_m_s * y, speed_m_s * z)
            hand.press(Twist(linear, (0.0, 0.0, turn), None, arm.now_ns))
            poses.append(arm.turn(hand))
    return TaughtPath(
        take="20261127-120000-0001",
        times_s=times_of(len(poses)),
        joints_rad=state.joint_positions_rad,
        poses=np.array(poses),
        grippers=np.ones(len(poses)),
    )


class HeardLate:
    """A robot whose readings come some ticks late."""

    def __init__(self, robot: GuidedGripping, ticks: int) -> None:
        self._robot = robot
        self._seen: deque[RobotState] = deque(maxlen=ticks + 1)
        self.apply, self.guide = robot.apply, robot.guide
        self.stop, self.acknowledge = robot.stop, robot.acknowledge

    def __enter__(self) -> "HeardLate":
        return self

    def __exit__(self, *error: object) -> None: ...

    def read(self) -> RobotState:
        self._seen.append(self._robot.read())
        return self._seen[0]


def test_heard_late_it_does_not_cut_corners(new_arm: Callable[..., Arm]) -> None:
    arm = new_arm(late_ticks=1)  # as late as the limits count on: LAG_S of contact.py
    up = line(0, 0, 0.1, ticks=10)
    over = [apply_delta(up[-1], [0, 0.015 * n, 0, 0, 0, 0]) for n in range(1, 11)]
    path = path_of(np.concatenate([up, over]))
    assert path_error(path.poses, arm.replay(path)).position_m < 5 * MM


@pytest.mark.parametrize("speed_m_s", [0.1, 0.2])
def test_what_a_hand_taught_is_gone_along_within_5_mm_and_1_degree(
    new_arm: Callable[..., Arm], speed_m_s: float
) -> None:
    arm = new_arm()
    path = led_path(arm, speed_m_s)
    error = path_error(path.poses, arm.replay(path))
    assert error.position_m < 5 * MM
    assert error.rotation_rad < 1 * DEGREE


def test_a_way_that_is_too_fast_is_gone_slower_and_as_taught(new_arm: Callable[..., Arm]) -> None:
    arm = new_arm(speed_m_s=0.1)
    path = path_of(line(0.0, 0.2, 0.1, 0, 0, 0.5, ticks=20))  # 0.22 m in a second
    replayed = arm.replay(path)
    moved = np.linalg.norm(np.diff(replayed[:, :3, 3], axis=0), axis=1) / PERIOD_S
    assert moved.max() < 0.11
    error = path_error(path.poses, replayed)
    assert (error.position_m, error.rotation_rad) < (5 * MM, 1 * DEGREE)


def test_the_beginning_is_gone_to_slowly_and_from_above(new_arm: Callable[..., Arm]) -> None:
    arm = new_arm()
    low = np.array([panda.tool_down(0.3, [0.55, -0.2 + 0.005 * n, 0.05]) for n in range(20)])
    path = path_of(low)
    begun = approach(arm.target, path, KINEMATICS)
    places = arm.until_done(begun)[:, :3, 3]
    assert np.linalg.norm(places[-1] - low[0, :3, 3]) < 0.02
    far = np.linalg.norm(places[:, :2] - low[0, :2, 3], axis=1) > 0.06
    assert places[far, 2].min() > 0.1, "it comes down only above it"
    assert np.abs(arm.joint_speeds).max() < 0.5
    assert (np.linalg.norm(np.diff(places, axis=0), axis=1) / PERIOD_S).max() < 0.35


def test_the_gripper_closes_at_the_place_where_it_did() -> None:
    grippers = np.ones(21)
    grippers[10:] = 0.0
    path = path_of(line(0.0, 0.2, 0.0, 0, 0, 0, ticks=20), grippers)
    schedule = Schedule.of(path, Limits(speed_m_s=0.1), PERIOD_S)
    assert schedule.grippers is not None
    closes = int(np.argmax(schedule.grippers < 0.5))
    assert schedule.poses[closes, 1, 3] == pytest.approx(path.poses[10, 1, 3], abs=0.006)
    assert len(schedule.poses) > 40


def test_what_stands_in_the_way_ends_it_in_words(new_arm: Callable[..., Arm]) -> None:
    arm = new_arm()
    replay = ReplayAgent(
        arm.target, path_of(line(0.0, 0.0, -0.6, 0, 0, 0, ticks=120)), Limits(), PERIOD_S
    )
    arm.until_done(replay)  # the table
    assert "cannot follow the taught way" in replay.gave_up


def test_a_way_outside_the_limits_is_refused_with_how_far() -> None:
    path = path_of(line(0.0, 0.6, 0.0, 0, 0, 0, ticks=30))
    with pytest.raises(BeyondLimits, match=r"outside the station's limits at \d\.\d s"):
        expect_within(path, Limits())
    expect_within(path_of(line(0.0, 0.1, 0.0, 0, 0, 0, ticks=30)), Limits())


def test_cancelled_by_whoever_holds_the_arm_stays(new_arm: Callable[..., Arm]) -> None:
    arm = new_arm()
    replay = ReplayAgent(
        arm.target, path_of(line(0.0, 0.3, 0.0, 0, 0, 0, ticks=40)), Limits(), PERIOD_S
    )
    for _ in range(15):
        arm.turn(replay)

    class Hold:
        def reset(self) -> None: ...

        def act(self, observation: object) -> Action:
            target = arm.target()
            assert target is not None
            return Action(ee_pose=target.ee_pose, gripper=1.0, decided_by=Decider.HOLD)

    places = np.array([arm.turn(Hold())[:3, 3] for _ in range(30)])
    assert np.linalg.norm(places[10:] - places[-1], axis=1).max() < 0.001
