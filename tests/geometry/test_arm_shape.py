"""The coarse body of the arm, against the one that the simulator draws."""

import numpy as np
import pytest

import teachloop.simulation.gl  # noqa: F401  before anything imports mujoco
from teachloop.geometry.arm_shape import arm, franka_hand, other_tool
from teachloop.geometry.panda import FLANGE, HAND, HAND_TOOL, HOME_JOINTS_RAD, link_poses
from teachloop.simulation.geom_owners import ROBOT
from teachloop.simulation.tasks import sample_scene
from teachloop.simulation.world import World

SIZE, STEP = 256, 4


@pytest.mark.parametrize("camera", ["front", "side"])
def test_it_covers_the_robot_and_little_else(camera):
    shares = []
    with World(sample_scene(3, verb="pick")) as world:
        for turn in (-0.3, 0.0, 0.3):
            state = world.qpos
            state[:7] = np.add(HOME_JOINTS_RAD, [turn, 0.5, turn, 0.1, turn, turn, turn])
            world.set_qpos(state)
            true = world.instance_masks(camera, SIZE, SIZE)[ROBOT][::STEP, ::STEP]
            covered = silhouette(world, camera)
            assert true.sum() > 50
            shares.append(
                ((true & covered).sum() / true.sum(), (covered & ~true).sum() / true.sum())
            )
    found, beside = np.transpose(shares)
    assert found.min() > 0.75
    assert beside.max() < 0.35


def silhouette(world, camera):
    seen = world.observe(images=False)
    hand = link_poses(seen.joint_positions_rad)[6] @ FLANGE @ HAND
    body = arm(seen.joint_positions_rad) + franka_hand(seen.gripper_width_m).moved(hand)
    rows, columns = np.mgrid[0:SIZE:STEP, 0:SIZE:STEP]
    model = world.camera(camera, SIZE, SIZE)
    eye, rays = model.rays(np.stack([columns + 0.5, rows + 0.5], -1), seen.ee_pose)
    return body.hide(eye, eye + 3.0 * rays)


def test_what_the_fingers_hold_is_not_behind_them():
    """Seen along x of the hand, which closes along y."""
    eye, between = np.array([0.5, 0.0, 0.1034]), [0.0, 0.0, 0.1034]
    assert not franka_hand(0.04).hide(eye, between)
    assert franka_hand(0.04).hide(np.array([0.0, 0.5, 0.1034]), between)


def test_an_unknown_tool_ends_before_what_it_holds():
    tip = HAND_TOOL[:3, 3]
    rod, eye = other_tool(HAND_TOOL), tip + np.array([0.5, 0.0, 0.0])
    assert not rod.hide(eye, tip)
    assert rod.hide(eye, [-0.2, 0, 0.0])
