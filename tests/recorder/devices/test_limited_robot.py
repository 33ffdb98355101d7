"""The robot behind its limits: it keeps up, brakes, keeps what it measures, and comes back."""

import numpy as np
from numpy.typing import NDArray

from teachloop.datasets.steps import Action, Decider
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import make_pose
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.recorder.devices.limited_robot import LimitedRobot
from teachloop.recorder.devices.limits import Limits

KINEMATICS = Kinematics()

LIMITS = Limits()
PERIOD_S = 0.05
HOME = KINEMATICS.forward(panda.HOME_JOINTS_RAD)
NEAR = 1e-6


class Arm:
    """Is where it was sent some ticks ago; one that is ``held`` stays where it is. What is in
    its way moves its hand ``aside_m``. Records what it was sent."""

    def __init__(self, held: bool = False, lag_ticks: int = 0) -> None:
        self.lag_ticks = lag_ticks
        self.aside_m = np.zeros(3)
        self.sent: list[Action] = []
        self.joints = panda.HOME_JOINTS_RAD.copy()
        self.speeds = np.zeros(7)
        self.held = held

    def __enter__(self) -> "Arm":
        return self

    def __exit__(self, *error: object) -> None: ...

    def read(self) -> RobotState:
        return RobotState(
            time_ns=1,
            device_time_ns=1,
            joint_positions_rad=self.joints.copy(),
            joint_velocities_rad_s=self.speeds,
            ee_pose=self._hand(),
            gripper_width_m=0.04,
        )

    def apply(self, action: Action) -> Action:
        self.sent.append(action)
        if not self.held and len(self.sent) > self.lag_ticks:
            points = self.sent[-1 - self.lag_ticks].points_rad
            assert points is not None
            self.speeds = (points[-1] - self.joints) / PERIOD_S
            self.joints = points[-1].copy()
        return action

    def _hand(self) -> NDArray[np.float64]:
        pose = KINEMATICS.forward(self.joints)
        return make_pose(pose[:3, :3], pose[:3, 3] + self.aside_m)

    def stop(self) -> None: ...

    def acknowledge(self) -> None: ...

    @property
    def places_m(self) -> NDArray[np.float64]:
        return np.array([action.ee_pose[:3, 3] for action in self.sent])


def commanded(arm: Arm) -> NDArray[np.float64]:
    points = arm.sent[-1].points_rad
    assert points is not None
    return points


def asked(*shift_m: float, gripper: float = 1.0, decided_by: Decider = Decider.OPERATOR) -> Action:
    pose = make_pose(HOME[:3, :3], HOME[:3, 3] + np.array(shift_m))
    return Action(ee_pose=pose, gripper=gripper, decided_by=decided_by)


HOLD = asked(0, 0, 0, gripper=0.0, decided_by=Decider.HOLD)


def behind_limits(arm: Arm) -> LimitedRobot:
    robot = LimitedRobot(arm, LIMITS, PERIOD_S)
    robot.read()
    return robot


def apply(robot: LimitedRobot, action: Action, ticks: int) -> None:
    for _ in range(ticks):
        robot.read()
        robot.apply(action)


def test_speed_is_limited_from_point_to_point_and_the_target_is_reached() -> None:
    arm = Arm()
    apply(behind_limits(arm), asked(0, 0.2, 0), 40)
    steps = np.linalg.norm(np.diff(arm.places_m, axis=0), axis=1)
    assert steps.max() <= 1.15 * LIMITS.speed_m_s * PERIOD_S + NEAR
    assert np.allclose(arm.places_m[-1], HOME[:3, 3] + [0, 0.2, 0], atol=1e-4)


def test_the_joints_that_are_sent_bring_the_hand_where_the_action_says() -> None:
    arm = Arm()
    apply(behind_limits(arm), asked(0.05, 0.1, -0.05), 10)
    for action in arm.sent:
        assert action.points_rad is not None
        assert np.allclose(KINEMATICS.forward(action.points_rad[-1]), action.ee_pose)


def test_with_nothing_asked_it_brakes_and_then_stands_still() -> None:
    arm = Arm()
    robot = behind_limits(arm)
    apply(robot, asked(0, 0.3, 0), 8)
    moving = len(arm.sent)
    apply(robot, HOLD, 30)
    places = arm.places_m
    assert np.linalg.norm(places[moving] - places[moving - 1]) > 0.005  # no sudden halt
    assert np.ptp(places[moving + 9 :], axis=0).max() < 1e-9
    assert robot.resting


