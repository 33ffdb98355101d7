"""What Franka publishes of its arms, and that joints keep to it near their ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teachloop.geometry.arm_motion import POINT_S
from teachloop.geometry.arms import ARMS, FR3, ArmName
from teachloop.geometry.joint_tracker import STILL, HandAcceleration, JointLimits, JointTracker
from teachloop.geometry.panda import HOME_JOINTS_RAD

ANY_HAND = HandAcceleration(np.zeros((3, 7)), np.zeros(3), 1.0)  # joints alone count


def published(joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The FR3's speeds down and up, as Franka's documentation has them for its seven joints."""
    up = np.array([2.75010, 1.79180, 2.90650, -0.1458, 2.81010, 4.52050, 3.01960])
    down = np.array([2.75010, 1.79180, 2.90650, 3.04810, 2.81010, -0.54092, 3.01960])
    offset = np.array([0.30, 0.20, 0.20, 0.30, 0.35, 0.35, 0.35])
    factor = np.array([12.0, 5.17, 7.0, 8.0, 34.0, 11.0, 34.0])
    most = np.array([2.62, 2.62, 2.62, 2.62, 5.26, 4.18, 5.26])
    rising = np.maximum(np.sqrt(np.maximum(factor * (up - joints), 0)) - offset, 0)
    falling = np.maximum(np.sqrt(np.maximum(factor * (down + joints), 0)) - offset, 0)
    return np.minimum(most, falling), np.minimum(most, rising)


def test_an_fr3_is_as_fast_as_is_published_wherever_its_joints_are() -> None:
    for share in np.linspace(0.0, 1.0, 200):
        joints = FR3.lower_rad + share * (FR3.upper_rad - FR3.lower_rad)
        for found, wanted in zip(FR3.speeds_at(joints), published(joints), strict=True):
            np.testing.assert_allclose(found, wanted, atol=2e-3)
    down, up = ARMS["panda"].speeds_at(HOME_JOINTS_RAD)
    assert (down == up).all()


@pytest.mark.parametrize("margin_rad", [0.02, 0.1, 0.5])
def test_whoever_brakes_as_is_said_keeps_inside_the_envelope(margin_rad: float) -> None:
    braking = FR3.braking_rad_s2(margin_rad)
    assert (braking <= FR3.acceleration_rad_s2).all()
    for way in np.linspace(0.001, 1.2, 400):
        speed = np.minimum(np.sqrt(2 * braking * way), FR3.speed_rad_s)
        for end, side in ((FR3.upper_rad - margin_rad, 1), (FR3.lower_rad + margin_rad, 0)):
            joints = end - way if side else end + way
            assert (speed <= published(joints)[side] + 1e-6).all(), (way, side)


def way_to(goals: list[np.ndarray], points: int, name: ArmName) -> np.ndarray:
    """Control points of joints that are sent to one goal (7,) after the other, for so many points
    each."""
    arm = ARMS[name]
    begin = np.clip(HOME_JOINTS_RAD, arm.lower_rad + 0.1, arm.upper_rad - 0.1)
    tracker = JointTracker(begin, JointLimits(arm=name), POINT_S)
    found = [begin]
    for goal in goals:
        for _ in range(points):
            ends = tracker.ends()
            found.append(tracker.advance(tracker.aim(goal, STILL, ends), ends, ANY_HAND))
    return np.array(found)


@pytest.mark.parametrize("name", ARMS)
@settings(max_examples=30, deadline=None)
@given(
    goals=st.lists(st.lists(st.sampled_from([-9.0, 9.0]), min_size=7, max_size=7), max_size=4),
    points=st.integers(20, 300),
)
def test_joints_that_are_sent_to_their_ends_keep_to_what_is_published(
    name: ArmName, goals: list[list[float]], points: int
) -> None:
    arm = ARMS[name]
    way = way_to([np.array(goal) for goal in goals], points, name)
    for point, speed in zip(way[1:], np.diff(way, axis=0) / POINT_S, strict=True):
        down, up = published(point) if name == "fr3" else (arm.speed_rad_s, arm.speed_rad_s)
        assert (speed <= up + 1e-9).all()
        assert (-speed <= down + 1e-9).all()
    assert (arm.lower_rad + 0.1 - 1e-9 <= way).all()
    assert (way <= arm.upper_rad - 0.1 + 1e-9).all()


def test_an_fr3_may_be_faster_than_a_panda_and_is_where_there_is_room() -> None:
    goal = HOME_JOINTS_RAD + np.array([0, 0, 0, 0, 2.5, 0, 0])
    ways = {name: way_to([goal], 300, name)[:, 4] for name in ARMS}
    fastest = {name: np.diff(way).max() / POINT_S for name, way in ways.items()}
    np.testing.assert_allclose(fastest["panda"], 0.95 * 2.61, rtol=1e-3)
    assert 1.5 * fastest["panda"] < fastest["fr3"] <= 0.95 * 5.26
