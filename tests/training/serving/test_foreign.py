"""openpi's kinds of servers: what they are asked, and what their answers mean here."""

from dataclasses import replace

import numpy as np
import pytest

from teachloop.datasets.steps import Observation
from teachloop.geometry.kinematics import Kinematics
from teachloop.training.serving.foreign import Droid, Libero, NoSuchView, NotThatKind, padded

KINEMATICS = Kinematics()


def test_droid_sees_both_cameras_the_joints_and_how_far_the_hand_is_closed(
    seen: Observation,
) -> None:
    asked = Droid().request(replace(seen, gripper_width_m=0.02), "push")
    assert asked["prompt"] == "push"
    np.testing.assert_array_equal(
        asked["observation/exterior_image_1_left"], padded(seen.images["front"])
    )
    np.testing.assert_array_equal(
        asked["observation/wrist_image_left"], padded(seen.images["wrist"])
    )
    np.testing.assert_array_equal(asked["observation/joint_position"], seen.joint_positions_rad)
    np.testing.assert_allclose(np.array(asked["observation/gripper_position"]), [0.75])


def test_droids_joint_speeds_become_targets_at_our_ticks(seen: Observation) -> None:
    rows = np.zeros((15, 8))
    rows[:, 0] = 0.5  # of 0.2 rad a step, 15 steps a second
    rows[9:, 7] = 1.0  # closed after 0.6 s
    chunk = Droid().actions(rows, seen, 20.0)
    assert len(chunk) == 20, "a second of 20 Hz"
    turned = seen.joint_positions_rad + np.array([1.5, 0, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(chunk[-1].ee_pose, KINEMATICS.forward(turned), atol=1e-9)
    middle = seen.joint_positions_rad + np.array([0.75, 0, 0, 0, 0, 0, 0])
    np.testing.assert_allclose(chunk[9].ee_pose, KINEMATICS.forward(middle), atol=1e-9)
    assert [action.gripper for action in chunk] == [1.0] * 12 + [0.0] * 8


def test_droids_speeds_mean_the_same_at_another_rate(seen: Observation) -> None:
    rows = np.full((15, 8), 0.5)
    slow = Droid().actions(rows, seen, 10.0)
    for one, other in zip(slow, Droid().actions(rows, seen, 20.0)[1::2], strict=True):
        np.testing.assert_allclose(one.ee_pose, other.ee_pose, rtol=0, atol=1e-9)


def test_droids_speeds_are_slowed_down_together(seen: Observation) -> None:
    rows = np.zeros((4, 8))
    rows[:, 0], rows[:, 1] = 2.0, 1.0
    slow = np.zeros((4, 8))
    slow[:, 0], slow[:, 1] = 1.0, 0.5
    for one, other in zip(
        Droid().actions(rows, seen, 20.0), Droid().actions(slow, seen, 20.0), strict=True
    ):
        np.testing.assert_allclose(one.ee_pose, other.ee_pose)


def test_liberos_moves_add_up_in_the_base_frame(seen: Observation) -> None:
    rows = np.array([[1.0, 0, 0, 0, 0, 0, -1.0], [3.0, 0, 0, 0, 0, 1.0, 1.0]])
    first, second = Libero().actions(rows, seen, 20.0)
    moved = [each.ee_pose[:3, 3] - seen.ee_pose[:3, 3] for each in (first, second)]
    np.testing.assert_allclose(moved, [[0.05, 0, 0], [0.1, 0, 0]], atol=1e-12)
    turn = second.ee_pose[:3, :3] @ seen.ee_pose[:3, :3].T
    np.testing.assert_allclose(np.arctan2(turn[1, 0], turn[0, 0]), 0.5)
    assert (first.gripper, second.gripper) == (1.0, 0.0)


@pytest.mark.parametrize("kind", [Droid(), Libero()])
def test_actions_of_another_kind_are_refused(seen: Observation, kind: Droid | Libero) -> None:
    for shape in ((10, 14), (0, 8), (0, 7)):
        with pytest.raises(NotThatKind, match="droid, libero"):
            kind.actions(np.zeros(shape), seen, 20.0)


def test_a_missing_view_is_said(seen: Observation) -> None:
    front = replace(seen, images={"front": seen.images["front"]})
    with pytest.raises(NoSuchView, match="wrist camera; there are: front"):
        Droid().request(front, "push")


def test_a_picture_is_fitted_whole_into_a_square() -> None:
    square = padded(np.full((480, 640, 3), 255, np.uint8))
    assert square.shape == (224, 224, 3)
    rows = square.max((1, 2)) > 0
    assert (rows.sum(), rows[27], rows[28]) == (168, False, True)
