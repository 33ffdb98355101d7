import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from teachloop.geometry.arm_motion import ArmMotion
from teachloop.geometry.joint_spline import JointSpline
from teachloop.geometry.joint_tracker import JointLimits
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import (
    HOME_JOINTS_RAD,
    JOINT_ACCELERATION_RAD_S2,
    JOINT_JERK_RAD_S3,
    JOINT_SPEED_RAD_S,
)
from teachloop.geometry.point_follower import AHEAD, PointFollower
from teachloop.geometry.poses import apply_delta
from teachloop.geometry.rotations import Array

KINEMATICS = Kinematics()

PERIOD_S, POINT_S = 0.05, 0.005
SHARES = np.arange(1, 6) / 5
LIMITS = JointLimits(share=0.99, margin_rad=0.02)


def moving_ticks(count: int, delta: list[float]) -> list[Array]:
    """The points (10, 7) of so many ticks on the way to a goal that moves."""
    motion, goal = ArmMotion(KINEMATICS, HOME_JOINTS_RAD, JointLimits(), PERIOD_S), None
    ticks = []
    for _ in range(count):
        goal = apply_delta(KINEMATICS.forward(HOME_JOINTS_RAD) if goal is None else goal, delta)
        ticks.append(motion.towards(goal))
    return ticks


def play(follower: PointFollower, points: int) -> Array:
    return np.concatenate([follower.play(SHARES)[0] for _ in range(points)])


def test_points_that_come_in_time_are_played_as_they_are() -> None:
    ticks = moving_ticks(12, [0.008, 0.004, 0, 0, 0, 0.01])
    follower, spline = (
        PointFollower(KINEMATICS, HOME_JOINTS_RAD, LIMITS, POINT_S),
        JointSpline(HOME_JOINTS_RAD),
    )
    played = []
    for points in ticks:
        follower.give(points)
        played.append(play(follower, len(points)))
    plain = [spline.play(point[None], SHARES, POINT_S)[0] for point in np.concatenate(ticks)]
    late = AHEAD * len(SHARES)
    wanted = np.concatenate(plain)
    np.testing.assert_allclose(np.concatenate(played)[late:], wanted[:-late], atol=2e-5)


def test_without_points_the_joints_come_to_rest_and_stay() -> None:
    follower = PointFollower(KINEMATICS, HOME_JOINTS_RAD, LIMITS, POINT_S)
    ticks = moving_ticks(8, [0.01, 0, 0, 0, 0, 0])
    for points in ticks:
        follower.give(points)
        play(follower, len(points))
    rest = play(follower, 100)
    np.testing.assert_allclose(rest[-100:], np.tile(ticks[-1][-1], (100, 1)), atol=1e-9)


def test_braked_the_joints_stop_as_soon_as_they_may() -> None:
    follower = PointFollower(KINEMATICS, HOME_JOINTS_RAD, LIMITS, POINT_S)
    for points in moving_ticks(8, [0.01, 0, 0, 0, 0, 0]):
        follower.give(points)
        play(follower, len(points))
    follower.brake()
    rest = play(follower, 100)
    assert np.abs(np.diff(rest[-400:], axis=0)).max() < 1e-12
    moving = np.abs(np.diff(rest, axis=0)).max(1) > 1e-9
    assert moving.sum() < 100  # milliseconds, from 0.2 m/s


def test_of_a_heap_only_the_newest_tick_is_played() -> None:
    follower = PointFollower(KINEMATICS, HOME_JOINTS_RAD, LIMITS, POINT_S)
    for moved in range(20):  # as after a pause of a second
        follower.give(np.tile(HOME_JOINTS_RAD + 0.001 * moved, (10, 1)))
    after = play(follower, 80)
    np.testing.assert_allclose(after[-1], HOME_JOINTS_RAD + 0.019, atol=1e-6)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3)), min_size=4, max_size=20),
    st.tuples(*[st.floats(-0.03, 0.03)] * 3),
)
@settings(max_examples=25, deadline=None)
def test_late_and_lost_ticks_never_break_the_limits(
    pattern: list[tuple[int, int]], delta: tuple[float, float, float]
) -> None:
    ticks = iter(moving_ticks(80, [*delta, 0, 0, 0]))
    follower, played = (
        PointFollower(KINEMATICS, HOME_JOINTS_RAD, LIMITS, POINT_S),
        [HOME_JOINTS_RAD[None]],
    )
    for waited, given_at_once in pattern:
        for _ in range(given_at_once):
            follower.give(next(ticks))
        played.append(play(follower, waited))
    played.append(play(follower, 60))
    angles = np.concatenate(played)
    speed = np.diff(angles, axis=0) * 1000
    acceleration = np.diff(speed, axis=0) * 1000
    assert np.all(np.abs(speed) <= JOINT_SPEED_RAD_S)
    assert np.all(np.abs(acceleration) <= JOINT_ACCELERATION_RAD_S2)
    assert np.all(np.abs(np.diff(acceleration, axis=0) * 1000) <= JOINT_JERK_RAD_S3)


def test_what_begins_in_motion_goes_on_as_it_moves_and_brakes_within_the_limits() -> None:
    speeds = np.array([0.5, -0.4, 0.3, 0.6, -0.5, 0.4, 0.9])
    follower = PointFollower(KINEMATICS, HOME_JOINTS_RAD, LIMITS, POINT_S, speeds)
    played = [follower.play(SHARES) for _ in range(100)]
    angles, velocities = (np.concatenate(each) for each in zip(*played, strict=True))
    assert np.allclose(angles[0], HOME_JOINTS_RAD + speeds * POINT_S / 5, atol=1e-4)
    assert np.allclose(velocities[0], speeds, atol=0.03)
    assert np.allclose(velocities[-1], 0.0)
    accelerations = np.abs(np.diff(velocities, axis=0)) / (POINT_S / 5)
    assert (accelerations < JOINT_ACCELERATION_RAD_S2).all()