def test_an_arm_that_is_held_is_not_pressed_and_is_left_where_it_is() -> None:
    arm = Arm(held=True)
    robot = behind_limits(arm)
    apply(robot, asked(0, 0, -0.15), 100)
    assert np.linalg.norm(arm.places_m[-1] - HOME[:3, 3]) <= Limits().press_m + 1e-3
    apply(robot, HOLD, 30)
    assert np.allclose(commanded(arm), arm.joints)


def test_the_way_back_is_open_at_once() -> None:
    arm = Arm(held=True)
    robot = behind_limits(arm)
    apply(robot, asked(0, 0, -0.15), 100)
    arm.held = False
    before = arm.places_m[-1, 2]
    apply(robot, asked(0, 0, 0.1), 6)
    assert arm.places_m[-1, 2] > before + 0.02


def test_joint_angles_can_be_asked_for() -> None:
    arm = Arm()
    goal = panda.HOME_JOINTS_RAD + np.array([0.3, -0.2, 0.1, 0.2, 0.3, -0.2, 0.4])
    turn = Action(ee_pose=HOME, gripper=1.0, decided_by=Decider.SCRIPT, joints_rad=goal)
    apply(behind_limits(arm), turn, 60)
    assert np.allclose(arm.joints, goal, atol=1e-9)


def test_stop_keeps_the_grip() -> None:
    arm = Arm()
    robot = behind_limits(arm)
    apply(robot, asked(0.02, 0, 0, gripper=0.0), 2)
    robot.stop()
    assert robot.target is not None
    assert robot.target.gripper == 0.0


def test_it_starts_over_from_the_measured_joints() -> None:
    arm = Arm()
    robot = behind_limits(arm)
    apply(robot, asked(0.1, 0, 0), 20)
    arm.joints = panda.HOME_JOINTS_RAD.copy()  # another scene
    robot.forget()
    apply(robot, HOLD, 1)
    assert np.allclose(commanded(arm), panda.HOME_JOINTS_RAD)


def test_without_a_reading_it_brakes_from_what_was_commanded_and_stays() -> None:
    arm = Arm()
    robot = LimitedRobot(arm, LIMITS, PERIOD_S)
    assert not robot.brake(), "nothing was commanded"
    for tick in range(10):
        robot.read()
        robot.apply(asked(0.01 * tick, 0, 0))
    before = arm.sent[-1].ee_pose[0, 3]
    for _ in range(20):
        assert robot.brake()
    places = arm.places_m[10:, 0]
    assert places[0] > before, "it cannot stop at once"
    assert np.allclose(places[5:], places[5], atol=NEAR)
    assert all(each.decided_by is Decider.HOLD for each in arm.sent[10:])


def test_it_goes_slower_the_farther_its_hand_is_pushed_off_its_way() -> None:
    free, touched, pushed, stopped = (sideways_m_s(aside) for aside in (0.0, 0.004, 0.006, 0.008))
    assert free > touched > pushed > stopped
    assert stopped < 0.2 * free


def test_an_arm_that_lags_is_not_taken_for_one_that_is_pushed() -> None:
    assert sideways_m_s(lag_ticks=1) > 0.19


def test_that_something_is_in_the_way_is_recorded() -> None:
    arm = Arm()
    robot = behind_limits(arm)
    apply(robot, asked(0, 0.3, 0), 10)
    assert "contact" not in robot.clipped
    arm.aside_m = np.array([0.006, 0.0, 0.0])
    apply(robot, asked(0, 0.3, 0), 2)
    assert "contact" in robot.clipped


def sideways_m_s(aside_m: float = 0.0, lag_ticks: int = 0) -> float:
    """How fast it is told to go at last, asked for 0.2 m/s to its left and pushed forwards."""
    arm = Arm(lag_ticks=lag_ticks)
    arm.aside_m = np.array([aside_m, 0.0, 0.0])
    robot = behind_limits(arm)
    for _ in range(30):
        at = robot.target.ee_pose if robot.target else HOME
        apply(robot, asked(*(at[:3, 3] - HOME[:3, 3] + [0, 0.2 * PERIOD_S, 0])), 1)
    return float(np.linalg.norm(arm.places_m[-1] - arm.places_m[-5])) / (4 * PERIOD_S)
