"""Every reading of the robot and every action comes back with its numbers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from full_takes import LACKING, READINGS, TICKS, full_take
from mcap_files import McapFile
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.takes.reader import Take
from teachloop.geometry.rotations import from_quaternion

Export = Callable[..., McapFile]
ROWS = TICKS * READINGS


def matrix_of(where: object, turn: object) -> np.ndarray:
    """(4, 4) of a position and a quaternion."""
    pose = np.eye(4)
    pose[:3, 3] = [getattr(where, axis) for axis in "xyz"]
    pose[:3, :3] = from_quaternion([getattr(turn, axis) for axis in "xyzw"])
    return pose


def test_each_reading_of_the_joints_is_there(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path))
    logged = file.of("/robot/joint_states")
    with Take.open(tmp_path / "takes" / "full") as take:
        robot = take.robot
    assert [each.log_ns - int(file.about["clock_offset_ns"]) for each in logged] == (
        robot.time_ns.tolist()
    )
    joints = [each.message.joints for each in logged]
    assert [joint.name for joint in joints[0]] == [f"fr3_joint{n}" for n in range(1, 8)]
    columns = {"position": robot.joint_positions_rad, "velocity": robot.joint_velocities_rad_s}
    for name, expected in columns.items():
        found = [[getattr(joint, name) for joint in row] for row in joints]
        np.testing.assert_array_equal(found, expected)
    efforts = [[joint.effort for joint in row if joint.HasField("effort")] for row in joints]
    assert robot.joint_torques_nm is not None
    assert efforts.pop(LACKING) == []
    np.testing.assert_array_equal(efforts, np.delete(robot.joint_torques_nm, LACKING, 0))


def test_what_was_measured_beside_the_joints_is_there(tmp_path: Path, export: Export) -> None:
    messages = export(full_take(tmp_path)).messages("/robot/readings")
    with Take.open(tmp_path / "takes" / "full") as take:
        robot = take.robot
    names = ("device_time_ns", "gripper_width_m", "control_success_rate")
    for name in (*names, "external_torques_nm", "external_wrench"):
        found = np.array([getattr(message, name) for message in messages])
        np.testing.assert_array_equal(found, getattr(robot, name))


def test_what_is_not_measured_is_absent_not_zero(tmp_path: Path, export: Export) -> None:
    file = export(numbered_take(tmp_path, "bare", NumberedTake(ticks=5, gripper=None)))
    for message in file.messages("/robot/readings"):
        assert {field.name for field, _ in message.ListFields()} == {"timestamp", "device_time_ns"}
    for message in file.messages("/actions"):
        assert not message.HasField("requested_gripper")
        assert not message.HasField("applied_gripper")
    joints = [joint for message in file.messages("/robot/joint_states") for joint in message.joints]
    assert len(joints) == 35
    assert not any(joint.HasField("effort") for joint in joints)


def test_the_tool_is_where_it_was_measured(tmp_path: Path, export: Export) -> None:
    messages = export(full_take(tmp_path)).messages("/tf")
    with Take.open(tmp_path / "takes" / "full") as take:
        expected = take.robot.ee_pose
    transforms = [each for message in messages for each in message.transforms]
    assert {(each.parent_frame_id, each.child_frame_id) for each in transforms} == {
        ("base", "tool")
    }
    found = [matrix_of(each.translation, each.rotation) for each in transforms]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_actions_say_what_was_asked_what_was_applied_and_who_decided(
    tmp_path: Path, export: Export
) -> None:
    file = export(full_take(tmp_path))
    messages = file.messages("/actions")
    with Take.open(tmp_path / "takes" / "full") as take:
        actions = take.actions
    for name, expected in (
        ("requested_pose", actions.requested_pose),
        ("applied_pose", actions.applied_pose),
    ):
        poses = [getattr(message, name) for message in messages]
        found = [matrix_of(pose.position, pose.orientation) for pose in poses]
        np.testing.assert_allclose(found, expected, atol=1e-12)
    assert [message.requested_gripper for message in messages] == [0.5] * TICKS
    assert [message.applied_gripper for message in messages] == [0.25] * TICKS
    assert [message.decided_by for message in messages] == ["policy"] * 5 + ["operator"] * 7
    clipped = [list(message.clipped) for message in messages]
    assert clipped == [["speed"] if tick == 3 else [] for tick in range(TICKS)]


def test_the_target_is_where_the_applied_action_leads(tmp_path: Path, export: Export) -> None:
    file = export(full_take(tmp_path))
    for action, where in zip(file.messages("/actions"), file.messages("/actions/tf"), strict=True):
        (target,) = where.transforms
        assert (target.parent_frame_id, target.child_frame_id) == ("base", "target")
        applied = action.applied_pose
        expected = matrix_of(applied.position, applied.orientation)
        np.testing.assert_array_equal(matrix_of(target.translation, target.rotation), expected)
