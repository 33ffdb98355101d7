"""The kinematics against MuJoCo's, which builds the same arm body by body."""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

import numpy as np
import pytest

from teachloop.simulation import gl  # isort: skip  # noqa: F401

import mujoco

from teachloop.geometry import panda
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import pose_delta
from teachloop.simulation.panda_xml import robot_actuators, robot_body, robot_defaults
from teachloop.simulation.robot_spec import PANDA_WITH_HAND

KINEMATICS = Kinematics()

RNG = np.random.default_rng(0)
JOINTS = RNG.uniform(panda.JOINT_LOWER_RAD, panda.JOINT_UPPER_RAD, (12, 7))


@pytest.fixture(scope="module")
def model() -> mujoco.MjModel:
    return mujoco.MjModel.from_xml_string(
        f'<mujoco><compiler angle="radian"/><default>{robot_defaults()}</default>'
        f"<worldbody>{robot_body(PANDA_WITH_HAND, '')}</worldbody>"
        f"<actuator>{robot_actuators(PANDA_WITH_HAND)}</actuator></mujoco>"
    )


@pytest.mark.parametrize("joints", JOINTS)
def test_forward_kinematics_is_the_site_of_the_simulated_arm(model, joints) -> None:
    data = mujoco.MjData(model)
    data.qpos[:7] = joints
    mujoco.mj_kinematics(model, data)
    pose = KINEMATICS.forward(joints)
    np.testing.assert_allclose(pose[:3, 3], data.site("end_effector").xpos, atol=1e-5)
    np.testing.assert_allclose(pose[:3, :3].ravel(), data.site("end_effector").xmat, atol=1e-5)


def test_published_ready_pose_is_where_franka_says() -> None:
    ready = [0, -np.pi / 4, 0, -3 * np.pi / 4, 0, np.pi / 2, np.pi / 4]
    pose = KINEMATICS.forward(ready)
    np.testing.assert_allclose(pose[:3, 3], [0.307, 0.0, 0.487], atol=5e-4)
    np.testing.assert_allclose(pose[:3, :3], np.diag([1.0, -1.0, -1.0]), atol=1e-6)


@pytest.mark.parametrize("joints", JOINTS[:6])
def test_jacobian_is_the_derivative_of_the_pose(joints) -> None:
    step = 1e-6
    columns = [
        pose_delta(KINEMATICS.forward(joints - e), KINEMATICS.forward(joints + e))
        for e in step / 2 * np.eye(7)
    ]
    np.testing.assert_allclose(KINEMATICS.jacobian(joints), np.stack(columns, 1) / step, atol=1e-5)


def test_inverse_kinematics_reaches_the_whole_table() -> None:
    for x in (0.35, 0.5, 0.65):
        for y in (-0.25, 0.0, 0.25):
            for yaw in (-1.5, 0.0, 1.5):
                target = panda.tool_down(yaw, [x, y, 0.05])
                joints = KINEMATICS.inverse(target, panda.HOME_JOINTS_RAD, iterations=100)
                error = pose_delta(KINEMATICS.forward(joints), target)
                assert np.abs(error).max() < 5e-4


def test_inverse_kinematics_never_leaves_the_joint_limits() -> None:
    target = panda.tool_down(0.0, [1.5, 0.0, 0.5])
    joints = KINEMATICS.inverse(target, panda.HOME_JOINTS_RAD, iterations=100)
    assert (joints >= panda.JOINT_LOWER_RAD).all()
    assert (joints <= panda.JOINT_UPPER_RAD).all()


def test_home_points_straight_down_over_the_table() -> None:
    home = KINEMATICS.forward(panda.HOME_JOINTS_RAD)
    np.testing.assert_allclose(home, panda.tool_down(0.0, [0.44, 0.0, 0.22]), atol=1e-3)
