import numpy as np
import pytest

from teachloop.datasets.alignment import Ticks
from teachloop.datasets.idle_ends import SPARED_S, IdleEnds, idle_ends
from teachloop.geometry.poses import make_pose

RATE_HZ = 20.0
TICKS = 100


def ticks_of(moves: slice = slice(0, 0), grips: slice = slice(0, 0), closes: int = TICKS) -> Ticks:
    """At rest, but for some ticks at 10 cm/s, or at which the fingers close at 5 cm/s; asked to
    close from one tick on."""
    step_m, step_width_m = np.zeros(TICKS), np.zeros(TICKS)
    step_m[moves], step_width_m[grips] = 0.1 / RATE_HZ, -0.05 / RATE_HZ
    pose = make_pose(
        np.tile(np.eye(3), (TICKS, 1, 1)), np.stack([np.cumsum(step_m), *np.zeros((2, TICKS))], 1)
    )
    return Ticks(
        time_ns=np.arange(TICKS) * 50_000_000,
        joint_positions_rad=np.zeros((TICKS, 7)),
        ee_pose=pose,
        gripper_width_m=0.08 + np.cumsum(step_width_m),
        requested_pose=pose,
        applied_pose=pose,
        applied_gripper=(np.arange(TICKS) < closes).astype(float),
        decided_by=np.ones(TICKS, np.uint8),
        frame_index={},
        stale={},
    )


def test_rest_at_both_ends_is_told_but_for_what_may_stay() -> None:
    ends = idle_ends(ticks_of(moves=slice(20, 60)), RATE_HZ)
    assert ends.start_s == pytest.approx(19 / RATE_HZ - SPARED_S)
    assert ends.end_s == pytest.approx(40 / RATE_HZ - SPARED_S)


def test_a_pause_in_the_middle_is_none() -> None:
    moving = ticks_of(moves=slice(1, 99))
    moving.ee_pose[40:60] = moving.ee_pose[40]
    assert idle_ends(moving, RATE_HZ) == IdleEnds(0.0, 0.0)


def test_fingers_that_close_are_no_rest() -> None:
    ends = idle_ends(ticks_of(moves=slice(1, 40), grips=slice(85, 95)), RATE_HZ)
    assert ends == IdleEnds(0.0, 0.0)


def test_to_ask_the_gripper_is_no_rest() -> None:
    ends = idle_ends(ticks_of(moves=slice(1, 40), closes=96), RATE_HZ)
    assert ends.end_s == 0.0


def test_little_rest_is_not_worth_a_word() -> None:
    assert idle_ends(ticks_of(moves=slice(10, 90)), RATE_HZ) == IdleEnds(0.0, 0.0)


def test_a_take_in_which_nothing_moves_is_left_to_people() -> None:
    assert idle_ends(ticks_of(), RATE_HZ) == IdleEnds(0.0, 0.0)
