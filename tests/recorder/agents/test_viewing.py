"""Directions as a camera's picture shows them."""

from dataclasses import replace

import numpy as np
import pytest

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.geometry import panda
from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import make_pose
from teachloop.recorder.agents.agents import TwistAgent
from teachloop.recorder.agents.selector import AgentSelector
from teachloop.recorder.agents.viewing import in_base, seen_by
from teachloop.recorder.devices.interfaces import Twist
from teachloop.recorder.devices.settings import DeviceSettings

TOWARDS, RIGHT, UP = (0.1, 0.0, 0.0), (0.0, 0.1, 0.0), (0.0, 0.0, 0.1)
STILL = (0.0, 0.0, 0.0)
SEEN = Observation(
    time_ns=1_000,
    joint_positions_rad=np.zeros(7),
    joint_velocities_rad_s=np.zeros(7),
    ee_pose=np.eye(4),
    gripper_width_m=0.08,
)


def camera_at(place: tuple[float, float, float], looks_at: tuple[float, float, float]) -> Camera:
    """One that is held level."""
    forward = np.subtract(looks_at, place) / np.linalg.norm(np.subtract(looks_at, place))
    right = np.cross(forward, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    pose = make_pose(np.stack([right, np.cross(forward, right), forward], 1), np.array(place))
    return Camera(name="one", width=4, height=3, intrinsics=np.eye(3), mount="base", pose=pose)


def goes(camera: Camera, linear: tuple[float, float, float]) -> np.ndarray:
    """Which way in the base frame."""
    twist = Twist(linear, STILL, None, 0, "camera")
    return np.array(in_base(twist, lambda: [camera]).linear_m_s)


@pytest.mark.parametrize(
    "place", [(1.5, 0.0, 0.6), (0.5, 1.2, 0.8), (0.5, -1.2, 0.3), (-0.6, 0.4, 1.2)]
)
def test_what_is_asked_for_is_what_the_picture_shows(place: tuple[float, float, float]) -> None:
    camera = camera_at(place, (0.5, 0.0, 0.0))
    start = np.array([0.5, 0.0, 0.0])
    seen, depth_m = camera.project(start, np.eye(4))
    for linear in (TOWARDS, RIGHT, UP):
        pixel, distance_m = camera.project(start + goes(camera, linear), np.eye(4))
        across, along = pixel - seen
        if linear == RIGHT:
            assert across > 0
            assert abs(across) > 5 * abs(along)
        elif linear == UP:
            assert along < 0
            assert abs(across) < 0.1 * abs(along)
        else:
            assert distance_m < depth_m, "towards who looks through it"
            assert abs(across) < 1e-9


def test_one_before_the_robot_changes_nothing() -> None:
    camera = camera_at((1.5, 0.0, 0.6), (0.5, 0.0, 0.0))
    np.testing.assert_allclose(seen_by([camera]), np.eye(3), atol=1e-12)


def test_a_camera_that_nobody_calibrated_or_that_a_hand_carries_says_nothing() -> None:
    aside = camera_at((0.5, 1.2, 0.8), (0.5, 0.0, 0.0))
    others = [replace(aside, calibrated=False), replace(aside, mount="end_effector")]
    assert np.array_equal(seen_by(others), np.eye(3))
    np.testing.assert_allclose(seen_by([*others, aside]), seen_by([aside]))
    assert np.array_equal(seen_by([]), np.eye(3))


def test_turning_is_turned_and_other_frames_stay() -> None:
    aside = camera_at((0.5, 1.2, 0.8), (0.5, 0.0, 0.0))
    meant = in_base(Twist(STILL, TOWARDS, 1.0, 7, "camera"), lambda: [aside])
    np.testing.assert_allclose(meant.angular_rad_s, [0.0, 0.1, 0.0], atol=1e-12)
    assert (meant.frame, meant.gripper, meant.time_ns) == ("base", 1.0, 7)
    of_hand = Twist(TOWARDS, STILL, None, 0, "hand")
    assert in_base(of_hand, lambda: [aside]) is of_hand


def test_keys_of_a_page_reach_the_hand_that_leads_where_no_input_is_a_page_s() -> None:
    start = panda.tool_down(0.0, [0.5, 0.0, 0.3])
    target = Action(ee_pose=start, gripper=1.0, decided_by=Decider.HOLD)
    mouse = {"mouse": DeviceSettings(driver="spacemouse")}
    agents = AgentSelector(mouse, lambda: target, 0.05)
    agents.guided = True
    agents.select("guide")
    agents.press(Twist(STILL, STILL, 0.0, 1_000, "base"))
    assert agents.chosen.act(replace(SEEN, ee_pose=start)).gripper == 0.0


def test_what_an_input_asks_for_is_told_as_it_is_meant() -> None:
    agents = AgentSelector({"mouse": DeviceSettings(driver="spacemouse")}, lambda: None, 0.05)
    agents.moved("mouse", Twist(TOWARDS, STILL, None, 1_000, "camera"))
    asked = agents.asked("mouse", 1_000)
    assert asked is not None
    assert (asked.linear_m_s, asked.frame) == (TOWARDS, "camera")


def test_a_camera_that_says_later_where_it_stands_counts_from_then_on() -> None:
    start = panda.tool_down(0.0, [0.5, 0.0, 0.3])
    target = Action(ee_pose=start, gripper=1.0, decided_by=Decider.HOLD)
    known: list[Camera] = []
    agent = TwistAgent(lambda: target, 0.05, lambda: known)
    agent.press(Twist(TOWARDS, STILL, None, 1_000, "camera"))
    observation = replace(SEEN, ee_pose=start)
    before = agent.act(observation).ee_pose[:3, 3] - start[:3, 3]
    known.append(camera_at((0.5, 1.2, 0.8), (0.5, 0.0, 0.0)))
    after = agent.act(observation).ee_pose[:3, 3] - start[:3, 3]
    np.testing.assert_allclose(before, [0.005, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(after, [0.0, 0.005, 0.0], atol=1e-12)
