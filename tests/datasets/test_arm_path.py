"""An arm is drawn where it stood: its chain ends where the hand was measured."""

from pathlib import Path

import numpy as np
from drawn_takes import draw_take
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.arm_path import arm_path
from teachloop.datasets.hand_path import hand_path
from teachloop.datasets.takes.reader import Take

LINKS_MM = {1: 333.0, 3: 316.0}  # of the Panda's table: from the base, and from the second joint


def test_the_chain_ends_at_the_hand_and_has_the_arm_s_lengths(tmp_path: Path) -> None:
    numbered_take(tmp_path, "one", NumberedTake(ticks=60))
    with Take.open(tmp_path / "takes" / "one") as take:
        arm, hand = arm_path(take), hand_path(take)
    assert arm is not None
    assert hand is not None
    chains = np.array(arm.chains_mm)
    assert chains.shape == (40, 9, 3)
    assert np.abs(chains[:, -1] - np.array(hand.points_mm)).max() <= 1
    assert (chains[:, 0] == 0).all()
    between = np.linalg.norm(np.diff(chains, axis=1), axis=2)
    for joint, length in LINKS_MM.items():
        assert np.abs(between[:, joint - 1] - length).max() < 2


def test_a_take_without_joints_has_none(tmp_path: Path) -> None:
    draw_take(tmp_path, "one")
    with Take.open(tmp_path / "takes" / "one") as take:
        take.robot.joint_positions_rad[3] = np.nan
        assert arm_path(take) is None
