from dataclasses import replace

import numpy as np

from teachloop.recorder.devices.interfaces import RobotState
from teachloop.recorder.station.loop import speed_m_s

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
