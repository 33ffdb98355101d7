from dataclasses import replace

import numpy as np

from teachloop.datasets.steps import Action, Decider
from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.recorder.agents.agents import TwistAgent
from teachloop.recorder.devices.interfaces import RobotState, Twist
from teachloop.recorder.devices.limited_robot import LimitedRobot
from teachloop.recorder.devices.limits import Limits
from teachloop.recorder.station.loop import ControlLoop, speed_m_s

KINEMATICS = Kinematics()

MS = 1_000_000


def reading(x_m: float, device_ms: int, host_ms: int) -> RobotState:
    pose = np.eye(4)
    pose[0, 3] = x_m
    return RobotState(
        time_ns=host_ms * MS,
        device_time_ns=device_ms * MS,
        joint_positions_rad=np.zeros(7),
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=pose,
        gripper_width_m=0.08,
    )


def test_readings_that_come_in_a_bunch_are_no_faster() -> None:
    before, now = reading(0.0, 0, 0), reading(0.01, 50, 3)
    assert abs(speed_m_s(before, now, 0.0) - 0.2) < 1e-9


def test_a_reading_seen_before_does_not_mean_that_the_arm_stopped() -> None:
    before = reading(0.01, 50, 50)
    assert speed_m_s(before, replace(before), 0.2) == 0.2


def test_without_an_earlier_reading_nothing_is_known_to_move() -> None:
    assert speed_m_s(None, reading(0.01, 50, 50), 0.2) == 0.0


class SilentArm:
    """Says where it is at ``time_ns`` and never again; counts what it is sent."""

    def __init__(self) -> None:
        self.sent: list[Action] = []

    def __enter__(self) -> "SilentArm":
        return self

    def __exit__(self, *error: object) -> None: ...

    def read(self) -> RobotState:
        joints = panda.HOME_JOINTS_RAD
        pose = KINEMATICS.forward(joints)
        return replace(reading(0.0, 0, 0), joint_positions_rad=joints, ee_pose=pose)

    def apply(self, action: Action) -> Action:
        self.sent.append(action)
        return action

    def stop(self) -> None: ...

    def acknowledge(self) -> None: ...


def test_an_arm_that_was_not_heard_for_half_a_second_brakes_whatever_is_asked() -> None:
    arm = SilentArm()
    robot = LimitedRobot(arm, Limits(), 0.05)
    hand = TwistAgent(lambda: robot.target, 0.05)
    loop = ControlLoop(robot, failed=lambda _error: hand)
    for tick in range(1, 31):
        hand.press(Twist((0.1, 0.0, 0.0), (0.0, 0.0, 0.0), None, tick * 50 * MS))
        step = loop.turn(hand, tick * 50 * MS)
        assert (step is None) == (tick > 10), "after half a second nothing is decided"
    assert [each.decided_by for each in arm.sent[:10]] == [Decider.OPERATOR] * 10
    assert [each.decided_by for each in arm.sent[10:]] == [Decider.HOLD] * 20
    assert np.allclose(arm.sent[-1].ee_pose, arm.sent[-5].ee_pose)
