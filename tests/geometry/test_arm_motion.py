"""Whatever is asked, every millisecond of the commanded curve keeps to Franka's limits."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from teachloop.geometry import panda
from teachloop.geometry.arm_motion import ArmMotion
from teachloop.geometry.joint_spline import JointSpline
from teachloop.geometry.joint_tracker import JointLimits
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import apply_delta, make_pose
from teachloop.geometry.rotations import from_rotation_vector

KINEMATICS = Kinematics()

PERIOD_S = 0.05
HOME = KINEMATICS.forward(panda.HOME_JOINTS_RAD)
LIMITS = JointLimits()
Array = NDArray[np.float64]


def at(*shift_m: float) -> Array:
    return apply_delta(HOME, [*shift_m, 0, 0, 0])


def motion(joints: Array = panda.HOME_JOINTS_RAD, period_s: float = PERIOD_S) -> ArmMotion:
    return ArmMotion(KINEMATICS, joints, LIMITS, period_s)


def commanded(goals: Sequence[Array | None], period_s: float = PERIOD_S) -> Array:
    """The curve (milliseconds, 7) of an arm that starts at home; None asks for rest."""
    arm, curve = motion(period_s=period_s), JointSpline(panda.HOME_JOINTS_RAD)
    milliseconds = round(period_s / 1e-3)
    shares = np.linspace(0.0, 1.0, milliseconds + 1)[1:]
    played = []
    for goal in goals:
        points = arm.brake() if goal is None else arm.towards(goal)
        played.append(curve.play(points, shares, period_s)[0])
    return np.concatenate(played)


def require_within_limits(joints: Array) -> None:
    speed = np.diff(joints, axis=0) / 1e-3
    acceleration = np.diff(speed, axis=0) / 1e-3
    jerk = np.diff(acceleration, axis=0) / 1e-3
    assert (np.abs(speed) <= panda.JOINT_SPEED_RAD_S).all()
    assert (np.abs(acceleration) <= panda.JOINT_ACCELERATION_RAD_S2).all()
    assert (np.abs(jerk) <= panda.JOINT_JERK_RAD_S3).all()
    hand = np.array([KINEMATICS.forward(each)[:3, 3] for each in joints])
    for order, most in enumerate((panda.EE_SPEED_M_S, panda.EE_ACCELERATION_M_S2), start=1):
        moved = np.diff(hand, order, axis=0) / 1e-3**order
        assert np.linalg.norm(moved, axis=1).max() <= most
    assert (joints >= panda.JOINT_LOWER_RAD + LIMITS.margin_rad - 1e-9).all()
    assert (joints <= panda.JOINT_UPPER_RAD - LIMITS.margin_rad + 1e-9).all()


def vectors(size: float) -> st.SearchStrategy[Array]:
    number = st.floats(-size, size, allow_nan=False)
    return st.tuples(number, number, number).map(np.array)


poses = st.builds(
    lambda turn, place: make_pose(from_rotation_vector(turn) @ HOME[:3, :3], HOME[:3, 3] + place),
    vectors(2.0),
    vectors(1.0),
)
goals = st.lists(
    st.tuples(st.none() | poses, st.integers(1, 8)).map(lambda each: [each[0]] * each[1]),
    min_size=1,
    max_size=6,
).map(lambda runs: [goal for run in runs for goal in run])


@pytest.mark.parametrize(
    ("yaw_rad", "place_m", "period_s"),
    [
        (-1.13, (-0.05, 0.33, 0.20), 0.05),
        (-1.02, (0.17, -0.20, 0.23), 0.02),
        (0.52, (0.20, 0.23, 0.18), 0.02),
    ],
)
def test_close_to_the_base_no_joint_passes_its_margin_for_the_hands_sake(
    yaw_rad: float, place_m: tuple[float, float, float], period_s: float
) -> None:
    goal = panda.tool_down(yaw_rad, place_m)
    require_within_limits(commanded([goal] * round(1.0 / period_s), period_s))


@settings(max_examples=40, deadline=None)
@given(goals, st.sampled_from([0.02, 0.05, 0.1]))
def test_any_goals_at_any_rate_stay_within_what_franka_publishes(
    asked: list[Array | None], period_s: float
) -> None:
    require_within_limits(commanded(asked, period_s))


def test_chunks_that_alternate_by_3_cm_and_a_first_target_20_cm_away_stay_within_limits() -> None:
    require_within_limits(commanded([at(0.03 * (tick % 2), 0, 0) for tick in range(60)]))
    require_within_limits(commanded([at(0.2, 0, 0)] * 60))


def test_a_goal_at_rest_is_reached_and_not_passed() -> None:
    hand = KINEMATICS.forward(commanded([at(0.1, 0.1, 0)] * 60)[-1])
    assert np.linalg.norm(hand[:3, 3] - at(0.1, 0.1, 0)[:3, 3]) < 1e-4
    places = [KINEMATICS.forward(each)[0, 3] for each in commanded([at(0.1, 0, 0)] * 60)]
    assert max(places) < HOME[0, 3] + 0.1 + 1e-3


def test_a_goal_that_moves_steadily_is_followed_without_falling_behind() -> None:
    arm, step = motion(), 0.2 * PERIOD_S
    for tick in range(1, 31):
        arm.towards(at(0, step * tick, 0))
    assert np.linalg.norm(arm.pose[:3, 3] - at(0, step * 30, 0)[:3, 3]) < 1e-3


@pytest.mark.parametrize("direction", [(1, 0, 1), (0, 0, -1), (-1, 0, 1), (1, -1, 1)])
def test_joints_that_cannot_keep_up_do_not_make_the_hand_faster(
    direction: tuple[int, int, int],
) -> None:
    arm, step_m = motion(), 0.2 * PERIOD_S * np.array(direction, float)
    goal, places = HOME[:3, 3], [HOME[:3, 3]]
    for _ in range(60):
        lead = np.clip(goal + step_m, (0.2, -0.5, 0.0), (0.8, 0.5, 0.7)) - places[-1]
        goal = places[-1] + lead * min(1.0, 0.05 / float(np.linalg.norm(lead)))
        arm.towards(make_pose(HOME[:3, :3], goal), np.array([np.linalg.norm(step_m), 0.0]))
        places.append(arm.pose[:3, 3])
    moved = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert moved.max() < 1.1 * np.linalg.norm(step_m)


def test_braking_ends_at_rest_within_a_third_of_a_second() -> None:
    arm = motion()
    for tick in range(1, 15):
        arm.towards(at(0, 0.03 * tick, 0))  # 0.6 m/s
    assert not arm.still
    for _ in range(round(0.33 / PERIOD_S)):
        arm.brake()
    assert arm.still


def test_from_beyond_a_margin_a_joint_comes_back_in_and_goes_no_further() -> None:
    joints = panda.HOME_JOINTS_RAD.copy()
    joints[3] = panda.JOINT_LOWER_RAD[3] + 0.02
    arm = motion(joints)
    arm.towards_joints([*joints[:3], panda.JOINT_LOWER_RAD[3], *joints[4:]])
    assert arm.joints_rad[3] >= joints[3]
    for _ in range(100):
        arm.towards_joints(panda.HOME_JOINTS_RAD)
    np.testing.assert_allclose(arm.joints_rad, panda.HOME_JOINTS_RAD, atol=1e-9)


def test_out_of_reach_the_hand_keeps_its_height() -> None:
    arm = motion()
    for tick in range(1, 80):
        arm.towards(at(min(0.6, 0.014 * tick), 0, 0))
        assert abs(arm.pose[2, 3] - HOME[2, 3]) < 0.03
    assert arm.pose[0, 3] > 0.7


def test_what_limited_a_point_is_named() -> None:
    arm = motion()
    arm.towards(HOME)
    assert arm.clipped == ()
    arm.towards(at(0.3, 0, 0))
    assert arm.clipped == ("joint acceleration", "joint speed")


@pytest.mark.parametrize("share", [0.1, 0.3, 1.0])
def test_the_curve_is_the_cubic_b_spline_of_its_points(share: float) -> None:
    points = np.random.default_rng(1).normal(size=(4, 7))
    curve = JointSpline(points[0])
    curve.play(points[1:3], np.array([1.0]), PERIOD_S)
    weights = np.array(
        [
            (1 - share) ** 3,
            3 * share**3 - 6 * share**2 + 4,
            -3 * share**3 + 3 * share**2 + 3 * share + 1,
            share**3,
        ]
    )
    shares = np.array([share - 1e-6, share])
    angles, speeds, _ = curve.play(points[3:], shares, PERIOD_S)
    np.testing.assert_allclose(angles[1], weights @ points / 6)
    np.testing.assert_allclose(speeds[1], (angles[1] - angles[0]) / 1e-6 / PERIOD_S, atol=1e-2)


def test_an_arm_that_is_where_it_is_to_stay_stays_there_to_the_bit_and_goes_on_from_there() -> None:
    arm = motion()
    points = arm.keep(panda.HOME_JOINTS_RAD)
    np.testing.assert_array_equal(points, np.tile(panda.HOME_JOINTS_RAD, (len(points), 1)))
    assert arm.still
    away = panda.HOME_JOINTS_RAD + 0.01
    for _ in range(40):
        arm.keep(away)
    np.testing.assert_allclose(arm.joints_rad, away, atol=1e-4)
