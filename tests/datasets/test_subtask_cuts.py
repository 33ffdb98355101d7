"""Where a sub-task may begin: at what the gripper does, and between two motions."""

from dataclasses import replace

import numpy as np
import pytest

from teachloop.datasets.alignment import Ticks
from teachloop.datasets.subtask_cuts import subtask_cuts
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector

RATE_HZ = 20.0
FAST_M_S, SLOW_M_S = 0.2, 0.01


def speeds(*parts: tuple[int, float]) -> np.ndarray:
    """How many ticks at what speed, one part after the other."""
    return np.concatenate([np.full(count, speed) for count, speed in parts])


def ticks_of(speed: np.ndarray, *grips: int, turns: np.ndarray | None = None) -> Ticks:
    """A hand that goes at these speeds (m/s) or turns (rad/s), and is told at some ticks to close
    or to open."""
    count = len(speed) + 1
    way_m, angle = (
        np.concatenate([[0.0], np.cumsum(each) / RATE_HZ])
        for each in (speed, np.zeros(len(speed)) if turns is None else turns)
    )
    rotations = np.stack([from_rotation_vector([0, 0, each]) for each in angle])
    pose = make_pose(rotations, np.stack([way_m, *np.zeros((2, count))], 1))
    changes = np.zeros(count, int)
    changes[list(grips)] = 1
    return Ticks(
        time_ns=np.arange(count) * 50_000_000,
        joint_positions_rad=np.zeros((count, 7)),
        ee_pose=pose,
        gripper_width_m=np.full(count, 0.08),
        requested_pose=pose,
        applied_pose=pose,
        applied_gripper=(np.cumsum(changes) % 2 == 0).astype(float),
        decided_by=np.ones(count, np.uint8),
        frame_index={},
        stale={},
    )


def test_a_sub_task_begins_where_the_gripper_is_told_to_close_and_to_open() -> None:
    moving = ticks_of(speeds((100, FAST_M_S)), 30, 70)
    assert subtask_cuts(moving, RATE_HZ) == [30, 70]


def test_a_sub_task_begins_in_the_middle_of_a_pause_between_two_motions() -> None:
    (cut,) = subtask_cuts(ticks_of(speeds((40, FAST_M_S), (20, 0.0), (40, FAST_M_S))), RATE_HZ)
    assert cut == pytest.approx(50, abs=2)


def test_a_dip_of_the_speed_is_a_pause_and_a_shallow_one_is_none() -> None:
    deep, shallow = (
        speeds((40, FAST_M_S), (10, share * FAST_M_S), (40, FAST_M_S)) for share in (0.25, 0.75)
    )
    assert len(subtask_cuts(ticks_of(deep), RATE_HZ)) == 1
    assert subtask_cuts(ticks_of(shallow), RATE_HZ) == []


def test_every_pause_counts_by_the_motions_beside_it() -> None:
    """The second motion is slower than half of the others, which are no measure of its pauses."""
    slower = (30, 0.4 * FAST_M_S)
    motions = speeds((30, FAST_M_S), (10, 0.0), slower, (10, 0.0), (30, FAST_M_S))
    assert subtask_cuts(ticks_of(motions), RATE_HZ) == pytest.approx([35, 75], abs=2)


def test_a_grip_in_a_pause_is_one_cut_and_its_own() -> None:
    paused = speeds((40, FAST_M_S), (20, 0.0), (40, FAST_M_S))
    assert subtask_cuts(ticks_of(paused, 44), RATE_HZ) == [44]


def test_rest_at_the_ends_and_trembling_are_no_sub_tasks() -> None:
    still = speeds((30, 0.0), (40, FAST_M_S), (30, 0.0))
    assert subtask_cuts(ticks_of(still), RATE_HZ) == []
    trembling = speeds((30, SLOW_M_S), (10, 0.0), (30, SLOW_M_S))
    assert subtask_cuts(ticks_of(trembling), RATE_HZ) == []


def test_a_turn_on_the_spot_is_a_motion_and_no_pause() -> None:
    turns = speeds((40, 0.0), (20, FAST_M_S / 0.1), (40, 0.0))
    moving = speeds((40, FAST_M_S), (20, 0.0), (40, FAST_M_S))
    assert subtask_cuts(ticks_of(moving, turns=turns), RATE_HZ) == []


def test_without_a_gripper_the_motion_alone_tells() -> None:
    paused = ticks_of(speeds((40, FAST_M_S), (20, 0.0), (40, FAST_M_S)), 20)
    (cut,) = subtask_cuts(replace(paused, applied_gripper=None), RATE_HZ)
    assert cut == pytest.approx(50, abs=2)


def test_a_gripper_that_chatters_begins_one_sub_task() -> None:
    moving = ticks_of(speeds((100, FAST_M_S)), 50, 52, 54)
    assert subtask_cuts(moving, RATE_HZ) == [50]


def test_no_sub_task_is_shorter_than_the_eye_follows() -> None:
    moving = speeds((100, FAST_M_S))
    assert subtask_cuts(ticks_of(moving, 3, 97), RATE_HZ) == []
    assert subtask_cuts(ticks_of(speeds((3, FAST_M_S)), 2), RATE_HZ) == []
    assert subtask_cuts(ticks_of(np.zeros(0)), RATE_HZ) == []


def test_it_goes_by_seconds_and_not_by_ticks() -> None:
    moving = ticks_of(speeds((400, FAST_M_S)), 50, 60)
    assert subtask_cuts(moving, 20.0) == [50, 60]
    assert subtask_cuts(moving, 100.0) == [50]
